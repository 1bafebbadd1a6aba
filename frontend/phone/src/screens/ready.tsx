import type { Check, CheckName } from "../readiness";
import { _, ngettext } from "../words";
import { CHECK_TITLES, checkWords, mendWord } from "./check-words";
import { Icon, type Sign } from "./icons";
import { Button, Notice, Screen } from "./pieces";

interface ReadyProps {
  checks: Check[];
  joining: boolean;
  onlineOnly: boolean;
  soundAsked: boolean; // it was played just now
  onMend: (name: CheckName) => void;
  onHeard: (heard: boolean) => void;
  onAgain: () => void;
  onDone: () => void;
}

const SIGNS: Record<Check["state"], Sign> = { good: "tick", warn: "warn", bad: "cross", running: "wait", unknown: "question" };

export function ReadyScreen({ checks, joining, onlineOnly, soundAsked, onMend, onHeard, onAgain, onDone }: ReadyProps) {
  return (
    <Screen title={_("Field check")} step={joining ? "ready" : undefined} side actions={
      <>
        <Button onPress={onAgain}>{_("Check again")}</Button>
        <Button kind="main" onPress={onDone}>{joining ? _("Start") : _("Done")}</Button>
      </>
    }>
      <Verdict checks={checks} onlineOnly={onlineOnly} />
      <ul class="checks">
        {inOrder(checks).map((check) => (
          <li key={check.name} class={`check check-${check.state}`}>
            <span class={`mark mark-${check.state}`}><Icon sign={SIGNS[check.state]} /></span>
            <h2>{CHECK_TITLES[check.name]()}<span class="visually-hidden"> {stateWord(check.state)}</span></h2>
            <p>{checkWords(check)}</p>
            {check.name === "sound" && soundAsked
              ? <div class="row"><Button onPress={() => onHeard(true)}>{_("Heard it")}</Button><Button onPress={() => onHeard(false)}>{_("Nothing")}</Button></div>
              : mendWord(check) && <Button onPress={() => onMend(check.name)}>{mendWord(check)}</Button>}
          </li>
        ))}
      </ul>
    </Screen>
  );
}

// What is to be done first, what is well last.
const ORDER: Check["state"][] = ["bad", "warn", "unknown", "running", "good"];
const inOrder = (checks: Check[]) => [...checks].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));

function Verdict({ checks, onlineOnly }: { checks: Check[]; onlineOnly: boolean }) {
  if (onlineOnly) return <Notice kind="bad">{_("Not for the field: without https this page works online only.")}</Notice>;
  const wrong = checks.filter((check) => check.state === "bad" || check.state === "warn").length;
  if (wrong) return <Notice kind="warn">{ngettext("%(num)s thing to look at", "%(num)s things to look at", wrong)}</Notice>;
  const open = checks.filter((check) => check.state !== "good").length;
  return open
    ? <Notice>{_("Good so far. Some things only you can check.")}</Notice>
    : <Notice kind="good">{_("Ready for the field")}</Notice>;
}

function stateWord(state: Check["state"]): string {
  const words = { good: _("good"), warn: _("look at it"), bad: _("mend it"), running: _("being checked"), unknown: _("not known") };
  return words[state];
}
