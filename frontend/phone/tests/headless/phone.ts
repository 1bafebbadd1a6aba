/**
 * The capture app's own code without a screen, for Node: tests in Python (tests/fleet) drive it against a real relief, one JSON
 * object a line in, one out. Of a browser it has what Node has, a storage in memory, and a network that can lose answers.
 */

import "fake-indexeddb/auto";
import { createInterface } from "node:readline";
import { localDay } from "../../src/clock/wall";
import { clockAheadSeconds, presentMoment } from "../../src/clock/present";
import { decide } from "../../src/decide/decide";
import { handoverOf } from "../../src/decide/giving";
import { roundOn } from "../../src/decide/rounds";
import { askFirst, gave, keptBack } from "../../src/outbox/asking";
import { pack } from "../../src/outbox/parcels";
import { sendAll } from "../../src/outbox/sending";
import { lastDone, takeBack } from "../../src/outbox/taking-back";
import { ask, type Reply } from "../../src/network";
import { takeRegister, type Progress } from "../../src/register/take";
import { seriesOf } from "../../src/seal/series";
import {
  cardView, closeDatabase, countRecords, currentEnrolment, keep, listEnrolments, recordsFrom, registerInfo, saveEnrolment, shelf,
  type Enrolment, type Happening,
} from "../../src/storage";
import { tallyOf } from "../../src/tally/tally";

interface Wanted { card: string; item: string; quantity?: number; reason?: string }

interface Planned { happening: Extract<Happening, { kind: "handover" }>; granted: boolean }

const [BASE = ""] = process.argv.slice(2);
const SELF = { appVersion: "headless" };
const network = { offline: false, losing: 0 };
const fetched = globalThis.fetch;

globalThis.fetch = async (path, init) => {
  if (network.offline) throw new TypeError("Failed to fetch");
  const answer = await fetched(BASE + String(path), init);
  if (network.losing === 0) return answer;
  network.losing -= 1;
  await answer.arrayBuffer(); // the server has done all it does, and nobody hears
  throw new TypeError("Failed to fetch");
};

/** Return the hand-over that would be made here and now, and what the phone itself thinks of it. */
async function plan({ card, item, quantity = 1, reason }: Wanted): Promise<Planned> {
  const { plan: known } = (await registerInfo())!;
  const site = known.sites[0]!;
  const day = localDay(presentMoment(), site.zone);
  const round = roundOn(known.rounds, day)!.id;
  const view = await cardView(card);
  const row = view.rows.find((each) => each.card === card);
  const portion = { item: known.items.find((each) => each.id === item)!, round, quantity };
  const fields = handoverOf(portion, { card, site: site.id, ...(reason && { reason }) });
  const granted = decide(view, { item, round, quantity, day }).granted;
  const [family, people] = [row?.household ?? card, row?.members?.length ?? 0];
  return { happening: { kind: "handover", fields, family, people }, granted };
}

const commands = {
  async join({ code }: { code: string }) {
    const body = { code, app_version: SELF.appVersion };
    const reply: Reply<Omit<Enrolment, "joined_at" | "seq" | "sent">> = await ask("POST", "/enrol", { body });
    if (reply.ok) await saveEnrolment({ ...reply.body, joined_at: presentMoment() });
    return reply.ok ? { joined: reply.body.operation } : reply;
  },
  async register() {
    const progress: Progress[] = [];
    return { ...(await takeRegister((now) => progress.push(now))), cards: (await registerInfo())?.cards, progress };
  },
  async decide(wanted: Wanted) {
    return { granted: (await plan(wanted)).granted };
  },
  async give(wanted: Wanted) {
    const { happening, granted } = await plan(wanted);
    const [kept] = await keep([happening]);
    return { id: kept!.id, granted };
  },
  async ask(wanted: Wanted) {
    return (await askFirst([(await plan(wanted)).happening], {}, SELF))[0];
  },
  gave: ({ id }: { id: string }) => gave([id]),
  kept_back: ({ id }: { id: string }) => keptBack([id]),
  async undo() {
    const [last] = await lastDone(1);
    await takeBack([last!.kept.record]);
  },
  async sync() {
    const { trouble } = await sendAll(SELF);
    return { trouble: trouble?.trouble ?? null };
  },
  async state() {
    const enrolment = await currentEnrolment();
    const kept = enrolment ? await recordsFrom(enrolment.enrolment, 0) : [];
    return {
      counts: await countRecords(), tally: tallyOf(kept), clock_ahead: clockAheadSeconds(), enrolments: (await listEnrolments()).length,
      verdicts: Object.fromEntries(kept.map(({ id, verdict }) => [id, verdict])), shelf: (await shelf()).map(({ id }) => id),
    };
  },
  async parcel() {
    return { lines: ((await pack())?.parcels ?? []).flatMap(seriesOf) };
  },
  async network(mood: Partial<typeof network>) {
    Object.assign(network, mood);
  },
  async restart() {
    await closeDatabase();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line) as { do: keyof typeof commands };
  const answer = await commands[name](given as never).catch((error: unknown) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(answer ?? {})}\n`);
}
