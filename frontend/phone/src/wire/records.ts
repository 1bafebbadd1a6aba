/** The records that a phone makes: the fields of docs/protocol.md as types. */

import type { Plain } from "./canonical";

export type Sex = "female" | "male" | "unknown";
export type AgeBand = "0-1" | "2-5" | "6-12" | "13-17" | "18-59" | "60+" | "unknown";
export type Disability = "yes" | "no" | "unknown";

export interface Member {
  id: string;
  number: number;
  sex: Sex;
  age_band: AgeBand;
  disability: Disability;
}

export interface PeopleRow {
  sex: Sex;
  age_band: AgeBand;
  count: number;
}

export type VoidCause = "mistake" | "returned" | "not_given" | "other";
export type NotServedCause = "already_received" | "absent" | "refused" | "ineligible" | "unknown_card" | "run_out";
export type CardAction = "linked" | "handed_out" | "not_handed_out" | "replaced" | "cancelled";
export type StockAction = "received" | "dispatched" | "returned" | "transferred" | "lost" | "damaged" | "counted";

/** The fields of each kind, beside the envelope. Optional ones are left out, never null. */
export interface KindFields {
  handover: {
    card: string; item: string; quantity: number; site: string; round: string;
    members?: string[]; ask?: string; collector?: string; reason?: string;
  };
  contact: { item: string; site: string; round?: string; people: PeopleRow[]; quantity?: number; place?: string };
  void: { target: string; cause: VoidCause; card?: string; site?: string; goods_back?: 0 | 1; reason?: string };
  not_served: { cause: NotServedCause; site: string; round?: string; card?: string; item?: string; reason?: string };
  registration: {
    household: string; members: Member[]; card?: string; area?: string; home_site?: string; site?: string; notice?: string;
    private?: { [name: string]: Plain };
  };
  composition: {
    household: string; change: "change" | "correction"; from?: string; corrects?: string; members: Member[]; reason?: string;
    private?: { [name: string]: Plain };
  };
  card: {
    action: CardAction; card: string; site?: string; household?: string; new_card?: string; number?: string; reason?: string;
  };
  stock: {
    action: StockAction; item: string; site: string; quantity: number; to_site?: string;
    source?: "dref" | "own_funds" | "in_kind"; waybill?: string; reason?: string; names?: Plain;
  };
  day_closed: { site: string; [more: string]: Plain | undefined };
  feedback: { site?: string; [more: string]: Plain | undefined };
  clock: { server_time: number; round_trip_ms: number };
}

export type Kind = keyof KindFields;

export interface Envelope<K extends Kind = Kind> {
  v: 1;
  id: string;
  kind: K;
  enrolment: string;
  seq: number;
  session: string;
  at: string;
  uptime_ms: number;
  visit?: string;
  by?: string;
}

/** A record of one kind, or of any: `if (record.kind === "handover")` tells the compiler which fields there are. */
export type PhoneRecord<K extends Kind = Kind> = { [Each in K]: Envelope<Each> & KindFields[Each] }[K];
