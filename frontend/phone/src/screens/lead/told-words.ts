// What the lead's screens say: of the last thing done, of a code that was read, of a card that will not do.

import type { Unfit } from "../../lead/replacing";
import type { Judged } from "../../lead/tallies";
import type { Told } from "../../lead/told";
import type { StockAction } from "../../wire/records";
import { _ } from "../../words";
import { storageWords } from "../trouble-words";

export function leadToldWords(told: Told): string {
  switch (told.is) {
    case "stock": {
      const what = told.what.map(({ name, quantity }) => `${quantity} × ${name}`).join(", ");
      return _("Saved: %(action)s: %(what)s", { action: ACTIONS[told.action](), what });
    }
    case "opened": return _("Saved. The day is open.");
    case "closed": return _("Saved. The day is closed.");
    case "taken_back": return _("Taken back.");
    case "replaced": return _("Saved: card %(new)s in the place of %(old)s", { new: told.fresh, old: told.old });
    case "cancelled": return _("Saved: card %(number)s is cancelled.", { number: told.number });
    case "trouble": return storageWords(told.code);
  }
}

export const ACTIONS: Record<StockAction, () => string> = {
  received: () => _("Received"),
  returned: () => _("Came back"),
  lost: () => _("Lost"),
  damaged: () => _("Damaged"),
  dispatched: () => _("Sent on"),
  transferred: () => _("Sent on"),
  counted: () => _("Counted"),
};

export const judgedWords = (judged: Exclude<Judged, { is: "taken" }>): string => ({
  none: _("No tally of a phone."),
  mine: _("This phone's own tally: it is counted already."),
  other_site: _("This phone works at another site."),
  other_day: _("This tally is of another day."),
})[judged.is];

export const unfitWords = (unfit: Unfit): string => ({
  no_card: _("Not one of our cards."),
  not_found: _("This number is not on the list of this phone."),
  unknown: _("A card of ours, but not on the list of this phone."),
  nobodys: _("This card belongs to nobody."),
  ended: _("This card was replaced or is not valid any more."),
  not_blank: _("This card belongs to a family. Take a blank one."),
  same: _("This is the old card. Take a blank one."),
  practice: _("A practice card. It cannot be used for this."),
  misread: _("Almost one of our cards, but one sign is wrong. Scan again, or type it."),
})[unfit];

export const REASONS: Record<string, () => string> = {
  damaged: () => _("Damaged"),
  miscounted: () => _("Counted wrong before"),
  not_noted: () => _("Given, but not noted"),
  missing: () => _("Missing"),
  other: () => _("Another reason"),
};
