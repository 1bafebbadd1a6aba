// People without a card: passers-by who got something, or a group that sat together. Counted, never made distinct.

import { useState } from "preact/hooks";
import type { ItemRow } from "../register/rows";
import type { AgeBand, PeopleRow, Sex } from "../wire/records";
import { _, ngettext } from "../words";
import { AGE_BANDS, ageWords, SEXES, sexWords } from "./people-words";
import { ItemPicture } from "./item-picture";
import { Button, Notice, Screen } from "./pieces";

interface WithoutCardProps {
  items: ItemRow[];
  problem: string;
  busy: boolean;
  onKeep: (item: string, people: PeopleRow[], place: string) => void;
  onBack: () => void;
}

const MOST_PEOPLE = 100_000;
const LONGEST_PLACE = 120;

export function WithoutCardScreen({ items, problem, busy, onKeep, onBack }: WithoutCardProps) {
  const [item, setItem] = useState(items.length === 1 ? items[0]!.id : "");
  const [place, setPlace] = useState("");
  const [counts, setCounts] = useState<Record<string, number>>({});
  const people = SEXES.flatMap((sex) => AGE_BANDS.map((age_band) => ({ sex, age_band, count: counts[`${sex} ${age_band}`] ?? 0 })))
    .filter((row) => row.count > 0);
  const total = people.reduce((sum, row) => sum + row.count, 0);
  return (
    <Screen title={_("People without card")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={busy || !item || total === 0 || total > MOST_PEOPLE} onPress={() => onKeep(item, people, place.trim())}>
          {total > 0 ? ngettext("Keep %(num)s person", "Keep %(num)s people", total) : _("Keep")}
        </Button>
      </>
    }>
      <p class="soft">{_("A talk with a group, hot tea, a pumped cellar. Each time is counted anew.")}</p>
      <fieldset class="choices">
        <legend>{_("What")}</legend>
        {items.map((each) => (
          <label key={each.id} class="choice">
            <input type="radio" name="item" checked={item === each.id} onChange={() => setItem(each.id)} /><span><ItemPicture item={each} />{each.name}</span>
          </label>
        ))}
      </fieldset>
      <Grid counts={counts} onChange={(key, count) => setCounts({ ...counts, [key]: count })} />
      <div class="field">
        <label for="place">{_("Where exactly, if not here")}</label>
        <input id="place" value={place} maxLength={LONGEST_PLACE} autocomplete="off" onInput={(event) => setPlace(event.currentTarget.value)} />
        <p class="soft">{_("A street, a school, a cellar; no names of people.")}</p>
      </div>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

function Grid({ counts, onChange }: { counts: Record<string, number>; onChange: (key: string, count: number) => void }) {
  return (
    <div class="people-grid">
      {SEXES.map((sex) => (
        <fieldset key={sex} class="choices">
          <legend>{sexWords(sex)}</legend>
          <div class="bands">{AGE_BANDS.map((band) => <Cell key={band} sex={sex} band={band} counts={counts} onChange={onChange} />)}</div>
        </fieldset>
      ))}
    </div>
  );
}

interface CellProps {
  sex: Sex;
  band: AgeBand;
  counts: Record<string, number>;
  onChange: (key: string, count: number) => void;
}

function Cell({ sex, band, counts, onChange }: CellProps) {
  const key = `${sex} ${band}`;
  const count = counts[key] ?? 0;
  return (
    <div class="cell">
      <span>{ageWords(band)}</span>
      <Button label={_("One less: %(what)s", { what: `${sexWords(sex)}, ${ageWords(band)}` })} off={count === 0} onPress={() => onChange(key, count - 1)}>−</Button>
      <output>{count}</output>
      <Button label={_("One more: %(what)s", { what: `${sexWords(sex)}, ${ageWords(band)}` })} onPress={() => onChange(key, count + 1)}>+</Button>
    </div>
  );
}
