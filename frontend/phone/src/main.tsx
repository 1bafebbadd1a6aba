import { render } from "preact";
import { App, goOn, start } from "./app";
import { listenForOffer } from "./device/install";
import { listenForTouch } from "./device/sound";
import "./look.css";
import "./narrow.css";

const place = document.getElementById("app");
if (place) {
  listenForOffer(); // it comes early, and once
  listenForTouch();
  void start().then(() => {
    place.replaceChildren();
    render(<App />, place);
    setTimeout(() => void goOn()); // once it is painted
  });
}
