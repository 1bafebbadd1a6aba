// Registering a family on the blank card in view: what was tapped so far, and what its buttons do.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { cancellation } from "./lead/replacing";
import { memory } from "./memory";
import { draftOf, likeLast, marked, newDraft, picked, registrationOf, withoutPicked, type Draft } from "./registering/family";
import type { PlanPart, SealTo } from "./register/rows";
import { NoFamilyScreen } from "./screens/no-family";
import { FamilyPlaceScreen, FamilyScreen, NamesScreen, NoticeScreen } from "./screens/registering";
import { storageWords } from "./screens/trouble-words";
import { sealWords, type SealedWords } from "./seal/words";
import { keepOnCard, keepTrouble, workplace, type InView } from "./serving/serving";
import { sitesOf } from "./serving/table";
import { readSetting, type Registers } from "./storage";
import type { KindFields } from "./wire/records";
import { _ } from "./words";

type Step = "notice" | "people" | "place" | "names" | "none";

/** What was tapped of a family that is not saved yet: whoever goes back and returns finds it again. */
const begun = signal<{ card: string; draft: Draft } | null>(null);

/** What this phone may ask of a family, or undefined where it may register none. */
export const mayRegister = (): Registers | undefined => memory.value?.enrolment?.phone?.registers;

interface Props {
  card: InView;
  plan: PlanPart;
  site: string;
  onDone: () => void;
}

export function Registering({ card, plan, site, onDone }: Props) {
  const asked = mayRegister() ?? { names: false, disability: false, notice: "" };
  const before = registrationIn(card);
  const [draft, setDraft] = useState(() => (before ? draftOf(before, site) : begunOn(card.key) ?? newDraft(site, areaOf(plan, site))));
  const wasRead = before !== undefined || draft.people.length > 0;
  const [step, setStep] = useState<Step>(asked.notice && !wasRead ? "notice" : "people");
  const [saving, setSaving] = useState(false);
  const [sealTo, setSealTo] = useState<SealTo | undefined>(undefined);
  useEffect(() => void (canSeal() && readSetting("seal_to").then(setSealTo)), []);
  useEffect(() => void (before || (begun.value = { card: card.key, draft })), [draft]);
  const save = async (said: Record<string, string>) => {
    setSaving(true);
    const words = await sealed(said, card, sealTo);
    const around = { card: card.key, site, notice: asked.notice, ...(words && { words }) };
    if (!(await keepOnCard({ kind: "registration", fields: registrationOf(draft, around) }))) return setSaving(false);
    begun.value = null;
    onDone();
  };
  const cancel = async () => {
    if (await keepOnCard(cancellation(card.key, site, _("Registered by mistake")))) onDone();
  };
  const problem = keepTrouble.value ? storageWords(keepTrouble.value) : "";
  const sites = memory.value?.enrolment ? sitesOf(plan, memory.value.enrolment) : [];
  switch (step) {
    case "notice": return <NoticeScreen notice={asked.notice} onRead={() => setStep("people")} onBack={onDone} />;
    case "place": return (
      <FamilyPlaceScreen areas={plan.areas ?? []} sites={sites} area={draft.area} site={draft.homeSite}
        onDone={(area, homeSite) => { setDraft({ ...draft, area, homeSite }); setStep("people"); }} />
    );
    case "none": return (
      <NoFamilyScreen number={card.offer.number ?? ""} given={card.offer.had.length > 0} lead={workplace()?.table.lead === true} busy={card.busy} problem={problem}
        onCancel={() => void cancel()} onBack={() => setStep("people")} />
    );
    case "names": return (
      <NamesScreen correcting={before !== undefined} sealable={sealTo !== undefined} busy={saving} problem={problem}
        onSave={(said) => void save(said)} onBack={() => setStep("people")} />
    );
  }
  return (
    <FamilyScreen draft={draft} disability={asked.disability} place={placeWords(draft, plan, sites)} last={!asked.names} correcting={before !== undefined}
      busy={saving} problem={problem} onMark={(tapped) => setDraft(marked(draft, tapped))} onAgain={() => setDraft(likeLast(draft))}
      onPick={(id) => setDraft(picked(draft, id))} onRemove={() => setDraft(withoutPicked(draft))} onPlace={() => setStep("place")}
      onNone={before && (() => setStep("none"))}
      onNext={() => (asked.names ? setStep("names") : void save({}))} onBack={onDone} />
  );
}

const begunOn = (card: string) => (begun.value?.card === card ? begun.value.draft : undefined);

/** Return what this phone last saved of the family on the card, if it did. */
function registrationIn({ view }: InView): KindFields["registration"] | undefined {
  const mine = view.own.map((own) => own.record).filter((record) => record.kind === "registration" && record.card === view.card);
  return mine.at(-1) as KindFields["registration"] | undefined;
}

// What was typed is sealed before anything is kept, and gone with the screen. In practice nothing is kept, and nothing sealed.
async function sealed(said: Record<string, string>, { practice }: InView, to: SealTo | undefined): Promise<SealedWords | undefined> {
  return to && practice === null && Object.keys(said).length > 0 ? sealWords(said, to) : undefined;
}

const canSeal = () => typeof crypto.subtle !== "undefined";

const areaOf = (plan: PlanPart, site: string) => plan.sites.find((each) => each.id === site)?.area ?? "";

function placeWords({ area, homeSite }: Draft, plan: PlanPart, sites: PlanPart["sites"]): string {
  if ((plan.areas ?? []).length < 2 && sites.length < 2) return "";
  const names = [plan.areas?.find((each) => each.id === area)?.name, sites.find((each) => each.id === homeSite)?.name];
  return _("From: %(place)s", { place: names.filter(Boolean).join(" · ") });
}
