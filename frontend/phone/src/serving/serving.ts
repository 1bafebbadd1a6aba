// From a card in view to the next one: what is offered, what one tap does, and how the last tap is taken back.

import { signal } from "@preact/signals";
import { cardKey } from "../cards/codes";
import { nameScanned, nameTyped, type Foreign, type Seen } from "../cards/naming";
import { presentMoment } from "../clock/present";
import { localDay } from "../clock/wall";
import { handoverOf, type Portion } from "../decide/giving";
import { offerFor, type Now, type Offer, type Table } from "../decide/offer";
import type { CardView, OwnRecord } from "../decide/view";
import { answer, play } from "../device/sound";
import { keepOpen } from "../lock-clock";
import { memory } from "../memory";
import { oneAtATime } from "../one-at-a-time";
import { askFirst, gave } from "../outbox/asking";
import { MISTAKE, takeBack } from "../outbox/taking-back";
import type { Verdict } from "../outbox/verdicts";
import type { PlanPart } from "../register/rows";
import { cardView, keep, troubleIn, type Happening, type Settings, type StorageCode } from "../storage";
import { randomId } from "../wire/ids";
import type { NotServedCause, PhoneRecord } from "../wire/records";
import { isOnline, self } from "../work";
import { practiceKey, practiceView } from "./practice";
import { tableOf } from "./table";

/** A card in view. `refused`: what the server said when asked; `busy`: one tap is being kept or asked for. */
export interface InView {
  code: string;
  key: string;
  practice: number | null;
  view: CardView;
  offer: Offer;
  busy: boolean;
  refused: Verdict | null;
  justKept?: Happening["kind"]; // about this very card, since it came into view
}

/** What the camera's screen says of the last thing: a tap that was kept, with its undo, or a code that is no card. */
export type Told =
  | { is: "given"; portions: Portion[]; number?: string; records: PhoneRecord[]; practice: boolean }
  | { is: "kept"; records: PhoneRecord[]; practice: boolean }
  | { is: "taken_back" }
  | { is: "misread" | "practice_card" | "no_practice_card" | "two_cards" | "join" | "parcel" | "tally" | "lane" }
  | { is: "unfinished"; signs: number }
  | { is: "foreign"; what: Foreign };

export const inView = signal<InView | null>(null);
export const told = signal<Told | null>(null);
export const practising = signal(false);

/** The table that was chosen in practice: gone with it. */
export const practisedTable = signal<Settings["table"] | null>(null);

/** Why the last tap was not kept; nothing was given then, as far as the phone can tell. */
export const keepTrouble = signal<StorageCode | null>(null);

let practised: OwnRecord[] = [];
let release: (() => void) | null = null;

/** The plan and the table that this phone works with, in practice the one that is practised with; null before there are any. */
export const workplace = () => placeOf(practisedTable.value ?? memory.value?.table);

/** The same without what is only practised. */
export const realWorkplace = () => placeOf(memory.value?.table);

function placeOf(kept: Settings["table"] | undefined): { plan: PlanPart; table: Table } | null {
  const { register, enrolment } = memory.value ?? {};
  const table = register && enrolment && tableOf(kept, register.plan, enrolment);
  return table ? { plan: register.plan, table } : null;
}

export function siteNow(plan: PlanPart, site: string): Now {
  const moment = presentMoment();
  return { moment, day: localDay(moment, plan.sites.find((each) => each.id === site)?.zone ?? "UTC") };
}

/** Take what the camera read in one picture. */
export async function seeTexts(texts: string[]): Promise<void> {
  const seen = texts.map(nameScanned);
  const cards = seen.filter((each) => each.is === "card" || each.is === "practice");
  if (cards.length > 1) return tell({ is: "two_cards" });
  await see(cards[0] ?? seen[0]!);
}

/** Take what was typed, or came from a keyboard scanner; tells whether it was a card. */
export async function seeTyped(text: string): Promise<boolean> {
  await see(nameTyped(text));
  return inView.value !== null;
}

async function see(seen: Seen): Promise<void> {
  if (seen.is === "practice") return practising.value ? openCard(seen.code, seen.number) : tell({ is: "practice_card" });
  if (seen.is === "card") return practising.value ? tell({ is: "no_practice_card" }) : openCard(seen.code, null);
  if (seen.is === "unfinished") return tell({ is: "unfinished", signs: seen.signs });
  tell(seen.is === "foreign" ? { is: "foreign", what: seen.what } : { is: seen.is });
}

