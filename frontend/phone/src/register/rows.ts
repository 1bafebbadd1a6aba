/** The register as the server sends it (docs/protocol.md): what a phone must know to decide offline. */

import type { AgeBand, Sex } from "../wire/records";

export interface SiteRow {
  id: string;
  name: string;
  zone: string;
  lanes: number;
  area?: string;
}

/** The rule now in force for an item; an item without one is unlimited when it is a service, and else given to nobody. */
export interface RuleRow {
  kind: "per_household" | "per_person" | "per_people" | "unlimited";
  quantity: number;
  people?: number;
  minimum_interval_days?: number;
  daily_maximum?: number;
}

export interface ItemRow {
  id: string;
  name: string;
  unit: string;
  recipient: "household" | "person";
  reaches: "all_members" | "chosen_members" | "one_person_a_unit";
  service: 0 | 1;
  sensitive?: 0 | 1;
  rule?: RuleRow;
}

export interface RoundRow {
  id: string;
  name: string;
  first_day: string;
  last_day: string;
}

/** The part of the plan that this phone may see. `grants_undecided`: who is registered but not yet decided may receive. */
export interface PlanPart {
  sites: SiteRow[];
  items: ItemRow[];
  rounds: RoundRow[];
  areas?: { id: string; name: string }[];
  grants_undecided?: 0 | 1;
  status?: string;
}

export interface MemberRow {
  id: string;
  number: number;
  sex: Sex;
  age_band: AgeBand;
}

/** What is left of an item in a round (no `left`: not limited), and when, where and how much of it was given last. */
export interface Due {
  item: string;
  round: string;
  left?: number;
  given_day?: string;
  given_that_day?: number;
  last_moment?: number;
  last_site?: string;
  held_by_grant: 0 | 1;
}

export type CardState = "linked" | "blank" | "replaced" | "cancelled" | "unknown" | "elsewhere";
export type HouseholdStatus = "registered" | "approved" | "not_approved" | "withdrawn";

export interface CardRow {
  card: string;
  state: CardState;
  number?: string;
  household?: string;
  status?: HouseholdStatus;
  members?: MemberRow[];
  due?: Due[];
}

/** What a card's row says of its family. */
export type FamilyRow = Pick<CardRow, "household" | "status" | "members" | "due">;

/** What an answer says of its ledger. Kept and sent back as it came. */
export interface LedgerHead {
  id: string;
  position: number;
  head: string;
  signature: string;
  key_id: string;
  parent?: { id: string; position: number };
}

/** The server's public key for what only the server may read. */
export interface SealTo {
  key_id: string;
  public: string;
}

/** One page of `GET /api/v1/register`. */
export interface RegisterPage extends PlanPart {
  cursor: number;
  turn: string;
  first: boolean;
  more?: string;
  complete: boolean;
  total?: number;
  plan_version: number;
  server_time: number;
  ledger: LedgerHead;
  seal_to?: SealTo;
  cards: CardRow[];
  contained: string[];
}
