// How many were served, in one sentence.

import type { Tally } from "../tally/tally";
import { _, ngettext } from "../words";
import { peopleWords } from "./offer-words";

/** Say how many families and people got something, and how many people without a card. */
export function servedWords({ families, people, contacts }: Tally): string {
  const cards = _("%(families)s, %(people)s", { families: ngettext("%(num)s family", "%(num)s families", families), people: peopleWords(people) });
  return contacts === 0 ? cards : `${cards} · ${_("without card: %(people)s", { people: peopleWords(contacts) })}`;
}
