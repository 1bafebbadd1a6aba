// The phone goes to another volunteer: who it is, and her own PIN. What she records from then on is hers.

import { useState } from "preact/hooks";
import { makeLock } from "./lock";
import { unlock } from "./lock-clock";
import { LockedDoor } from "./locked-door";
import { memory } from "./memory";
import { PinScreen } from "./screens/pin";
import { VolunteerScreen } from "./screens/volunteer";
import { WhoScreen } from "./screens/who";
import { writeSettings } from "./storage";
import { handedTo, type Volunteer } from "./volunteers";
import { randomId } from "./wire/ids";

type Step = { at: "who" | "name" } | { at: "pin"; name: string } | { at: "door"; volunteer: Volunteer };

/** `mayAdd`: whoever holds the phone has unlocked it; a locked one opens for those alone who are known on it. */
export function HandingOver({ mayAdd, onDone }: { mayAdd: boolean; onDone: () => void }) {
  const [step, setStep] = useState<Step>({ at: "who" });
  const others = memory.value?.volunteers ?? [];
  const back = () => setStep({ at: "who" });
  const take = (volunteer: Volunteer) => void handTo(volunteer).then(onDone);
  switch (step.at) {
    case "name": return <VolunteerScreen joining={false} onSay={(name) => setStep({ at: "pin", name })} onBack={back} />;
    case "pin": return <PinScreen joining={false} onSet={(pin) => take({ id: randomId(), name: step.name, lock: makeLock(pin) })} />;
    case "door": return <LockedDoor name={step.volunteer.name} lock={step.volunteer.lock} onOpen={() => take(step.volunteer)} onBack={back} />;
  }
  return (
    <WhoScreen name={memory.value?.volunteer?.name ?? ""} others={others} onChoose={(volunteer) => setStep({ at: "door", volunteer })}
      onNew={mayAdd ? () => setStep({ at: "name" }) : undefined} onBack={onDone} />
  );
}

async function handTo(volunteer: Volunteer): Promise<void> {
  const { volunteer: before, lock, volunteers = [] } = memory.value ?? {};
  if (!before || !lock) return;
  await writeSettings(handedTo(volunteer, { volunteer: before, lock, volunteers }));
  unlock();
}
