/**
 * When it happened: a record's effective time out of its session's clock marks, as the ledger will reckon it
 * (`ledger/rules/timing.py`; tests/vectors/time.json).
 */

import { parseWall } from "./wall";

const GOOD_ROUND_TRIP_MS = 2000;
const AGREEMENT_SECONDS = 60;

/** What a `clock` record says: at this uptime and wall time the server said `server_time` (UTC seconds). */
export interface Mark {
  id: string;
  seq: number;
  uptime_ms: number;
  at: string;
  server_time: number;
  round_trip_ms: number;
}

/** When something was done, by its session's clocks. */
export interface Dated {
  seq: number;
  uptime_ms: number;
  at: string;
}

export interface Effective {
  moment: number;
  unsure: boolean;
}

/** Return the effective UTC second of what was done, given all marks of its session. */
export function effectiveTime(dated: Dated, marks: readonly Mark[]): Effective {
  const wall = parseWall(dated.at);
  const mark = nearest(dated.seq, marks);
  if (mark === undefined) return { moment: wall, unsure: true };
  const byUptime = Math.trunc((dated.uptime_ms - mark.uptime_ms) / 1000); // towards zero, so that before and after agree
  const byWall = wall - parseWall(mark.at);
  const unsure = Math.abs(byUptime - byWall) > AGREEMENT_SECONDS;
  const larger = Math.abs(byWall) > Math.abs(byUptime) ? byWall : byUptime; // a sleeping phone's uptime stands still
  return { moment: mark.server_time + (unsure ? larger : byUptime), unsure };
}

function nearest(seq: number, marks: readonly Mark[]): Mark | undefined {
  const good = marks.filter((mark) => mark.round_trip_ms <= GOOD_ROUND_TRIP_MS);
  if (good.length > 0) return least(good, (mark) => [Math.abs(mark.seq - seq), mark.seq, mark.id]);
  return least(marks, (mark) => [mark.round_trip_ms, mark.id]);
}

/** Return the mark whose key comes first; the parts of a key are compared one after the other. */
function least(marks: readonly Mark[], keyOf: (mark: Mark) => (number | string)[]): Mark | undefined {
  let best: Mark | undefined;
  for (const mark of marks) if (best === undefined || before(keyOf(mark), keyOf(best))) best = mark;
  return best;
}

function before(one: (number | string)[], other: (number | string)[]): boolean {
  const place = one.findIndex((part, index) => part !== other[index]);
  return place >= 0 && one[place]! < other[place]!;
}
