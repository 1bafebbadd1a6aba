/**
 * A told tally in as few bytes as can be, so that an old camera reads its code off a cracked screen: ids as 16 bytes, numbers in
 * groups of seven bits, the lowest first.
 */

import { bytesOfId, idOfBytes } from "../wire/ids";
import type { ToldTally } from "./tally-code";

const VERSION = 1;
const DAY_MS = 86_400_000;

/** Return the bytes of a tally. Throws RangeError for ids that are none. */
export function bytesOf({ enrolment, site, day, label, tally, made, waiting, held, at, lanes = [] }: ToldTally): Uint8Array {
  const name = new TextEncoder().encode(label);
  const items = [...new Set([...Object.keys(tally.items), ...Object.keys(tally.gone)])];
  const numbers = (...all: number[]) => all.flatMap(groups);
  return Uint8Array.from([
    VERSION, ...bytesOfId(enrolment), ...bytesOfId(site), ...numbers(Date.parse(day) / DAY_MS, at, made, waiting, held),
    ...numbers(tally.families, tally.people, tally.contacts, tally.notServed), ...numbers(lanes.length, ...lanes), ...numbers(name.length), ...name,
    ...numbers(items.length), ...items.flatMap((item) => [...bytesOfId(item), ...numbers(tally.items[item] ?? 0, tally.gone[item] ?? 0)]),
  ]);
}

/** Return the tally in some bytes, which may be anybody's. Throws RangeError where they are none of ours. */
export function tallyIn(bytes: Uint8Array): ToldTally {
  const from = new Bytes(bytes);
  if (from.take(1)[0] !== VERSION) throw new RangeError("another version");
  const [enrolment, site] = [idOfBytes(from.take(16)), idOfBytes(from.take(16))];
  const [day, at, made, waiting, held, families, people, contacts, notServed] = from.numbers(9) as [number, number, number, number, number, number, number, number, number];
  const lanes = from.numbers(from.number());
  const label = new TextDecoder().decode(from.take(from.number()));
  const rows = Array.from({ length: from.number() }, () => [idOfBytes(from.take(16)), ...from.numbers(2)] as [string, number, number]);
  from.end();
  const sums = (place: 1 | 2) => Object.fromEntries(rows.filter((row) => row[place] > 0).map((row) => [row[0], row[place]]));
  return {
    enrolment, site, day: new Date(day * DAY_MS).toISOString().slice(0, 10), label, made, waiting, held, at, ...(lanes.length > 0 && { lanes }),
    tally: { families, people, contacts, notServed, items: sums(1), gone: sums(2) },
  };
}

function groups(number: number): number[] {
  const rest = Math.floor(number / 128);
  return rest === 0 ? [number] : [(number % 128) + 128, ...groups(rest)];
}

/** Reads bytes from the first to the last; throws RangeError where they end too soon or too late. */
class Bytes {
  private place = 0;

  constructor(private readonly bytes: Uint8Array) {}

  take(count: number): Uint8Array {
    if (this.place + count > this.bytes.length) throw new RangeError("cut off");
    this.place += count;
    return this.bytes.subarray(this.place - count, this.place);
  }

  number(): number {
    let sum = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.take(1)[0]!;
      sum += (byte % 128) * weight;
      if (!Number.isSafeInteger(sum)) throw new RangeError("too large");
      if (byte < 128) return sum;
    }
  }

  numbers(count: number): number[] {
    if (count > this.bytes.length) throw new RangeError("cut off"); // before so much room is made
    return Array.from({ length: count }, () => this.number());
  }

  end(): void {
    if (this.place !== this.bytes.length) throw new RangeError("more than a tally");
  }
}
