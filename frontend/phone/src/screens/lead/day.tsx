// The day so far: every item's sums, who was served, which phones still have something, whose each lane is.

import type { ItemDay } from "../../lead/day";
import type { PhoneState } from "../../lead/phones";
import type { PlanPart } from "../../register/rows";
import type { Tally } from "../../tally/tally";
import { _, ngettext } from "../../words";
import { Icon } from "../icons";
import { momentWords } from "../offer-words";
import { Button, Notice, Screen, Toggles } from "../pieces";
import { servedWords } from "../served-words";
import { ItemSums } from "./sums";

export type Source = "phones" | "office";

interface DayProps {
  title: string;
  plan: PlanPart;
  source: Source;
  officeAt: number | null; // when the office was heard last
  busy: boolean;
  problem: string;
  items: ItemDay[];
  served: Tally; // as the phones here tell it
  read: number; // how many other phones' tallies are in it
  phones: PhoneState[];
  lanes: string[][]; // who serves each lane
  onSource: (source: Source) => void;
  onTallies: () => void;
  onBack: () => void;
}

export function DayScreen(props: DayProps) {
  const { plan, source, items, served, phones, lanes } = props;
  return (
    <Screen title={props.title} actions={
      <div class="row">
        <Button kind="quiet" icon="left" onPress={props.onBack}>{_("Back")}</Button>
        <Button onPress={props.onTallies}>{_("Read phones")}</Button>
      </div>
    }>
      <Toggles label={_("Whose figures")} shown={false} values={[["phones", _("Phones here")], ["office", _("Office")]]} value={source} onChange={props.onSource} />
      <p class="soft">{sourceWords(props)}{props.busy && ` ${_("Asking the office …")}`}</p>
      {props.problem && <Notice kind="warn">{props.problem}</Notice>}
      {items.map((day) => (
        <ItemSums key={day.item} day={day} item={plan.items.find((item) => item.id === day.item)!} />
      ))}
      {source === "phones" && <p class="lead-line">{servedWords(served)}</p>}
      <PhoneList phones={phones} />
      {lanes.length > 0 && <LaneList lanes={lanes} />}
    </Screen>
  );
}

function sourceWords({ source, officeAt, read }: DayProps): string {
  if (source === "phones" || officeAt === null) {
    return read === 0 ? _("This phone alone.") : ngettext("This phone and %(num)s other that was read.", "This phone and %(num)s others that were read.", read);
  }
  return _("What the office had at %(time)s. What phones have not sent is not in it.", { time: momentWords(officeAt) });
}

export function PhoneList({ phones }: { phones: readonly PhoneState[] }) {
  return (
    <section class="lines">
      <h2>{_("Phones of this site")}</h2>
      <ul class="lately">
        {phones.map((phone) => (
          <li key={phone.enrolment ?? phone.label}>
            <p><Icon sign={phone.done ? "tick" : "warn"} /><span>{phone.label || _("This phone")}</span></p>
            <p class="soft">{phoneWords(phone)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Say how a phone stands: how much it made, how much of that the office lacks, and since when that is known. */
export function phoneWords({ made, waiting, heardAt, how }: Pick<PhoneState, "made" | "waiting" | "heardAt" | "how">): string {
  if (heardAt === null) return _("Never heard");
  const sums = _("Made %(made)s, not sent %(waiting)s", { made, waiting });
  if (how === "self") return `${sums} · ${_("This phone")}`;
  const time = momentWords(heardAt);
  return `${sums} · ${how === "read" ? _("read at %(time)s", { time }) : _("last heard %(time)s", { time })}`;
}

function LaneList({ lanes }: { lanes: string[][] }) {
  return (
    <section class="lines">
      <h2>{_("Lanes")}</h2>
      <ul class="lately">
        {lanes.map((phones, place) => (
          <li key={place}>
            <p><Icon sign={phones.length === 1 ? "tick" : "warn"} /><span>{_("Lane %(number)s", { number: place + 1 })}</span></p>
            <p class="soft">{phones.length === 0 ? _("nobody serves it") : phones.join(", ")}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
