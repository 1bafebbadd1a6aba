import { describe, expect, test } from "vitest";
import vectors from "../../../../tests/vectors/canonical.json";
import { NotCanonical, canonicalText } from "../../src/wire/canonical";

interface Case { name: string; json: string; canonical?: string; refused?: number }

// These three are wrong as text only. A phone makes records out of values, and the values are what a record may hold.
const WRONG_AS_TEXT = ["a fraction", "an exponent", "a repeated key"];
const cases = (vectors as Case[]).filter((each) => !WRONG_AS_TEXT.includes(each.name));

/** The value a phone would write: without the transport field, which is no part of the content. */
function contentOf(json: string): unknown {
  const { mode: _mode, ...content } = JSON.parse(json) as Record<string, unknown>;
  return content;
}

describe("canonical form", () => {
  test.each(cases.filter((each) => each.canonical !== undefined))("writes $name", ({ json, canonical }) => {
    expect(canonicalText(contentOf(json))).toBe(canonical);
  });

  test.each(cases.filter((each) => each.refused))("refuses $name", ({ json }) => {
    expect(() => canonicalText(contentOf(json))).toThrow(NotCanonical);
  });

  test("never writes a fraction", () => {
    expect(canonicalText(JSON.parse('{"quantity":1.0,"more":1e2}'))).toBe('{"more":100,"quantity":1}');
    expect(() => canonicalText({ quantity: 1.5 })).toThrow(NotCanonical);
  });

  test("leaves out a field without a value", () => {
    expect(canonicalText({ reason: undefined, item: "x" })).toBe('{"item":"x"}');
  });

  test("counts a text's signs as the server does, not its halves", () => {
    expect(canonicalText("😀".repeat(2000))).toHaveLength(4002);
    expect(() => canonicalText("😀".repeat(2001))).toThrow(NotCanonical);
  });
});
