/**
 * Encrypts to the server, so that nobody on the way can read it: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256),
 * HKDF-SHA256, AES-256-GCM. What goes out is the encapsulated key (65 bytes) and the ciphertext.
 * The library is loaded when it is needed; it needs the browser's own cryptography, which pages without HTTPS do not have.
 */

import { fromBase64 } from "./base64";

/** Return `plain` sealed to the server's public key; `purpose` keeps what is sealed for one use from being taken for another. */
export async function sealTo(publicKey: string, plain: Uint8Array, purpose: string): Promise<Uint8Array> {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(publicKey).buffer);
  const info = new TextEncoder().encode(purpose);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: info.buffer }, plain.slice().buffer);
  return joined(new Uint8Array(enc), new Uint8Array(ct));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
