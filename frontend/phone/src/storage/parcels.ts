/** Sealed outboxes of other phones, on their way to the server. */

import { announce } from "./changes";
import { reading, writing } from "./database";
import type { Parcel } from "./formats";

/** Keep a parcel until the server has taken it; the same one again is the same. */
export async function keepParcel(parcel: Parcel): Promise<void> {
  await writing(["parcels"], (transaction) => transaction.objectStore("parcels").put(parcel));
  announce("parcels");
}

/** Return the parcels that are still on their way. */
export async function listParcels(): Promise<Parcel[]> {
  return reading(["parcels"], (transaction) => transaction.objectStore("parcels").index("refused").getAll(0));
}

export async function countParcels(): Promise<number> {
  return reading(["parcels"], (transaction) => transaction.objectStore("parcels").index("refused").count(0));
}

/** Note that the server cannot open a parcel: it is kept, and neither sent again nor a reason to stay. */
export async function setAsideParcel(id: string): Promise<void> {
  await writing(["parcels"], async (transaction) => {
    const parcels = transaction.objectStore("parcels");
    const parcel = await parcels.get(id);
    if (parcel !== undefined) await parcels.put({ ...parcel, refused: 1 });
  });
  announce("parcels");
}

/** Let go of a parcel that the server has. */
export async function dropParcel(id: string): Promise<void> {
  await writing(["parcels"], (transaction) => transaction.objectStore("parcels").delete(id));
  announce("parcels");
}
