// "Did you give it?": the phone was stopped between a question to the office and its end. Only she knows.

import type { PlanPart } from "../../register/rows";
import { _ } from "../../words";
import { whatWords } from "../lately";
import { momentWords } from "../offer-words";
import { Button, Notice, Screen } from "../pieces";
import type { Named } from "./shelf";

interface QuestionProps {
  asked: Named;
  others: number; // still to come
  plan: PlanPart;
  problem: string;
  onGave: () => void;
  onKept: () => void;
  onLater: () => void;
}

export function QuestionScreen({ asked: { kept, number }, others, plan, problem, onGave, onKept, onLater }: QuestionProps) {
  return (
    <Screen title={_("Did you give it?")} actions={
      <>
        <Button kind="quiet" onPress={onLater}>{_("Say later")}</Button>
        <Button icon="cross" onPress={onKept}>{_("Not given")}</Button>
        <Button kind="main" icon="tick" onPress={onGave}>{_("Yes, given")}</Button>
      </>
    }>
      <p class="big-line">{whatWords(kept, plan)}</p>
      <p class="lead-line">{[number && _("card %(number)s", { number }), momentWords(kept.moment)].filter(Boolean).join(" · ")}</p>
      <p>
        {kept.answer === "granted"
          ? _("The phone was stopped just then. The office had said yes.")
          : _("The phone was stopped just then, before the office answered.")}
      </p>
      {others > 0 && <p class="soft">{_("More to answer: %(num)s", { num: others })}</p>}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}