function tell(what: Told): void {
  told.value = what;
  answer("no");
}

async function openCard(code: string, practice: number | null): Promise<void> {
  const operation = memory.value?.enrolment?.operation.id;
  if (operation !== undefined) await openKey(practice === null ? cardKey(operation, code) : practiceKey(practice), code, practice);
}

/** Answer a card: also one that was not scanned but found by its family's name, whose code nobody knows (then it is empty). */
export async function openKey(key: string, code = "", practice: number | null = null): Promise<void> {
  if (!workplace() || inView.value) return;
  release?.();
  release = keepOpen();
  const { view, offer } = await lookUp({ code, key, practice });
  told.value = null;
  keepTrouble.value = null;
  inView.value = { code, key, practice, view, offer, busy: false, refused: null };
  const mine = offer.word === "give" && offer.lane?.ours !== false;
  answer(mine ? "yes" : "no");
}

async function lookUp({ code, key, practice }: Pick<InView, "code" | "key" | "practice">): Promise<Pick<InView, "view" | "offer">> {
  const { plan, table } = workplace()!;
  const now = siteNow(plan, table.site);
  const view = practice === null ? await cardView(key) : practiceView(practice, plan, table.site, now.day, practised);
  return { view, offer: offerFor(view, code, table, now) };
}

/** Keep something about the card in view, which is then answered anew; tells whether it was kept. */
export async function keepOnCard(happened: Happening): Promise<boolean> {
  const card = inView.value;
  if (!card || card.busy || !workplace()) return false;
  inView.value = { ...card, busy: true };
  if (card.practice !== null) practise([happened]);
  else if (!(await guarded(async () => void (await tellGiven([happened]))))) return false;
  inView.value = { ...card, ...(await lookUp(card)), busy: false, refused: null, justKept: happened.kind };
  void play("yes");
  return true;
}

/** Leave the card without recording anything. */
export function closeCard(): void {
  inView.value = null;
  release?.();
  release = null;
}

/** Return what one tap gives here: all of it, but for items that reach people to be chosen. */
export function portionsOf({ offer }: InView, plan: PlanPart): Portion[] {
  return offer.here.flatMap((line): Portion[] => {
    const item = plan.items.find((each) => each.id === line.item);
    if (item === undefined || (item.reaches === "chosen_members" && offer.members.length > 1)) return [];
    const members = item.reaches === "chosen_members" ? { members: offer.members } : {};
    return [{ item, round: line.round, quantity: line.quantity ?? 1, ...members }];
  });
}

/** Give: kept on the phone before success shows. With a network the server is asked first, while the goods are in hand. */
export async function give(portions: Portion[], { reason = "", collector = "" }: { reason?: string; collector?: string } = {}): Promise<void> {
  const card = inView.value;
  const place = workplace();
  if (!card || card.busy || !place || portions.length === 0) return;
  inView.value = { ...card, busy: true };
  const visit = { card: card.key, site: place.table.site, ...(reason && { reason }), ...(collector && { collector }) };
  const wanted = portions.map((portion) => ({
    kind: "handover" as const, fields: handoverOf({ ...portion, ...refusedAsk(card, portion) }, visit), people: reachOf(portion, card.offer.members.length),
    ...(card.offer.household !== undefined && { family: card.offer.household }),
  }));
  if (card.practice !== null) return finishGiving(card, portions, practise(wanted));
  await guarded(async () => {
    const asks = isOnline() && reason === "" && !card.refused && !isNewHere(card.view);
    if (asks) return askAndGive(card, portions, wanted);
    finishGiving(card, portions, await tellGiven(wanted));
  });
}

/** Nobody else can have given to a family that this phone just gave its first card, and the server may not know it yet. */
const isNewHere = (view: CardView) => view.own.some(({ record, contained, row }) => (record.kind === "registration" || row) && !contained);

async function tellGiven(wanted: Happening[]): Promise<PhoneRecord[]> {
  return (await keep(wanted, maker())).map((kept) => kept.record);
}

