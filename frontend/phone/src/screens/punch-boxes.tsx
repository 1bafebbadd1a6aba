// The boxes of a card as they are printed, with those to punch now: seen before they are read.

import { BOX_NUMBERS } from "../decide/punch-box";
import { _ } from "../words";

const SIDE = 20;
const STEP = 24;

export function PunchBoxes({ boxes }: { boxes: number[] }) {
  if (boxes.length === 0) return null;
  return (
    <p class="punch">
      <svg class="punch-boxes" viewBox={`0 0 ${STEP * BOX_NUMBERS.length} ${STEP}`} aria-hidden="true">
        {BOX_NUMBERS.map((number) => <Box key={number} number={number} punched={boxes.includes(number)} />)}
      </svg>
      <span>{boxes.length === 1 ? _("Punch box %(box)s", { box: boxes[0]! }) : _("Punch boxes %(boxes)s", { boxes: boxes.join(", ") })}</span>
    </p>
  );
}

function Box({ number, punched }: { number: number; punched: boolean }) {
  const [left, top] = [(number - 1) * STEP + 2, 2];
  return (
    <>
      <rect x={left} y={top} width={SIDE} height={SIDE} />
      {punched && <circle cx={left + SIDE / 2} cy={top + SIDE / 2} r={SIDE * 0.32} />}
    </>
  );
}
