// A family on a blank card: the notice, who belongs to it, where it is from, and its names, which nobody reads back.

import { useState } from "preact/hooks";
import { isFull, type Draft, type Marks } from "../registering/family";
import type { Disability } from "../wire/records";
import { _, ngettext } from "../words";
import { MemberName } from "./member-name";
import { AGE_BANDS, ageWords, SEXES, sexWords } from "./people-words";
import { Button, Notice, Screen } from "./pieces";

/** What is to be read out before anything is asked. */
export function NoticeScreen({ notice, onRead, onBack }: { notice: string; onRead: () => void; onBack: () => void }) {
  return (
    <Screen title={_("Read this out")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" onPress={onRead}>{_("Was read")}</Button>
      </>
    }>
      {notice.split("\n").filter(Boolean).map((part) => <p key={part} class="read-out" dir="auto">{part}</p>)}
    </Screen>
  );
}

interface PeopleProps {
  draft: Draft;
  disability: boolean; // is asked
  place: string; // where the family is from; empty: there is nothing to choose
  last: boolean; // nothing is asked after this
  correcting: boolean;
  busy: boolean;
  problem: string;
  onMark: (tapped: Partial<Marks>) => void;
  onAgain: () => void;
  onPick: (id: string) => void;
  onRemove: () => void;
  onPlace: () => void;
  onNone: (() => void) | undefined; // it was registered, and should not have been
  onNext: () => void;
  onBack: () => void;
}

export function FamilyScreen(props: PeopleProps) {
  const { draft: { people, picked }, busy } = props;
  const next = props.last ? ngettext("Save %(num)s person", "Save %(num)s people", people.length) : _("Next");
  return (
    <Screen title={props.correcting ? _("Correct the family") : _("The family")} kind="family" actions={
      <div class="row">
        <Button kind="quiet" icon="left" onPress={props.onBack}>{_("Back")}</Button>
        <Button kind="main" icon={props.last ? "tick" : "next"} off={busy || people.length === 0} onPress={props.onNext}>{people.length > 0 ? next : _("Next")}</Button>
      </div>
    }>
      {people.length === 0 && <p class="soft">{_("Touch sex and age of each, one after the other.")}</p>}
      <Touches {...props} />
      {picked !== null
        ? <Button icon="cross" onPress={props.onRemove}>{_("Take off")}</Button>
        : people.length > 0 && <Button icon="plus" off={isFull(props.draft)} onPress={props.onAgain}>{_("Another like this")}</Button>}
      <ol class="family-people" aria-label={_("Who belongs to it?")}>
        {people.map((person) => (
          <li key={person.id}>
            <button type="button" class="button person" aria-pressed={picked === person.id} onClick={() => props.onPick(person.id)}>
              <strong>{person.number}</strong><MemberName {...person} />
            </button>
          </li>
        ))}
      </ol>
      {props.place && <button type="button" class="button button-chip" onClick={props.onPlace}>{props.place}</button>}
      {props.onNone && <Button kind="quiet" icon="cross" onPress={props.onNone}>{_("No such family")}</Button>}
      {isFull(props.draft) && <Notice kind="warn">{_("One card holds 50 people. Take a second card for the others.")}</Notice>}
      {props.problem && <Notice kind="bad">{props.problem}</Notice>}
    </Screen>
  );
}

/** The taps of one person; the last one that is needed completes her. They keep their places, whoever is there already. */
function Touches({ draft: { people, marks, picked }, disability, onMark }: PeopleProps) {
  const number = people.find((each) => each.id === picked)?.number ?? people.length + 1;
  return (
    <>
      <Choices title={_("Person %(number)s: sex", { number })} chosen={marks.sex} answers={SEXES.map((sex) => [sex, sexWords(sex)] as const)}
        onChoose={(sex) => onMark({ sex })} />
      {disability && (
        <Choices<Disability> title={_("Disability")} chosen={marks.disability} onChoose={(said) => onMark({ disability: said })}
          answers={[["no", _("No")], ["yes", _("Yes")], ["unknown", _("Not known")]]} />
      )}
      <Choices title={_("Age")} chosen={marks.age_band} answers={AGE_BANDS.map((band) => [band, ageWords(band)] as const)} onChoose={(age_band) => onMark({ age_band })} />
    </>
  );
}

