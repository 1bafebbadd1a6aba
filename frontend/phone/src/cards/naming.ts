/**
 * What a camera, a keyboard scanner or a hand brought: one of our cards, or what else it is. Nothing is ever opened, dialled or
 * followed; a foreign code is only named, so that the volunteer knows at once that the phone saw it and that it is no card.
 */

import { CODE_LENGTH, SIGNS, checkCode, isCodeShaped, normaliseTyped, practiceNumber } from "./codes";

export type Foreign =
  | "link" | "contact" | "wifi" | "phone" | "message" | "mail" | "place" | "event" | "payment" | "ticket_number" | "text"
  | "nothing";

export type Seen =
  | { is: "card"; code: string }
  | { is: "practice"; code: string; number: number }
  /** Our signs and our length, but the check sign says no: a sign misread or mistyped. */
  | { is: "misread"; code: string }
  /** Somebody typed part of a code, or something into it: how many signs are there, and which are no signs of ours. */
  | { is: "unfinished"; signs: number; wrong: string[] }
  /** One of our own other codes, by the first signs of its text. */
  | { is: "join"; code: string }
  | { is: "parcel"; text: string }
  | { is: "tally"; text: string }
  | { is: "lane"; text: string }
  | { is: "foreign"; what: Foreign };

export const PARCEL_START = "RELIEF.P1.";
export const TALLY_START = "RELIEF.T1.";
export const LANE_START = "RELIEF.L1.";

const MOST_SIGNS = 4296; // what the largest QR code holds; more was pasted
const FOREIGN: readonly (readonly [Foreign, RegExp])[] = [
  ["contact", /^(BEGIN:VCARD|MECARD:|BIZCARD:)/i],
  ["event", /^BEGIN:(VEVENT|VCALENDAR)/i],
  ["wifi", /^WIFI:/i],
  ["phone", /^tel:/i],
  ["message", /^(sms|smsto|mms|mmsto|whatsapp|tg|viber):/i],
  ["mail", /^(mailto:|MATMSG:|SMTP:)/i],
  ["place", /^geo:/i],
  ["payment", /^(bitcoin:|ethereum:|upi:|EMV|BCD\n|BCD\r|SPC\n|SPC\r|ST0001|0002(01|02))/i],
  ["link", /^([a-z][a-z0-9+.-]{1,20}:\/\/|www\.|javascript:|data:|intent:|market:|URLTO:)/i],
  ["link", /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(\/|$)/i],
  ["ticket_number", /^\d{6,20}$/],
];

/** Name what a QR code holds. */
export function nameScanned(text: string): Seen {
  const whole = text.slice(0, MOST_SIGNS).trim();
  const join = /#join=([A-Za-z0-9-]{8,12})$/.exec(whole);
  if (join !== null) return { is: "join", code: join[1]! };
  if (whole.startsWith(PARCEL_START)) return { is: "parcel", text: whole };
  if (whole.startsWith(TALLY_START)) return { is: "tally", text: whole };
  if (whole.startsWith(LANE_START)) return { is: "lane", text: whole };
  return nameCode(whole) ?? { is: "foreign", what: nameForeign(whole) };
}

/** Name what was typed, or came from a keyboard scanner: an unfinished code is told from a foreign one. */
export function nameTyped(text: string): Seen {
  const seen = nameScanned(text);
  if (seen.is !== "foreign" || (seen.what !== "text" && seen.what !== "nothing")) return seen;
  const code = normaliseTyped(text);
  const meant = [SAME_KEY, SAME_LOOK].map((letters) => nameCode(normaliseTyped(inLatin(text, letters))));
  const named = meant.find((each) => each !== null && each.is !== "misread") ?? nameCode(code);
  if (named !== null) return named;
  if (code.length > CODE_LENGTH + 4) return seen;
  return { is: "unfinished", signs: [...code].length, wrong: [...new Set(code)].filter((sign) => !SIGNS.includes(sign)) };
}

// As at the desk: a scanner at a Cyrillic keyboard presses the right keys, a hand takes letters that look right.
const SAME_KEY = { theirs: "йцукенгшщўзфывапролдячсмитьі", ours: "qwertyuioopasdfghjklzxcvbnmb" };
const SAME_LOOK = { theirs: "авекмнорстухі", ours: "abekmhopctyxi" };

function inLatin(text: string, { theirs, ours }: typeof SAME_KEY): string {
  return [...text.toLowerCase()].map((sign) => ours[theirs.indexOf(sign)] ?? sign).join("");
}

function nameCode(text: string): Seen | null {
  if (checkCode(text)) return { is: "card", code: text };
  const number = practiceNumber(text);
  if (number !== null) return { is: "practice", code: text, number };
  return isCodeShaped(text) ? { is: "misread", code: text } : null;
}

function nameForeign(text: string): Foreign {
  if (text === "") return "nothing";
  return FOREIGN.find(([, shape]) => shape.test(text))?.[0] ?? "text";
}
