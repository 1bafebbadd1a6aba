// Where this phone stands and what it gives; what it has run out of; which lanes it serves.

import { useState } from "preact/hooks";
import { NO_LANE, signsOfLane } from "../cards/lanes";
import type { PlanPart, SiteRow } from "../register/rows";
import type { Settings } from "../storage";
import { _ } from "../words";
import { ItemPicture } from "./item-picture";
import { Button, Screen } from "./pieces";

type Kept = Settings["table"];

interface TableProps {
  plan: PlanPart;
  sites: SiteRow[];
  kept: Kept;
  lanesAt: (site: string) => number[]; // what the desk says of this phone there
  onSave: (table: Kept) => void;
  onBack?: (() => void) | undefined;
}

export function TableScreen({ plan, sites, kept, lanesAt, onSave, onBack }: TableProps) {
  const [table, setTable] = useState(kept);
  const site = sites.find((each) => each.id === table.site);
  const ready = site !== undefined && table.items.length > 0;
  const change = (part: Partial<Kept>) => setTable({ ...table, ...part });
  return (
    <Screen title={_("This table")} actions={
      <>
        {onBack && <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>}
        <Button kind="main" icon="tick" off={!ready} onPress={() => onSave(table)}>{_("Ready")}</Button>
      </>
    }>
      <fieldset class="choices">
        <legend>{_("Where")}</legend>
        {sites.map((each) => (
          <Choice key={each.id} kind="radio" on={table.site === each.id} onChange={() => change({ site: each.id, lanes: lanesAt(each.id) })}>{each.name}</Choice>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{_("What it gives")}</legend>
        {plan.items.map((item) => (
          <Choice key={item.id} kind="checkbox" on={table.items.includes(item.id)} onChange={() => change({ items: toggled(table.items, item.id) })}>
            <ItemPicture item={item} />{item.name}
          </Choice>
        ))}
      </fieldset>
      {table.items.length > 0 && (
        <fieldset class="choices">
          <legend>{_("Run out of")}</legend>
          {plan.items.filter((item) => table.items.includes(item.id)).map((item) => (
            <Choice key={item.id} kind="checkbox" on={table.run_out.includes(item.id)} onChange={() => change({ run_out: toggled(table.run_out, item.id) })}>
              {item.name}
            </Choice>
          ))}
        </fieldset>
      )}
      {site && site.lanes > 0 && <Lanes site={site} lanes={table.lanes} onChange={(lanes) => change({ lanes })} />}
    </Screen>
  );
}

function Lanes({ site, lanes, onChange }: { site: SiteRow; lanes: number[]; onChange: (lanes: number[]) => void }) {
  return (
    <fieldset class="choices">
      <legend>{_("Lanes of this table")}</legend>
      <p class="soft">{_("None chosen: all. The last sign of a code says its lane.")}</p>
      {lanes.includes(NO_LANE) && <Choice kind="checkbox" on onChange={() => onChange([])}>{_("No lane: other phones have them")}</Choice>}
      {Array.from({ length: site.lanes }, (_each, place) => place + 1).map((lane) => (
        <Choice key={lane} kind="checkbox" on={lanes.includes(lane)} onChange={() => onChange(toggledNumber(lanes, lane))}>
          {_("Lane %(number)s", { number: lane })} <span class="code soft">{span(signsOfLane(lane, site.lanes))}</span>
        </Choice>
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  kind: "radio" | "checkbox";
  on: boolean;
  onChange: () => void;
  children: preact.ComponentChildren;
}

export function Choice({ kind, on, onChange, children }: ChoiceProps) {
  return <label class="choice"><input type={kind} checked={on} onChange={onChange} /><span>{children}</span></label>;
}

const span = (signs: string) => (signs.length > 1 ? `${signs[0]} – ${signs.at(-1)}` : signs);
const toggled = (all: string[], one: string) => (all.includes(one) ? all.filter((each) => each !== one) : [...all, one]);
const toggledNumber = (all: number[], one: number) =>
  all.includes(one) ? all.filter((each) => each !== one) : [...all.filter((each) => each !== NO_LANE), one].sort((a, b) => a - b);
