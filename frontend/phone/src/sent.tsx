// What was sent and what was not, at work: sending now, the shelf, and the ways to hand on, to take in and to leave.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { HandOn, TakeIn } from "./carrying";
import { Leave } from "./leaving";
import { memory } from "./memory";
import { answerNow, named } from "./questions";
import { OverviewScreen } from "./screens/outbox/overview";
import { ShelfScreen, type Named } from "./screens/outbox/shelf";
import { sendTrouble } from "./screens/trouble-words";
import { changeKept, readyToGo, shelf, stuckRecords } from "./storage";
import { sending, sendNow } from "./work";

type Part = "overview" | "shelf" | "hand_on" | "last_hand_on" | "take_in" | "leave"; // the last one: before leaving

const part = signal<Part>("overview");
const go = (to: Part) => () => void (part.value = to);

/** Begin at the overview, or where somebody was led to. */
export function showSent(at: Part = "overview"): void {
  part.value = at;
}

export function Sent({ onBack }: { onBack: () => void }) {
  switch (part.value) {
    case "shelf": return <Shelf onBack={go("overview")} />;
    case "hand_on": return <HandOn onBack={go("overview")} />;
    case "last_hand_on": return <HandOn onBack={go("leave")} />;
    case "take_in": return <TakeIn onBack={go("overview")} />;
    case "leave": return <Leave onQuestions={answerNow} onHandOn={go("last_hand_on")} onBack={go("overview")} />;
    default: return <Overview onBack={onBack} />;
  }
}

function Overview({ onBack }: { onBack: () => void }) {
  const { counts, carried = 0, looks = [] } = memory.value ?? {};
  const [most, setMost] = useState(0);
  const now = useSeconds();
  const waiting = counts ? readyToGo(counts) : 0;
  const { busy, trouble, nextMs } = sending.value;
  useEffect(() => setMost(busy ? waiting : 0), [busy]);
  if (!counts) return null;
  const all = Math.max(most, waiting);
  return (
    <OverviewScreen counts={counts} carried={carried} looks={looks.length} sending={{ busy, done: all - waiting, all }} trouble={trouble ? sendTrouble(trouble) : ""} signIn={trouble?.trouble === "not_ours"}
      nextSeconds={Math.max(0, (nextMs - now) / 1000)} onSend={() => void sendNow()} onShelf={go("shelf")} onQuestions={answerNow}
      onHandOn={go("hand_on")} onTakeIn={go("take_in")} onLeave={go("leave")} onBack={onBack} />
  );
}

function Shelf({ onBack }: { onBack: () => void }) {
  const [records, setRecords] = useState<Named[] | null>(null);
  const { counts, register } = memory.value ?? {};
  useEffect(() => void shelved().then(named).then(setRecords), [counts]);
  if (!records || !register) return null;
  return <ShelfScreen records={records} plan={register.plan} busy={sending.value.busy} onAgain={() => void askAgain()} onBack={onBack} />;
}

const shelved = async () => [...(await shelf()), ...(await stuckRecords())];

/** What the desk has decided about leaves the shelf with any contact; the rest is handed in once more: perhaps it can be read by now. */
async function askAgain(): Promise<void> {
  await sendNow();
  const left = await shelved();
  if (left.length === 0) return;
  await changeKept(left.map(({ id }) => id), (kept) => ({ ...kept, place: "waiting" }));
  await sendNow();
}

function useSeconds(): number {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
