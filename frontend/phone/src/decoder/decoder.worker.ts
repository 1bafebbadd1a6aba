// Reads codes in pictures, beside the page, so that the page never stands still.

/// <reference lib="webworker" />
import { prepareZXingModule } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Picture, Reading } from "./messages";
import { readPicture } from "./reading";

declare const self: DedicatedWorkerGlobalScope;

// Its own default is an address elsewhere; ours is a file beside this one.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

self.addEventListener("message", async ({ data }: MessageEvent<Picture>) => {
  self.postMessage(await read(data));
});

async function read({ id, image }: Picture): Promise<Reading> {
  try {
    return { id, texts: await readPicture(image) };
  } catch (error) {
    return { id, texts: [], failure: String(error) };
  }
}
