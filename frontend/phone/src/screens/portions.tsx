// Less than all, or people to choose: what exactly is given now.

import { useState } from "preact/hooks";
import type { Portion } from "../decide/giving";
import type { Line, Offer } from "../decide/offer";
import type { ItemRow, MemberRow, PlanPart } from "../register/rows";
import { _ } from "../words";
import { ItemPicture } from "./item-picture";
import { MemberName } from "./member-name";
import { Button, Screen } from "./pieces";

interface PortionsProps {
  title: string;
  offer: Offer;
  lines: Line[];
  plan: PlanPart;
  busy: boolean;
  collects?: boolean; // ask who collects for the family
  onGive: (portions: Portion[], collector: string) => void;
  onBack: () => void;
}

interface Choice {
  quantity: number;
  members: string[];
}

const MOST = 10_000; // what the ledger takes at once

export function PortionsScreen({ title, offer, lines, plan, busy, collects = false, onGive, onBack }: PortionsProps) {
  const [collector, setCollector] = useState("");
  const items = lines.flatMap((line) => plan.items.filter((item) => item.id === line.item).map((item) => ({ line, item })));
  const [chosen, setChosen] = useState<Record<string, Choice>>(() => Object.fromEntries(items.map(({ line, item }) => [item.id, first(line, item)])));
  const choose = (id: string, change: Partial<Choice>) => setChosen({ ...chosen, [id]: { ...chosen[id]!, ...change } });
  const portions = items.flatMap(({ line, item }) => portionOf(line, item, chosen[item.id]!, offer.members));
  return (
    <Screen title={title} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={busy || portions.length === 0} onPress={() => onGive(portions, collector)}>{_("Give")}</Button>
      </>
    }>
      {items.map(({ line, item }) => (
        <section key={item.id} class="portion">
          <h2><ItemPicture item={item} />{item.name}</h2>
          {item.reaches === "chosen_members" && offer.members.length > 0
            ? <People members={offer.members} chosen={chosen[item.id]!.members} onChange={(members) => choose(item.id, { members })} />
            : <Counter value={chosen[item.id]!.quantity} most={line.quantity ?? MOST} name={item.name} onChange={(quantity) => choose(item.id, { quantity })} />}
        </section>
      ))}
      {collects && <Collector chosen={collector} onChoose={setCollector} />}
    </Screen>
  );
}

/** Who collects, where it is nobody of the family: by what she is to them, never by name. */
function Collector({ chosen, onChoose }: { chosen: string; onChoose: (collector: string) => void }) {
  const answers = [["", _("Somebody of the family")], ["relative", _("A relative")], ["neighbour", _("A neighbour")], ["volunteer", _("A volunteer")],
    ["other", _("Somebody else")]] as const;
  return (
    <fieldset class="choices">
      <legend>{_("Who collects")}</legend>
      {answers.map(([collector, words]) => (
        <label key={collector} class="choice"><input type="radio" name="collector" checked={chosen === collector} onChange={() => onChoose(collector)} /><span>{words}</span></label>
      ))}
    </fieldset>
  );
}

const first = (line: Line, item: ItemRow): Choice => ({ quantity: item.reaches === "chosen_members" ? 0 : (line.quantity ?? 1), members: [] });

function portionOf(line: Line, item: ItemRow, { quantity, members }: Choice, all: MemberRow[]): Portion[] {
  if (item.reaches === "chosen_members" && all.length > 0) {
    const people = all.filter((member) => members.includes(member.id));
    return people.length > 0 ? [{ item, round: line.round, quantity: 1, members: people }] : [];
  }
  return quantity > 0 ? [{ item, round: line.round, quantity }] : [];
}

function Counter({ value, most, name, onChange }: { value: number; most: number; name: string; onChange: (value: number) => void }) {
  return (
    <div class="counter">
      <Button label={_("One less: %(what)s", { what: name })} off={value <= 0} onPress={() => onChange(value - 1)}>−</Button>
      <output aria-label={name}>{value}</output>
      <Button label={_("One more: %(what)s", { what: name })} off={value >= most} onPress={() => onChange(value + 1)}>+</Button>
    </div>
  );
}

function People({ members, chosen, onChange }: { members: MemberRow[]; chosen: string[]; onChange: (members: string[]) => void }) {
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <div class="people">
      {members.map((member) => (
        <button key={member.id} type="button" class="button person" aria-pressed={chosen.includes(member.id)} onClick={() => toggle(member.id)}>
          <strong>{member.number}</strong><MemberName {...member} />
        </button>
      ))}
    </div>
  );
}