interface ChoicesProps<Answer extends string> {
  title: string;
  answers: readonly (readonly [Answer, string])[];
  chosen: Answer | null;
  onChoose: (answer: Answer) => void;
}

function Choices<Answer extends string>({ title, answers, chosen, onChoose }: ChoicesProps<Answer>) {
  return (
    <div class="touches" role="group" aria-label={title}>
      <h2>{title}</h2>
      <div class="row">{answers.map(([answer, words]) => <Button key={answer} pressed={chosen === answer} onPress={() => onChoose(answer)}>{words}</Button>)}</div>
    </div>
  );
}

interface NamesProps {
  correcting: boolean;
  sealable: boolean; // the browser can seal, and the server's key is here
  busy: boolean;
  problem: string;
  onSave: (words: Record<string, string>) => void;
  onBack: () => void;
}

const LONGEST = 120;

/** Names are written, and gone from the screen once they are sealed. What she does not want to say stays empty. */
export function NamesScreen({ correcting, sealable, busy, problem, onSave, onBack }: NamesProps) {
  const [words, setWords] = useState<Record<string, string>>({});
  const fields = [["head", _("Name"), "text"], ["village", _("Village or street"), "text"], ["phone", _("Telephone"), "tel"]] as const;
  const said = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, text.trim()]).filter(([, text]) => text));
  return (
    <Screen title={_("Names")} actions={
      <div class="row">
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={busy} onPress={() => onSave(sealable ? said : {})}>{_("Save")}</Button>
      </div>
    }>
      {!sealable && <Notice kind="warn">{_("This phone cannot seal names here. Save without; the office adds them.")}</Notice>}
      {sealable && <p class="soft">{correcting
        ? _("Leave empty what was right. What was written before is not shown again.")
        : _("Sealed when you save. No phone shows it again. What she does not want to say stays empty.")}</p>}
      {sealable && fields.map(([name, label, keyboard]) => (
        <div key={name} class="field">
          <label for={name}>{label}</label>
          <input id={name} inputMode={keyboard} value={words[name] ?? ""} maxLength={LONGEST} autocomplete="off" autocorrect="off" spellcheck={false}
            onInput={(event) => setWords({ ...words, [name]: event.currentTarget.value })} />
        </div>
      ))}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

interface PlaceProps {
  areas: { id: string; name: string }[];
  sites: { id: string; name: string }[];
  area: string;
  site: string;
  onDone: (area: string, site: string) => void;
}

/** Where the family lives, and where it collects from now on. */
export function FamilyPlaceScreen({ areas, sites, area, site, onDone }: PlaceProps) {
  const [chosen, setChosen] = useState({ area, site });
  return (
    <Screen title={_("Where are they from?")} actions={<Button kind="main" icon="tick" onPress={() => onDone(chosen.area, chosen.site)}>{_("Ready")}</Button>}>
      <Places legend={_("Area")} name="area" places={areas} chosen={chosen.area} onChoose={(id) => setChosen({ ...chosen, area: id })} />
      <Places legend={_("Where they collect")} name="site" places={sites} chosen={chosen.site} onChoose={(id) => setChosen({ ...chosen, site: id })} />
    </Screen>
  );
}

interface PlacesProps {
  legend: string;
  name: string;
  places: { id: string; name: string }[];
  chosen: string;
  onChoose: (id: string) => void;
}

function Places({ legend, name, places, chosen, onChoose }: PlacesProps) {
  if (places.length < 2) return null;
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {places.map((each) => (
        <label key={each.id} class="choice"><input type="radio" name={name} checked={chosen === each.id} onChange={() => onChoose(each.id)} /><span>{each.name}</span></label>
      ))}
    </fieldset>
  );
}
