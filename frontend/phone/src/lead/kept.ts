// What the lead's phone remembers beside its records: the tallies it read, and the office's last word.

import { readSetting, writeHeard } from "../storage";
import type { ToldTally } from "../tally/tally-code";
import type { OfficeDay } from "./day";

/** `site`: which of several sites she leads now. */
export interface LeadMemory {
  site?: string;
  tallies: ToldTally[];
  office?: OfficeDay;
}

export async function readLead(): Promise<LeadMemory> {
  return ((await readSetting("screen_lead")) as LeadMemory | undefined) ?? { tallies: [] };
}

export const writeLead = (kept: LeadMemory): Promise<void> => writeHeard({ screen_lead: kept });
