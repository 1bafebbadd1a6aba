import type { AgeBand, Sex } from "../wire/records";
import { whoWords } from "./people-words";

/** A person without a name; the age stays in one piece and in its order, whatever is written around it. */
export function MemberName({ sex, age_band: band }: { sex: Sex; age_band: AgeBand }) {
  return <span>{whoWords(sex, band)}{band !== "unknown" && <>, <bdi class="age">{band}</bdi></>}</span>;
}
