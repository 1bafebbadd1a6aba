// What the screen of a card says, in the fewest words that are true.

import type { Code } from "../decide/decide";
import type { Line, Offer, Word } from "../decide/offer";
import type { Received } from "../decide/view";
import type { PlanPart } from "../register/rows";
import type { NotServedCause } from "../wire/records";
import { _, language, ngettext } from "../words";
import type { Sign } from "./icons";

export type Colour = "good" | "warn" | "bad" | "plain";

/** How a card is answered: by colour and sign and word at once. */
export const ANSWERS: Record<Word, { colour: Colour; sign: Sign; word: () => string }> = {
  give: { colour: "good", sign: "tick", word: () => _("Give") },
  elsewhere: { colour: "plain", sign: "next", word: () => _("Not here") },
  nothing: { colour: "bad", sign: "cross", word: () => _("Had all") },
  register: { colour: "plain", sign: "plus", word: () => _("Blank card") },
  old: { colour: "bad", sign: "cross", word: () => _("Old card") },
  undecided: { colour: "warn", sign: "wait", word: () => _("Not decided yet") },
  left_out: { colour: "bad", sign: "cross", word: () => _("Not on the list") },
  unknown: { colour: "warn", sign: "question", word: () => _("Unknown here") },
};

/** Say what to do where one word is not enough. */
export function explained(offer: Offer, listFrom: string, mayRegister = false): string {
  switch (offer.word) {
    case "register": return mayRegister ? _("A card of ours that belongs to nobody yet.") : _("A card of ours that belongs to nobody yet. Ask your lead.");
    case "old": return offer.replacedBy ? _("This card was replaced. Ask for the new one.") : _("This card is not valid any more. Ask your lead.");
    case "undecided": return _("This family waits for a decision. Ask your lead.");
    case "left_out": return _("This family is not on the list. Ask your lead.");
    case "unknown": return _("A card of ours, but not on the list of %(time)s. Ask your lead.", { time: listFrom });
    default: return "";
  }
}

/** Say how much of an item: `2 × Food parcel`. */
export function amount(line: Line, plan: PlanPart): string {
  const name = itemName(line.item, plan);
  return line.quantity === null ? name : `${line.quantity} × ${name}`;
}

export const itemName = (id: string, plan: PlanPart) => plan.items.find((each) => each.id === id)?.name ?? _("something else");

/** Say when and where something was received. */
export function receivedWords({ day, site }: Received, plan: PlanPart, today: string): string {
  const place = plan.sites.find((each) => each.id === site)?.name ?? "";
  return [dayWords(day, today), place].filter(Boolean).join(" · ");
}

/** Say a day as people do. */
export function dayWords(day: string, today: string): string {
  if (day === today) return _("today");
  return new Intl.DateTimeFormat(language(), { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" }).format(Date.parse(day));
}

/** Say a moment: the time alone today, else with its day. */
export function momentWords(moment: number): string {
  const when = new Date(moment * 1000);
  const today = when.toDateString() === new Date().toDateString();
  const day = today ? {} : ({ weekday: "short", day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(language(), { ...day, hour: "2-digit", minute: "2-digit" }).format(when);
}

/** Say why something may not be given now. */
export function whyWords(code: string): string {
  return WHY[code as Code]?.() ?? _("The office has to look at this card.");
}

const WHY: Partial<Record<Code, () => string>> = {
  already_received: () => _("Received already."),
  over_entitlement: () => _("More than is left for this family."),
  too_soon: () => _("Too soon after the last time."),
  daily_maximum: () => _("Enough for one day."),
  old_card: () => _("This card is not valid any more."),
  unknown_card: () => _("The office does not know this card."),
  not_approved: () => _("This family waits for a decision."),
  withdrawn: () => _("This family is no longer on the list."),
  no_rule: () => _("The plan gives this to nobody."),
};

export const CAUSES: Record<NotServedCause, () => string> = {
  already_received: () => _("Received already"),
  absent: () => _("Nobody came"),
  refused: () => _("Not wanted"),
  ineligible: () => _("Not entitled"),
  unknown_card: () => _("Card not known"),
  run_out: () => _("Run out"),
};

/** Say how many people a family has. */
export const peopleWords = (count: number) => ngettext("%(num)s person", "%(num)s people", count);
