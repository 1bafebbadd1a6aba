// Pictures in grey, as the decoder takes them: smaller ones, and how light they are.

/** Where a picture's dots lie: `step` bytes from one to the next, `stride` from row to row, the first at `offset`. */
export interface Dots {
  bytes: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  offset: number;
  step: number;
  stride: number;
}

/** A grey picture. Its dots lie in a PGM file, the plainest one there is, which the decoder takes without a copy in colour. */
export interface Grey {
  width: number;
  height: number;
  dots: Uint8Array;
  pgm: Uint8Array;
}

const STEP = 97; // every so many dots tell the light, and their columns differ from row to row

/** Return the dots of a picture in colour. Of the colours green is enough. */
export function dotsOf({ data, width, height }: Pick<ImageData, "data" | "width" | "height">): Dots {
  return { bytes: data, width, height, offset: 1, step: 4, stride: width * 4 };
}

/** Return a picture whose shorter side has about `side` dots, or all there are: each the mean of a square of them. */
export function shrunkTo(side: number, dots: Dots): Grey {
  return shrunk(dots, Math.max(1, Math.floor(Math.min(dots.width, dots.height) / side)));
}

/** Return a picture at half its width and height. */
export function halved({ dots, width, height }: Grey): Grey {
  return shrunk({ bytes: dots, width, height, offset: 0, step: 1, stride: width }, 2);
}

/** Return how light a picture is, 0 to 255; null where it has no dots. */
export function lightOf({ dots }: Pick<Grey, "dots">): number | null {
  let sum = 0;
  for (let place = 0; place < dots.length; place += STEP) sum += dots[place]!;
  return dots.length > 0 ? sum / Math.ceil(dots.length / STEP) : null;
}

function shrunk(from: Dots, by: number): Grey {
  const grey = blank(Math.floor(from.width / by), Math.floor(from.height / by));
  const row = by === 1 && from.step === 1 ? copiedRow : by === 2 ? halvedRow : meanRow;
  for (let place = 0; place < grey.height; place += 1) {
    row(from, from.offset + place * by * from.stride, grey.dots.subarray(place * grey.width, (place + 1) * grey.width), by);
  }
  return grey;
}

type Row = (from: Dots, start: number, to: Uint8Array, by: number) => void;

const copiedRow: Row = ({ bytes }, start, to) => to.set(bytes.subarray(start, start + to.length));

/** What nearly every picture needs, and so written to be quick: the general way takes four times as long. */
const halvedRow: Row = ({ bytes, step, stride }, start, to) => {
  for (let place = 0, upper = start, lower = start + stride; place < to.length; place += 1, upper += 2 * step, lower += 2 * step) {
    to[place] = (bytes[upper]! + bytes[upper + step]! + bytes[lower]! + bytes[lower + step]!) >> 2;
  }
};

const meanRow: Row = ({ bytes, step, stride }, start, to, by) => {
  for (let place = 0; place < to.length; place += 1) {
    let sum = 0;
    for (let down = 0; down < by; down += 1) {
      for (let across = 0; across < by; across += 1) sum += bytes[start + down * stride + (place * by + across) * step]!;
    }
    to[place] = sum / (by * by);
  }
};

function blank(width: number, height: number): Grey {
  const head = new TextEncoder().encode(`P5 ${width} ${height} 255\n`);
  const pgm = new Uint8Array(head.length + width * height);
  pgm.set(head);
  return { width, height, pgm, dots: pgm.subarray(head.length) };
}
