/** The help desk's list of names, sealed as it came, and the looks into it that the server has not heard of yet. */

import { announce } from "./changes";
import { reading, writing } from "./database";
import type { KeptRecord } from "./formats";
import type { PhoneRecord } from "../wire/records";
import type { RegisterState, Settings } from "./settings";

/** A list: `sealed` opens with `keys` alone, whose private half cannot be taken out of this browser. It never lies here in clear. */
export interface HelpDeskList {
  list: string;
  enrolment: string;
  site: string;
  made_at: number;
  expires_at: number;
  families: number;
  sealed: Uint8Array<ArrayBuffer>;
  keys: CryptoKeyPair;
}

/** One look into a list (UTC seconds): a search without `household`, a family that was opened with it. Never what was typed. */
export interface Look {
  list: string;
  id: string;
  at: number;
  household?: string;
}

/** Keep a look until the server has noted it. */
export async function keepLook(look: Look): Promise<void> {
  await changeLooks((looks) => [...looks, look]);
  announce("records"); // what waits goes out
}

export async function listLooks(): Promise<Look[]> {
  return reading(["settings"], async (transaction) => ((await transaction.objectStore("settings").get("help_desk_looks")) as Look[] | undefined) ?? []);
}

/** Let go of looks that the server has noted. */
export async function dropLooks(ids: readonly string[]): Promise<void> {
  await changeLooks((looks) => looks.filter(({ id }) => !ids.includes(id)));
  announce("settings");
}

async function changeLooks(change: (looks: Look[]) => Settings["help_desk_looks"]): Promise<void> {
  await writing(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    await settings.put(change(((await settings.get("help_desk_looks")) as Look[] | undefined) ?? []), "help_desk_looks");
  });
}

/** Return the key of the card that leads to a family now: of its cards in the list the last, else one that this phone gave her; or what it made of it since. */
export async function cardOfFamily(household: string): Promise<string | undefined> {
  return reading(["cards", "records", "settings"], async (transaction) => {
    const register = (await transaction.objectStore("settings").get("register")) as RegisterState | undefined;
    if (register === undefined) return undefined;
    const cards = await transaction.objectStore("cards").index("family").getAll([register.load, household]);
    const rows = cards.map(({ row }) => row).filter((row) => row.state === "linked");
    const last = rows.sort((one, other) => (one.number ?? "").localeCompare(other.number ?? "", "en")).at(-1);
    const acts = newActs(await transaction.objectStore("records").getAll());
    const given = acts.filter((act) => act.action === "linked" && act.household === household);
    return [last, ...given].map((each) => each && standsFor(each.card, acts)).find(Boolean) ?? last?.card; // an ended one says so itself
  });
}

/** Return what this phone did with cards, and the list does not know yet. */
function newActs(all: readonly KeptRecord[]): PhoneRecord<"card">[] {
  return all.filter(({ contained, decided }) => contained === 0 && decided !== "put_aside").map(({ record }) => record).filter((record) => record.kind === "card");
}

/** Return the card that was given in this one's place, and in that one's; undefined where the last of them was cancelled. */
function standsFor(card: string, acts: readonly PhoneRecord<"card">[]): string | undefined {
  const ended = acts.find((act) => act.card === card && (act.action === "cancelled" || act.action === "replaced"));
  if (ended === undefined) return card;
  return ended.new_card && standsFor(ended.new_card, acts.filter((act) => act !== ended));
}
