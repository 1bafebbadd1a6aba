import { expect, test } from "vitest";
import { gunzipSync } from "node:zlib";
import { makeParcel } from "../../src/seal/parcel";
import { fromBase64, toBase64 } from "../../src/seal/base64";
import { sealWords } from "../../src/seal/words";
import type { Enrolment, KeptRecord } from "../../src/storage";
import { composed } from "../../src/wire/canonical";

/** The server's side, by the same library; that relief itself opens it is tested in Python. */
async function server() {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const pair = await suite.kem.generateKeyPair();
  const to = { key_id: "k1", public: toBase64(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))) };
  const open = (sealed: Uint8Array, info: string) => suite.open(
    { recipientKey: pair.privateKey, enc: sealed.slice(0, 65).buffer, info: new TextEncoder().encode(info).buffer },
    sealed.slice(65).buffer);
  return { to, open };
}

test("a parcel holds the unsent work and whose it is, and nobody but the server can read it", async () => {
  const { to, open } = await server();
  const record = { id: "r1", kind: "feedback", note: "за углом" };
  const kept = [{ record, mode: "tell" }, { record: { ...record, id: "r2" }, mode: "ask" }] as unknown as KeptRecord[];
  const parcel = await makeParcel({ token: "secret" } as Enrolment, kept, to);
  expect(Buffer.from(parcel.sealed).includes("secret")).toBe(false);
  const plain = JSON.parse(gunzipSync(Buffer.from(await open(parcel.sealed, "relief outbox"))).toString()) as object;
  expect(plain).toEqual({ v: 1, token: "secret", records: [record, { ...record, id: "r2", mode: "ask" }] });
  await expect(open(parcel.sealed, "another purpose")).rejects.toThrow();
});

test("names are sealed so that a record can carry them and only the server opens them", async () => {
  const { to, open } = await server();
  const words = { head: "Ольга Коваленко", village: "Ольшаны" };
  const sealed = await sealWords(words, to);
  expect(composed(sealed)).toEqual(sealed);
  const [keyId, text] = sealed.to_server.split(".");
  expect(keyId).toBe("k1");
  expect(JSON.parse(new TextDecoder().decode(await open(fromBase64(text!), "relief words")))).toEqual(words);
});
