// Reads QR codes in pictures: one worker for the whole app.

import type { Picture, Reading } from "./messages";

/** `side`: most dots of the shorter side. `twice`: at half that size first, for a picture that does not come again. */
export interface How {
  side?: number;
  twice?: boolean;
}

export type Read = Pick<Reading, "texts" | "light">;

const waiting = new Map<number, { done: (read: Read) => void; failed: (why: Error) => void }>();
let worker: Worker | null = null;
let last = 0;

/** Have the decoder ready before the first picture. */
export function prepareDecoder(): void {
  worker ??= start();
}

/** Return what is read in a picture, which is used up. Throws where the decoder does not work, or not with such a picture. */
export function read(picture: Picture["picture"], { side = Infinity, twice = true }: How = {}): Promise<Read> {
  worker ??= start();
  const asked: Picture = { id: (last += 1), picture, side, twice };
  worker.postMessage(asked, [picture instanceof ImageData ? picture.data.buffer : picture]);
  return new Promise((done, failed) => waiting.set(asked.id, { done, failed }));
}

/** Return the texts of the codes in a picture, which is used up; throws where the decoder does not work. */
export async function readCodes(image: ImageData): Promise<string[]> {
  return (await read(image)).texts;
}

function start(): Worker {
  const started = new Worker(new URL("./decoder.worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<Reading>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.failure === undefined) asked?.done(data);
    else asked?.failed(new Error(data.failure));
  });
  started.addEventListener("error", (event) => {
    worker = null; // the next picture starts another
    for (const { failed } of waiting.values()) failed(new Error(event.message || "the decoder did not start"));
    waiting.clear();
  });
  return started;
}
