import { describe, expect, test } from "vitest";
import { fromBase45, fromBase64, toBase45, toBase64 } from "../../src/seal/base64";
import { Basket, Series, fileOf, parcelId, readFile, seriesOf } from "../../src/seal/series";

const parcel = { key_id: "3f2a", sealed: Uint8Array.from({ length: 3001 }, (_, place) => (place * 7) % 256) };

describe("bytes as text", () => {
  test.each([["AB", "BB8"], ["Hello!!", "%69 VD92EX0"], ["base-45", "UJCLQE7W581"], ["ietf!", "QED8WEX0"]])(
    "%s is %s in base45 (RFC 9285)", (plain, text) => {
      expect(toBase45(new TextEncoder().encode(plain))).toBe(text);
      expect(new TextDecoder().decode(fromBase45(text)!)).toBe(plain);
    });

  test.each(["GGW", "::", "A", "ab", "№"])("%s is no base45", (text) => expect(fromBase45(text)).toBeNull());

  test("base64url goes there and back, without padding", () => {
    const bytes = parcel.sealed.subarray(0, 1000);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes));
  });
});

describe("a series of codes", () => {
  test("holds what every QR code of ours can: capitals, digits and few signs, in a size that old cameras read", () => {
    for (const text of seriesOf(parcel)) {
      expect(text).toMatch(/^[0-9A-Z $%*+./:-]+\.$/);
      expect(text.length).toBeLessThanOrEqual(900);
    }
  });

  test("is put together in any order, however often a code is read", () => {
    const series = new Series();
    const texts = seriesOf(parcel);
    for (const text of [...texts].reverse()) expect(series.take(text) && series.take(` ${text}\n`)).toBe(true);
    expect(series.progress).toEqual({ here: texts.length, of: texts.length });
    expect(series.finish()).toEqual(parcel);
  });

  test("is not whole before its last code", () => {
    const series = new Series();
    for (const text of seriesOf(parcel).slice(1)) series.take(text);
    expect(series.finish()).toBeNull();
  });

  test("takes no code of another parcel, and nothing else", () => {
    const series = new Series();
    series.take(seriesOf(parcel)[0]!);
    const other = seriesOf({ ...parcel, sealed: parcel.sealed.slice(1) });
    for (const text of [other[1]!, "RQA8JT27DFKAW5CA", "RELIEF.P1.X", "RELIEF.P1.0123456789ABCDEF.2.1.AB."]) {
      expect(series.take(text)).toBe(false);
    }
  });

  test("that was changed on the way is no parcel", () => {
    const forged = new Series();
    forged.take(`RELIEF.P1.${parcelId(parcel)}.1.1.${toBase45(Uint8Array.from([1, 65, 1, 2, 3]))}.`);
    expect(forged.finish()).toBeNull();
  });

  test("is a file as well, also together with another one", () => {
    const other = { ...parcel, sealed: parcel.sealed.slice(1) };
    const text = fileOf([parcel, other]);
    expect(readFile(`${text.replaceAll("\n", "\r\n")}\n`)).toEqual([parcel, other]);
    expect(readFile(text.replace("\n", "\nx\n"))).toBeNull();
    expect(readFile(text.slice(0, text.lastIndexOf("\n")))).toBeNull();
    expect(readFile("")).toBeNull();
  });

  test("comes out of a basket when its last code is in, whatever lies beside it", () => {
    const other = { ...parcel, sealed: parcel.sealed.slice(1) };
    const basket = new Basket();
    const [first, ...rest] = seriesOf(parcel);
    expect(basket.take(seriesOf(other)[0]!)).toBe("more");
    expect(rest.map((text) => basket.take(text))).toEqual(rest.map(() => "more"));
    expect(basket.take("RELIEF.T1.X")).toBeNull();
    expect(basket.take(first!)).toEqual(parcel);
    expect(basket.progress).toEqual({ here: rest.length + 2, of: rest.length + 1 + seriesOf(other).length });
  });
});
