// A picture of an item: people look sooner than they read. By what it is for, for a plan has no pictures of its own.

import type { ItemRow } from "../register/rows";

const BOX = "M6 20l26-11 26 11v26L32 57 6 46zM6 20l26 11 26-11M32 31v26M19 14.5l26 11";
const BLANKET = "M10 18c0-5 4-8 9-8h26c5 0 9 3 9 8v30H10zM10 28h44M10 38h44M18 48v6M26 48v6M38 48v6M46 48v6";
const PEOPLE = "M24 26a9 9 0 1 0 0-.1M8 52c1-11 8-17 16-17s15 6 16 17M43 28a7 7 0 1 0 0-.1M43 36c7 0 12 5 13 13";
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/blanket|sleep|одеял|плед|коўдр|couverture|manta|frazada|بطاني/i, BLANKET],
];

export function ItemPicture({ item, large = false }: { item: Pick<ItemRow, "name" | "service">; large?: boolean }) {
  const path = item.service ? PEOPLE : (WORDS.find(([words]) => words.test(item.name))?.[1] ?? BOX);
  return <svg class={large ? "item-picture item-large" : "item-picture"} viewBox="0 0 64 64" aria-hidden="true"><path d={path} /></svg>;
}
