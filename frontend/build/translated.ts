// Lets TypeScript import a PO file: the same catalogue that the server speaks from, cut down to what the phone says.

import type { Plugin } from "vite";
import { readCatalogue } from "./catalogue.ts";

const SAID_BY_PHONE = "frontend/phone/";

export function translated(): Plugin {
  return {
    name: "relief-translated",
    transform: {
      filter: { id: /\.po$/ },
      handler(text: string) {
        const { language, forms, messages } = readCatalogue(text, SAID_BY_PHONE);
        const plural = pluralPlaces(language, forms);
        return { code: `export default ${JSON.stringify({ language, plural, messages })}`, map: null, moduleType: "js" };
      },
    },
  };
}

// Which of a message's forms stands for which of the browser's own classes of numbers ("one", "few", ...).
function pluralPlaces(language: string, forms: string): Record<string, number> {
  const formOf = new Function("n", `return Number(${forms})`) as (n: number) => number; // C, as gettext has it, is JavaScript here
  const rules = new Intl.PluralRules(language);
  const places: Record<string, number> = {};
  for (let n = 200; n >= 0; n -= 1) places[rules.select(n)] = formOf(n);
  return places;
}
