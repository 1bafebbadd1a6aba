// Proves on this very phone that codes are read: a code drawn from its dots, tilted a little, goes the way of every picture.

import { readCodes } from "./decoder";

const TEXT = "RELIEF SELF TEST";
const SIDE = 25; // a version 2 code, as on the cards
// One number a row, the first dot its highest bit.
const ROWS = [
  0x1fd117f, 0x1053041, 0x175b65d, 0x174725d, 0x174225d, 0x1051e41, 0x1fd557f, 0x0019300, 0x075fce7, 0x010a2d1, 0x07fb18c,
  0x12a6a2e, 0x07e633f, 0x1f9c67b, 0x15617c2, 0x1615a51, 0x1555bf6, 0x0019b19, 0x1fc5357, 0x1048d1d, 0x1757df8, 0x1754729,
  0x175fd6d, 0x1042e7c, 0x1fc6259,
];
const QUIET = 4;
const DOT = 6;
const TILT = 0.12; // radians

/** Tell whether the decoder reads on this phone. */
export async function decoderWorks(): Promise<boolean> {
  try {
    return (await readCodes(drawTestCode())).includes(TEXT);
  } catch {
    return false;
  }
}

function drawTestCode(): ImageData {
  const size = (SIDE + 2 * QUIET) * DOT;
  const image = new ImageData(size, size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) image.data.set(isDark(x - size / 2, y - size / 2) ? INK : PAPER, (y * size + x) * 4);
  }
  return image;
}

const INK = [40, 40, 40, 255];
const PAPER = [225, 225, 225, 255];

function isDark(across: number, down: number): boolean {
  const column = Math.floor((across * Math.cos(TILT) + down * Math.sin(TILT)) / DOT + SIDE / 2);
  const row = Math.floor((down * Math.cos(TILT) - across * Math.sin(TILT)) / DOT + SIDE / 2);
  return column >= 0 && column < SIDE && (((ROWS[row] ?? 0) >> (SIDE - 1 - column)) & 1) === 1;
}
