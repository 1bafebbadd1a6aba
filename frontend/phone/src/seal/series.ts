/** A parcel as a series of QR codes, or as a file: `RELIEF.P1.<parcel>.<place>.<count>.<bytes in base45>.`, in any order. */

import { PARCEL_START } from "../cards/naming";
import { hex } from "../wire/ids";
import { sha256 } from "../wire/sha256";
import { fromBase45, toBase45 } from "./base64";
import type { SealedParcel } from "./parcel";

const BYTES_A_CODE = 560; // 840 signs: an old camera still reads such a code from another phone's screen
const MOST_CODES = 400;

/** Return the id under which a parcel is known: the same bytes are the same parcel. */
export function parcelId(parcel: SealedParcel): string {
  return hex(sha256(parcel.sealed)).slice(0, 16).toUpperCase();
}

/** Return the texts of the codes that carry a parcel. */
export function seriesOf(parcel: SealedParcel): string[] {
  const whole = framed(parcel);
  const count = Math.ceil(whole.length / BYTES_A_CODE);
  const id = parcelId(parcel);
  return Array.from({ length: count }, (_, place) => {
    const bytes = whole.subarray(place * BYTES_A_CODE, (place + 1) * BYTES_A_CODE);
    // The last dot keeps a blank before it from being cut off.
    return `${PARCEL_START}${id}.${place + 1}.${count}.${toBase45(bytes)}.`;
  });
}

/** Return the text of the file that carries parcels. */
export function fileOf(parcels: readonly SealedParcel[]): string {
  return parcels.flatMap(seriesOf).join("\n");
}

/** Return the four signs by which two people make sure, over a table, that one phone has what the other gave. */
export function shortSigns(parcel: SealedParcel): string {
  return parcelId(parcel).slice(0, 4);
}

/** Collects the codes of one parcel, however often and in which order they come. */
export class Series {
  private readonly pieces = new Map<number, Uint8Array>();
  private id = "";
  private count = 0;

  /** Take one code's text; false where it is not of a series, or of another one than the codes before. */
  take(text: string): boolean {
    const found = /^RELIEF\.P1\.([0-9A-F]{16})\.(\d{1,3})\.(\d{1,3})\.([0-9A-Z $%*+./:-]+)\.$/.exec(text.trim());
    const bytes = found && fromBase45(found[4]!);
    if (!found || !bytes) return false;
    const [id, place, count] = [found[1]!, Number(found[2]), Number(found[3])];
    const isOther = this.id !== "" && (id !== this.id || count !== this.count);
    if (place < 1 || place > count || count > MOST_CODES || isOther) return false;
    [this.id, this.count] = [id, count];
    this.pieces.set(place, bytes);
    return true;
  }

  /** How many codes are here, and of how many. */
  get progress(): { here: number; of: number } {
    return { here: this.pieces.size, of: this.count };
  }

  /** Return the parcel once all its codes are here and fit together, else null. */
  finish(): SealedParcel | null {
    if (this.count === 0 || this.pieces.size < this.count) return null;
    const bytes = Array.from({ length: this.count }, (_, place) => [...this.pieces.get(place + 1)!]).flat();
    const parcel = unframed(Uint8Array.from(bytes));
    return parcel !== null && parcelId(parcel) === this.id ? parcel : null;
  }
}

/** Collects parcels whose codes come mixed, as from the screen of a phone that has several. */
export class Basket {
  private readonly series = new Map<string, Series>();

  /** Take one code's text; returns a parcel that is whole now, "more" where codes are missing, null where it is no such code. */
  take(text: string): SealedParcel | "more" | null {
    const id = text.trim().slice(PARCEL_START.length, PARCEL_START.length + 16);
    const series = this.series.get(id) ?? new Series();
    if (!series.take(text)) return null;
    this.series.set(id, series);
    return series.finish() ?? "more";
  }

  /** How many codes are here, and of how many that are known of. */
  get progress(): { here: number; of: number } {
    const all = [...this.series.values()].map((each) => each.progress);
    return { here: all.reduce((sum, { here }) => sum + here, 0), of: all.reduce((sum, { of }) => sum + of, 0) };
  }

  /** Return all parcels, or null while one of them is not whole. */
  finish(): SealedParcel[] | null {
    const parcels = [...this.series.values()].map((each) => each.finish());
    return parcels.length > 0 && !parcels.includes(null) ? (parcels as SealedParcel[]) : null;
  }
}

/** Read a file that `fileOf` wrote; null where it is none, or not whole. */
export function readFile(text: string): SealedParcel[] | null {
  const basket = new Basket();
  for (const line of text.split("\n")) if (line.trim() !== "" && basket.take(line) === null) return null;
  return basket.finish();
}

function framed({ key_id: keyId, sealed }: SealedParcel): Uint8Array {
  const name = new TextEncoder().encode(keyId);
  return Uint8Array.from([name.length, ...name, ...sealed]);
}

function unframed(whole: Uint8Array): SealedParcel | null {
  const length = whole[0] ?? 0;
  if (length === 0 || whole.length <= length + 1) return null;
  return { key_id: new TextDecoder().decode(whole.subarray(1, length + 1)), sealed: whole.slice(length + 1) };
}
