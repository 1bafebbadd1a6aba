/** What the lead's screen says of the last thing done. */

import type { StorageCode } from "../storage";
import type { PhoneRecord, StockAction } from "../wire/records";

export type Told =
  | { is: "stock"; action: StockAction; what: { name: string; quantity: number }[]; records: PhoneRecord[] }
  | { is: "opened" | "closed" | "taken_back" }
  | { is: "replaced"; old: string; fresh: string }
  | { is: "cancelled"; number: string }
  | { is: "trouble"; code: StorageCode };
