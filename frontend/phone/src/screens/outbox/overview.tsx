// Where everything stands that this phone has recorded: in numbers, each with what it means, and what can be done about it.

import type { ComponentChildren } from "preact";
import type { Counts } from "../../storage";
import { _, ngettext } from "../../words";
import { Button, Meter, Notice, Screen } from "../pieces";
import { SignInLink } from "./sign-in-link";

interface OverviewProps {
  counts: Counts;
  carried: number; // parcels of other phones
  looks: number; // of the help desk, that the office has not heard of
  sending: { busy: boolean; done: number; all: number }; // of this round
  trouble: string;
  signIn: boolean; // a network's own page stands in the way
  nextSeconds: number; // until it tries again by itself
  onSend: () => void;
  onShelf: () => void;
  onQuestions: () => void;
  onHandOn: () => void;
  onTakeIn: () => void;
  onLeave: () => void;
  onBack: () => void;
}

export function OverviewScreen(props: OverviewProps) {
  const { counts, carried, looks } = props;
  const forLead = counts.held + counts.stuck;
  return (
    <Screen title={_("What was sent")} actions={
      <>
        <div class="row">
          <Button icon="left" onPress={props.onBack}>{_("Back")}</Button>
          <Button icon="share" onPress={props.onHandOn}>{_("Hand on")}</Button>
        </div>
        <Button kind="main" icon="online" off={props.sending.busy} onPress={props.onSend}>{_("Send now")}</Button>
      </>
    }>
      <Going {...props} />
      <ul class="standing">
        <Standing name={_("On this phone, not sent")} count={counts.waiting}>
          {_("Saved for good, also when the phone is switched off. It goes out by itself where there is network.")}
        </Standing>
        {counts.asking > 0 && (
          <Standing name={_("To be answered")} count={counts.asking}>
            {_("Nobody has said yet whether it was given.")}
            <Button icon="question" onPress={props.onQuestions}>{_("Answer")}</Button>
          </Standing>
        )}
        <Standing name={_("Sent")} count={counts.sent}>{_("The office has it.")}</Standing>
        <Standing name={_("Ask your lead")} count={forLead}>
          {_("Somebody at the office must look at it. Nothing of it is lost.")}
          {forLead > 0 && <Button icon="list" onPress={props.onShelf}>{_("Show them")}</Button>}
        </Standing>
        {looks > 0 && <Standing name={_("Looked up by name")} count={looks}>{_("For the office to note. It goes out with the rest.")}</Standing>}
        {carried > 0 && (
          <Standing name={_("Carried for others")} count={carried}>{_("Packed records of other phones. They go out with yours.")}</Standing>
        )}
      </ul>
      <Button icon="parcel" onPress={props.onTakeIn}>{_("Take in")}</Button>
      <p class="soft">{_("What another phone has packed, because it cannot send.")}</p>
      <Button onPress={props.onLeave}>{_("Leave operation")}</Button>
    </Screen>
  );
}

/** What sending is at: how far it is, why it stopped, or that all is there. */
function Going({ counts: { waiting, asking, stuck }, carried, looks, sending: { busy, done, all }, signIn, trouble, nextSeconds }: OverviewProps) {
  if (busy && all > 0) {
    return (
      <>
        <Meter label={_("Sending")} said={_("%(done)s of %(all)s", { done, all })} part={done / all} />
        <p class="soft">{_("Keep relief open until all is sent.")}</p>
      </>
    );
  }
  if (trouble) {
    return (
      <>
        <Notice kind="warn">{trouble} {againWords(nextSeconds)}</Notice>
        {signIn && <SignInLink />}
      </>
    );
  }
  if (waiting + carried + looks === 0) return <Notice kind="good">{_("Everything is sent.")}</Notice>;
  return waiting === asking + stuck && carried === 0 ? null : <p>{_("Keep relief open until all is sent.")}</p>;
}

function againWords(seconds: number): string {
  if (seconds < 60) return _("It tries again by itself in less than a minute.");
  const minutes = Math.ceil(seconds / 60);
  return ngettext("It tries again by itself in %(num)s minute.", "It tries again by itself in %(num)s minutes.", minutes);
}

function Standing({ name, count, children }: { name: string; count: number; children: ComponentChildren }) {
  return <li><h2>{name}<span>{count}</span></h2><div class="soft">{children}</div></li>;
}
