// Reads QR codes in pictures: one worker for the whole app.

import type { Picture, Reading } from "./messages";

const waiting = new Map<number, { done: (texts: string[]) => void; failed: (why: Error) => void }>();
let worker: Worker | null = null;
let last = 0;

/** Have the decoder ready before the first picture. */
export function prepareDecoder(): void {
  worker ??= start();
}

/**
 * Return the texts of the codes in a picture; throws where the decoder does not work. The picture is used up. `twice`: at half
 * the size too, for a picture that does not come again.
 */
export function readCodes(image: ImageData, twice = true): Promise<string[]> {
  worker ??= start();
  const id = (last += 1);
  const picture: Picture = { id, image, twice };
  worker.postMessage(picture, [image.data.buffer]);
  return new Promise((done, failed) => waiting.set(id, { done, failed }));
}

function start(): Worker {
  const started = new Worker(new URL("./decoder.worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<Reading>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.failure === undefined) asked?.done(data.texts);
    else asked?.failed(new Error(data.failure));
  });
  started.addEventListener("error", (event) => {
    worker = null; // the next picture starts another
    for (const { failed } of waiting.values()) failed(new Error(event.message || "the decoder did not start"));
    waiting.clear();
  });
  return started;
}
