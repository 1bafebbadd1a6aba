/**
 * The way to IndexedDB: one handle for the page, dropped and opened again when the browser lost it. Only this folder touches
 * IndexedDB. Everything in it resolves only when the transaction is complete, so that success may be shown.
 */

import { openDB, type IDBPTransaction, type StoreNames } from "idb";
import { FORMAT, bringUp, type Database, type Shape } from "./formats";
import { StorageTrouble, isDroppedConnection, troubleOf } from "./trouble";

const NAME = "relief-phone";
const TRIES = 3;

type Stores = StoreNames<Shape>[];
type Reading = IDBPTransaction<Shape, Stores, "readonly">;
type Writing = IDBPTransaction<Shape, Stores, "readwrite">;

let handle: Promise<Database> | null = null;

/** Run `work` in one reading transaction over `stores`. Throws StorageTrouble. */
export async function reading<T>(stores: Stores, work: (transaction: Reading) => Promise<T>): Promise<T> {
  return patiently(async (database) => {
    const transaction = database.transaction(stores, "readonly");
    return finished(transaction, work(transaction));
  });
}

/**
 * Run `work` in one writing transaction, and resolve with its result when all of it is on disk; nothing of it is, if this throws
 * StorageTrouble. `work` may run up to three times: it reads before it writes, and doing it again changes nothing.
 */
export async function writing<T>(stores: Stores, work: (transaction: Writing) => Promise<T>): Promise<T> {
  return patiently(async (database) => {
    const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
    return finished(transaction, work(transaction));
  });
}

/** Let the handle go, for instance before the page is frozen; the next call opens a new one. */
export async function closeDatabase(): Promise<void> {
  const open = handle;
  handle = null;
  (await open?.catch(() => null))?.close();
}

async function patiently<T>(attempt: (database: Database) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(await opened());
    } catch (error) {
      if (tried === TRIES || !isDroppedConnection(error)) throw passedOn(error);
      await closeDatabase();
    }
  }
}

/** Wait for both the work and the transaction; an error of ours in `work` undoes all that it wrote. */
async function finished<T>(transaction: Reading | Writing, work: Promise<T>): Promise<T> {
  try {
    const result = await work;
    await transaction.done;
    return result;
  } catch (error) {
    const ended = transaction.done.catch((reason: unknown) => reason);
    try {
      transaction.abort();
    } catch {
      // It has ended by itself: then its own reason tells more, for instance that there was no room.
      throw (await ended) ?? error;
    }
    await ended;
    throw error;
  }
}

async function opened(): Promise<Database> {
  handle ??= open();
  try {
    return await handle;
  } catch (error) {
    handle = null; // the next call tries anew
    throw error;
  }
}

function open(): Promise<Database> {
  return new Promise((resolve, reject) => {
    openDB<Shape>(NAME, FORMAT, {
      upgrade: (database, old, _new, upgrade) => bringUp(database, upgrade as never, old),
      blocked: () => reject(new StorageTrouble("busy")),
      blocking: () => void closeDatabase(), // a newer version of the app wants to bring the format up
      terminated: () => (handle = null),
    }).then(resolve, reject);
  });
}

/** A browser's error gets the name that screens have words for; mistakes in our own code stay what they are. */
function passedOn(error: unknown): unknown {
  return error instanceof DOMException || error instanceof StorageTrouble ? troubleOf(error) : error;
}
