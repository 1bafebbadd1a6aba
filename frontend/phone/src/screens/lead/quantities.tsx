// A number for each item: typed, because two hundred are not tapped one by one.

import type { ComponentChildren } from "preact";
import type { ItemRow } from "../../register/rows";
import { ItemPicture } from "../item-picture";

const MOST = 10_000_000; // what the ledger takes at once

/** What was typed, by item; an empty field is not in it. */
export type Quantities = Record<string, number>;

interface QuantitiesProps {
  items: readonly ItemRow[];
  values: Quantities;
  onChange: (values: Quantities) => void;
  below?: (item: ItemRow) => ComponentChildren;
}

export function QuantityFields({ items, values, onChange, below }: QuantitiesProps) {
  const change = (item: string, text: string) => {
    const { [item]: _before, ...others } = values;
    const number = /^\d{1,8}$/.test(text) ? Math.min(Number(text), MOST) : null;
    onChange(number === null ? others : { ...others, [item]: number });
  };
  return (
    <>
      {items.map((item) => (
        <div key={item.id} class="field quantity">
          <label for={`quantity-${item.id}`}><ItemPicture item={item} />{item.name}</label>
          <input id={`quantity-${item.id}`} type="text" inputMode="numeric" pattern="[0-9]*" maxLength={8} autocomplete="off" value={values[item.id] ?? ""}
            onInput={(event) => change(item.id, event.currentTarget.value.trim())} />
          {below?.(item)}
        </div>
      ))}
    </>
  );
}
