// Why the office must look at a record, and what to tell the lead, in words for whoever stands at the table.

import type { KeptRecord } from "../../storage";
import { _ } from "../../words";

const HELD: Record<string, () => string> = {
  malformed: () => _("The office cannot read a part of it. Tell your lead what you gave."),
  unknown_version: () => _("This app and the office do not understand each other. Tell your lead: the phone needs an update."),
  unknown_kind: () => _("This app and the office do not understand each other. Tell your lead: the phone needs an update."),
  unknown_enrolment: () => _("The office does not know this phone any more. Tell your lead: it must join again."),
  unknown_reference: () => _("The plan has changed: something in it is no longer there. Tell your lead what you gave, and where."),
  conflict: () => _("The office has another record under the same number. Tell your lead what you gave."),
  revoked: () => _("It came after the office had signed this phone off. Tell your lead."),
  not_for_this_device: () => _("This phone may not give this, or not here. Ask your lead which table does."),
};

/** Say why a record on the shelf is there, and what to tell the lead. */
export function heldWords({ place, verdict }: KeptRecord): string {
  if (place === "stuck") return _("The office cannot take it at all. Show it to your lead, who writes it down.");
  const known = verdict?.codes.map((code) => HELD[code]).find((words) => words !== undefined);
  return known?.() ?? _("The office must look at it. Tell your lead what you gave.");
}