/** What the server grants, and what it is too slow to answer, is given; of what it refuses she sees why, before it is handed over. */
async function askAndGive(card: InView, portions: Portion[], wanted: Extract<Happening, { kind: "handover" }>[]): Promise<void> {
  const asked = await askFirst(wanted, maker(), self());
  const refusal = asked.find((each) => each.answer === "refused");
  const granted = asked.filter((each) => each.answer !== "refused").map((each) => each.id);
  await gave(granted);
  const view = await cardView(card.key);
  const records = view.own.map((own) => own.record).filter((record) => granted.includes(record.id));
  const given = portions.filter((_portion, place) => asked[place]?.answer !== "refused");
  if (refusal?.answer !== "refused") return finishGiving(card, given, records);
  showRefusal(card, view, refusal.verdict);
  if (records.length > 0) told.value = { is: "given", portions: given, records, practice: false };
}

/** A gift after a refusal names the question that was refused. */
function refusedAsk({ view, refused }: InView, { item, round }: Portion): { ask?: string } {
  if (!refused) return {};
  const asks = view.own.filter(({ record, standing }) =>
    standing === "asked_for" && record.kind === "handover" && record.item === item.id && record.round === round);
  const ask = asks.sort((one, other) => one.record.seq - other.record.seq).at(-1)?.record.id;
  return ask === undefined ? {} : { ask };
}

function showRefusal(card: InView, view: CardView, refused: Verdict): void {
  const place = workplace();
  const offer = place ? offerFor(view, card.code, place.table, siteNow(place.plan, place.table.site)) : card.offer;
  const override = place?.table.lead ? place.table.items : []; // also what this phone, which knows less, takes to be due
  inView.value = { ...card, view, offer: { ...offer, override }, busy: false, refused };
  answer("no");
}

function finishGiving(card: InView, portions: Portion[], records: PhoneRecord[]): void {
  const number = card.offer.number;
  told.value = { is: "given", portions, records, practice: card.practice !== null, ...(number && { number }) };
  void play("yes");
  closeCard();
}

/** She goes without: noted with its cause. */
export async function noteNotServed(cause: NotServedCause, item?: string): Promise<void> {
  const card = inView.value;
  const place = workplace();
  if (!card || card.busy || !place) return;
  inView.value = { ...card, busy: true };
  const round = card.offer.here[0]?.round;
  const fields = { cause, site: place.table.site, card: card.key, ...(item && { item }), ...(round && { round }) };
  const happened: Happening = { kind: "not_served", fields };
  if (card.practice !== null) return finishKept(practise([happened]), true);
  await guarded(async () => finishKept(await tellGiven([happened]), false));
}

function finishKept(records: PhoneRecord[], practice: boolean): void {
  told.value = { is: "kept", records, practice };
  void play("yes");
  closeCard();
}

/** Keep something that has no card: a contact, a group session. */
export const keepWithoutCard = oneAtATime(async (happened: Happening): Promise<boolean> => {
  if (practising.value) {
    finishKept(practise([happened]), true);
    return true;
  }
  return guarded(async () => finishKept(await tellGiven([happened]), false));
});

/** Undo what the last tap did. */
export const undo = oneAtATime(async (): Promise<void> => {
  const last = told.value;
  if (last?.is !== "given" && last?.is !== "kept") return;
  const ids = last.records.map((record) => record.id);
  if (last.practice) practised = practised.filter((own) => !ids.includes(own.record.id));
  else if (!(await guarded(() => takeBack(last.records, MISTAKE, maker())))) return;
  told.value = { is: "taken_back" };
});

/** Begin or end practice: what was practised is forgotten. */
export function startPractice(on: boolean): void {
  practised = [];
  practisedTable.value = null;
  told.value = null;
  closeCard();
  practising.value = on;
}

/** Who records now, and one tap's own id. */
export function maker(): { by?: string; visit: string } {
  const by = memory.value?.volunteer?.id;
  return { visit: randomId(), ...(by && { by }) };
}

/** Do what writes; tells whether that was kept, and the screen says why it was not. */
export async function guarded(work: () => Promise<void>): Promise<boolean> {
  keepTrouble.value = null;
  keepTrouble.value = await troubleIn(work);
  if (keepTrouble.value && inView.value) inView.value = { ...inView.value, busy: false };
  return keepTrouble.value === null;
}

function practise(wanted: Happening[]): PhoneRecord[] {
  const moment = presentMoment();
  const records = wanted.map(({ kind, fields }) => ({ id: randomId(), kind, ...fields }) as unknown as PhoneRecord);
  practised = [...practised, ...records.map((record): OwnRecord => ({ record, moment, contained: false, standing: "told" }))];
  return records;
}

function reachOf(portion: Portion, members: number): number {
  return portion.members?.length ?? (portion.item.reaches === "one_person_a_unit" ? Math.min(portion.quantity, members) : members);
}
