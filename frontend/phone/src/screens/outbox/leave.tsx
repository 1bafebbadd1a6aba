// Leaving: everything is handed in, then nothing of the operation is on the phone any more.

import { useState } from "preact/hooks";
import { _, ngettext } from "../../words";
import { Button, Notice, Screen } from "../pieces";
import { SignInLink } from "./sign-in-link";

interface LeaveProps {
  served: { families: number; people: number };
  asking: number;
  tried: boolean; // to leave, once at least
  left: number; // could not be handed in; 0 before it was tried
  looks: number; // among it: of the help desk
  stuck: string[]; // what the server will never take, in words
  signs: string[]; // of what was packed, which the other phone must show too; none: nothing was packed
  trouble: string;
  signIn: boolean; // a network's own page stands in the way
  busy: boolean;
  onQuestions: () => void;
  onLeave: () => void;
  onHandOn: () => void;
  onHandedOn: () => void;
  onBack: () => void;
}

export function LeaveScreen(props: LeaveProps) {
  const { served, asking, left, looks, stuck, trouble, busy } = props;
  return (
    <Screen title={_("Leave operation")} actions={
      <>
        <div class="row">
          <Button icon="left" onPress={props.onBack}>{_("Back")}</Button>
          {left > 0 && <Button icon="share" onPress={props.onHandOn}>{_("Hand on")}</Button>}
        </div>
        {asking > 0
          ? <Button kind="main" icon="question" onPress={props.onQuestions}>{_("Answer first")}</Button>
          : <Button kind="main" off={busy} onPress={props.onLeave}>{busy ? _("One moment …") : props.tried || left > 0 ? _("Try again") : _("Send and leave")}</Button>}
      </>
    }>
      {served.families > 0 && <p class="lead-line">{servedWords(served)}</p>}
      <p>{_("First everything is sent. Then the list, your name, the PIN and all records go off this phone. To come back you need a new code.")}</p>
      {asking > 0 && <Notice kind="warn">{_("Nobody has said yet whether it was given.")}</Notice>}
      {left > 0 && (
        <Notice kind="warn">
          {ngettext("%(num)s thing is still on this phone.", "%(num)s things are still on this phone.", left)} {trouble}
        </Notice>
      )}
      {left > 0 && props.signIn && <SignInLink />}
      {left > 0 && looks > 0 && <p>{_("Among them whom you looked up by name: the office must hear of it, from this phone or another one.")}</p>}
      {left > 0 && stuck.length > 0 && <Stuck stuck={stuck} onWritten={left === stuck.length ? props.onHandedOn : undefined} />}
      {left > stuck.length && (props.signs.length > 0 ? <HandedOn signs={props.signs} onHandedOn={props.onHandedOn} />
        : <p>{_("Where there is no network, hand it on: another phone or the desk carries it.")}</p>)}
    </Screen>
  );
}

function servedWords({ families, people }: LeaveProps["served"]): string {
  const who = ngettext("%(num)s family", "%(num)s families", families);
  const many = ngettext("%(num)s person", "%(num)s people", people);
  return _("You served %(families)s: %(people)s.", { families: who, people: many });
}

function Stuck({ stuck, onWritten }: { stuck: string[]; onWritten: (() => void) | undefined }) {
  return (
    <>
      <p>{_("The office cannot take this. Let your lead write it down:")}</p>
      <ul class="lately">{stuck.map((each, place) => <li key={place}><p>{each}</p></li>)}</ul>
      {onWritten && <Button icon="tick" onPress={onWritten}>{_("Written down")}</Button>}
    </>
  );
}

/** Only what somebody else has for certain may go: their screen shows the signs of what they took. */
function HandedOn({ signs, onHandedOn }: { signs: string[]; onHandedOn: () => void }) {
  const [typed, setTyped] = useState("");
  const found = signs.every((each) => typed.toUpperCase().includes(each));
  const submit = (event: Event) => {
    event.preventDefault();
    if (found) onHandedOn();
  };
  return (
    <form class="field" onSubmit={submit}>
      <label for="signs">{_("Signs that the other phone or the desk shows")}</label>
      <input id="signs" class="code" autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={60} value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)} />
      <Button off={!found} onPress={onHandedOn}>{_("Leave now")}</Button>
    </form>
  );
}
