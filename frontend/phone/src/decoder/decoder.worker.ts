// Reads codes in pictures, beside the page, so that the page never stands still.

/// <reference lib="webworker" />
import { prepareZXingModule } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import { dotsOfPicture } from "./frame";
import { lightOf, shrunkTo } from "./grey";
import type { Picture, Reading } from "./messages";
import { readOnce, readTwice } from "./reading";

declare const self: DedicatedWorkerGlobalScope;

// Its own default is an address elsewhere; ours is a file beside this one.
void prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true }).catch(() => undefined); // the first picture says what is wrong

self.addEventListener("message", async ({ data }: MessageEvent<Picture>) => {
  self.postMessage(await read(data));
});

async function read({ id, picture, side, twice }: Picture): Promise<Reading> {
  try {
    const grey = shrunkTo(side, await dotsOfPicture(picture));
    return { id, texts: await (twice ? readTwice(grey) : readOnce(grey)), light: lightOf(grey) };
  } catch (error) {
    return { id, texts: [], light: null, failure: String(error) };
  }
}
