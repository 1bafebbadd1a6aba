/** Finds a family by what somebody says its name is: other spelling, other script, the beginning of a word are all enough. */

import type { FamilyRow } from "../register/rows";

/** A family as the help desk's list has it. */
export interface Family {
  household: string;
  numbers: string[];
  head: string;
  names: string[];
  village: string;
  people: number;
  /** Of a family without a card: what the row of the one that it is given will say. */
  row?: FamilyRow;
}

export interface Found {
  families: Family[];
  /** There are others: more of the name must be said. */
  more: boolean;
}

const MOST_SHOWN = 8; // names of others are not shown without need
const SHORTEST = 2;

/** Return the families in whose names, village or card number every typed word begins a word. */
export function findFamilies(families: readonly Family[], typed: string): Found {
  const words = fold(typed);
  if (words.join("").length < SHORTEST) return { families: [], more: false };
  const fits = families.filter((family) => {
    const theirs = [family.head, ...family.names, family.village, ...family.numbers].flatMap(fold);
    return words.every((word) => theirs.some((each) => each.startsWith(word)));
  });
  return { families: fits.slice(0, MOST_SHOWN), more: fits.length > MOST_SHOWN };
}

const LETTERS: Record<string, string> = {
  а: "a", б: "b", в: "v", г: "g", ґ: "g", д: "d", е: "e", ё: "e", є: "e", ж: "zh", з: "z", и: "i", і: "i", ї: "i", й: "i", к: "k", л: "l", м: "m",
  н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ў: "u", ф: "f", х: "h", ц: "ts", ч: "ch", ш: "sh", щ: "sh", ъ: "", ы: "i", ь: "", э: "e",
  ю: "iu", я: "ia", ł: "l", ø: "o", đ: "d", ß: "ss", æ: "e", ة: "ه", ى: "ي",
};

/** What is written in several ways becomes one: longer groups first, and `h` stands for `g` as in the names of Belarus. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/shch|sch/g, "S"], [/sh/g, "S"], [/zh/g, "Z"], [/tch|ch/g, "C"], [/kh/g, "g"], [/ph/g, "f"], [/h/g, "g"], [/w/g, "v"], [/[yj]/g, "i"],
  [/ck/g, "k"], [/x/g, "ks"], [/(.)\1+/g, "$1"], [/[ie]([aou])/g, "$1"],
];

/** Return the words of a text as they are compared. */
export function fold(text: string): string[] {
  const plain = text.toLowerCase().replace(/ё/g, "е").replace(/й/g, "и").normalize("NFKD").replace(/[\p{M}'’ʼ`]/gu, "");
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(folded).filter(Boolean);
}

function folded(word: string): string {
  const latin = [...word].map((sign) => LETTERS[sign] ?? sign).join("");
  return ALIKE.reduce((soFar, [group, one]) => soFar.replace(group, one), latin);
}
