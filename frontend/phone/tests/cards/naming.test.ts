import { describe, expect, test } from "vitest";
import vectors from "../../../../tests/vectors/card_codes.json";
import { nameScanned, nameTyped, type Foreign } from "../../src/cards/naming";

const CODE = "RQA8JT27DFKAW5CA";

const FOREIGN: [Foreign, string][] = [
  ["link", "https://example.org/pay?x=1"], ["link", "HTTP://EXAMPLE.ORG"], ["link", "www.example.org"], ["link", "example.org/menu"],
  ["link", "javascript:alert(1)"], ["link", "intent://scan/#Intent;end"], ["link", "data:text/html,<b>x</b>"],
  ["contact", "BEGIN:VCARD\nVERSION:3.0\nN:Kovalenko;Olga\nEND:VCARD"], ["contact", "MECARD:N:Doe,John;TEL:1;;"],
  ["event", "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT"], ["wifi", "WIFI:S:hotel;T:WPA;P:secret;;"], ["phone", "tel:+375291234567"],
  ["message", "SMSTO:+1:hello"], ["mail", "mailto:a@example.org"], ["place", "geo:52.1,29.2"], ["payment", "00020101021226"],
  ["ticket_number", "4810268003642"], ["text", "Good morning"], ["text", "Добрый день"], ["text", "x".repeat(4000)], ["nothing", " \n"],
];

describe("a scanned code", () => {
  test("that is ours is a card", () => expect(nameScanned(CODE)).toEqual({ is: "card", code: CODE }));

  test("of the practice set is named as such", () => {
    expect(nameScanned("PRACT1CE7CDM104X")).toEqual({ is: "practice", code: "PRACT1CE7CDM104X", number: 4 });
  });

  test("with one sign changed is misread, and not another card", () => {
    for (const sign of "0123456789ABCDEFGHJKMNPQRTVWXYZ") {
      const changed = CODE.slice(0, 7) + sign + CODE.slice(8);
      expect(nameScanned(changed).is).toBe(changed === CODE ? "card" : "misread");
    }
  });

  test.each(FOREIGN)("is named %s: %s", (what, text) => expect(nameScanned(text)).toEqual({ is: "foreign", what }));

  test("is a joining, a parcel or a tally where we made it so", () => {
    expect(nameScanned("https://relief.example.org/phone/#join=ABCD-EFGH")).toEqual({ is: "join", code: "ABCD-EFGH" });
    expect(nameScanned("RELIEF.P1.0123456789ABCDEF.1.2.AB.").is).toBe("parcel");
    expect(nameScanned("RELIEF.T1.AB.").is).toBe("tally");
  });

  test("in small letters is not a card: the camera reads what is printed", () => {
    expect(nameScanned(CODE.toLowerCase()).is).toBe("foreign");
  });
});

describe("a typed code", () => {
  test("is read as it was meant", () => expect(nameTyped("rqa8 jt27-dfka w5ca")).toEqual({ is: "card", code: CODE }));

  test.each([["a scanner at a Cyrillic keyboard", "КЙФ8ОЕ27ВАЛФЦ5СФ"], ["a hand that takes letters that look the same", "rqа8 jт27 dfка w5са"]])(
    "by %s is understood", (_by, text) => expect(nameTyped(text)).toEqual({ is: "card", code: CODE }));

  test.each(vectors.meant)("$typed means $code, as on the server", ({ typed, code }) => expect(nameTyped(typed)).toEqual({ is: "card", code }));

  test("says how much of it is there", () => expect(nameTyped("RQA8 JT27 DF")).toEqual({ is: "unfinished", signs: 10, wrong: [] }));

  test("says which signs no card has", () => expect(nameTyped("uqa8 жt27")).toMatchObject({ is: "unfinished", wrong: ["U", "ж"] }));

  test("with a sign changed is misread", () => expect(nameTyped("rqa8 jt27 dfka w5cb").is).toBe("misread"));

  test("that is a link is a link", () => expect(nameTyped("https://example.org")).toEqual({ is: "foreign", what: "link" }));
});
