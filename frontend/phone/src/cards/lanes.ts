/** Lanes: which of a site's tables a card belongs to. Its last sign says it, so that a lane is a stretch of the alphabet. */

import { SIGNS } from "./codes";

/** Among the lanes of a phone: it serves none. An empty list is all of them. */
export const NO_LANE = 0;

/** Return the lane, from 1, of a code at a site with so many lanes; 0 where the site has none. */
export function laneOf(code: string, lanes: number): number {
  const most = Math.min(lanes, SIGNS.length);
  return most > 0 ? Math.floor((SIGNS.indexOf(code.slice(-1)) * most) / SIGNS.length) + 1 : 0;
}

/** Return the signs that a lane's codes end in: what stands on the sign at the table. */
export function signsOfLane(lane: number, lanes: number): string {
  return [...SIGNS].filter((sign) => laneOf(sign, lanes) === lane).join("");
}
