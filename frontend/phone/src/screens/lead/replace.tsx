// A new card for a family whose card is lost: which one it was, which one takes its place, and a last look before it is kept.

import { useState } from "preact/hooks";
import type { Card } from "../../lead/replacing";
import { _ } from "../../words";
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
