// The lead's phone at work: which of its screens is open, and what their buttons do.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { presentMoment } from "./clock/present";
import { codesInPhoto } from "./decoder/photo";
import { play } from "./device/sound";
import { closingRecords } from "./lead/closing";
import { dayOfOffice, dayOfPhones, goodsOf, type OfficeDay, type Place } from "./lead/day";
import { readLead, writeLead, type LeadMemory } from "./lead/kept";
import { askDay, askJoinCode } from "./lead/office";
import { earlierPages, pagesOf, stateOf, type KeptPage } from "./lead/page";
import { laneHolders, phonesOf } from "./lead/phones";
import { Replace, startReplacing } from "./lead/replace";
import { judge, talliesOf, withTally } from "./lead/tallies";
import type { Told } from "./lead/told";
import { memory } from "./memory";
import { oneAtATime } from "./one-at-a-time";
import { takeBack, MISTAKE } from "./outbox/taking-back";
import { ChooseScreen } from "./screens/choose";
import { CountScreen, type Reckoning } from "./screens/lead/count";
import { DayScreen, type Source } from "./screens/lead/day";
import { LeadHomeScreen } from "./screens/lead/home";
import { NewPhoneScreen, type JoinCode } from "./screens/lead/new-phone";
import { PageScreen } from "./screens/lead/page";
import type { Quantities } from "./screens/lead/quantities";
import { StockScreen, type StockMore } from "./screens/lead/stock";
import { TalliesScreen } from "./screens/lead/tallies";
import { judgedWords } from "./screens/lead/told-words";
import { dayWords, momentWords } from "./screens/offer-words";
import { networkTrouble, storageWords } from "./screens/trouble-words";
import { maker, siteNow, workplace } from "./serving/serving";
import { sitesOf } from "./serving/table";
import { keep, recordsOfOperation, troubleIn, type Enrolment, type Happening, type KeptRecord, type RegisterState } from "./storage";
import { sumOf, type ToldTally } from "./tally/tally-code";
import { tallyOf } from "./tally/tally";
import type { StockAction } from "./wire/records";
import { sendNow } from "./work";
import { _ } from "./words";

type At = "home" | "day" | "stock" | "tallies" | "open" | "close" | "page" | "replace" | "new_phone" | "site" | "earlier";

const at = signal<At>("home");
const told = signal<Told | null>(null);
const kept = signal<LeadMemory | null>(null);
const source = signal<Source | null>(null); // whose figures she wants to see; null: whoever knows more now
const asking = signal(false);
const problem = signal(""); // with the network
const code = signal<JoinCode | null>(null);
const said = signal(""); // of a photo
const earlier = signal<KeptPage | null>(null); // the page of another day

const FRESH_SECONDS = 30 * 60;
const JUST_HEARD_SECONDS = 30;

interface LeadProps {
  register: RegisterState;
  enrolment: Enrolment;
  onBack: () => void;
}

const go = (where: At) => () => {
  if (where !== "home") told.value = null;
  problem.value = said.value = "";
  at.value = where;
};

export function Lead(props: LeadProps) {
  const [records, setRecords] = useState<KeptRecord[] | null>(null);
  const counts = memory.value?.counts;
  useEffect(() => void readLead().then((found) => (kept.value = found)), []);
  useEffect(() => void recordsOfOperation().then(setRecords), [counts]);
  if (records === null || kept.value === null) return null;
  const { register: { plan }, enrolment } = props;
  const sites = sitesOf(plan, enrolment);
  const wanted = kept.value.site ?? workplace()?.table.site;
  const site = sites.find((each) => each.id === wanted) ?? (sites.length === 1 ? sites[0] : undefined);
  if (site === undefined || at.value === "site") {
    return <ChooseScreen title={_("Which site?")} answers={sites.map((each) => [each.id, each.name] as const)} onChoose={(id) => void remember({ site: id }).then(go("home"))} onBack={props.onBack} />;
  }
  return <LeadAt {...props} memory={kept.value} records={records} site={site} several={sites.length > 1} />;
}

interface AtProps extends LeadProps {
  memory: LeadMemory;
  records: KeptRecord[];
  site: RegisterState["plan"]["sites"][number];
  several: boolean;
}

