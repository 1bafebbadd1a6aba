/** A family on its way to a blank card: who belongs to it, person by person. Plain values in and out. */

import { hex, randomId } from "../wire/ids";
import type { AgeBand, Disability, KindFields, Member, Sex } from "../wire/records";
import { sha256 } from "../wire/sha256";

/** What is tapped of a person. `null`: nothing was tapped yet, which is not the same as unknown. */
export interface Marks {
  sex: Sex | null;
  age_band: AgeBand | null;
  disability: Disability;
}

/** A family before it is saved. `picked`: whom the next taps change; null: they begin another person. */
export interface Draft {
  household: string;
  people: Member[];
  marks: Marks;
  picked: string | null;
  area: string;
  homeSite: string;
}

export const MOST_PEOPLE = 50; // what the ledger takes in one family
const NO_MARKS: Marks = { sex: null, age_band: null, disability: "unknown" };

export function newDraft(homeSite: string, area: string): Draft {
  return { household: randomId(), people: [], marks: NO_MARKS, picked: null, area, homeSite };
}

/** Begin to correct a family that was saved: the same people, under the same ids. */
export function draftOf(saved: KindFields["registration"], homeSite: string): Draft {
  const { household, members, area = "", home_site: kept = homeSite } = saved;
  return { ...newDraft(kept, area), household, people: members };
}

/** Take one tap. Once sex and age are there the person is: nothing more has to be pressed. */
export function marked(draft: Draft, tapped: Partial<Marks>): Draft {
  const marks = { ...draft.marks, ...tapped };
  if (draft.picked !== null) return { ...draft, marks, people: draft.people.map((each) => (each.id === draft.picked ? changed(each, marks) : each)) };
  if (marks.sex === null || marks.age_band === null || isFull(draft)) return { ...draft, marks };
  const person = { id: randomId(), number: 0, sex: marks.sex, age_band: marks.age_band, disability: marks.disability };
  return { ...draft, marks: NO_MARKS, people: numbered([...draft.people, person]) };
}

/** Add another one like the last. */
export function likeLast(draft: Draft): Draft {
  const last = draft.people.at(-1);
  return last === undefined || isFull(draft) ? draft : { ...draft, people: numbered([...draft.people, { ...last, id: randomId() }]) };
}

/** Pick a person, to change or take off; the same one again lets her go. */
export function picked(draft: Draft, id: string): Draft {
  const person = draft.people.find((each) => each.id === id);
  if (person === undefined || draft.picked === id) return { ...draft, picked: null, marks: NO_MARKS };
  const { sex, age_band, disability } = person;
  return { ...draft, picked: id, marks: { sex, age_band, disability } };
}

/** Take the picked person off. */
export function withoutPicked(draft: Draft): Draft {
  return { ...draft, picked: null, marks: NO_MARKS, people: numbered(draft.people.filter((each) => each.id !== draft.picked)) };
}

export const isFull = (draft: Draft) => draft.people.length >= MOST_PEOPLE;

/** What goes with a family beside its people: the card, where it is, its sealed words, and the notice that was read out. */
export interface Around {
  card: string;
  site: string;
  notice: string;
  words?: KindFields["registration"]["private"];
}

/** Return the fields of the registration. Of the notice its mark is kept: which text it was. */
export function registrationOf({ household, people, area, homeSite }: Draft, { card, site, notice, words }: Around): KindFields["registration"] {
  return {
    household, members: people, card, site, home_site: homeSite, ...(area && { area }), ...(notice && { notice: markOf(notice) }),
    ...(words && { private: words }),
  };
}

/** Return by which a notice is known: the first 16 hexadecimal digits of the SHA-256 of its text. */
export const markOf = (notice: string) => hex(sha256(new TextEncoder().encode(notice))).slice(0, 16);

function changed(person: Member, { sex, age_band, disability }: Marks): Member {
  return { ...person, sex: sex ?? person.sex, age_band: age_band ?? person.age_band, disability };
}

const numbered = (people: Member[]) => people.map((person, place) => ({ ...person, number: place + 1 }));
