// A camera at work: picture after picture to the decoder; asleep after 20 seconds without a code, awake on a touch; let go while the
// app is laid aside, for an iPhone takes it away then, and started again.

import { type CameraError, type CameraTrouble, closeCamera, leaveCamera, showCamera } from "../camera";
import type { Read } from "./decoder";

/** `starting` and `looking`: it sees; `asleep`: it waits for a touch; else why it cannot see. */
export type Looking = "starting" | "looking" | "asleep" | CameraTrouble | "broken";

/** Who wants to know: `onRead` gets what each picture had, at that moment (milliseconds), and says whether it was what is looked for. */
export interface Watching {
  read: () => Promise<Read | null>; // what is in view now; where it throws, nothing can be read on this phone
  onRead: (read: Read | null, now: number) => boolean;
  onState: (state: Looking) => void;
  pause: (spentMs: number) => number; // until the next picture, in milliseconds
}

const ASLEEP_MS = 20_000;

/** Looks at what `video` shows, from `start` to `end`. */
export class Watcher {
  private turn: object | null = null; // from one start to its end; what an earlier one still waits for counts no more
  private timer = 0;
  private lastSeen = 0;

  constructor(private readonly video: HTMLVideoElement, private readonly wanted: Watching) {
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  /** Open the camera and look. */
  async start(): Promise<void> {
    if (this.turn) return;
    const turn = (this.turn = {});
    this.wanted.onState("starting");
    this.lastSeen = performance.now();
    try {
      await showCamera(this.video);
    } catch (error) {
      if (this.turn === turn) this.end((error as CameraError).trouble);
    }
    if (this.turn !== turn) return;
    this.wanted.onState("looking");
    await this.look(turn);
  }

  /** Let go of the camera; `asleep` to be woken by a touch. */
  end(as: Looking = "asleep"): void {
    this.turn = null;
    window.clearTimeout(this.timer);
    closeCamera(this.video);
    this.wanted.onState(as);
  }

  /** Stop for good; `soonAgain` leaves the camera open, for the next card. */
  close(soonAgain = false): void {
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
      read = await this.wanted.read();
    } catch {
      if (this.turn === turn) this.end("broken");
    }
    if (this.turn !== turn) return;
    const now = performance.now();
    if (read && read.texts.length > 0) this.lastSeen = now;
    if (this.wanted.onRead(read, now) || this.turn !== turn) return; // found, or another screen came up
    if (now - this.lastSeen > ASLEEP_MS) return this.end();
    this.timer = window.setTimeout(() => void this.look(turn), this.wanted.pause(now - began));
  }
}