/** Everything that the screens of one site's day show. */
function figures({ register: { plan }, enrolment, memory: { tallies, office }, records, site }: AtProps) {
  const place: Place = { site: site.id, day: siteNow(plan, site.id).day };
  const read = talliesOf(tallies, place);
  const others = sumOf(read.map((each) => each.tally));
  const heard = office?.site === place.site && office.day === place.day ? office : null;
  const isFresh = heard !== null && presentMoment() - heard.as_of < FRESH_SECONDS;
  const shown: Source = heard ? source.value ?? (isFresh && read.length === 0 ? "office" : "phones") : "phones";
  const days = shown === "office" && heard ? dayOfOffice(plan.items, records, heard) : dayOfPhones(plan.items, records, others, place);
  const { waiting = 0 } = memory.value?.counts ?? {};
  const self = { label: enrolment.phone?.label ?? "", enrolment: enrolment.enrolment, made: enrolment.seq, waiting, lanes: workplace()?.table.lanes ?? [] };
  const phones = phonesOf(self, read, heard?.phones ?? [], presentMoment());
  return { place, read, heard, shown, days, phones, served: sumOf([tallyOf(records, place), ...read.map((each) => each.tally)]) };
}

function LeadAt(props: AtProps) {
  const { register: { plan }, enrolment, records, site } = props;
  const { place, read, heard, shown, days, phones, served } = figures(props);
  const pages = pagesOf(records, place);
  const trouble = told.value?.is === "trouble" ? storageWords(told.value.code) : "";
  const home = go("home");
  const ask = (quiet: boolean) => void askOffice(enrolment, place, quiet);
  const reckoning = { source: shown, as_of: shown === "office" && heard ? heard.as_of : presentMoment(), days, phones, served };
  const count = (action: "opened" | "closed") => (counted: Quantities, reasons: Record<string, string>, against: Reckoning) =>
    void keepAll(closingRecords({ ...place, ...against, action, counted, reasons }), { is: action });
  const isHome = at.value === "home";
  useEffect(() => void (isHome && !isJustHeard(heard) && ask(true)), [isHome]);
  const shownPage = earlier.value ?? pages.at(-1);
  const before = earlierPages(records, place);
  switch (at.value) {
    case "day": return (
      <DayScreen title={`${site.name}, ${dayWords(place.day, place.day)}`} plan={plan} source={shown} officeAt={heard?.as_of ?? null} busy={asking.value} problem={problem.value}
        items={days} served={served} read={read.length} phones={phones} lanes={laneHolders(phones, site.lanes)} onTallies={go("tallies")} onBack={home}
        onSource={(wanted) => { source.value = wanted; if (wanted === "office") ask(false); }} />
    );
    case "stock": return <StockScreen items={goodsOf(plan.items)} problem={trouble} onBack={home} onKeep={(action, quantities, more) => void keepStock(props, action, quantities, more)} />;
    case "tallies": return (
      <TalliesScreen read={read} said={said.value} onBack={home} onText={(text) => take(text, place, enrolment, read)} onPhoto={(file) => void takePhoto(file, place, enrolment, read)} />
    );
    case "open": case "close": return (
      <CountScreen key={at.value} closing={at.value === "close"} items={goodsOf(plan.items)} reckoning={reckoning} problem={trouble}
        onKeep={count(at.value === "close" ? "closed" : "opened")} onTallies={go("tallies")} onBack={home} />
    );
    case "page": return shownPage && (
      <PageScreen operation={enrolment.operation.name} site={site.name} kept={shownPage} plan={plan} name={closedBy(shownPage)} onBack={home} />
    );
    case "earlier": return (
      <ChooseScreen title={_("Earlier days")} answers={before.map(({ page: { day } }) => [day, dayWords(day, place.day)] as const)} onBack={home}
        onChoose={(day) => { earlier.value = before.find((each) => each.page.day === day) ?? null; go("page")(); }} />
    );
    case "replace": return (
      <Replace operation={enrolment.operation.id} site={site.id} onBack={home} onDone={(old, fresh) => { told.value = fresh !== undefined ? { is: "replaced", old, fresh } : { is: "cancelled", number: old }; home(); }} />
    );
    case "new_phone": return (
      <NewPhoneScreen site={site.name} lanes={site.lanes} made={code.value} busy={asking.value} problem={problem.value} onBack={home}
        onMake={(label, lane) => void makeCode(enrolment, site.id, label, lane)} />
    );
    default: return (
      <LeadHomeScreen site={site.name} state={stateOf(records, place)} since={pages.length > 0 ? momentWords(pages.at(-1)!.moment) : ""} told={told.value} several={props.several}
        onOpen={go("open")} onClose={go("close")} onPage={() => { earlier.value = null; go("page")(); }} onEarlier={before.length > 0 ? go("earlier") : undefined} onDay={() => { go("day")(); ask(true); }} onStock={go("stock")} onTallies={go("tallies")}
        onReplace={() => { startReplacing(); go("replace")(); }} onNewPhone={() => { code.value = null; go("new_phone")(); }} onSite={go("site")} onUndo={() => void undo()} onBack={props.onBack} />
    );
  }
}

