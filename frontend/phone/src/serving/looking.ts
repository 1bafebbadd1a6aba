// The camera at work: picture after picture to the decoder, asleep after 20 seconds without a code, awake on a touch.

import { signal } from "@preact/signals";
import { ASLEEP_MS, type CameraError, closeCamera, leaveCamera, showCamera, type CameraTrouble } from "../camera";
import type { Read } from "../decoder/decoder";
import { readSight } from "../decoder/sight";
import { Repeats } from "./repeats";

/** `starting` and `looking`: it sees; `asleep`: it waits for a touch; else why it cannot see. */
export type Looking = "starting" | "looking" | "asleep" | CameraTrouble | "broken";

export const looking = signal<Looking>("asleep");
export const dark = signal(false);

const PAUSE_MS = 100;
const SMALL = 360; // pixels of the shorter side: read in a quarter of the time
const LARGE = 720; // every fourth picture, for what is far away
const EVERY_LARGE = 4;
const DARK = 50; // of 255
const DARK_PICTURES = 8; // a hand over the lens is not the night

/** Looks for codes in what `video` shows, from `start` to `end`; `onTexts` gets the new ones of a picture. */
export class Looker {
  private turn: object | null = null; // from one start to its end; what an earlier one still waits for counts no more
  private timer = 0;
  private lastSeen = 0;
  private darkPictures = 0;
  private pictures = 0;

  constructor(
    private readonly video: HTMLVideoElement, private readonly repeats: Repeats, private readonly onTexts: (texts: string[]) => void,
  ) {
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  /** Open the camera and look. A card that is still in view is no new scan. */
  async start(): Promise<void> {
    if (this.turn) return;
    const turn = (this.turn = {});
    looking.value = "starting";
    this.lastSeen = performance.now();
    this.repeats.resume(this.lastSeen);
    try {
      await showCamera(this.video);
    } catch (error) {
      if (this.turn === turn) this.end((error as CameraError).trouble);
    }
    if (this.turn !== turn) return;
    looking.value = "looking";
    await this.look(turn);
  }

  /** Let go of the camera; `sleep` to be woken by a touch. */
  end(as: Looking = "asleep"): void {
    this.turn = null;
    window.clearTimeout(this.timer);
    closeCamera(this.video);
    dark.value = false;
    this.darkPictures = 0;
    looking.value = as;
  }

  /** Stop for good; `soonAgain` leaves the camera open, for the next card. */
  close(soonAgain: boolean): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    if (soonAgain) leaveCamera(this.video);
    this.end();
  }

  private readonly onVisibility = () => {
    if (document.visibilityState === "hidden") this.end();
    else void this.start();
  };

  private async look(turn: object): Promise<void> {
    const began = performance.now();
    let read: Read | null = null;
    try {
      const large = (this.pictures += 1) % EVERY_LARGE === 0;
      read = await readSight(this.video, { side: large ? LARGE : SMALL, twice: false });
    } catch {
      if (this.turn === turn) this.end("broken");
    }
    if (this.turn !== turn) return;
    const now = performance.now();
    const texts = read?.texts ?? [];
    this.noteLight(read?.light ?? null);
    if (texts.length > 0) this.lastSeen = now;
    const fresh = texts.filter((text) => this.repeats.isNew(text, now));
    if (fresh.length > 0) this.onTexts(fresh);
    if (this.turn !== turn) return; // a card came into view
    if (now - this.lastSeen > ASLEEP_MS) return this.end();
    this.timer = window.setTimeout(() => void this.look(turn), Math.max(PAUSE_MS, now - began)); // a slow phone has more to do
  }

  private noteLight(light: number | null): void {
    this.darkPictures = light !== null && light < DARK ? this.darkPictures + 1 : 0;
    dark.value = this.darkPictures >= DARK_PICTURES;
  }
}
