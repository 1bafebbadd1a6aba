import { expect, test } from "vitest";
import { SIGNS } from "../../src/cards/codes";
import { laneOf, signsOfLane } from "../../src/cards/lanes";

test("every sign has one lane, and lanes follow the alphabet", () => {
  for (const lanes of [1, 2, 3, 7, 31, 50]) {
    const most = Math.min(lanes, 31);
    expect(Array.from({ length: most }, (_, place) => signsOfLane(place + 1, lanes)).join("")).toBe(SIGNS);
  }
});

test("a site without lanes has none", () => expect(laneOf("RQA8JT27DFKAW5CA", 0)).toBe(0));
