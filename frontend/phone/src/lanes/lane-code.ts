/** Lanes on their way from one phone to another, without network: `RELIEF.L1.<site>.<lanes>.`. It says no more than the sign at a table. */

import { NO_LANE } from "../cards/lanes";
import { LANE_START } from "../cards/naming";
import { bytesOfId, hex, idOfBytes } from "../wire/ids";

export interface HandedLanes {
  site: string;
  lanes: number[];
}

/** Return the code's text, in capitals: they make a smaller picture. */
export const laneCode = ({ site, lanes }: HandedLanes) => `${LANE_START}${hex(bytesOfId(site)).toUpperCase()}.${lanes.join("-")}.`;

/** Return what a code hands over, or null where it is no code of lanes. */
export function readLaneCode(text: string): HandedLanes | null {
  const found = /^RELIEF\.L1\.([0-9A-F]{32})\.([1-9]\d?(?:-[1-9]\d?){0,30})\.$/.exec(text.trim());
  if (found === null) return null;
  const bytes = Uint8Array.from(found[1]!.match(/../g)!, (pair) => parseInt(pair, 16));
  return { site: idOfBytes(bytes), lanes: found[2]!.split("-").map(Number) };
}

/** Return the lanes of a table that takes some over; a table of all lanes (none chosen) has them already. */
export function withLanes(mine: readonly number[], taken: readonly number[]): number[] {
  if (mine.length === 0) return [];
  return [...new Set([...mine, ...taken])].filter((lane) => lane !== NO_LANE).sort((one, other) => one - other);
}

/** Return the lanes of a table that hands some over. */
export function withoutLanes(mine: readonly number[], given: readonly number[]): number[] {
  const rest = mine.filter((lane) => !given.includes(lane));
  return rest.length > 0 ? rest : [NO_LANE];
}
