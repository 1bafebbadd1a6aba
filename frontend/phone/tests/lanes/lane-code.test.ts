import { expect, test } from "vitest";
import { NO_LANE } from "../../src/cards/lanes";
import { nameScanned } from "../../src/cards/naming";
import { laneCode, readLaneCode, withLanes, withoutLanes } from "../../src/lanes/lane-code";
import { SITE } from "../fakes/phone";

test("a lane is read from its code as it was written, and the queue knows the code for what it is", () => {
  const code = laneCode({ site: SITE, lanes: [2, 11] });
  expect(readLaneCode(code)).toEqual({ site: SITE, lanes: [2, 11] });
  expect(nameScanned(code).is).toBe("lane");
});

test.each(["", "RELIEF.L1.", "RELIEF.L1.00.2.", laneCode({ site: SITE, lanes: [] }), laneCode({ site: SITE, lanes: [0] }), "https://example.org"])(
  "%s hands no lane over", (text) => expect(readLaneCode(text)).toBeNull());

test("who takes a lane over serves it beside its own, and all of them where it served all", () => {
  expect(withLanes([3], [1])).toEqual([1, 3]);
  expect(withLanes([NO_LANE], [1, 2])).toEqual([1, 2]);
  expect(withLanes([], [1])).toEqual([]);
});

test("who hands its last lane over serves none, not all", () => {
  expect(withoutLanes([1, 2], [2])).toEqual([1]);
  expect(withoutLanes([1], [1])).toEqual([NO_LANE]);
});
