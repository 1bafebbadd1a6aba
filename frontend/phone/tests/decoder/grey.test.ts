import { expect, test } from "vitest";
import { dotsOf, halved, lightOf, shrunkTo } from "../../src/decoder/grey";

const grey = (width: number, height: number, bytes: number[]) =>
  shrunkTo(Infinity, { bytes: new Uint8Array(bytes), width, height, offset: 0, step: 1, stride: width });
const night = (level: number) => dotsOf({ data: new Uint8ClampedArray(640 * 480 * 4).fill(level), width: 640, height: 480 });

test("a picture at half its size: each dot is the mean of four, and what is left over at the edge is left out", () => {
  const half = halved(grey(5, 3, [10, 20, 1, 3, 99, 30, 40, 5, 7, 99, 99, 99, 99, 99, 99]));
  expect([half.width, half.height, [...half.dots]]).toEqual([2, 1, [25, 4]]);
});

test("it is as small as was asked for, or a little larger", () => {
  expect([360, 400, 720].map((side) => shrunkTo(side, night(9)).height)).toEqual([480, 480, 480]);
  expect([240, 200, 64].map((side) => shrunkTo(side, night(9)).height)).toEqual([240, 240, 68]);
});

test("of a picture whose rows are longer than it is wide only the picture is taken", () => {
  const bytes = new Uint8Array([0, 1, 2, 255, 3, 4, 255]);
  expect([...shrunkTo(Infinity, { bytes, width: 2, height: 2, offset: 1, step: 1, stride: 3 }).dots]).toEqual([1, 2, 3, 4]);
});

test("it stands in a file that says its size", () => {
  expect(new TextDecoder().decode(grey(2, 1, [65, 66]).pgm)).toBe("P5 2 1 255\nAB");
});

test("a night's picture is darker than a cloudy day's, and no picture has no light", () => {
  expect([night(12), night(110)].map((dots) => lightOf(shrunkTo(360, dots)))).toEqual([12, 110]);
  expect(lightOf({ dots: new Uint8Array(0) })).toBe(null);
});
