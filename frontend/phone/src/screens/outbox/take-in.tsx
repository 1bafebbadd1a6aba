// Taking in what another phone has packed, and carrying it to the office with one's own.

import { _, ngettext } from "../../words";
import { Icon } from "../icons";
import { Button, Meter, Notice, Screen } from "../pieces";
import { CodeScanner } from "../scanner";

interface TakeInProps {
  signs: string[]; // of what was taken in just now
  lanes: string; // that were taken over just now
  problem: string;
  onScan: () => void;
  onFile: (file: File) => void;
  onBack: () => void;
}

export function TakeInScreen({ signs, lanes, problem, onScan, onFile, onBack }: TakeInProps) {
  const done = signs.length > 0 || lanes !== "";
  return (
    <Screen title={_("Take in")} actions={
      <>
        <Button kind={done ? "main" : "quiet"} icon="left" onPress={onBack}>{_("Back")}</Button>
        <label class="button">
          <Icon sign="list" />{_("Choose a file")}
          <input class="visually-hidden" type="file" accept=".txt,text/plain"
            onChange={(event) => { const [file] = event.currentTarget.files ?? []; if (file) onFile(file); event.currentTarget.value = ""; }} />
        </label>
        <Button {...(!done && { kind: "main" })} icon="camera" onPress={onScan}>{_("Scan codes")}</Button>
      </>
    }>
      {!done && <p>{_("Another phone shows codes, or has sent you a file. You carry what is in it to the office; only the office can read it.")}</p>}
      {signs.length > 0 && <TakenIn signs={signs} />}
      {lanes && <Notice kind="good">{_("Lane %(number)s is yours now. Tell the other phone that you have it.", { number: lanes })}</Notice>}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

function TakenIn({ signs }: { signs: string[] }) {
  return (
    <>
      <Notice kind="good">{_("Taken in. It goes out with yours.")}</Notice>
      <p>{_("Tell the other phone these signs:")} <strong class="code big-code">{signs.join(" ")}</strong></p>
    </>
  );
}

interface ScanPackedProps {
  progress: { here: number; of: number };
  onText: (text: string) => boolean | string;
  onBack: () => void;
}

export function ScanPackedScreen({ progress: { here, of }, onText, onBack }: ScanPackedProps) {
  const said = of > 0 ? _("%(done)s of %(all)s", { done: here, all: of }) : "";
  return (
    <CodeScanner title={_("Scan the other phone")} wrong={_("This is not a packed record.")} onText={onText} leave={_("Back")} onBack={onBack}>
      {of > 0 && <Meter label={ngettext("%(num)s code read", "%(num)s codes read", here)} said={said} part={here / of} />}
    </CodeScanner>
  );
}
