// Leaving the operation, at work: everything is sent, or handed on to somebody who shows that they have it; then the phone is wiped.

import { useEffect, useState } from "preact/hooks";
import { signsOfAll } from "./carrying";
import { memory } from "./memory";
import { leave, leaveHandedOn, type Leaving } from "./outbox/leaving";
import { named } from "./questions";
import { LeaveScreen } from "./screens/outbox/leave";
import { recordWords } from "./screens/outbox/shelf";
import { sendTrouble } from "./screens/trouble-words";
import { recordsOfOperation, stuckRecords } from "./storage";
import { tallyOf } from "./tally/tally";
import { self } from "./work";

interface LeaveProps {
  onQuestions: () => void;
  onHandOn: () => void;
  onBack: () => void;
}

export function Leave({ onQuestions, onHandOn, onBack }: LeaveProps) {
  const [served, setServed] = useState({ families: 0, people: 0 });
  const [stuck, setStuck] = useState<string[]>([]);
  const [tried, setTried] = useState<Leaving | null>(null);
  const [signs, setSigns] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const { counts, carried = 0, looks = [], register } = memory.value ?? {};
  useEffect(() => void servedSoFar().then(setServed), []);
  useEffect(() => void stuckRecords().then(named).then((all) => setStuck(all.map((each) => recordWords(each, register!.plan)))), [counts]);
  useEffect(() => void signsOfAll().then(setSigns), [counts, carried, looks]);
  const onLeave = async () => {
    setBusy(true);
    setTried(await leave(self()).finally(() => setBusy(false)));
  };
  const asking = counts?.asking ?? 0; // to be answered before anything else
  const left = asking === 0 && (tried || signs.length > 0) ? (counts?.waiting ?? 0) + carried + looks.length : 0;
  return (
    <LeaveScreen served={served} asking={asking} tried={tried !== null} left={left} looks={looks.length} stuck={stuck} signs={signs}
      trouble={tried?.trouble ? sendTrouble(tried.trouble) : ""} signIn={tried?.trouble?.trouble === "not_ours"} busy={busy} onQuestions={onQuestions} onLeave={() => void onLeave()}
      onHandOn={onHandOn} onHandedOn={() => void leaveHandedOn()} onBack={onBack} />
  );
}

const servedSoFar = async () => tallyOf(await recordsOfOperation());
