/**
 * Card codes: 16 signs of which the last is a check; the key by which the ledger knows a card.
 * The same rules as the server's `cards/rules.py`; tests/vectors/card_codes.json holds both to one behaviour.
 */

import { bytesOfId, hex } from "../wire/ids";
import { sha256 } from "../wire/sha256";

// Digits and capitals without I L O U S: none is taken for another.
export const SIGNS = "0123456789ABCDEFGHJKMNPQRTVWXYZ";
export const CODE_LENGTH = 16;
const PRACTICE_START = "PRACT1CE";
const PRACTICE_SUM = 1;
const PRACTICE_CARDS = 10;

const DROPPED = /[ \t\r\n\u00a0\u2000-\u200b\u202f\u3000\ufeff\u00ad\u2010-\u2015\u2212-]/g;
const TYPED: Record<string, string> = { O: "0", I: "1", L: "1", S: "5" };

/** Return what a person meant to type: capitals, O as 0, I and L as 1, S as 5, spaces and dashes dropped. */
export function normaliseTyped(text: string): string {
  const capitals = text.replace(DROPPED, "").replace(/[a-z]/g, (sign) => sign.toUpperCase());
  return capitals.replace(/[OILS]/g, (sign) => TYPED[sign]!);
}

/** Tell whether `code` is 16 of our signs with the right check sign; typed text is normalised before. */
export function checkCode(code: string): boolean {
  return isCodeShaped(code) && weightedSum(code) === 0;
}

/** Tell whether text is 16 of our signs, whatever its check sign says. */
export function isCodeShaped(text: string): boolean {
  return text.length === CODE_LENGTH && [...text].every((sign) => SIGNS.includes(sign));
}

/** Return which practice card, 1 to 10, a code is, or null when it is none. Practice cards have no key. */
export function practiceNumber(code: string): number | null {
  if (!isCodeShaped(code) || !code.startsWith(PRACTICE_START) || weightedSum(code) !== PRACTICE_SUM) return null;
  const digits = code.slice(13, 15);
  const number = /^\d\d$/.test(digits) ? Number(digits) : 0;
  return number >= 1 && number <= PRACTICE_CARDS ? number : null;
}

/** Return the code as it is printed: four groups of four. */
export function formatCode(code: string): string {
  return code.match(/.{1,4}/g)?.join(" ") ?? "";
}

/** Return the 32 hexadecimal digits by which the ledger of an operation knows a card. Throws RangeError for what is no code. */
export function cardKey(operationId: string, code: string): string {
  if (!checkCode(code)) throw new RangeError("not a card code");
  const signs = new TextEncoder().encode(code);
  const message = new Uint8Array(16 + signs.length);
  message.set(bytesOfId(operationId));
  message.set(signs, 16);
  return hex(sha256(message).subarray(0, 16));
}

/** Distinct weights, none a multiple of 31: a changed sign or two exchanged ones always move the sum. */
function weightedSum(code: string): number {
  let sum = 0;
  for (let place = 0; place < CODE_LENGTH; place += 1) sum += (CODE_LENGTH - place) * SIGNS.indexOf(code[place]!);
  return sum % SIGNS.length;
}
