/** The present moment as the server would see it, from the last answer's clock mark; without one, the phone's own clock. */

import { effectiveTime, type Mark } from "./marks";
import { sessionId, uptimeMs, wallMs, wallText } from "./page-clock";
import { parseWall } from "./wall";

/** A mark and the session that it belongs to: what is remembered from the last answer. */
export type LastMark = Omit<Mark, "id" | "seq"> & { session: string };

let last: LastMark | null = null;

/** Remember the mark of an answer that took `roundTripMs`, and return it. */
export function noteServerTime(serverTime: number, roundTripMs: number): LastMark {
  last = { session: sessionId, uptime_ms: uptimeMs(), at: wallText(), server_time: serverTime, round_trip_ms: roundTripMs };
  return last;
}

/** Take up the mark that an earlier session remembered, unless this one has its own already. */
export function recallMark(mark: LastMark): void {
  last ??= mark;
}

/** Return the present moment in UTC seconds. */
export function presentMoment(): number {
  const wall = Math.floor(wallMs() / 1000);
  if (last === null) return wall;
  if (last.session !== sessionId) return wall + last.server_time - parseWall(last.at); // a clock that was wrong is so still
  return effectiveTime({ seq: 0, uptime_ms: uptimeMs(), at: wallText() }, [{ id: "", seq: 0, ...last }]).moment;
}

/** Return by how many seconds the phone's clock was ahead of the server's at the last answer; null before any. */
export function clockAheadSeconds(): number | null {
  return last === null ? null : parseWall(last.at) - last.server_time;
}
