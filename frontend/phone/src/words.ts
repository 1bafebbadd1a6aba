// What the app says, in the language of whoever holds the phone. The source is English; the catalogue is the server's own.

import { signal } from "@preact/signals";

export interface Translated {
  language: string;
  plural: Record<string, number>; // the browser's class of a number -> the place among a message's forms
  messages: Record<string, string[]>;
}

export type Values = Record<string, string | number>;

const ENGLISH: Translated = { language: "en", plural: { one: 0, other: 1 }, messages: {} };
const CATALOGUES: Record<string, () => Promise<{ default: Translated }>> = {
  ru: () => import("../../../relief/translations/ru/LC_MESSAGES/messages.po"),
  be: () => import("../../../relief/translations/be/LC_MESSAGES/messages.po"),
  fr: () => import("../../../relief/translations/fr/LC_MESSAGES/messages.po"),
  es: () => import("../../../relief/translations/es/LC_MESSAGES/messages.po"),
  ar: () => import("../../../relief/translations/ar/LC_MESSAGES/messages.po"),
};

/** The languages of the app by their own names, in the order in which they are offered. */
export const LANGUAGES: Record<string, string> = {
  ru: "Русский", be: "Беларуская", en: "English", fr: "Français", es: "Español", ar: "العربية",
};

const spoken = signal<Translated>(ENGLISH);

/** Speak `language` from now on; every screen is drawn anew. */
export async function speak(language: string): Promise<void> {
  const load = CATALOGUES[language];
  spoken.value = load ? (await load()).default : ENGLISH;
  document.documentElement.lang = spoken.value.language;
  document.documentElement.dir = spoken.value.language === "ar" ? "rtl" : "ltr";
}

/** The language spoken now. */
export const language = () => spoken.value.language;

/** Return the text in the language spoken, `%(name)s` in it replaced by the value of that name. */
export function _(text: string, values: Values = {}): string {
  return fill(spoken.value.messages[text]?.[0] ?? text, values);
}

/** Return the form for `num` things; `%(num)s` is the number itself. */
export function ngettext(one: string, many: string, num: number, values: Values = {}): string {
  const { language, plural, messages } = spoken.value;
  const place = plural[new Intl.PluralRules(language).select(num)];
  const forms = messages[one] ?? [one, many];
  return fill(forms[place ?? forms.length - 1] ?? many, { num, ...values });
}

function fill(text: string, values: Values): string {
  return text.replace(/%\((\w+)\)s/g, (gap, name: string) => (name in values ? apart(String(values[name])) : gap));
}

// Among Arabic letters 17-0403 would be drawn as 0403-17: what is put in keeps its own direction (Unicode's isolates).
const apart = (value: string) => (spoken.value.language === "ar" ? `\u2068${value}\u2069` : value);
