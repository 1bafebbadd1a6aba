// How a picture is read: by zxing, which read most of the damaged, dark, tilted and blurred codes that we tried.

import { readBarcodes, type ReaderOptions } from "zxing-wasm/reader";

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, tryDenoise: true, maxNumberOfSymbols: 4 };

/**
 * Return the texts of the codes in a picture, at most four. Half the size first: it takes a quarter of the time, and what a dark
 * camera adds of noise is gone in it; as it is only where that finds nothing, for what is far away or small.
 */
export async function readTwice(image: ImageData): Promise<string[]> {
  const texts = await readOnce(halved(image));
  return texts.length > 0 ? texts : readOnce(image);
}

/** Return the texts of the codes in a picture as it is. */
export async function readOnce(image: ImageData): Promise<string[]> {
  const found = await readBarcodes(image, OPTIONS);
  return found.filter((code) => code.isValid).map((code) => code.text);
}

/** Return a picture of half the width and height, each dot the mean of four. Grey is enough: of the colours only green is looked at. */
function halved({ data, width, height }: ImageData): ImageData {
  const [columns, rows] = [width >> 1, height >> 1];
  const dots = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    let from = row * 2 * width * 4 + 1;
    for (let place = row * columns; place < (row + 1) * columns; place += 1, from += 8) {
      const grey = (data[from]! + data[from + 4]! + data[from + width * 4]! + data[from + width * 4 + 4]!) >> 2;
      dots[place] = 0xff000000 + grey * 0x010101;
    }
  }
  return { data: new Uint8ClampedArray(dots.buffer), width: columns, height: rows, colorSpace: "srgb" };
}
