// What the camera's screen says of the last tap, or of a code that is no card.

import type { Foreign } from "../cards/naming";
import type { Told } from "../serving/serving";
import { _, ngettext } from "../words";

export function toldWords(told: Told): string {
  switch (told.is) {
    case "given": {
      const what = told.portions.map(({ item, quantity, members }) => `${members?.length ?? quantity} × ${item.name}`).join(", ");
      const said = told.number ? _("Saved: %(what)s for %(number)s", { what, number: told.number }) : _("Saved: %(what)s", { what });
      return told.practice ? _("Practice: %(what)s", { what: said }) : said;
    }
    case "kept": return told.practice ? _("Practice: noted.") : _("Saved.");
    case "taken_back": return _("Taken back.");
    case "misread": return _("Almost one of our cards, but one sign is wrong. Scan again, or type it.");
    case "unfinished": return ngettext("%(num)s sign of 16. Go on typing.", "%(num)s signs of 16. Go on typing.", told.signs);
    case "practice_card": return _("A practice card: it counts only in practice.");
    case "no_practice_card": return _("This is a real card. End practice first.");
    case "two_cards": return _("Two cards at once. Show one.");
    case "join": return _("A code for joining, not a card.");
    case "lane": return _("Another phone's lane. Take it over under What was sent, Take in.");
    case "parcel": case "tally": return _("Another phone's code, not a card.");
    case "foreign": return _("Not one of our cards: %(what)s.", { what: FOREIGN[told.what]() });
  }
}

const FOREIGN: Record<Foreign, () => string> = {
  link: () => _("a link"),
  contact: () => _("somebody's contact"),
  wifi: () => _("a network's password"),
  phone: () => _("a telephone number"),
  message: () => _("a message"),
  mail: () => _("a mail address"),
  place: () => _("a place on a map"),
  event: () => _("a date"),
  payment: () => _("a payment"),
  ticket_number: () => _("a number"),
  text: () => _("some text"),
  nothing: () => _("an empty code"),
};
