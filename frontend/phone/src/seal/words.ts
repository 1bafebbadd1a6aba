/**
 * Names that are written but not read back: sealed to the server when a family is registered, so that the phone never holds them
 * in a form that anybody could read. Sealed once, at capture: every try to send brings the same record.
 */

import type { SealTo } from "../register/rows";
import { toBase64 } from "./base64";
import { sealTo } from "./hpke";

const PURPOSE = "relief words";

/** The `private` part of a registration or composition, as the server opens it. */
export interface SealedWords {
  [name: string]: string;
  to_server: string;
}

/** Seal the words of a family (head, village, phone ...) to the server's key. */
export async function sealWords(words: Record<string, string>, to: SealTo): Promise<SealedWords> {
  const sealed = await sealTo(to.public, new TextEncoder().encode(JSON.stringify(words)), PURPOSE);
  return { to_server: `${to.key_id}.${toBase64(sealed)}` };
}
