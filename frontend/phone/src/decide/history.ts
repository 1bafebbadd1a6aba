/** What was given on a card: the register's last word on each item, and this phone's own hand-overs that it does not have yet. */

import { localDay } from "../clock/wall";
import type { Due, PlanPart } from "../register/rows";
import type { PhoneRecord } from "../wire/records";
import type { CardView, OwnRecord, Received } from "./view";

export type OwnHandover = OwnRecord & { record: PhoneRecord<"handover"> };

/** Return the phone's own hand-overs that stand (or may yet: an open question) and are not in the register's rows. */
export function ownOnTop(view: CardView, item: string): OwnHandover[] {
  const voided = new Set(voidsOf(view).map((record) => record.target));
  return view.own.filter(isHandover).filter((own) =>
    own.record.item === item && !own.contained && (own.standing === "told" || own.standing === "open") && !voided.has(own.record.id));
}

/** Return own hand-overs that the rows have and that this phone took back since. */
export function takenBack(view: CardView, item: string): OwnHandover[] {
  const fresh = new Set(voidsOf(view).filter((void_) => !isContained(view, void_.id)).map((record) => record.target));
  return view.own.filter(isHandover).filter((own) => own.record.item === item && own.contained && fresh.has(own.record.id));
}

/** Return what was received of an item, the oldest first. The register tells the last day's; the phone its own since. */
export function receivedOf(view: CardView, due: readonly Due[], item: string): Received[] {
  const known = due.find((each) => each.item === item && each.given_day !== undefined);
  const back = takenBack(view, item).filter((own) => dayOf(view.plan, own) === known?.given_day);
  const quantity = (known?.given_that_day ?? 0) - back.reduce((sum, own) => sum + own.record.quantity, 0);
  const told = known !== undefined && quantity > 0
    ? [{ moment: known.last_moment!, day: known.given_day!, site: known.last_site!, quantity }] : [];
  const own = ownOnTop(view, item).map((each) => ({
    moment: each.moment, day: dayOf(view.plan, each), site: each.record.site, quantity: each.record.quantity,
  }));
  return [...told, ...own].sort((one, other) => one.moment - other.moment);
}

/** Return the local day on which an own hand-over counts. */
function dayOf(plan: PlanPart, own: OwnHandover): string {
  return localDay(own.moment, plan.sites.find((site) => site.id === own.record.site)?.zone ?? "UTC");
}

function voidsOf(view: CardView): PhoneRecord<"void">[] {
  return view.own.map((own) => own.record).filter((record) => record.kind === "void");
}

function isContained(view: CardView, id: string): boolean {
  return view.own.some((own) => own.record.id === id && own.contained);
}

function isHandover(own: OwnRecord): own is OwnHandover {
  return own.record.kind === "handover";
}
