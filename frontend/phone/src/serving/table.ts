// What this phone gives, and where: chosen at the start of a shift, kept over night.

import type { Table } from "../decide/offer";
import type { PlanPart } from "../register/rows";
import type { Enrolment, Settings } from "../storage";

type Kept = Settings["table"];

/** Return the sites that this phone may serve. */
export function sitesOf(plan: PlanPart, enrolment: Pick<Enrolment, "sites">): PlanPart["sites"] {
  return enrolment.sites.length === 0 ? plan.sites : plan.sites.filter((site) => enrolment.sites.includes(site.id));
}

/** Return the table as it stands, or null while it must be chosen: its site or all its items may be gone from the plan. */
export function tableOf(kept: Kept | undefined, plan: PlanPart, enrolment: Pick<Enrolment, "sites" | "site_lead">): Table | null {
  if (kept === undefined || !sitesOf(plan, enrolment).some((site) => site.id === kept.site)) return null;
  const items = kept.items.filter((id) => plan.items.some((item) => item.id === id));
  if (items.length === 0) return null;
  const { site, run_out: runOut, lanes } = kept;
  return { site, items, runOut: runOut.filter((id) => items.includes(id)), lanes, lead: enrolment.site_lead };
}

/** Return a first guess: the only site, and everything that is handed out. */
export function guessTable(plan: PlanPart, enrolment: Pick<Enrolment, "sites">): Kept {
  const sites = sitesOf(plan, enrolment);
  return { site: sites.length === 1 ? sites[0]!.id : "", items: plan.items.map((item) => item.id), run_out: [], lanes: [] };
}

/** Return the table with an item marked as run out, or put back. */
export function withRunOut(kept: Kept, item: string, out: boolean): Kept {
  const others = kept.run_out.filter((each) => each !== item);
  return { ...kept, run_out: out ? [...others, item] : others };
}
