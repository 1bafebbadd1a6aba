// The field check at work: reads the phone, keeps what hands and ears found out, and mends what a touch can mend.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clockAheadSeconds } from "./clock/present";
import { askToKeep, readings, readPhone, tryCamera } from "./device/readings";
import { install, installOffer } from "./device/install";
import { isSecure } from "./device/platform";
import { play } from "./device/sound";
import { stored } from "./device/updates";
import { memory, note } from "./memory";
import { checksOf, type CheckName } from "./readiness";
import { ReadyScreen } from "./screens/ready";
import { loadList, sendNow } from "./work";

const soundAsked = signal(false);

export function FieldCheck({ joining, onDone }: { joining: boolean; onDone: () => void }) {
  useEffect(() => void readPhone(), [stored.value === 1]); // once more when the app has been stored
  const { register, steps } = memory.value ?? {};
  const checks = checksOf({
    ...readings.value, clockAheadSeconds: clockAheadSeconds() ?? undefined, installable: installOffer.value !== null, listTakenAt: register?.taken_at, cards: register?.cards, camera: steps?.camera, heard: steps?.heard,
  });
  return (
    <ReadyScreen checks={checks} joining={joining} onlineOnly={!isSecure()} soundAsked={soundAsked.value} onMend={(name) => void mend(name)}
      onHeard={(heard) => void hear(heard)} onAgain={() => void again()} onDone={onDone} />
  );
}

async function again(): Promise<void> {
  await readPhone();
  await sendNow();
  await readPhone();
}

async function hear(heard: boolean): Promise<void> {
  soundAsked.value = false;
  await note({ heard });
}

async function mend(name: CheckName): Promise<void> {
  if (name === "installed") await install();
  if (name === "storage") await askToKeep();
  if (name === "list") await loadList();
  if (name === "clock") await again();
  if (name === "camera") await note({ camera: await tryCamera() });
  if (name === "sound") {
    await play("yes");
    soundAsked.value = true;
  }
}
