/** Bytes as text: base64url for JSON, base45 (RFC 9285) for QR codes, whose letters are what a QR holds most tightly. */

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const PIECE = 8192; // so many arguments every browser takes

/** Return bytes in base64url without padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PIECE) text += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return the bytes of base64url text. Throws for what is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

/** Return bytes in base45: two bytes are three signs, a last single one two. */
export function toBase45(bytes: Uint8Array): string {
  let text = "";
  for (let place = 0; place < bytes.length; place += 2) {
    const pair = place + 1 < bytes.length;
    let value = pair ? bytes[place]! * 256 + bytes[place + 1]! : bytes[place]!;
    for (let sign = pair ? 3 : 2; sign > 0; sign -= 1) {
      text += SIGNS[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

/** Return the bytes of base45 text, or null where it is none. */
export function fromBase45(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (let start = 0; start < text.length; start += 3) {
    const values = [...text.slice(start, start + 3)].map((sign) => SIGNS.indexOf(sign));
    const value = values.reduceRight((sum, each) => sum * 45 + each, 0);
    if (values.includes(-1) || values.length === 1 || value >= (values.length === 3 ? 65_536 : 256)) return null;
    bytes.push(...(values.length === 3 ? [value >> 8, value & 255] : [value]));
  }
  return Uint8Array.from(bytes);
}
