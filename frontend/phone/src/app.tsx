// Which screen is drawn, and what its buttons do.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { prepareDecoder } from "./decoder/decoder";
import { watchBattery } from "./device/battery";
import { isSecure, platform, isOnHomeScreen } from "./device/platform";
import { askToKeep, tryCamera } from "./device/readings";
import { play } from "./device/sound";
import { keepStored, stored } from "./device/updates";
import { isThisShift, nextStep, type Known, type Step } from "./flow";
import { findJoinCode } from "./join-code";
import { join } from "./joining";
import { makeLock } from "./lock";
import { locked, startLockClock, unlock } from "./lock-clock";
import { memory, note, recall, remember, storageTrouble, type Memory } from "./memory";
import { Bands } from "./screens/bands";
import { ChatAppScreen } from "./screens/chat-app";
import { cameraTrouble } from "./screens/camera-words";
import { DownloadScreen } from "./screens/download";
import { HomeScreen } from "./screens/home";
import { InstallScreen } from "./screens/install";
import { JoinScreen } from "./screens/join";
import { LanguageScreen } from "./screens/language";
import { LostScreen } from "./screens/lost";
import { FarewellScreen } from "./screens/outbox/farewell";
import { PermissionsScreen } from "./screens/permissions";
import { PinScreen } from "./screens/pin";
import { StorageTroubleScreen } from "./screens/storage-trouble";
import { joinTrouble, networkTrouble } from "./screens/trouble-words";
import { VolunteerScreen } from "./screens/volunteer";
import { FieldCheck } from "./field-check";
import { HandingOver } from "./handing-over";
import { Lead } from "./lead";
import { LockedDoor } from "./locked-door";
import { forgetTries } from "./pin-tries";
import { mustAnswer, Questions } from "./questions";
import { Sent, showSent } from "./sent";
import { Serve } from "./serve";
import { Shift } from "./shift";
import { practising, startPractice } from "./serving/serving";
import { isLeads } from "./serving/table";
import { acknowledgeLost, forgetSetting, StorageTrouble, writeSetting } from "./storage";
import { randomId } from "./wire/ids";
import { listTrouble, loading, loadList, startWork } from "./work";
import { _, LANGUAGES, speak } from "./words";

/** A screen that she opened from another one; null: the next step of the way. */
type Visit = "language" | "ready" | "serve" | "sent" | "shift" | "lead" | "who" | null;

const visit = signal<Visit>(null);
let cameFrom: Visit = null; // to what was sent
const joinsAgain = signal(false);
const joining = signal<{ busy: boolean; problem: string }>({ busy: false, problem: "" });

/** Begin: read what the phone remembers for its first screen, and speak. */
export async function start(): Promise<void> {
  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof StorageTrouble)) return;
    event.preventDefault(); // it is said on the screen
    storageTrouble.value = event.reason.code;
  });
  startLockClock();
  await remember();
  if (memory.value && nextStep(knownNow(memory.value)) !== "locked") await recall();
  if (isThisShift(memory.value?.steps.servingSince, Date.now())) visit.value = "serve";
  await speak(memory.value?.language ?? preferredLanguage());
  await takeLink();
  window.addEventListener("hashchange", () => void takeLink());
}

/** What may wait until the first screen is there: counting what was recorded, storing the app, sending, and having the decoder ready for the first card. */
export async function goOn(): Promise<void> {
  if (!memory.value?.counts) await recall();
  void keepStored(() => memory.value?.counts?.waiting === 0);
  void watchBattery();
  if (!memory.value?.enrolment) return;
  await startWork();
  prepareDecoder();
}

// A join link brings its code behind the #; it is kept for the app on the home screen, and taken out of sight.
async function takeLink(): Promise<void> {
  const code = findJoinCode(location.hash);
  if (!code || platform() === "chat_app" || !memory.value) return;
  if (!(platform() === "iphone" && !isOnHomeScreen())) history.replaceState(null, "", location.pathname);
  await note({ code });
  joinsAgain.value = memory.value.enrolment !== undefined;
}

function preferredLanguage(): string {
  return navigator.languages.map((each) => each.split("-")[0] ?? "").find((each) => each in LANGUAGES) ?? "en";
}

export function App() {
  if (storageTrouble.value) return <StorageTroubleScreen why={storageTrouble.value} onAgain={() => void recall()} />;
  if (!memory.value) return null;
  if (memory.value.loss) return <LostScreen unsent={memory.value.loss.unsent} onRead={() => void readLoss()} />;
  if (memory.value.farewell && !memory.value.steps.code) return <FarewellScreen why={memory.value.farewell} onRead={() => void forgetSetting("farewell")} />;
  const step = nextStep(knownNow(memory.value));
  if (!memory.value.counts && step !== "locked") return null;
  return <><Bands quiet={step === "chat_app"} {...(step === "home" && { onHandOn: () => openSent("hand_on") })} /><Opened step={step} memory={memory.value} /></>;
}

function knownNow({ language, enrolment, volunteer, lock, register, steps }: Memory): Known {
  return {
    platform: platform(), secure: isSecure(), onHomeScreen: isOnHomeScreen(), installPassed: steps.passedInstall === true,
    language: language !== undefined, joined: enrolment !== undefined, joinsAgain: joinsAgain.value, volunteer: volunteer !== undefined,
    lock: lock !== undefined, locked: locked.value, asked: steps.asked === true,
    loaded: register !== undefined && register.enrolment === enrolment?.enrolment, checked: steps.checked === true,
  };
}

