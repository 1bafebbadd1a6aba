// One question with a few answers, one touch each: why somebody goes without, why something is given all the same.

import { useState } from "preact/hooks";
import { _ } from "../words";
import { Button, Notice, Screen } from "./pieces";

interface ChooseProps<Answer extends string> {
  title: string;
  answers: readonly (readonly [Answer, string])[];
  problem?: string;
  onChoose: (answer: Answer) => void;
  onBack: () => void;
}

export function ChooseScreen<Answer extends string>({ title, answers, problem = "", onChoose, onBack }: ChooseProps<Answer>) {
  return (
    <Screen title={title} actions={<Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>}>
      <div class="answers">{answers.map(([answer, words]) => <Button key={answer} onPress={() => onChoose(answer)}>{words}</Button>)}</div>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

interface ReasonProps {
  title: string;
  hint: string;
  said: string; // of the button
  onSay: (reason: string) => void;
  onBack: () => void;
}

/** Asks for a reason in her own words; never names. */
export function ReasonScreen({ title, hint, said, onSay, onBack }: ReasonProps) {
  const [reason, setReason] = useState("");
  const whole = reason.trim();
  return (
    <Screen title={title} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={whole === ""} onPress={() => onSay(whole)}>{said}</Button>
      </>
    }>
      <div class="field">
        <label for="reason">{_("Reason")}</label>
        <input id="reason" value={reason} maxLength={200} autocomplete="off" onInput={(event) => setReason(event.currentTarget.value)} />
        <p class="soft">{hint}</p>
      </div>
    </Screen>
  );
}
