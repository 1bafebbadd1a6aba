/** The help desk's list: fetched with a key of its own, opened in memory alone, gone when its day is over. */

import { presentMoment } from "../clock/present";
import { ask, type Troubled } from "../network";
import { fromBase64 } from "../seal/base64";
import { newKeys, openSealed, publicText } from "../seal/hpke";
import {
  currentEnrolment, dropLooks, forgetSetting, keepLook, listLooks, onChange, readSetting, writeHeard, type HelpDeskList, type Look,
} from "../storage";
import { newId } from "../wire/ids";
import type { Family } from "./finding";
import { isGood } from "./list";

const PURPOSE = "relief help desk";
const MOST_TOLD = 200;
const LOOK_MS = 30_000;

interface Given {
  list: string;
  site: string;
  made_at: number;
  expires_at: number;
  families: number;
  sealed: string;
}

/** Ask for a new list of a site; returns what stood in the way, or null: then it is on the phone. */
export async function fetchList(site: string): Promise<Troubled | null> {
  const enrolment = await currentEnrolment();
  if (enrolment === undefined) return null;
  const keys = await newKeys();
  const reply = await ask<Given>("POST", "/lead/help-desk", { token: enrolment.token, body: { site, key: await publicText(keys) } });
  if (!reply.ok) return reply;
  const { sealed, ...given } = reply.body;
  await writeHeard({ help_desk: { ...given, enrolment: enrolment.enrolment, sealed: fromBase64(sealed), keys } });
  return null;
}

/** Return the list that is here and may be opened, or null. */
export async function findList(site: string): Promise<HelpDeskList | null> {
  await forgetWhenOver();
  const list = await readSetting("help_desk");
  return list !== undefined && list.site === site ? list : null;
}

/** Open a list: what comes out is for the screen, and lies nowhere. */
export async function openList({ keys, sealed }: HelpDeskList): Promise<Family[]> {
  const plain = await openSealed(keys, sealed, PURPOSE);
  return (JSON.parse(new TextDecoder().decode(plain)) as { families: Family[] }).families;
}

/** Note a look, for the office to see who was looked up. It is on disk before anything is shown. */
export async function noteLook({ list }: HelpDeskList, household?: string): Promise<void> {
  const at = presentMoment();
  await keepLook({ list, id: newId(at * 1000), at, ...(household !== undefined && { household }) });
}

/** Tell the server who was looked up; returns what stopped it. What it will never take stops nothing. */
export async function tellLooks(): Promise<Troubled | null> {
  const token = (await currentEnrolment())?.token;
  for (const looks of token === undefined ? [] : byList(await listLooks())) {
    const told = looks.slice(0, MOST_TOLD);
    const body = { look_ups: told.map(({ list: _list, ...look }) => look) };
    const reply = await ask("POST", `/lead/help-desk/${told[0]!.list}/look-ups`, { token: token!, body });
    if (!reply.ok && reply.status !== 404) return reply;
    await dropLooks(told.map(({ id }) => id));
  }
  return null;
}

function byList(looks: readonly Look[]): Look[][] {
  const lists = [...new Set(looks.map(({ list }) => list))];
  return lists.map((list) => looks.filter((look) => look.list === list));
}

/** Take the list off the phone once its day is over, or the phone is no help desk any more. */
async function forgetWhenOver(): Promise<void> {
  const list = await readSetting("help_desk");
  if (list !== undefined && !isGood(list, presentMoment(), await currentEnrolment())) await forgetSetting("help_desk");
}

/** Look after it as long as the app is open. */
export function watchList(): void {
  void forgetWhenOver();
  setInterval(() => void forgetWhenOver(), LOOK_MS);
  onChange((change) => void (change === "enrolment" && forgetWhenOver()));
}
