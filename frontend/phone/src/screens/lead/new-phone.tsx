// A code with which another phone joins at this site: made with a network, scanned off this screen.

import { useState } from "preact/hooks";
import { _ } from "../../words";
import { Button, Notice, Screen, Toggles } from "../pieces";
import { QrPicture } from "../qr-picture";

export interface JoinCode {
  code: string;
  link: string;
}

interface NewPhoneProps {
  site: string;
  lanes: number;
  made: JoinCode | null;
  busy: boolean;
  problem: string;
  onMake: (label: string, lane: number) => void;
  onBack: () => void;
}

export function NewPhoneScreen({ site, lanes, made, busy, problem, onMake, onBack }: NewPhoneProps) {
  const [label, setLabel] = useState(`${site}, ${_("table")} `);
  const [lane, setLane] = useState(0);
  if (made) {
    return (
      <Screen title={_("Scan to join")} actions={<Button kind="main" icon="tick" onPress={onBack}>{_("Done")}</Button>}>
        <QrPicture text={made.link} label={_("Code for joining")} />
        <p class="code big-code">{made.code}</p>
        <p class="soft">{_("For one phone, once.")}</p>
      </Screen>
    );
  }
  return (
    <Screen title={_("New phone")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="plus" off={busy || !label.trim()} onPress={() => onMake(label.trim(), lane)}>{_("Make code")}</Button>
      </>
    }>
      <div class="field">
        <label for="label">{_("What to call it")}</label>
        <input id="label" value={label} maxLength={60} autocomplete="off" onInput={(event) => setLabel(event.currentTarget.value)} />
        <p class="soft">{_("A place and a number, better than a name.")}</p>
      </div>
      {lanes > 0 && (
        <Toggles label={_("Lane")} value={lane} onChange={setLane}
          values={[[0, _("All lanes")], ...Array.from({ length: lanes }, (_each, place) => [place + 1, _("Lane %(number)s", { number: place + 1 })] as const)]} />
      )}
      {problem && <Notice kind="warn">{problem}</Notice>}
    </Screen>
  );
}
