import { beforeEach, describe, expect, test } from "vitest";
import { cardKey, SIGNS } from "../../src/cards/codes";
import { decide } from "../../src/decide/decide";
import { familyOf } from "../../src/decide/family";
import { findNew, findOld, firstCard, replacement } from "../../src/lead/replacing";
import type { RegisterPage } from "../../src/register/rows";
import { beginLoad, cardOfFamily, cardView, finishLoad, keep } from "../../src/storage";
import { ENROLMENT, handover, join, newPhone, OPERATION, PARCEL, ROUND, SITE } from "../fakes/phone";

const [OLD, BLANK, STRANGER] = ["RQA8JT27DFKAW5C", "0000000000000AB", "0000000000000CD"].map(withCheckSign) as [string, string, string];
const key = (code: string) => cardKey(OPERATION, code);

function withCheckSign(start: string): string {
  const sum = [...start].reduce((total, sign, place) => total + (16 - place) * SIGNS.indexOf(sign), 0);
  return start + SIGNS[(31 - (sum % 31)) % 31]!;
}

const PAGE = {
  cursor: 1, turn: "t", first: true, complete: true, plan_version: 1, server_time: 1_363_600_000, contained: [],
  ledger: { id: "l", position: 1, head: "", signature: "", key_id: "" },
  sites: [{ id: SITE, name: "School", zone: "UTC", lanes: 0 }],
  items: [{ id: PARCEL, name: "Parcel", unit: "piece", recipient: "household", reaches: "all_members", service: 0, rule: { kind: "per_household", quantity: 1 } }],
  rounds: [{ id: ROUND, name: "1", first_day: "2013-01-01", last_day: "2099-12-31" }],
  cards: [
    { card: key(OLD), state: "linked", number: "17-0403", household: "h", status: "approved", members: [{ id: "m", number: 1, sex: "female", age_band: "18-59" }],
      due: [{ item: PARCEL, round: ROUND, left: 1, held_by_grant: 0 }] },
    { card: key(BLANK), state: "blank", number: "17-0999" },
  ],
} as unknown as RegisterPage;

describe("a card that is replaced", () => {
  beforeEach(async () => {
    await newPhone();
    await join();
    await beginLoad(PAGE, ENROLMENT);
    await finishLoad(1_363_600_000);
  });

  test.each(["17-0403", " 17 403 ", "170403".replace("17", "17/"), OLD])("is found as %j", async (text) => {
    expect(await findOld(text, OPERATION)).toEqual({ card: { key: key(OLD), number: "17-0403", people: 1, given: false } });
  });

  test.each([["17-0404", "not_found"], [STRANGER, "unknown"], [BLANK, "nobodys"], ["17-0999", "nobodys"], ["https://example.org", "no_card"]])(
    "is not %j: %s", async (text, unfit) => expect(await findOld(text, OPERATION)).toEqual({ unfit }));

  test("gives way to a blank card alone", async () => {
    const old = { key: key(OLD), number: "17-0403", people: 1 };
    expect(await findNew(BLANK, OPERATION, old)).toEqual({ card: { key: key(BLANK), number: "17-0999", people: 0 } });
    expect(await findNew(OLD, OPERATION, old)).toEqual({ unfit: "same" });
    expect(await findNew(STRANGER, OPERATION, old)).toEqual({ unfit: "unknown" });
    expect(await findNew("17-0999", OPERATION, old)).toEqual({ unfit: "no_card" });
  });

  test("passes on what it had, so that the new one is refused it", async () => {
    await keep([handover(key(OLD))]);
    await keep(replacement({ key: key(OLD), number: "", people: 1 }, { key: key(BLANK), number: "", people: 0 }, SITE, "Lost"));
    const fresh = await cardView(key(BLANK));
    expect(familyOf(fresh)).toMatchObject({ state: "linked", household: "h" });
    expect(decide(fresh, { item: PARCEL, round: ROUND, quantity: 1, day: "2013-03-18" })).toMatchObject({ granted: false, codes: ["already_received"] });
    expect(await findOld(OLD, OPERATION)).toEqual({ unfit: "ended" });
    expect(await findNew(BLANK, OPERATION, { key: "other", number: "", people: 1 })).toEqual({ unfit: "not_blank" });
    expect(await cardOfFamily("h")).toBe(key(BLANK));
  });
});

describe("a family without a card", () => {
  const ROW = { household: "cardless", status: "approved" as const, members: [1, 2].map((number) => ({ id: `m${number}`, number, sex: "unknown" as const, age_band: "unknown" as const })),
    due: [{ item: PARCEL, round: ROUND, left: 1, held_by_grant: 0 as const }] };
  const wish = { item: PARCEL, round: ROUND, quantity: 1, day: "2013-03-18" };

  beforeEach(async () => {
    await newPhone();
    await join();
    await beginLoad(PAGE, ENROLMENT);
    await finishLoad(1_363_600_000);
    await keep(firstCard(ROW, key(BLANK), SITE));
  });

  test("has what is left of it on the blank card that it is given, once", async () => {
    expect(familyOf(await cardView(key(BLANK)))).toMatchObject({ state: "linked", household: "cardless", number: "17-0999", members: ROW.members });
    expect(decide(await cardView(key(BLANK)), wish)).toMatchObject({ granted: true });
    await keep([handover(key(BLANK))]);
    expect(decide(await cardView(key(BLANK)), wish)).toMatchObject({ granted: false, codes: ["already_received"] });
  });

  test("is found by that card from then on, which is nobody else's", async () => {
    expect(await cardOfFamily("cardless")).toBe(key(BLANK));
    expect(await findNew(BLANK, OPERATION)).toEqual({ unfit: "not_blank" });
  });

  test("takes what it had along to a card that replaces this one", async () => {
    await keep([handover(key(BLANK))]);
    await keep(replacement({ key: key(BLANK), number: "", people: 2 }, { key: key(STRANGER), number: "", people: 0 }, SITE, "Lost"));
    expect(familyOf(await cardView(key(STRANGER)))).toMatchObject({ state: "linked", household: "cardless" });
    expect(decide(await cardView(key(STRANGER)), wish)).toMatchObject({ granted: false, codes: ["already_received"] });
    expect(await cardOfFamily("cardless")).toBe(key(STRANGER));
  });

  test("may be given another one once this one was cancelled", async () => {
    await keep([{ kind: "card", fields: { action: "cancelled", card: key(BLANK), site: SITE, reason: "Another family's" } }]);
    expect(await cardOfFamily("cardless")).toBeUndefined();
  });
});
