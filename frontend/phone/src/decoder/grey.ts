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

function shrunk({ bytes, width, height, offset, step, stride }: Dots, by: number): Grey {
  const grey = blank(Math.floor(width / by), Math.floor(height / by));
  const square = by * by;
  let place = 0;
  for (let row = 0; row < grey.height; row += 1) {
    for (let column = 0; column < grey.width; column += 1, place += 1) {
      const corner = offset + row * by * stride + column * by * step;
      let sum = 0;
      for (let down = 0; down < by; down += 1) {
        for (let across = 0; across < by; across += 1) sum += bytes[corner + down * stride + across * step]!;
      }
      grey.dots[place] = sum / square;
    }
  }
  return grey;
}

function blank(width: number, height: number): Grey {
  const head = new TextEncoder().encode(`P5 ${width} ${height} 255\n`);
  const pgm = new Uint8Array(head.length + width * height);
  pgm.set(head);
  return { width, height, pgm, dots: pgm.subarray(head.length) };
}
