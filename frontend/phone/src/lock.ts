// The PIN: a lock on the screen against whoever picks the phone up. It encrypts nothing, and says so.

import { sha256 } from "./wire/sha256";
import { hex } from "./wire/ids";

export interface Lock {
  salt: string;
  hash: string;
  rounds: number;
}

export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 8;
const ROUNDS = 300; // four digits are soon tried through, however many: more would only keep an old phone's volunteer waiting
const RUNS = "01234567890 09876543210";

/** Tell whether somebody who tries a few would find it: one digit repeated, or digits in a row. */
export const isEasyPin = (pin: string) => new Set(pin).size === 1 || RUNS.includes(pin);

export function makeLock(pin: string): Lock {
  const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, hash: hashOf(pin, salt, ROUNDS), rounds: ROUNDS };
}

export const opens = (lock: Lock, pin: string) => hashOf(pin, lock.salt, lock.rounds) === lock.hash;

/** How long to wait after so many wrong tries, in seconds: nothing for the first four, then twice as long each time. */
export const waitAfter = (tries: number) => (tries < 5 ? 0 : Math.min(15 * 2 ** (tries - 5), 900));

function hashOf(pin: string, salt: string, rounds: number): string {
  let digest = new TextEncoder().encode(`${salt} ${pin}`) as Uint8Array;
  for (let round = 0; round < rounds; round += 1) digest = sha256(digest);
  return hex(digest);
}
