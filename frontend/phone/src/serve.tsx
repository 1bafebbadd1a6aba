// Serving at work: which of its screens is open, and what their buttons do.

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { hasTorch, lensCount, lit, nextLens, setTorch } from "./camera";
import { overrideLines } from "./decide/offer";
import type { Portion } from "./decide/giving";
import { punchBoxes } from "./decide/punch-box";
import { codesInPhoto } from "./decoder/photo";
import type { Watcher } from "./decoder/watcher";
import { memory } from "./memory";
import { NewCard } from "./new-card";
import { oneAtATime } from "./one-at-a-time";
import { lastDone, takeBack, type Done, type Why } from "./outbox/taking-back";
import { presentMoment } from "./clock/present";
import { ageOf } from "./register/age";
import type { PlanPart } from "./register/rows";
import { mayRegister, Registering } from "./registering";
import { ChooseScreen, ReasonScreen } from "./screens/choose";
import { LatelyScreen } from "./screens/lately";
import { CAUSES, momentWords } from "./screens/offer-words";
import { OfferScreen } from "./screens/offer";
import { PortionsScreen } from "./screens/portions";
import { ServeScreen } from "./screens/serve";
import { TableScreen } from "./screens/table";
import { toldWords } from "./screens/told-words";
import { storageWords } from "./screens/trouble-words";
import { TypeCodeScreen } from "./screens/type-code";
import { dark, lookForCards, looking } from "./serving/looking";
import { Repeats } from "./serving/repeats";
import {
  closeCard, give, guarded, inView, keepTrouble, maker, noteNotServed, openKey, portionsOf, practisedTable, practising, seeTexts, seeTyped, siteNow, told, undo,
  workplace, type InView, type Told,
} from "./serving/serving";
import { deskLanes, guessTable, lanesOf, sitesOf } from "./serving/table";
import { writeSetting, type Enrolment, type RegisterState, type Settings } from "./storage";
import { WithoutCard } from "./without-card";
import { _ } from "./words";

type Place = "camera" | "type" | "table" | "without_card" | "less" | "not" | "override" | "register" | "new_card";
type Open =
  | { at: Place }
  | { at: "lately"; done: Done[] } | { at: "take_back"; done: Done };

const open = signal<Open>({ at: "camera" });
const lenses = signal(0);
const repeats = new Repeats(); // of the whole app: what lay in view before a card's answer may lie there still
const typed = signal(false); // what was told last is about what was typed

const go = (at: Place) => () => void (open.value = { at });

interface ServeProps { register: RegisterState; enrolment: Enrolment; onSent: () => void; onBack: () => void }

export function Serve({ register, enrolment, onSent, onBack }: ServeProps) {
  const place = workplace();
  if (!place || open.value.at === "table") return <Table register={register} enrolment={enrolment} onBack={place ? go("camera") : onBack} />;
  if (inView.value) return <Card card={inView.value} register={register} />;
  return <Queue plan={register.plan} site={place.table.site} onSent={onSent} onBack={onBack} />;
}

function Table({ register: { plan }, enrolment, onBack }: { register: RegisterState; enrolment: Enrolment; onBack: () => void }) {
  const kept = practisedTable.value ?? memory.value?.table;
  const now = kept ? { ...kept, lanes: lanesOf(kept, enrolment) } : guessTable(plan, enrolment);
  const save = async (chosen: Settings["table"]) => {
    const table = { ...chosen, lanes_at: enrolment.phone?.lane_at ?? 0 };
    if (practising.value) practisedTable.value = table;
    else await writeSetting("table", table);
    open.value = { at: "camera" };
  };
  return <TableScreen plan={plan} sites={sitesOf(plan, enrolment)} kept={now} lanesAt={(site) => deskLanes(site, enrolment)} onSave={(table) => void save(table)} onBack={onBack} />;
}