/** Somebody else on this phone signs with her own name. */
function closedBy({ by }: KeptPage): string {
  const me = memory.value?.volunteer;
  return me && me.id === by ? me.name : "";
}

const isJustHeard = (heard: OfficeDay | null) => heard !== null && presentMoment() - heard.as_of < JUST_HEARD_SECONDS;

/** Send what waits first: then the office's figures have this phone's own in them. `quiet`: she did not ask, so no trouble is told. */
async function askOffice(enrolment: Enrolment, place: Place, quiet: boolean): Promise<void> {
  if (asking.value) return;
  asking.value = true;
  problem.value = "";
  await sendNow();
  const reply = await askDay(enrolment, place);
  asking.value = false;
  if (reply.ok) await remember({ office: reply.body });
  else if (!quiet) problem.value = networkTrouble(reply);
}

async function makeCode(enrolment: Enrolment, site: string, label: string, lane: number): Promise<void> {
  asking.value = true;
  const reply = await askJoinCode(enrolment, site, label, lane);
  asking.value = false;
  if (reply.ok) code.value = reply.body;
  else problem.value = networkTrouble(reply);
}

async function keepStock({ register: { plan }, site }: AtProps, action: StockAction, quantities: Quantities, more: StockMore): Promise<void> {
  const wanted = Object.entries(quantities).map(([item, quantity]): Happening => ({ kind: "stock", fields: { action, item, site: site.id, quantity, ...more } }));
  const what = Object.entries(quantities).map(([item, quantity]) => ({ name: plan.items.find((each) => each.id === item)?.name ?? "", quantity }));
  await keepAll(wanted, { is: "stock", action, what, records: [] });
}

/** Keep what one tap did; the screen says so once it is on disk. */
const keepAll = oneAtATime(async (wanted: readonly Happening[], done: Told): Promise<void> => {
  const trouble = await troubleIn(async () => {
    const made = await keep(wanted, maker());
    told.value = done.is === "stock" ? { ...done, records: made.map((each) => each.record) } : done;
  });
  if (trouble) told.value = { is: "trouble", code: trouble };
  else {
    earlier.value = null;
    at.value = done.is === "closed" ? "page" : "home";
  }
  void play(trouble ? "no" : "yes");
});

const undo = oneAtATime(async (): Promise<void> => {
  const last = told.value;
  if (last?.is !== "stock") return;
  const trouble = await troubleIn(() => takeBack(last.records, MISTAKE, maker()));
  told.value = trouble ? { is: "trouble", code: trouble } : { is: "taken_back" };
});

/** Take a tally that the camera read; returns what is wrong with it. */
function take(text: string, place: Place, enrolment: Enrolment, read: readonly ToldTally[]): string {
  const judged = judge(text, place, enrolment.enrolment);
  if (judged.is !== "taken") return judgedWords(judged);
  const isNew = !read.some((each) => each.enrolment === judged.told.enrolment && each.made === judged.told.made && each.at === judged.told.at);
  if (isNew) {
    void play("yes");
    void remember({ tallies: withTally(kept.value?.tallies ?? [], judged.told) });
  }
  return "";
}

async function takePhoto(file: File, place: Place, enrolment: Enrolment, read: readonly ToldTally[]): Promise<void> {
  const texts = await codesInPhoto(file);
  said.value = texts.length > 0 ? texts.map((text) => take(text, place, enrolment, read)).find(Boolean) ?? "" : _("No code in this photo.");
}

async function remember(change: Partial<LeadMemory>): Promise<void> {
  kept.value = { tallies: [], ...kept.value, ...change };
  await writeLead(kept.value);
}
