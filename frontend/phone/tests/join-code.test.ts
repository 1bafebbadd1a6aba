import { expect, test } from "vitest";
import { findJoinCode, isJoinCode, plainJoinCode, shownJoinCode } from "../src/join-code";

test.each(["7KQ2-M0X5", "7kq2m0x5", " 7KQ2 M0X5 ", "7kq2—mox s"])("%s may be typed", (typed) => {
  expect(plainJoinCode(typed)).toBe("7KQ2M0X5");
});

test.each(["", "7KQ2-M0X", "7KQ2-M0X55", "7KQ2-M0XU", "https://example.org/"])("%s is no code", (typed) => {
  expect(isJoinCode(typed)).toBe(false);
});

test("a code is shown in two groups while it is typed", () => {
  expect(["7", "7kq2", "7kq2m", "7kq2m0x5", "7kq2m0x5ab"].map(shownJoinCode)).toEqual(["7", "7KQ2", "7KQ2-M", "7KQ2-M0X5", "7KQ2-M0X5"]);
});

test("a code is found in the lead's link, and alone", () => {
  expect(findJoinCode("https://relief.example.org/phone/#join=7KQ2-M0X5")).toBe("7KQ2-M0X5");
  expect(findJoinCode("#join=7kq2m0x5")).toBe("7KQ2-M0X5");
  expect(findJoinCode("7KQ2-M0X5")).toBe("7KQ2-M0X5");
});

test.each(["", "https://example.org/", "https://example.org/#about-us", "BEGIN:VCARD", "7KQ2M0X57KQ2M0X5"])("%s leads nowhere", (text) => {
  expect(findJoinCode(text)).toBeNull();
});
