/** Ids: dashed lower-case UUIDs. Version 7 for records (they sort by time), version 4 where an id tells nothing. */

/** Return a new UUIDv7 for this many milliseconds since 1970. */
export function newId(wallMs: number): string {
  const bytes = randomBytes();
  let rest = Math.min(Math.max(Math.trunc(wallMs), 0), 2 ** 48 - 1);
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return textOfId(bytes, 7);
}

/** Return a new random UUIDv4. */
export function randomId(): string {
  return textOfId(randomBytes(), 4);
}

/** Return the 16 bytes of an id's text. Throws RangeError. */
export function bytesOfId(id: string): Uint8Array {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new RangeError("not an id");
  return Uint8Array.from(id.replaceAll("-", "").match(/../g)!, (pair) => parseInt(pair, 16));
}

/** Return the text of an id's 16 bytes. */
export function idOfBytes(bytes: Uint8Array): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Return bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on pages without HTTPS
}

function textOfId(bytes: Uint8Array, version: number): string {
  bytes[6] = (version << 4) | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return idOfBytes(bytes);
}
