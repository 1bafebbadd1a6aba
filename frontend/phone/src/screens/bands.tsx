// Above every screen: that this page works online only; that a new version waits; that the battery will soon be empty; that the list is old.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { presentMoment } from "../clock/present";
import { battery, isLow } from "../device/battery";
import { isSecure } from "../device/platform";
import { takeUpdate, updateWaits } from "../device/updates";
import { isThisShift } from "../flow";
import { memory, note } from "../memory";
import { ageOf } from "../register/age";
import { inView } from "../serving/serving";
import { _, ngettext } from "../words";
import { Icon } from "./icons";
import { momentWords } from "./offer-words";
import { Button } from "./pieces";

/** `onHandOn`: where she is at work, and may hand on what was not sent. */
export function Bands({ quiet, onHandOn }: { quiet: boolean; onHandOn?: () => void }) {
  if (quiet) return null;
  return (
    <>
      {!isSecure() && <OnlineOnly />}{memory.value?.enrolment?.revoked && <SignedOff />}{updateWaits.value && <Update />}
      {onHandOn && isLow() && !inView.value && <LowBattery onHandOn={onHandOn} />}
      {onHandOn && !inView.value && <OldList />}
    </>
  );
}

function OnlineOnly() {
  return <aside class="band band-online"><Icon sign="online" /><p>{_("Online only: do not close")}</p></aside>;
}

function SignedOff() {
  return <div class="band band-online" role="status"><Icon sign="warn" /><p>{_("Signed off by the office. What is on this phone is handed in.")}</p></div>;
}

// With records that were not sent, she is told so first, and may decide otherwise. Once they are sent, what she asked for is done.
function Update() {
  const [asked, setAsked] = useState(false);
  const waiting = memory.value?.counts?.waiting ?? 0;
  useEffect(() => void (asked && !waiting && void takeUpdate()), [asked, waiting]);
  const press = () => (waiting && !asked ? setAsked(true) : void takeUpdate());
  return (
    <div class="band band-update" role="status">
      <p>
        {waiting && asked
          ? ngettext("%(num)s record is not sent yet. It stays on the phone; sending it first is safer.",
              "%(num)s records are not sent yet. They stay on the phone; sending them first is safer.", waiting)
          : _("A new version is here.")}
      </p>
      <Button onPress={press}>{waiting && asked ? _("Update anyway") : _("Update")}</Button>
    </div>
  );
}

// Said once a shift: while there is something that would be lost to the queue with this phone.
function LowBattery({ onHandOn }: { onHandOn: () => void }) {
  const [later, setLater] = useState(false);
  const { counts, table } = memory.value ?? {};
  if (later || ((counts?.waiting ?? 0) === 0 && (table?.lanes ?? []).length === 0)) return null;
  return (
    <div class="band band-update" role="status">
      <p>{_("Battery: %(level)s. Another phone can carry on what was not sent, and your lane.", { level: `${Math.round((battery.value?.level ?? 0) * 100)} %` })}</p>
      <Button onPress={onHandOn}>{_("Hand on")}</Button>
      <Button onPress={() => setLater(true)}>{_("Later")}</Button>
    </div>
  );
}

const warned = signal<number | undefined>(undefined); // where a full phone cannot note it

// Said once a shift; the answer to a card goes on saying it.
function OldList() {
  const { register: { server_time: made } = {}, steps } = memory.value ?? {};
  const wasSaid = [steps?.warned, warned.value].some((then) => isThisShift(then, Date.now()));
  if (made === undefined || wasSaid || ageOf(made, presentMoment()) !== "old") return null;
  const understand = () => {
    const now = Date.now();
    void note({ warned: now }).catch(() => (warned.value = now));
  };
  return (
    <div class="band band-update" role="status">
      <p>{_("The list of cards is of %(time)s: it may not know what was given since. It comes anew where there is network.", { time: momentWords(made) })}</p>
      <Button onPress={understand}>{_("Understood")}</Button>
    </div>
  );
}
