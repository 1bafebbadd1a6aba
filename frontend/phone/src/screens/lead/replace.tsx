// A blank card for a family, in the place of a lost one or its first: which one it was, which it will be, and a last look before it is kept.

import { useState } from "preact/hooks";
import type { Family } from "../../help-desk/finding";
import type { Card } from "../../lead/replacing";
import { _ } from "../../words";
import { calledWords, whereWords } from "../family-words";
import { peopleWords } from "../offer-words";
import { Button, Notice, Screen } from "../pieces";

interface CardTextProps {
  title: string;
  label: string;
  hint: string;
  problem: string;
  onText: (text: string) => void;
  onScan: () => void;
  onBack: () => void;
}

/** Names a card by typing; scanning is one touch away. */
export function CardTextScreen({ title, label, hint, problem, onText, onScan, onBack }: CardTextProps) {
  const [text, setText] = useState("");
  const submit = (event: Event) => { event.preventDefault(); if (text.trim()) onText(text); };
  return (
    <Screen title={title} actions={
      <>
        <div class="row">
          <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
          <Button icon="camera" onPress={onScan}>{_("Scan")}</Button>
        </div>
        <Button kind="main" icon="next" off={!text.trim()} onPress={() => onText(text)}>{_("Next")}</Button>
      </>
    }>
      <form class="field" onSubmit={submit}>
        <label for="card">{label}</label>
        <input id="card" class="code" value={text} autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={40}
          aria-invalid={problem !== ""} onInput={(event) => setText(event.currentTarget.value)} />
        <p class="soft">{hint}</p>
      </form>
      {problem && <Notice kind="warn">{problem}</Notice>}
    </Screen>
  );
}

/** Names a blank card by typing. */
export function BlankCardTextScreen(props: Pick<CardTextProps, "problem" | "onText" | "onScan" | "onBack">) {
  return (
    <CardTextScreen key="new" title={_("A blank card")} label={_("16 signs, beside the square")}
      hint={_("O is taken for 0, I and L for 1, S for 5. Blanks do not matter.")} {...props} />
  );
}

interface ConfirmProps {
  old: Card;
  fresh: Card;
  reason: string;
  problem: string;
  onKeep: () => void;
  onBack: () => void;
}

export function ConfirmReplaceScreen({ old, fresh, reason, problem, onKeep, onBack }: ConfirmProps) {
  return (
    <Screen title={_("Replace card")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" onPress={onKeep}>{_("Replace")}</Button>
      </>
    }>
      <dl class="counts">
        <div><dt>{_("Old card")}</dt><dd class="code">{old.number || "?"}</dd></div>
        <div><dt>{_("New card")}</dt><dd class="code">{fresh.number || "?"}</dd></div>
        <div><dt>{_("Family")}</dt><dd>{peopleWords(old.people)}</dd></div>
        <div><dt>{_("Why")}</dt><dd>{reason}</dd></div>
      </dl>
      <p>{_("The old card will not work any more. What the family had stays had.")}</p>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

interface FirstCardProps {
  family: Family;
  fresh: Card;
  busy: boolean;
  problem: string;
  onKeep: () => void;
  onBack: () => void;
}

/** A last look before a blank card becomes a family's first: it cannot be given to somebody else then. */
export function ConfirmFirstCardScreen({ family, fresh, busy, problem, onKeep, onBack }: FirstCardProps) {
  return (
    <Screen title={_("Give this card")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={busy} onPress={onKeep}>{_("Give card")}</Button>
      </>
    }>
      <dl class="counts">
        <div><dt>{_("New card")}</dt><dd class="code">{fresh.number || "?"}</dd></div>
        <div><dt>{_("Family")}</dt><dd>{calledWords(family)}</dd></div>
      </dl>
      <p class="soft">{whereWords(family)}</p>
      <p>{_("Is it this family? The card is theirs from now on, and can be given to nobody else.")}</p>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}
