// The way to a network's own page, which stands between the phone and everything else.

import { _ } from "../../words";
import { Icon } from "../icons";

// Just above the app's folder: the app does not answer there itself, so the network puts its page there; whoever has signed in
// there already is led to relief by our own server.
const ADDRESS = import.meta.env.BASE_URL.replace(/\/$/, "");

export function SignInLink() {
  return <a class="button" href={ADDRESS} target="_blank" rel="noopener"><Icon sign="online" />{_("Open sign-in page")}</a>;
}
