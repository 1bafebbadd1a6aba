// The sign of relief, a closed parcel with a tick, drawn from its lines: as SVG, and as PNG for systems that want pixels.

import { crc32, deflateSync } from "node:zlib";

type Point = [x: number, y: number];
type Colour = [red: number, green: number, blue: number];

// In a square of 24 x 24, as in relief/static/relief.svg.
const PARCEL: Point[] = [[5, 8.6], [12, 4.7], [19, 8.6], [19, 15.4], [12, 19.3], [5, 15.4], [5, 8.6]];
const TICK: Point[] = [[8.8, 12.2], [11.2, 14.6], [15.4, 10.1]];
const STROKE = 2;
const CORNER = 5;
const GROUND: Colour = [7, 63, 71];
const LINES: Colour = [143, 214, 207];

const line = (points: Point[]) => `M${points.map((point) => point.join(" ")).join("L")}`;

export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="${CORNER}"\
 fill="rgb(${GROUND.join(" ")})"/><path fill="none" stroke="rgb(${LINES.join(" ")})" stroke-width="${STROKE}"\
 stroke-linejoin="round" stroke-linecap="round" d="${line(PARCEL)}${line(TICK)}"/></svg>`;

/** Return a PNG of `size` pixels, the ground `edge` of it away from the border; without an edge the ground fills all. */
export function drawIcon(size: number, edge: number): Uint8Array {
  const rows = Buffer.alloc(size * (1 + size * 4)); // each row begins with 0: no filter
  const scale = (size * (1 - 2 * edge)) / 24;
  const unit = (pixel: number) => (pixel + 0.5 - size * edge) / scale;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const point: Point = edge ? [unit(x), unit(y)] : shrink([unit(x), unit(y)]);
      const distance = Math.min(toLine(point, PARCEL), toLine(point, TICK)) - STROKE / 2;
      const ink = covered(distance * scale);
      const ground = edge ? covered(toGround(point) * scale) : 1;
      const colour = GROUND.map((value, channel) => Math.round(value + ((LINES[channel] ?? 0) - value) * ink));
      rows.set([...colour, Math.round(255 * ground)], y * (1 + size * 4) + 1 + x * 4);
    }
  }
  return png(size, rows);
}

// A system may cut a circle out of the picture: the sign stays within its middle.
const shrink = ([x, y]: Point): Point => [12 + (x - 12) * 1.25, 12 + (y - 12) * 1.25];

// How much of a pixel is inside, for a border `distance` pixels away.
const covered = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance));

function toGround([x, y]: Point): number {
  const [across, down] = [Math.abs(x - 12) - 12 + CORNER, Math.abs(y - 12) - 12 + CORNER];
  return Math.hypot(Math.max(across, 0), Math.max(down, 0)) + Math.min(Math.max(across, down), 0) - CORNER;
}

function toLine(point: Point, points: Point[]): number {
  return Math.min(...points.slice(1).map((end, place) => toSegment(point, points[place] ?? end, end)));
}

function toSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
}

function png(size: number, rows: Uint8Array): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, red green blue and opacity
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(kind: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
