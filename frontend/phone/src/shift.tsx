// The end of a shift at work: what this phone did today, the volunteer's hours, and the code for the lead.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { presentMoment } from "./clock/present";
import { memory } from "./memory";
import { ShiftCodeScreen, ShiftScreen } from "./screens/shift";
import { storageWords } from "./screens/trouble-words";
import { maker, siteNow, workplace } from "./serving/serving";
import { hoursOf, type Hours } from "./shift/hours";
import { ownTally } from "./shift/own-tally";
import { keep, recordsOfOperation, troubleIn, type Enrolment, type KeptRecord, type RegisterState, type StorageCode } from "./storage";
import { tallyOf } from "./tally/tally";
import { tallyCode } from "./tally/tally-code";

const trouble = signal<StorageCode | null>(null);

export function Shift({ register: { plan }, enrolment, onBack }: { register: RegisterState; enrolment: Enrolment; onBack: () => void }) {
  const [records, setRecords] = useState<KeptRecord[] | null>(null);
  const [showsCode, showCode] = useState(false);
  const { counts, volunteer } = memory.value!;
  useEffect(() => void recordsOfOperation().then(setRecords), [counts]);
  if (records === null || !volunteer || !counts) return null;
  const site = workplace()?.table.site ?? plan.sites[0]?.id ?? "";
  const { day } = siteNow(plan, site);
  if (showsCode) {
    const own = records.filter((kept) => kept.enrolment === enrolment.enrolment); // of an earlier joining the lead may have read the code
    const sensitive = plan.items.filter((item) => item.sensitive).map((item) => item.id);
    const told = ownTally(enrolment, workplace()?.table.lanes ?? [], counts, own, { site, day }, sensitive);
    return <ShiftCodeScreen code={tallyCode(told)} onBack={() => showCode(false)} />;
  }
  const zone = plan.sites.find((each) => each.id === site)?.zone ?? "UTC";
  const served = tallyOf(records, { day, by: volunteer.id });
  const keepHours = async (hours: Hours) => {
    const { families, people } = served;
    const fields = { action: "shift", site, day, begins: hours.begins, ends: hours.ends, name: volunteer.name, families, people };
    trouble.value = await troubleIn(() => keep([{ kind: "day_closed", fields }], maker()));
  };
  return (
    <ShiftScreen name={volunteer.name} served={served} plan={plan} waiting={counts.waiting} {...hoursOf(records, volunteer.id, day, zone, presentMoment())}
      problem={trouble.value ? storageWords(trouble.value) : ""} onHours={(hours) => void keepHours(hours)} onCode={() => showCode(true)} onBack={onBack} />
  );
}
