/** Fetches the register: all of it at first, page by page; then what changed since. */

import { noteServerTime, presentMoment } from "../clock/present";
import { ask, type Reply, type Troubled } from "../network";
import {
  applyChanges, beginLoad, changeEnrolment, continueLoad, currentEnrolment, finishLoad, meetLedger, noteUnchanged, readSetting,
  registerInfo, writeHeard, type Enrolment,
} from "../storage";
import type { RegisterPage } from "./rows";

const CARDS_A_PAGE = 500; // about 100 kB packed: two seconds of a slow network

/** How far a complete register has come; `total` is not known with an older server. */
export interface Progress {
  cards: number;
  total: number | null;
}

export type OnProgress = (progress: Progress) => void;

export type Taken = { is: "changed" | "same" } | { is: "not_joined" } | { is: "trouble"; trouble: Troubled };

/** Bring the register up to date. What was fetched before trouble is kept, and the next call goes on there. */
export async function takeRegister(onProgress: OnProgress = () => {}): Promise<Taken> {
  const enrolment = await currentEnrolment();
  if (enrolment === undefined) return { is: "not_joined" };
  let changed = false;
  for (;;) {
    const taken = await takeOnce(enrolment, onProgress);
    if (typeof taken === "object") return await troubled(enrolment, taken);
    changed ||= taken !== "same";
    if (taken !== "pages") return { is: changed ? "changed" : "same" };
    // What changed while several pages came has still to come.
  }
}

async function takeOnce(enrolment: Enrolment, onProgress: OnProgress): Promise<"same" | "page" | "pages" | Troubled> {
  const broken = await readSetting("register_load");
  const goesOn = broken !== undefined && broken.first.enrolment === enrolment.enrolment && broken.after !== "";
  if (goesOn) return loadOn(enrolment, broken.after, onProgress);
  const known = await knownRegister(enrolment);
  const query = known === undefined ? "" : `&since=${known.cursor}&turn=${encodeURIComponent(known.turn)}&ledger=${known.ledger}`;
  const reply = await askPage(enrolment, query, known?.etag ?? undefined);
  if (!reply.ok) return reply;
  if (reply.status === 304) {
    await noteUnchanged(presentMoment());
    return "same";
  }
  const { server_time: now, seal_to } = reply.body;
  await writeHeard({ clock_mark: noteServerTime(now, reply.roundTripMs), ...(seal_to && { seal_to }) });
  await meetLedger(enrolment.enrolment, reply.body.ledger, now);
  return reply.body.complete ? loadAll(enrolment, reply.body, onProgress) : change(enrolment, query, reply.body, reply.etag);
}

/** A register of an earlier enrolment is of no use: it may be another operation's. */
async function knownRegister(enrolment: Enrolment) {
  const known = await registerInfo();
  return known?.enrolment === enrolment.enrolment ? known : undefined;
}

async function loadAll(
  enrolment: Enrolment, first: RegisterPage, onProgress: OnProgress,
): Promise<"page" | "pages" | Troubled> {
  await beginLoad(first, enrolment.enrolment);
  onProgress({ cards: first.cards.length, total: first.total ?? null });
  if (first.more !== undefined) return loadOn(enrolment, first.more, onProgress);
  await finishLoad(presentMoment());
  return "page";
}

async function loadOn(enrolment: Enrolment, after: string, onProgress: OnProgress): Promise<"pages" | Troubled> {
  for (let next: string | undefined = after; next !== undefined; ) {
    const reply = await askPage(enrolment, `&after=${encodeURIComponent(next)}`);
    if (!reply.ok) return reply;
    if (reply.body.first) await beginLoad(reply.body, enrolment.enrolment); // plan or day has changed: all anew
    else await continueLoad(reply.body);
    const load = await readSetting("register_load");
    onProgress({ cards: load?.cards ?? 0, total: load?.first.total ?? null });
    next = reply.body.more;
  }
  await finishLoad(presentMoment());
  return "pages";
}

/** Fetch all pages of changes, then apply them together. */
async function change(
  enrolment: Enrolment, query: string, first: RegisterPage, etag: string | null,
): Promise<"page" | "pages" | Troubled> {
  const pages = [first];
  for (let next = first.more; next !== undefined; ) {
    const reply = await askPage(enrolment, `${query}&after=${encodeURIComponent(next)}`);
    if (!reply.ok) return reply;
    if (reply.body.complete) return loadAll(enrolment, reply.body, () => {});
    if (reply.body.first) pages.length = 0;
    pages.push(reply.body);
    next = reply.body.more;
  }
  const several = pages.length > 1;
  await applyChanges(pages, enrolment.enrolment, presentMoment(), several ? null : etag);
  return several ? "pages" : "page";
}

async function askPage(enrolment: Enrolment, query: string, etag?: string): Promise<Reply<RegisterPage>> {
  const path = `/register?limit=${CARDS_A_PAGE}${query}`;
  const reply = await ask<RegisterPage>("GET", path, { token: enrolment.token, ...(etag && { etag }) });
  if (reply.ok && reply.status !== 304 && !Array.isArray(reply.body.cards)) {
    return { ok: false, trouble: "not_ours", status: reply.status, code: "", message: "", limit: null, retryAfterSeconds: null };
  }
  return reply;
}

/** A phone that was signed off learns it here first: it hands in everything, and then wipes itself. */
async function troubled(enrolment: Enrolment, trouble: Troubled): Promise<Taken> {
  if (trouble.code === "revoked") await changeEnrolment(enrolment.enrolment, { revoked: true });
  if (trouble.code === "unknown_token") await changeEnrolment(enrolment.enrolment, { forgotten: true });
  return { is: "trouble", trouble };
}
