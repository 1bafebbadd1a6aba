import { render } from "preact";
import { App } from "./app";
import { keepStored } from "./device/updates";
import "./look.css";

const place = document.getElementById("app");
if (place) {
  place.replaceChildren();
  render(<App />, place);
  void keepStored();
}
