// What went wrong with the network or the server, and what helps.

import type { Troubled } from "../network";
import type { StorageCode } from "../storage";
import { _ } from "../words";

/** Say why joining did not work. */
export function joinTrouble(trouble: Troubled): string {
  switch (trouble.code) {
    case "unknown_code": return _("There is no such code. Look at it once more, sign by sign.");
    case "used_code": return _("Another phone has joined with this code. Ask your lead for a new one.");
    case "expired_code": return _("This code is too old. Ask your lead for a new one.");
    case "withdrawn_code": return _("This code was taken back. Ask your lead for a new one.");
    case "too_many": return _("Too many tries. Wait a minute, then try again.");
  }
  return trouble.trouble === "refused" ? _("The server did not take it. Ask your lead for a new code.") : networkTrouble(trouble);
}

/** Say why nothing came from the server. */
export function networkTrouble({ trouble, code }: Troubled): string {
  if (code === "revoked") return _("The office has signed this phone off. Ask your lead.");
  if (code === "unknown_token") return _("The server does not know this phone. Ask your lead for a new code.");
  if (trouble === "offline") return _("No network here. Try again where there is some.");
  if (trouble === "slow") return _("The network is too slow. What has come is kept; try again.");
  if (trouble === "not_ours") return _("Something else answered. Perhaps this network asks you to sign in first.");
  return _("The server is busy. Try again in a moment.");
}

/** Say why nothing could be sent, and what to do. */
export function sendTrouble(trouble: Troubled): string {
  if (trouble.trouble === "offline") return _("No network here. Nothing is lost.");
  if (trouble.trouble === "not_ours") return _("This Wi-Fi answers by itself. Open its sign-in page, or use mobile data. Nothing is lost.");
  return networkTrouble(trouble);
}

/** Say why the phone cannot store anything. */
export function storageWords(code: StorageCode): string {
  if (code === "full") return _("The phone is full. Delete films or pictures, then open relief again. Nothing recorded is lost.");
  if (code === "newer") return _("A newer version was here. Open relief again where there is network.");
  if (code === "busy") return _("relief is open in another window. Close that one.");
  return _("This browser stores nothing. Leave the private window, or take another browser.");
}
