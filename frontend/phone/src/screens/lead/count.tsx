// Counting at the start and at the end of a day: what is there, beside what ought to be, and why they differ.

import { useState } from "preact/hooks";
import type { ItemDay } from "../../lead/day";
import type { PhoneState } from "../../lead/phones";
import type { ItemRow } from "../../register/rows";
import type { Tally } from "../../tally/tally";
import { _ } from "../../words";
import { Button, Notice, Screen } from "../pieces";
import { PhoneList, type Source } from "./day";
import { QuantityFields, type Quantities } from "./quantities";
import { differenceWords } from "./sums";
import { REASONS } from "./told-words";

/** What counts are held against. */
export interface Reckoning {
  source: Source;
  as_of: number;
  days: ItemDay[];
  phones: PhoneState[];
  served: Tally;
}

interface CountProps {
  closing: boolean;
  items: ItemRow[];
  reckoning: Reckoning;
  problem: string;
  onKeep: (counted: Quantities, reasons: Record<string, string>, reckoning: Reckoning) => void;
  onTallies: () => void;
  onBack: () => void;
}

export function CountScreen({ closing, items, reckoning: latest, problem, onKeep, onTallies, onBack }: CountProps) {
  const [reckoning] = useState(latest); // it does not change under her hands while she types
  const { source, days, phones } = reckoning;
  const [counted, setCounted] = useState<Quantities>({});
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const expected = (item: string) => { const day = days.find((each) => each.item === item); return (closing ? day?.left : day?.start) ?? null; };
  const differs = (item: string) => { const left = expected(item); return left !== null && counted[item] !== undefined && counted[item] !== left; };
  const unexplained = items.some(({ id }) => differs(id) && !reasons[id]);
  const open = phones.filter((phone) => !phone.done);
  return (
    <Screen title={closing ? _("Close day: count") : _("Open day: count")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={unexplained} onPress={() => onKeep(counted, reasons, reckoning)}>{closing ? _("Close day") : _("Open day")}</Button>
      </>
    }>
      {closing && <p class="soft">{source === "office" ? _("By the office's figures.") : _("By the figures of the phones here.")}</p>}
      {closing && open.length > 0 && (
        <>
          <Notice kind="warn">{_("These phones still have something, or were not heard for a while. They stand on the page by name.")}</Notice>
          <PhoneList phones={open} />
          <Button icon="camera" onPress={onTallies}>{_("Read phones")}</Button>
        </>
      )}
      <QuantityFields items={items} values={counted} onChange={setCounted} below={(item) => (
        <>
          {expected(item.id) !== null && <p class="soft">{_("By reckoning: %(num)s", { num: expected(item.id)! })}</p>}
          {differs(item.id) && (
            <>
              <p class="difference">{differenceWords(counted[item.id]! - expected(item.id)!)}</p>
              <label class="why" for={`why-${item.id}`}>{_("Why?")}</label>
              <select id={`why-${item.id}`} value={reasons[item.id] ?? ""} onChange={(event) => setReasons({ ...reasons, [item.id]: event.currentTarget.value })}>
                <option value="" disabled>{_("Choose")}</option>
                {Object.entries(REASONS).map(([code, words]) => <option key={code} value={code}>{words()}</option>)}
              </select>
            </>
          )}
        </>
      )} />
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}
