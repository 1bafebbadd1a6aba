/** Reads what the phone knows of a card, for `decide/`. */

import { isExcess } from "../outbox/verdict-words";
import type { CardRow } from "../register/rows";
import type { CardView, OwnRecord } from "../decide/view";
import { reading } from "./database";
import type { KeptRecord, StoredCard } from "./formats";
import type { RegisterState } from "./settings";

const NOTHING_YET = { sites: [], items: [], rounds: [] };
const SEALED_SECONDS = 60; // within so many a settled record is in every register, with much to spare
const FARTHEST = 20; // cards of one family; more would be somebody's mistake, and a scan must be answered at once

/** Return the view of a card: the register's rows of its family, and this phone's records about any of its cards. */
export async function cardView(card: string): Promise<CardView> {
  return reading(["cards", "records", "settings"], async (transaction) => {
    const register = (await transaction.objectStore("settings").get("register")) as RegisterState | undefined;
    const store = transaction.objectStore("cards");
    const index = transaction.objectStore("records").index("cards");
    const own = new Map<string, KeptRecord>();
    const rows = new Map<string, CardRow>();
    const wanted = [card];
    for (let place = 0; place < wanted.length && place < FARTHEST; place += 1) {
      const key = wanted[place]!;
      const row = register && (await store.get([register.load, key]));
      if (row) rows.set(key, row.row);
      const family = row?.household === undefined ? [] : await store.index("family").getAll([row.load, row.household]);
      const records = await index.getAll(key);
      for (const kept of records) own.set(kept.id, kept);
      const others = [...family.map(cardOf), ...records.flatMap((kept) => kept.cards)];
      wanted.push(...new Set(others.filter((each) => !wanted.includes(each))));
    }
    const records = [...own.values()].map((kept) => asOwn(kept, register));
    return { card, rows: [...rows.values()], own: records, plan: register?.plan ?? NOTHING_YET };
  });
}

function cardOf(stored: StoredCard): string {
  return stored.card;
}

function asOwn(kept: KeptRecord, register?: RegisterState): OwnRecord {
  const standing = kept.decided === "put_aside" ? kept.decided : kept.place === "asking" ? "open" : kept.mode === "ask" ? "asked_for" : "told";
  const contained = kept.contained === 1 || isOfEarlierJoining(kept, register);
  return { record: kept.record, moment: kept.moment, contained, standing, excess: isExcess(kept.verdict), ...(kept.row && { row: kept.row }) };
}

/** The register names what it contains of its own enrolment alone; what was settled under an earlier one is told by its time. */
function isOfEarlierJoining(kept: KeptRecord, register?: RegisterState): boolean {
  if (register === undefined || kept.enrolment === register.enrolment || kept.place !== "settled") return false;
  return (kept.receipt?.moment ?? Infinity) + SEALED_SECONDS < register.server_time;
}
