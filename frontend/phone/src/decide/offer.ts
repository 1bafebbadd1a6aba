/**
 * What the whole screen says when a card is in view: what she is due at this table, what she had, what waits at the next table
 * or later, and what the volunteer can do. Codes and numbers; the screen gives them words, colour, sign and sound.
 */

import { addDays } from "../clock/wall";
import { laneOf } from "../cards/lanes";
import type { MemberRow, PlanPart } from "../register/rows";
import type { NotServedCause } from "../wire/records";
import { barOf, givenOn, leftOf, type Code } from "./decide";
import { familyOf, type Family } from "./family";
import { receivedOf } from "./history";
import { roundOn } from "./rounds";
import { findItem, type CardView, type Received } from "./view";

/** Where this phone stands: `items` this table gives, `runOut` it has no more of, `lanes` it serves (none = all). */
export interface Table {
  site: string;
  items: string[];
  runOut: string[];
  lanes: number[];
  lead: boolean;
}

/** This moment (UTC seconds) and the day that the site's calendar shows. */
export interface Now {
  moment: number;
  day: string;
}

/** One item. `quantity`: how much may be given now (null = not limited); `why` and `from`: what stands in the way, until when. */
export interface Line {
  item: string;
  round: string;
  quantity: number | null;
  why?: Code;
  from?: string;
  held?: boolean;
  received: Received[];
}

/**
 * - give: this table has something for her;
 * - elsewhere: another table or another day has;
 * - nothing: she has had all there is;
 * - register: a blank card of ours; old: replaced or cancelled;
 * - undecided, left_out: her family waits for a decision, or is not on the list;
 * - unknown: well formed, but not known here.
 */
export type Word = "give" | "elsewhere" | "nothing" | "register" | "old" | "undecided" | "left_out" | "unknown";

export interface Offer {
  word: Word;
  number?: string;
  replacedBy?: string;
  household?: string;
  members: MemberRow[];
  /** Given here with one tap. */
  here: Line[];
  /** This table gives it, but has no more. */
  runOut: Line[];
  nextTable: Line[];
  later: Line[];
  had: Line[];
  /** The card's lane, where the site has lanes; `ours`: this phone serves it. */
  lane?: { lane: number; ours: boolean };
  /** A lead may give all the same, with a reason: what this table has. */
  override: string[];
  /** What to say when she goes without, the likeliest first. */
  reasons: NotServedCause[];
}

/** Return what to offer for a scanned card. */
export function offerFor(view: CardView, code: string, table: Table, now: Now): Offer {
  const family = familyOf(view);
  const lines = barOf(view, family) === null ? dueLines(view, family, now) : [];
  const round = roundOn(view.plan.rounds, now.day)?.id;
  const open = lines.filter((line) => line.round === round && line.why === undefined);
  const atTable = open.filter((line) => table.items.includes(line.item));
  const offer = {
    here: atTable.filter((line) => !table.runOut.includes(line.item)),
    runOut: atTable.filter((line) => table.runOut.includes(line.item)),
    nextTable: open.filter((line) => !table.items.includes(line.item)),
    later: lines.filter((line) => (line.from !== undefined && line.from > now.day)),
    had: hadLines(view, family),
  };
  const word = wordFor(view, family, offer);
  return {
    word, ...offer, members: family.members, ...laneFor(view, code, table),
    ...(family.number && { number: family.number }), ...(family.replacedBy && { replacedBy: family.replacedBy }),
    ...(family.household && { household: family.household }),
    override: table.lead && family.state !== "unknown" ? notAmong(offer.here, table.items) : [],
    reasons: reasonsFor(word, offer.runOut.length > 0),
  };
}

/** Return what a lead may give all the same on `day`; it counts in the round of that day, whatever the family had or is due. */
export function overrideLines({ override }: Pick<Offer, "override">, { rounds }: Pick<PlanPart, "rounds">, day: string): Line[] {
  const round = roundOn(rounds, day)?.id ?? "";
  return override.map((item) => ({ item, round, quantity: 1, received: [] }));
}

function notAmong(lines: readonly Line[], items: readonly string[]): string[] {
  return items.filter((item) => !lines.some((line) => line.item === item));
}

function dueLines(view: CardView, family: Family, now: Now): Line[] {
  const lines = family.due.map((due): Line | null => {
    const round = view.plan.rounds.find((each) => each.id === due.round);
    const left = leftOf(view, family, due);
    if (round === undefined || left === 0) return null;
    const received = receivedOf(view, family.due, due.item);
    const line = { item: due.item, round: due.round, quantity: left, received };
    if (now.day < round.first_day) return { ...line, from: round.first_day };
    return { ...line, ...boundToday(view, due.item, left, received, now.day) };
  });
  return lines.filter((line) => line !== null);
}

/** Say what interval and daily maximum leave of it today, and from when on there is more. */
function boundToday(view: CardView, item: string, left: number | null, received: Received[], day: string): Partial<Line> {
  const rule = findItem(view.plan, item)?.rule;
  const last = received.map((each) => each.day).sort().at(-1);
  const interval = rule?.minimum_interval_days;
  const again = last === undefined || interval === undefined ? "" : addDays(last, interval);
  if (again > day) return { why: "too_soon", from: again };
  if (rule?.daily_maximum === undefined) return {};
  const today = rule.daily_maximum - givenOn(received, day);
  if (today <= 0) return { why: "daily_maximum", from: addDays(day, 1) };
  return { quantity: left === null ? today : Math.min(left, today) };
}

/** What she had: each item once, with what was received of it, and whether an open question holds more. */
function hadLines(view: CardView, family: Family): Line[] {
  return view.plan.items.flatMap(({ id: item }) => {
    const received = receivedOf(view, family.due, item);
    const held = family.due.some((due) => due.item === item && due.held_by_grant === 1);
    const round = family.due.find((due) => due.item === item)?.round ?? "";
    return received.length > 0 || held ? [{ item, round, quantity: null, received, held }] : [];
  });
}

function wordFor(view: CardView, family: Family, offer: Pick<Offer, "here" | "runOut" | "nextTable" | "later">): Word {
  if (family.state === "blank") return "register";
  if (family.state === "old") return "old";
  if (family.state === "unknown") return "unknown";
  if (family.status === "registered" && view.plan.grants_undecided !== 1) return "undecided";
  if (family.status === "not_approved" || family.status === "withdrawn") return "left_out";
  if (offer.here.length > 0) return "give";
  return offer.nextTable.length + offer.later.length + offer.runOut.length > 0 ? "elsewhere" : "nothing";
}

function laneFor(view: CardView, code: string, table: Table): Pick<Offer, "lane"> {
  if (code === "") return {}; // found by name, and sent here on purpose
  const lane = laneOf(code, view.plan.sites.find((site) => site.id === table.site)?.lanes ?? 0);
  return lane === 0 ? {} : { lane: { lane, ours: table.lanes.length === 0 || table.lanes.includes(lane) } };
}

const REASONS: Record<Word, NotServedCause[]> = {
  give: ["refused", "absent", "run_out"],
  elsewhere: ["run_out", "refused", "absent"],
  nothing: ["already_received", "refused"],
  register: ["absent", "refused", "run_out"],
  old: ["ineligible", "already_received"],
  undecided: ["ineligible", "refused"],
  left_out: ["ineligible", "refused"],
  unknown: ["unknown_card", "ineligible"],
};

function reasonsFor(word: Word, ranOut: boolean): NotServedCause[] {
  const likely = REASONS[word];
  return ranOut ? ["run_out", ...likely.filter((reason) => reason !== "run_out")] : likely;
}
