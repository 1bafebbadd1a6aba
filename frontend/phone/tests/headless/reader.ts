/**
 * Reads pictures with the app's own decoder and beside it with what is commonly taken (jsQR, as it comes), for `bench phone`.
 * In: a line `{"width", "height"}`, then the grey bytes of one picture after the other. Out: one line of JSON for each.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import jsQR from "jsqr";
import { prepareZXingModule } from "zxing-wasm/reader";
import { shrunkTo } from "../../src/decoder/grey";
import { readTwice } from "../../src/decoder/reading";

const WASM = createRequire(`${process.cwd()}/`).resolve("zxing-wasm/reader/zxing_reader.wasm");
prepareZXingModule({ overrides: { wasmBinary: (await readFile(WASM)).buffer as ArrayBuffer } });

let size: { width: number; height: number } | null = null;
let kept = Buffer.alloc(0);

for await (const chunk of process.stdin) {
  kept = Buffer.concat([kept, chunk as Buffer]);
  size ??= takeHead();
  while (size && kept.length >= size.width * size.height) {
    const grey = kept.subarray(0, size.width * size.height);
    kept = kept.subarray(grey.length);
    process.stdout.write(`${JSON.stringify(await readBoth(grey, size))}\n`);
  }
}

function takeHead(): typeof size {
  const end = kept.indexOf("\n");
  if (end < 0) return null;
  const head = JSON.parse(kept.subarray(0, end).toString()) as { width: number; height: number };
  kept = kept.subarray(end + 1);
  return head;
}

async function readBoth(grey: Buffer, { width, height }: { width: number; height: number }) {
  const dots = new Uint32Array(width * height);
  for (let place = 0; place < dots.length; place += 1) dots[place] = 0xff000000 + grey[place]! * 0x010101;
  const data = new Uint8ClampedArray(dots.buffer);
  const began = performance.now();
  const ours = await readTwice(shrunkTo(Infinity, { bytes: grey, width, height, offset: 0, step: 1, stride: width }));
  const between = performance.now();
  const plain = jsQR(data, width, height)?.data ?? "";
  return { ours, plain, ours_ms: between - began, plain_ms: performance.now() - between };
}
