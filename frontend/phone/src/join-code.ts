// Join codes as people read, type and scan them: eight signs, ABCD-EFGH, in a link as .../phone/#join=ABCD-EFGH.

const SIGNS = 8;
const ALPHABET = /^[0-9A-HJKMNP-RTV-Z]{8}$/; // no I, L, O, U, S
const LIKENESS: Record<string, string> = { O: "0", I: "1", L: "1", S: "5" };

/** Return the signs that a person meant: any case, blanks or dashes, O for 0, I and L for 1, S for 5. */
export function plainJoinCode(typed: string): string {
  return typed.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "").replace(/[OILS]/g, (sign) => LIKENESS[sign] ?? sign);
}

export const isJoinCode = (typed: string) => ALPHABET.test(plainJoinCode(typed));

/** Return a code as it is shown, half typed too: ABCD-EF. */
export function shownJoinCode(typed: string): string {
  const plain = plainJoinCode(typed).slice(0, SIGNS);
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}

/** Return the join code in what was scanned or opened, a link or the code alone; null where there is none. */
export function findJoinCode(text: string): string | null {
  const behind = text.slice(text.indexOf("#") + 1).replace(/^join=/, "");
  return behind.length < 20 && isJoinCode(behind) ? shownJoinCode(behind) : null;
}
