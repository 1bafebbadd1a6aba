/**
 * SHA-256 (FIPS 180-4) in plain code: the browser's own is missing on pages without HTTPS, and it answers later where a card in
 * view must be answered now. Sixteen-sign codes are hashed with it, nothing large.
 */

const FIRST = fractions(8, 1 / 2);
const ROUNDS = fractions(64, 1 / 3);

/** Return the 32 bytes of SHA-256 of `message`. */
export function sha256(message: Uint8Array): Uint8Array {
  const blocks = padded(message);
  const state = Uint32Array.from(FIRST);
  for (let start = 0; start < blocks.byteLength; start += 64) compress(state, new DataView(blocks.buffer, start, 64));
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setUint32(place * 4, word));
  return new Uint8Array(digest.buffer);
}

function compress(state: Uint32Array, block: DataView): void {
  const words = expand(block);
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let round = 0; round < 64; round += 1) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUNDS[round]! + words[round]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] = (state[place]! + word) | 0));
}

function expand(block: DataView): Uint32Array {
  const words = new Uint32Array(64);
  for (let place = 0; place < 16; place += 1) words[place] = block.getUint32(place * 4);
  for (let place = 16; place < 64; place += 1) {
    const near = words[place - 2]!;
    const far = words[place - 15]!;
    const small = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    words[place] = small + words[place - 7]! + (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) + words[place - 16]!;
  }
  return words;
}

function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  blocks.set(message);
  blocks[message.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(blocks.length - 4, message.length * 8);
  return blocks;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** Return the first 32 bits of the fractions of this root of the first primes: where the standard takes its constants from. */
function fractions(count: number, root: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes.map((prime) => ((prime ** root % 1) * 2 ** 32) | 0);
}
