// The end of a shift, on every phone: how many were served, from when to when, and the code that the lead reads.

import { useState } from "preact/hooks";
import type { PlanPart } from "../register/rows";
import type { Hours } from "../shift/hours";
import type { Tally } from "../tally/tally";
import { _ } from "../words";
import { itemName } from "./offer-words";
import { Button, Notice, Screen } from "./pieces";
import { QrPicture } from "./qr-picture";
import { servedWords } from "./served-words";


interface ShiftProps {
  name: string;
  served: Tally;
  plan: PlanPart;
  waiting: number;
  hours: Hours;
  kept: boolean;
  problem: string;
  onHours: (hours: Hours) => void;
  onCode: () => void;
  onBack: () => void;
}

export function ShiftScreen(props: ShiftProps) {
  const { served, plan, waiting } = props;
  return (
    <Screen title={_("My day")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={props.onBack}>{_("Back")}</Button>
        <Button kind="main" icon="share" onPress={props.onCode}>{_("Show code")}</Button>
      </>
    }>
      {served.families + served.contacts > 0
        ? <p class="served">{_("You served %(whom)s. Thank you!", { whom: servedWords(served) })}</p> : <p class="lead-line">{_("Nobody served yet today.")}</p>}
      <ul class="plain-list">{Object.entries(served.items).map(([item, quantity]) => <li key={item}>{quantity} × {itemName(item, plan)}</li>)}</ul>
      {waiting > 0 && <Notice kind="warn">{_("On this phone, not sent: %(num)s", { num: waiting })}</Notice>}
      <HoursForm {...props} />
    </Screen>
  );
}

function HoursForm({ hours, kept, problem, name, onHours }: ShiftProps) {
  const [mine, setMine] = useState(hours);
  const whole = mine.begins !== "" && mine.ends !== "";
  return (
    <section class="field hours">
      <h2>{_("Your hours today")}</h2>
      <div class="row">
        <label for="begins">{_("From")}<input id="begins" type="time" value={mine.begins} onInput={(event) => setMine({ ...mine, begins: event.currentTarget.value })} /></label>
        <label for="ends">{_("To")}<input id="ends" type="time" value={mine.ends} onInput={(event) => setMine({ ...mine, ends: event.currentTarget.value })} /></label>
      </div>
      <p class="soft">{_("The office gets them with your name (%(name)s), for its list of volunteers.", { name })}</p>
      <Button icon="tick" off={!whole} onPress={() => onHours(mine)}>{_("Keep hours")}</Button>
      {kept && <Notice kind="good">{_("Your hours are saved.")}</Notice>}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </section>
  );
}

/** The code alone, as large as it can be. */
export function ShiftCodeScreen({ code, onBack }: { code: string; onBack: () => void }) {
  return (
    <Screen title={_("For your lead")} actions={<Button kind="main" icon="tick" onPress={onBack}>{_("Done")}</Button>}>
      <QrPicture text={code} label={_("This phone's sums as a code")} />
      <p>{_("Your lead scans this. No network is needed.")}</p>
    </Screen>
  );
}
