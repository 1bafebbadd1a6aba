import { describe, expect, test } from "vitest";
import vectors from "../../../../tests/vectors/card_codes.json";
import { SIGNS, cardKey, checkCode, formatCode, normaliseTyped, practiceNumber } from "../../src/cards/codes";

describe("card codes", () => {
  test("have the server's signs", () => expect(SIGNS).toBe(vectors.signs));

  test.each(vectors.valid)("%s is valid", (code) => expect(checkCode(code)).toBe(true));

  test.each(vectors.invalid)("$text is not: $why", ({ text }) => expect(checkCode(text)).toBe(false));

  test.each(vectors.typed)("$typed is read as $code", ({ typed, code, valid }) => {
    expect(normaliseTyped(typed)).toBe(code);
    expect(checkCode(code)).toBe(valid === 1);
  });

  test.each(vectors.keys)("$code has its key", ({ operation, code, key }) => expect(cardKey(operation, code)).toBe(key));

  test.each(vectors.practice)("$code is practice card $number", ({ code, number }) => {
    expect(practiceNumber(code)).toBe(number ?? null);
  });

  test.each(vectors.printed)("$code is printed as $printed", ({ code, printed }) => expect(formatCode(code)).toBe(printed));

  test("what is no code has no key", () => {
    expect(() => cardKey(vectors.keys[0]!.operation, "RQA8JT27DFKAW5CB")).toThrow(RangeError);
  });

  test("a practice card has no key", () => {
    expect(() => cardKey(vectors.keys[0]!.operation, vectors.practice[0]!.code)).toThrow(RangeError);
  });
});
