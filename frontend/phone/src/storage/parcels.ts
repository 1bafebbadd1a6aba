/** Sealed outboxes of other phones, on their way to the server. */

import { announce } from "./changes";
import { reading, writing } from "./database";
import type { Parcel } from "./formats";

/** Keep a parcel until the server has taken it; the same one again is the same. */
export async function keepParcel(parcel: Parcel): Promise<void> {
  await writing(["parcels"], (transaction) => transaction.objectStore("parcels").put(parcel));
  announce("parcels");
}

export async function listParcels(): Promise<Parcel[]> {
  return reading(["parcels"], (transaction) => transaction.objectStore("parcels").getAll());
}

/** Let go of a parcel that the server has. */
export async function dropParcel(id: string): Promise<void> {
  await writing(["parcels"], (transaction) => transaction.objectStore("parcels").delete(id));
  announce("parcels");
}