function Opened({ step, memory: { steps, volunteer, volunteers, lock, enrolment, register, counts } }: { step: Step; memory: Memory }): ComponentChildren {
  const handsOver = step === "locked" && visit.value === "who";
  const open = step === "home" || handsOver ? visit.value ?? step : step;
  if (open !== "who" && step === "home" && mustAnswer()) return <Questions />;
  const apple = platform() === "iphone" || /iPhone|iPad/.test(navigator.userAgent);
  switch (open) {
    case "chat_app": return <ChatAppScreen apple={apple} onCopy={copyLink} />;
    case "language": return <LanguageScreen joining={step === "language"} onChoose={(chosen) => void chooseLanguage(chosen)} />;
    case "install": return <InstallScreen apple={apple} code={steps.code ?? ""} onPass={() => void note({ passedInstall: true })} />;
    case "join": return (
      <JoinScreen code={steps.code ?? ""} again={enrolment !== undefined} {...joining.value} onJoin={(code) => void joinWith(code)}
        onBack={joinsAgain.value ? stopJoining : undefined} />
    );
    case "volunteer": return <VolunteerScreen onSay={(name) => void writeSetting("volunteer", { id: randomId(), name })} />;
    case "pin": return <PinScreen onSet={(pin) => void setPin(pin)} />;
    case "locked": return lock && <LockedDoor name={volunteer?.name ?? ""} lock={lock} onForgotten={() => (joinsAgain.value = true)}
      onOther={volunteers.length > 0 ? () => (visit.value = "who") : undefined} />;
    case "who": return <HandingOver mayAdd={step === "home"} onDone={() => (visit.value = null)} />;
    case "permissions": return <PermissionsScreen onAsk={askForAll} onNext={() => void note({ asked: true })} />;
    case "download": return <Download />;
    case "ready": return <FieldCheck joining={step === "ready"} onDone={() => void leaveCheck()} />;
    case "serve": return register && enrolment && <Serve register={register} enrolment={enrolment} onSent={() => openSent()} onBack={() => serve(false)} />;
    case "sent": return <Sent onBack={() => (visit.value = cameFrom)} />;
    case "shift": return register && enrolment && <Shift register={register} enrolment={enrolment} onBack={() => (visit.value = null)} />;
    case "lead": return register && enrolment && <Lead register={register} enrolment={enrolment} onBack={() => (visit.value = null)} />;
    case "home": return counts && (
      <HomeScreen operation={enrolment?.operation.name ?? ""} label={enrolment?.phone?.label ?? ""} name={volunteer?.name ?? ""} counts={counts}
        practising={practising.value} onServe={() => serve(true)} onSent={() => openSent()} onPractice={() => startPractice(!practising.value)}
        onWho={() => (visit.value = "who")} lead={enrolment !== undefined && isLeads(enrolment)} onShift={() => (visit.value = "shift")} onLead={() => (visit.value = "lead")}
        onCheck={() => (visit.value = "ready")} onLanguage={() => (visit.value = "language")} />
    );
  }
}

/** Begin or end to serve. That is noted: whoever opens the app again, after its page was killed, is led back to the queue. */
function serve(on: boolean): void {
  visit.value = on ? "serve" : null;
  note({ servingSince: on && !practising.value ? Date.now() : undefined }).catch(() => undefined); // on a full phone she is led home the next time
}

function openSent(part?: "hand_on"): void {
  if (visit.value !== "sent") cameFrom = visit.value;
  showSent(part);
  visit.value = "sent";
}

async function readLoss(): Promise<void> {
  await acknowledgeLost();
  await recall();
}

async function copyLink(): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(location.href);
    return true;
  } catch {
    return false;
  }
}

async function chooseLanguage(language: string): Promise<void> {
  await speak(language);
  await writeSetting("language", language);
  visit.value = null;
}

async function joinWith(code: string): Promise<void> {
  joining.value = { busy: true, problem: "" };
  const trouble = await join(code);
  joining.value = { busy: false, problem: trouble ? joinTrouble(trouble) : "" };
  if (trouble) return;
  if (joinsAgain.value && locked.value) await forgetSetting("lock"); // the old PIN was forgotten: she sets another
  joinsAgain.value = false;
  visit.value = null;
  await startWork();
}

function stopJoining(): void {
  joinsAgain.value = false;
  joining.value = { busy: false, problem: "" };
  void note({ code: undefined });
}

async function setPin(pin: string): Promise<void> {
  unlock();
  forgetTries();
  await writeSetting("lock", makeLock(pin));
}

// One touch asks for everything; the sound must come from it, or a phone stays silent for good.
async function askForAll(): Promise<string> {
  void play("yes");
  await askToKeep();
  const camera = await tryCamera();
  await note({ camera });
  return camera === "works" ? "" : cameraTrouble(camera as never);
}

function Download() {
  const { value: progress } = loading;
  if (!progress && !listTrouble.value) void Promise.resolve().then(loadList);
  const part = progress?.total ? Math.min(progress.cards / progress.total, 1) : null;
  return (
    <DownloadScreen app={stored.value} cards={progress?.cards ?? 0} list={part}
      problem={listTrouble.value ? networkTrouble(listTrouble.value) : ""} onRetry={() => void loadList()} />
  );
}

async function leaveCheck(): Promise<void> {
  visit.value = null;
  await note({ checked: true });
}
