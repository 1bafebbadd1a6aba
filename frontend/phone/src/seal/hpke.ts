/**
 * Encrypts to the server, so that nobody on the way can read it: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256),
 * HKDF-SHA256, AES-256-GCM. What goes out is the encapsulated key (65 bytes) and the ciphertext.
 * The library is loaded when it is needed; it needs the browser's own cryptography, which pages without HTTPS do not have.
 */

import { fromBase64, toBase64 } from "./base64";

const CAPSULE_BYTES = 65; // the encapsulated key, before the ciphertext

/** Return `plain` sealed to the server's public key; `purpose` keeps what is sealed for one use from being taken for another. */
export async function sealTo(publicKey: string, plain: Uint8Array, purpose: string): Promise<Uint8Array> {
  const suite = await loadSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(publicKey).buffer);
  const info = new TextEncoder().encode(purpose);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: info.buffer }, plain.slice().buffer);
  return joined(new Uint8Array(enc), new Uint8Array(ct));
}

/** Return a new pair of keys whose private half this browser keeps to itself: no script can read it. */
export async function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
}

/** Return the public half as the server wants it: the uncompressed point in base64url. */
export async function publicText({ publicKey }: CryptoKeyPair): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));
}

/** Open what was sealed to these keys. Throws where it is for others, or was changed. */
export async function openSealed(keys: CryptoKeyPair, sealed: Uint8Array<ArrayBuffer>, purpose: string): Promise<Uint8Array> {
  const suite = await loadSuite();
  const [enc, text] = [sealed.slice(0, CAPSULE_BYTES).buffer, sealed.slice(CAPSULE_BYTES).buffer];
  return new Uint8Array(await suite.open({ recipientKey: keys, enc, info: new TextEncoder().encode(purpose).buffer }, text));
}

async function loadSuite() {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  return new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
