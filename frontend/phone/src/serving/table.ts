// What this phone gives, and where: chosen at the start of a shift, kept over night.

import { NO_LANE } from "../cards/lanes";
import type { Table } from "../decide/offer";
import type { PlanPart } from "../register/rows";
import type { Enrolment, Settings } from "../storage";

type Kept = Settings["table"];
type Rights = Pick<Enrolment, "sites" | "site_lead" | "phone">;

/** Return the sites that this phone may serve, as the desk said last. */
export function sitesOf(plan: PlanPart, { sites, phone }: Pick<Rights, "sites" | "phone">): PlanPart["sites"] {
  const mine = phone?.sites ?? sites;
  return mine.length === 0 ? plan.sites : plan.sites.filter((site) => mine.includes(site.id));
}

/** Tell whether this is a lead's phone, as the desk said last. */
export const isLeads = ({ site_lead: joined, phone }: Pick<Rights, "site_lead" | "phone">) => phone?.site_lead ?? joined;

/** Return the table as it stands, or null while it must be chosen: its site or all its items may be gone from the plan. */
export function tableOf(kept: Kept | undefined, plan: PlanPart, enrolment: Rights): Table | null {
  if (kept === undefined || !sitesOf(plan, enrolment).some((site) => site.id === kept.site)) return null;
  const items = kept.items.filter((id) => plan.items.some((item) => item.id === id));
  if (items.length === 0) return null;
  const { site, run_out: runOut } = kept;
  return { site, items, runOut: runOut.filter((id) => items.includes(id)), lanes: lanesOf(kept, enrolment), lead: isLeads(enrolment) };
}

/** Return a first guess: the only site, and everything that is handed out. */
export function guessTable(plan: PlanPart, enrolment: Pick<Rights, "sites" | "phone">): Kept {
  const sites = sitesOf(plan, enrolment);
  const site = sites.length === 1 ? sites[0]!.id : "";
  return { site, items: plan.items.map((item) => item.id), run_out: [], lanes: deskLanes(site, enrolment) };
}

/** Return the lanes of the table: its own choice, until the desk says something newer. */
export function lanesOf(kept: Kept, enrolment: Pick<Rights, "phone">): number[] {
  const isNewer = (enrolment.phone?.lane_at ?? 0) > (kept.lanes_at ?? 0);
  return isNewer ? deskLanes(kept.site, enrolment) : kept.lanes;
}

/** Return what the desk says of this phone's lanes at a site; empty is all. */
export function deskLanes(site: string, { phone }: Pick<Rights, "phone">): number[] {
  const lanes = phone?.lane[site];
  return lanes?.length === 0 ? [NO_LANE] : (lanes ?? []);
}

/** Return what the desk is told: the lanes that this phone serves now, by site; all where one is not named. */
export function lanesTold(kept: Kept | undefined, enrolment: Pick<Rights, "phone"> | undefined): Record<string, number[]> {
  const told = { ...enrolment?.phone?.lane };
  if (kept === undefined || enrolment === undefined) return told;
  const mine = lanesOf(kept, enrolment);
  if (mine.length > 0) told[kept.site] = mine.filter((lane) => lane !== NO_LANE);
  else delete told[kept.site];
  return told;
}
