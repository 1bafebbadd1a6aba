// A lane goes from this phone to another one: shown as a code here, taken over there, let go of here once the other one has it.

import { NO_LANE } from "./cards/lanes";
import { laneCode, readLaneCode, withLanes, withoutLanes } from "./lanes/lane-code";
import { memory } from "./memory";
import { LaneCodeScreen } from "./screens/outbox/lane-code";
import { realWorkplace } from "./serving/serving";
import { writeSetting } from "./storage";
import { _ } from "./words";

/** Return the lanes that this phone could hand over: those it was given. One that serves all has none of its own. */
export const ownLanes = () => (realWorkplace()?.table.lanes ?? []).filter((lane) => lane !== NO_LANE);

export function HandLaneOver({ onBack }: { onBack: () => void }) {
  const lanes = ownLanes();
  const site = realWorkplace()?.table.site;
  if (site === undefined || lanes.length === 0) return null;
  const letGo = () => void saveLanes(withoutLanes(lanes, lanes)).then(onBack);
  return <LaneCodeScreen code={laneCode({ site, lanes })} lanes={lanesText(lanes)} onGiven={letGo} onBack={onBack} />;
}

/** What a code that was read came to: the lanes that were taken over, in words, or why not. */
export type Taken = { lanes: string } | { problem: string };

/** Take over the lanes of a code; null where it is none. They are this phone's once this resolves. */
export async function takeLanes(text: string): Promise<Taken | null> {
  const handed = readLaneCode(text);
  const place = realWorkplace();
  if (handed === null) return null;
  const most = place?.plan.sites.find((each) => each.id === place.table.site)?.lanes ?? 0;
  if (place?.table.site !== handed.site || handed.lanes.some((lane) => lane > most)) {
    return { problem: _("This lane is of another site. Choose the site under “This table” first.") };
  }
  await saveLanes(withLanes(place.table.lanes, handed.lanes));
  return { lanes: lanesText(handed.lanes) };
}

async function saveLanes(lanes: number[]): Promise<void> {
  const { table, enrolment } = memory.value ?? {};
  if (table) await writeSetting("table", { ...table, lanes, lanes_at: enrolment?.phone?.lane_at ?? 0 });
}

const lanesText = (lanes: readonly number[]) => lanes.join(", ");
