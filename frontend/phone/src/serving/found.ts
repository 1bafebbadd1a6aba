// A family's card that was not scanned: it was found by name, or has just been replaced.

import { familyOf } from "../decide/family";
import { cardView } from "../storage";
import { openKey } from "./serving";

/** Answer the card that holds now: the one with this key, or what this phone gave in its place. */
export async function openHolding(key: string): Promise<void> {
  const { replacedBy } = familyOf(await cardView(key));
  await openKey(replacedBy ?? key);
}
