import { _ } from "./words";

export function App() {
  return <main class="screen"><h1>{_("Getting ready")}</h1></main>;
}