function Queue({ plan, site, onSent, onBack }: { plan: PlanPart; site: string; onSent: () => void; onBack: () => void }) {
  const shown = open.value;
  const trouble = keepTrouble.value ? storageWords(keepTrouble.value) : "";
  switch (shown.at) {
    case "type": return <TypeCodeScreen problem={typed.value && told.value ? toldWords(told.value) : ""} onCode={(text) => void type(text)} onBack={go("camera")} />;
    case "without_card": return <WithoutCard plan={plan} site={site} onDone={go("camera")} />;
    case "lately": return <LatelyScreen done={shown.done} plan={plan} onTakeBack={(done) => (open.value = { at: "take_back", done })}
      onCorrect={(done) => void correct(done)} onBack={go("camera")} />;
    case "take_back": return (
      <ChooseScreen title={_("Take back: why?")} answers={WHYS.map(([name, words]) => [name, words()] as const)} problem={trouble}
        onChoose={(why) => void takeBackOne(shown.done, why)} onBack={() => void showLately()} />
    );
    default: return <Camera onBack={onBack} onSent={onSent} plan={plan} />;
  }
}

function Camera({ plan, onSent, onBack }: { plan: PlanPart; onSent: () => void; onBack: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const looker = useRef<Watcher | null>(null);
  useEffect(() => {
    if (!video.current) return;
    looker.current = lookForCards(video.current, repeats, (texts) => void seeTexts(texts));
    void looker.current.start().then(countLenses);
    void countLenses();
    const keys = listenForScanner();
    return () => {
      looker.current?.close(inView.value !== null);
      keys();
    };
  }, []);
  const { waiting = 0, held = 0, stuck = 0 } = memory.value?.counts ?? {};
  return (
    <ServeScreen video={video} looking={looking.value} torch={{ offered: dark.value && hasTorch(), on: lit.value }} lenses={lenses.value}
      told={told.value} boxes={boxesOf(told.value, plan)} trouble={keepTrouble.value ? storageWords(keepTrouble.value) : ""} place={placeWords(plan)} waiting={waiting} held={held + stuck}
      practice={practising.value} listFrom={listWords()} onWake={() => void looker.current?.start()} onTorch={() => void setTorch(!lit.value)} onLens={() => void changeLens(looker.current)}
      onPhoto={(file) => void readPhoto(file)} onType={startTyping} onNoCard={go("without_card")} onLately={() => void showLately()}
      onTable={go("table")} onSent={onSent} onUndo={() => void undo()} onBack={onBack} />
  );
}

function Card({ card, register: { plan, server_time: listMoment } }: { card: InView; register: RegisterState }) {
  const place = workplace();
  if (!place) return null;
  const { moment, day } = siteNow(plan, place.table.site);
  const back = go("camera");
  const trouble = keepTrouble.value ? storageWords(keepTrouble.value) : "";
  const giveAll = (portions: Portion[], more: { reason?: string; collector?: string } = {}) => void give(portions, more).then(back);
  switch (open.value.at) {
    case "less": return <PortionsScreen title={_("What exactly?")} offer={card.offer} lines={card.offer.here} plan={plan} busy={card.busy} collects
      onGive={(portions, collector) => giveAll(portions, { collector })} onBack={back} />;
    case "not": return (
      <ChooseScreen title={_("Goes without: why?")} answers={card.offer.reasons.map((cause) => [cause, CAUSES[cause]()] as const)} problem={trouble}
        onChoose={(cause) => void noteNotServed(cause).then(back)} onBack={back} />
    );
    case "register": return <Registering card={card} plan={plan} site={place.table.site} onDone={back} />;
    case "new_card": return <NewCard card={card} site={place.table.site} onDone={back} />;
    case "override": return <Override card={card} plan={plan} day={day} onGive={(portions, reason) => giveAll(portions, { reason })} onBack={back} />;
  }
  const portions = portionsOf(card, plan);
  return (
    <OfferScreen offer={card.offer} plan={plan} today={day} listFrom={momentWords(listMoment)} listIsOld={ageOf(listMoment, moment) === "old"} busy={card.busy}
      asking={card.busy} refused={card.refused?.codes ?? null} trouble={trouble} practice={card.practice !== null} sums={portions.length > 0}
      onGive={() => giveAll(portions)} onLess={go("less")} onNot={go("not")} onOverride={go("override")} onNext={closeCard}
      onRegister={card.offer.word === "register" && mayRegister() ? go("register") : undefined}
      onReplace={card.code === "" && place.table.lead && card.offer.word !== "old" ? go("new_card") : undefined}
      onCorrect={card.justKept === "registration" ? go("register") : undefined} />
  );
}

/** A lead gives all the same: what exactly, and why. */
function Override({ card, plan, day, onGive, onBack }: { card: InView; plan: PlanPart; day: string; onGive: (portions: Portion[], reason: string) => void; onBack: () => void }) {
  const [wanted, setWanted] = useState<Portion[] | null>(null);
  const lines = overrideLines(card.offer, plan, day);
  if (wanted) {
    return (
      <ReasonScreen title={_("Give anyway: why?")} hint={_("No names, no illness. The office reads it.")} said={_("Give")}
        onSay={(reason) => onGive(wanted, reason)} onBack={onBack} />
    );
  }
  return (
    <PortionsScreen title={_("Give anyway")} offer={card.offer} lines={lines} plan={plan} busy={card.busy} onGive={setWanted} onBack={onBack} />
  );
}

const WHYS: readonly (readonly [string, () => string, Why])[] = [
  ["mistake", () => _("A mistake"), { cause: "mistake", goodsBack: true }],
  ["returned", () => _("Goods came back"), { cause: "returned", goodsBack: true }],
  ["gone", () => _("Goods are gone"), { cause: "other", goodsBack: false }],
];

const takeBackOne = oneAtATime(async ({ kept }: Done, name: string): Promise<void> => {
  const [, , why] = WHYS.find((each) => each[0] === name)!;
  if (await guarded(() => takeBack([kept.record], why, maker()))) await showLately();
});

/** A family that was registered earlier comes into view as if its card had been scanned, to be corrected. */
async function correct({ kept }: Done): Promise<void> {
  await openKey(kept.cards[0] ?? "");
  open.value = { at: "register" };
}

async function showLately(): Promise<void> {
  open.value = { at: "lately", done: await lastDone() };
}

function boxesOf(last: Told | null, plan: PlanPart): number[] {
  return last?.is === "given" ? punchBoxes(plan, last.portions.map(({ item, round }) => ({ item: item.id, round }))) : [];
}

function startTyping(): void {
  typed.value = false;
  open.value = { at: "type" };
}

async function type(text: string): Promise<void> {
  typed.value = true;
  if (await seeTyped(text)) open.value = { at: "camera" };
}

async function readPhoto(file: File): Promise<void> {
  const texts = await codesInPhoto(file);
  await seeTexts(texts.length > 0 ? texts : [""]);
}

async function changeLens(looker: Watcher | null): Promise<void> {
  looker?.end("starting");
  await nextLens();
  await looker?.start();
}

async function countLenses(): Promise<void> {
  lenses.value = await lensCount();
}

/** Say of which moment the list is, once that is worth saying. */
function listWords(): string {
  const made = memory.value?.register?.server_time;
  return made === undefined || ageOf(made, presentMoment()) === "new" ? "" : momentWords(made);
}

function placeWords(plan: PlanPart): string {
  const table = workplace()?.table;
  const site = plan.sites.find((each) => each.id === table?.site)?.name ?? "";
  const items = plan.items.filter((item) => table?.items.includes(item.id)).map((item) => item.name);
  return items.length === plan.items.length ? site : `${site} · ${items.join(", ")}`;
}

const SCANNER_PAUSE_MS = 100; // a hand types more slowly

/** A keyboard scanner types a whole code and Enter within a moment, whatever screen is open. Returns what ends listening. */
function listenForScanner(): () => void {
  let text = "";
  let last = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    if (event.timeStamp - last > SCANNER_PAUSE_MS) text = "";
    last = event.timeStamp;
    if (event.key === "Enter" && text.length >= 8) {
      event.preventDefault();
      void seeTyped(text);
      text = "";
    } else if (event.key.length === 1) {
      text += event.key;
    }
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
