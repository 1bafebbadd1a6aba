// Replacing a card at work: the old one, why, the new one, a last look.

import { signal } from "@preact/signals";
import { oneAtATime } from "../one-at-a-time";
import { ChooseScreen } from "../screens/choose";
import { NoFamilyScreen } from "../screens/no-family";
import { BlankCardTextScreen, CardTextScreen, ConfirmReplaceScreen } from "../screens/lead/replace";
import { unfitWords } from "../screens/lead/told-words";
import { storageWords } from "../screens/trouble-words";
import { maker } from "../serving/serving";
import { keep, troubleIn, type Happening } from "../storage";
import { _ } from "../words";
import { CardScanner } from "./card-scanner";
import { cancellation, findNew, findOld, replacement, type Card } from "./replacing";

type Step = { at: "old" | "scan_old" } | { at: "why" | "new" | "scan_new" | "none"; old: Card; why: string } | { at: "look"; old: Card; why: string; fresh: Card };

const step = signal<Step>({ at: "old" });
const problem = signal("");

const go = (next: Step) => {
  problem.value = "";
  step.value = next;
};

interface ReplaceProps {
  old?: Card; // known already
  operation: string;
  site: string;
  onDone: (old: string, fresh?: string) => void; // without `fresh` the card was cancelled: there is no such family
  onBack: () => void;
}

export function Replace({ old, operation, site, onDone, onBack }: ReplaceProps) {
  const now = step.value;
  const takeOld = async (text: string) => {
    const found = await findOld(text, operation);
    if ("card" in found) go({ at: "why", old: found.card, why: "" });
    else problem.value = unfitWords(found.unfit);
    return "card" in found;
  };
  const takeNew = async (text: string, old: Card, why: string) => {
    const found = await findNew(text, operation, old);
    if ("card" in found) go({ at: "look", old, why, fresh: found.card });
    else problem.value = unfitWords(found.unfit);
  };
  switch (now.at) {
    case "old": return (
      <CardTextScreen key="old" title={_("The lost card")} label={_("Number or 16 signs")} hint={_("Its number (17-0403) stands on the hand-out list. A damaged card can be scanned.")}
        problem={problem.value} onText={(text) => void takeOld(text)} onScan={() => go({ at: "scan_old" })} onBack={onBack} />
    );
    case "scan_old": return <CardScanner title={_("The lost card")} problem={problem.value} onCard={(code) => void takeOld(code)} onBack={() => go({ at: "old" })} />;
    case "why": return (
      <ChooseScreen title={_("Why a new card?")} answers={[...WHYS, NO_FAMILY].map((words) => [words(), words()] as const)}
        onChoose={(why) => go({ ...now, at: why === NO_FAMILY() ? "none" : "scan_new", why })}
        onBack={old ? onBack : () => go({ at: "old" })} />
    );
    case "scan_new": return <CardScanner title={_("A blank card")} problem={problem.value} onCard={(code) => void takeNew(code, now.old, now.why)} onBack={() => go({ ...now, at: "new" })} />;
    case "new": return (
      <BlankCardTextScreen problem={problem.value} onText={(text) => void takeNew(text, now.old, now.why)} onScan={() => go({ ...now, at: "scan_new" })} onBack={() => go({ ...now, at: "why" })} />
    );
    case "none": return (
      <NoFamilyScreen number={now.old.number} given={now.old.given === true} lead busy={false} problem={problem.value} onBack={() => go({ ...now, at: "why" })}
        onCancel={() => void store([cancellation(now.old.key, site, _("Registered by mistake"))], () => onDone(now.old.number))} />
    );
    case "look": return (
      <ConfirmReplaceScreen old={now.old} fresh={now.fresh} reason={now.why} problem={problem.value} onBack={() => go({ at: "new", old: now.old, why: now.why })}
        onKeep={() => void store(replacement(now.old, now.fresh, site, now.why), () => onDone(now.old.number, now.fresh.number))} />
    );
  }
}

/** Begin anew: with the old card, where somebody knows it. */
export const startReplacing = (old?: Card) => go(old ? { at: "why", old, why: "" } : { at: "old" });

const store = oneAtATime(async (wanted: Happening[], onKept: () => void): Promise<void> => {
  const trouble = await troubleIn(() => keep(wanted, maker()));
  if (trouble) problem.value = storageWords(trouble);
  else onKept();
});

const NO_FAMILY = () => _("No such family");
const WHYS = [() => _("Lost"), () => _("Damaged"), () => _("Another reason")];
