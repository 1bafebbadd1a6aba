/**
 * The canonical form of a record: UTF-8, NFC, sorted keys, no blanks, whole numbers and texts only (docs/protocol.md).
 * The same rules as the server's `ledger/wire.py` and `ledger/values.py`; tests/vectors/canonical.json holds both to them.
 */

export type Plain = number | string | Plain[] | { [name: string]: Plain };

const LONGEST_TEXT = 2000;
const DEEPEST = 7; // the record itself, and six levels in it
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const HALF_A_SIGN = /\p{Surrogate}/u; // in a `u` expression whole pairs are one sign, so only lone halves match

/** The value can stand in no record: a mistake of ours, to be found where the record is made and not at the server. */
export class NotCanonical extends Error {}

/** Return a copy of the value with all text in NFC; a field without a value (`undefined`) is left out. Throws NotCanonical. */
export function composed(value: unknown, depth = 0): Plain {
  if (typeof value === "number") return whole(value);
  if (typeof value === "string") return text(value);
  if (depth >= DEEPEST || typeof value !== "object" || value === null) throw new NotCanonical("no number, text, list or object");
  if (Array.isArray(value)) return value.map((each) => composed(each, depth + 1));
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([name, each]) => [checkedName(name), composed(each, depth + 1)]));
}

/** Return the one text of a value. Throws NotCanonical. */
export function canonicalText(value: unknown): string {
  return written(composed(value));
}

function written(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort(); // names are ASCII, so this is the order of their bytes
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name]!)}`).join(",")}}`;
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new NotCanonical(`${value} is not a whole number that every language can hold`);
  return value === 0 ? 0 : value; // there is no -0 on the wire
}

function text(value: string): string {
  const signs = [...value].length; // as Python counts: a sign outside the basic plane is one
  if (signs > LONGEST_TEXT || value.includes("\0") || HALF_A_SIGN.test(value)) {
    throw new NotCanonical("text that is too long, holds NUL or half a sign");
  }
  return value.normalize("NFC");
}

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new NotCanonical(`no name of a field: ${name.slice(0, 64)}`);
  return name;
}
