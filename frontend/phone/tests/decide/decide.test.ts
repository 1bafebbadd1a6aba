import { describe, expect, test } from "vitest";
import worked from "../../../../tests/vectors/decide.json";
import registers from "../../../../tests/vectors/register.json";
import { localDay, parseWall } from "../../src/clock/wall";
import { decide, type Code } from "../../src/decide/decide";
import type { CardView, OwnRecord } from "../../src/decide/view";
import type { CardRow, PlanPart } from "../../src/register/rows";
import type { PhoneRecord } from "../../src/wire/records";

interface Worked {
  name: string; asked_at: string; granted: boolean; codes?: Code[]; left?: number; received?: [string, string, number][];
}

interface Register {
  name: string; contained: number; ask: PhoneRecord<"handover">; plan: PlanPart; cards: CardRow[]; own: PhoneRecord[];
}

/** Return the id that a vector's short name stands for (tests/vectors/README.md). */
function idOf(name: string): string {
  const digits = [...name].map((sign) => sign.charCodeAt(0).toString(16)).join("").padEnd(12, "0");
  return `00000000-0000-7000-8000-${digits}`;
}

function viewOf({ ask, plan, cards, own, contained }: Register): CardView {
  const asOwn = (record: PhoneRecord): OwnRecord =>
    ({ record, moment: parseWall(record.at), contained: contained === 1, standing: "told" });
  return { card: ask.card, rows: cards, own: own.map(asOwn), plan };
}

describe("the phone's own decision, from a register row and its own records", () => {
  test.each(registers as unknown as Register[])("$name (own records in the row: $contained)", (register) => {
    const { granted, codes = [], left = 0, received = [], asked_at: askedAt } =
      (worked as unknown as Worked[]).find((each) => each.name === register.name)!;
    const { id, item, round, quantity } = register.ask;
    const day = localDay(parseWall(askedAt), "Europe/Minsk");

    const answer = decide(viewOf(register), { id, item, round, quantity, day });

    expect(answer.granted).toBe(granted);
    if (granted) return;
    expect(answer.codes).toEqual(codes);
    expect(answer.left).toBe(left);
    // A live grant of another phone is in no row as received: nobody knows yet whether it was. The phone says that it is held.
    const told = answer.held ? [] : received.map(([given, site, number]) => ({ day: given, site: idOf(site), quantity: number }));
    expect(answer.received.map(({ day, site, quantity }) => ({ day, site, quantity }))).toEqual(told);
  });

  test("every worked case is tried", () => {
    expect(new Set(registers.map((each) => each.name))).toEqual(new Set(worked.map((each) => each.name)));
  });
});
