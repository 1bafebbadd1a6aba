/** Finds a card by the running number that stands on it: for a card that is lost, and so cannot be scanned. */

import type { CardRow } from "../register/rows";
import { reading } from "./database";
import type { RegisterState } from "./settings";

/** Return the register's row of the card with this running number, however it was typed; undefined where the list has none. */
export async function findByNumber(typed: string): Promise<CardRow | undefined> {
  const wanted = plain(typed);
  return reading(["cards", "settings"], async (transaction) => {
    const register = (await transaction.objectStore("settings").get("register")) as RegisterState | undefined;
    if (register === undefined || wanted === "") return undefined;
    const rows = await transaction.objectStore("cards").getAll(IDBKeyRange.bound([register.load], [register.load, []]));
    return rows.find(({ row }) => row.number !== undefined && plain(row.number) === wanted)?.row;
  });
}

/** Blanks and dashes do not matter, nor noughts that fill a number up: 17-0403 is 17-403. */
function plain(number: string): string {
  return (number.toUpperCase().match(/[A-Z0-9]+/g) ?? []).map((part) => part.replace(/^0+(?=.)/, "")).join("-");
}
