// How a picture is read: by zxing, which read most of the damaged, dark, tilted and blurred codes that we tried.

import { readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import { type Grey, halved } from "./grey";

// No card is printed light on dark, and a code that is turned needs no picture that is.
const OPTIONS: ReaderOptions = {
  formats: ["QRCode"], tryHarder: true, tryDenoise: true, tryInvert: false, tryRotate: false, maxNumberOfSymbols: 4,
};

/**
 * Return the texts of the codes in a picture, at most four. Half the size first: it takes a quarter of the time, and what a dark
 * camera adds of noise is gone in it; as it is only where that finds nothing, for what is far away or small.
 */
export async function readTwice(picture: Grey): Promise<string[]> {
  const texts = await readOnce(halved(picture));
  return texts.length > 0 ? texts : readOnce(picture);
}

/** Return the texts of the codes in a picture as it is. */
export async function readOnce({ pgm }: Grey): Promise<string[]> {
  const found = await readBarcodes(pgm, OPTIONS);
  return found.filter((code) => code.isValid).map((code) => code.text);
}
