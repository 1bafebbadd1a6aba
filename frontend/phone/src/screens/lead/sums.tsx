// One item's day: what was there, came, went, is left, and was counted.

import type { ComponentChildren } from "preact";
import { differenceOf, type ItemDay } from "../../lead/day";
import type { ItemRow } from "../../register/rows";
import { _ } from "../../words";
import { ItemPicture } from "../item-picture";

export function ItemSums({ day, item, children }: { day: ItemDay; item: Pick<ItemRow, "name" | "service">; children?: ComponentChildren }) {
  const difference = differenceOf(day);
  return (
    <section class="sums">
      <h2><ItemPicture item={item} />{item.name}</h2>
      <dl>
        <Sum name={_("At first")} value={day.start} />
        <Sum name={_("Came")} value={day.received} />
        <Sum name={_("Given")} value={day.given} strong />
        {day.lost > 0 && <Sum name={_("Lost")} value={day.lost} />}
        {day.sentOn > 0 && <Sum name={_("Sent on")} value={day.sentOn} />}
        <Sum name={_("Left")} value={day.left} strong />
        {day.counted !== null && <Sum name={_("Counted")} value={day.counted} strong />}
      </dl>
      {difference !== null && difference !== 0 && <p class="difference">{differenceWords(difference)}</p>}
      {children}
    </section>
  );
}

/** Say by how much a count differs from the reckoning. */
export function differenceWords(difference: number): string {
  return difference > 0 ? _("%(num)s more than reckoned", { num: difference }) : _("%(num)s fewer than reckoned", { num: -difference });
}

function Sum({ name, value, strong = false }: { name: string; value: number | null; strong?: boolean }) {
  return <div class={strong ? "sum-strong" : ""}><dt>{name}</dt><dd>{value ?? <span aria-label={_("not known")}>–</span>}</dd></div>;
}
