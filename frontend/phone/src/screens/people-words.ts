// How a person is called without a name: by sex and age.

import type { AgeBand, Sex } from "../wire/records";
import { _ } from "../words";

export const SEXES: readonly Sex[] = ["female", "male", "unknown"];
export const AGE_BANDS: readonly AgeBand[] = ["0-1", "2-5", "6-12", "13-17", "18-59", "60+", "unknown"];

export const sexWords = (sex: Sex) => ({ female: _("Woman or girl"), male: _("Man or boy"), unknown: _("Not known") })[sex];
export const ageWords = (band: AgeBand) => (band === "unknown" ? _("Age not known") : band);

export function whoWords(sex: Sex, band: AgeBand): string {
  const grown = band === "18-59" || band === "60+" || band === "unknown";
  return sex === "female" ? (grown ? _("Woman") : _("Girl")) : sex === "male" ? (grown ? _("Man") : _("Boy")) : _("Person");
}
