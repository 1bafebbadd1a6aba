// The queue's camera: which codes of a picture are new, and whether it is dark.

import { signal } from "@preact/signals";
import { readSight } from "../decoder/sight";
import { Watcher, type Looking } from "../decoder/watcher";
import { Repeats } from "./repeats";

export const looking = signal<Looking>("asleep");
export const dark = signal(false);

const PAUSE_MS = 100;
const SMALL = 360; // pixels of the shorter side: read in a quarter of the time
const LARGE = 720; // every fourth picture, for what is far away
const EVERY_LARGE = 4;
const DARK = 50; // of 255
const DARK_PICTURES = 8; // a hand over the lens is not the night

/** Return what looks for codes in what `video` shows; `onTexts` gets the new ones of a picture. A card that is still in view is no new scan. */
export function lookForCards(video: HTMLVideoElement, repeats: Repeats, onTexts: (texts: string[]) => void): Watcher {
  let pictures = 0;
  let darkPictures = 0;
  const noteLight = (light: number | null) => {
    darkPictures = light !== null && light < DARK ? darkPictures + 1 : 0;
    dark.value = darkPictures >= DARK_PICTURES;
  };
  return new Watcher(video, {
    read: () => {
      const large = (pictures += 1) % EVERY_LARGE === 0;
      return readSight(video, { side: large ? LARGE : SMALL, twice: false });
    },
    onRead: (read, now) => {
      noteLight(read?.light ?? null);
      const fresh = (read?.texts ?? []).filter((text) => repeats.isNew(text, now));
      if (fresh.length > 0) onTexts(fresh);
      return false;
    },
    onState: (state) => {
      if (state === "starting") repeats.resume(performance.now());
      if (state !== "looking") noteLight(null);
      looking.value = state;
    },
    pause: (spentMs) => Math.max(PAUSE_MS, spentMs), // a slow phone has more to do
  });
}
