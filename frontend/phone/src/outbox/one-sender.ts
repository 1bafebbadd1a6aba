/** Only one tab sends at a time. Sending twice would do no harm - ids see to that - but it wastes a bad network. */

const LOCK = "relief-sender";

/** Run `work` unless another tab is sending; null then. Where the browser has no locks it simply runs. */
export async function asOnlySender<T>(work: () => Promise<T>): Promise<T | null> {
  const locks = locksHere();
  if (locks === undefined) return work();
  return locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock === null ? null : work()));
}

/** Run `work` once nobody else is sending: what must not be passed over waits for its turn. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const locks = locksHere();
  return locks === undefined ? work() : locks.request(LOCK, work);
}

const locksHere = () => (globalThis.navigator as Navigator | undefined)?.locks;
