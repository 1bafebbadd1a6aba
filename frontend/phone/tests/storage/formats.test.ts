/**
 * A phone that slept through an update wakes with the storage of an older app, full of unsent work. `formats/` keeps one such
 * storage of every format there was: each must still open, and what waits in it must still go out, as it was made.
 */

import { readFileSync, readdirSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { sendAll } from "../../src/outbox/sending";
import { closeDatabase, countRecords, keep, listParcels, openQuestions, readSetting } from "../../src/storage";
import { FORMAT, STEPS, bringUp, type Database, type Upgrade } from "../../src/storage/formats";
import { handover, join, newPhone } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

interface Store {
  keyPath: string | string[] | null;
  indexes: { name: string; keyPath: string | string[]; multiEntry: boolean }[];
  rows: { key?: IDBValidKey; value: Record<string, never> }[];
}

const FOLDER = `${import.meta.dirname}/formats`;
const formats = readdirSync(FOLDER).map((file) => Number(file.replace(".json", ""))).sort((one, other) => one - other);
const storesOf = (format: number) => JSON.parse(readFileSync(`${FOLDER}/${format}.json`, "utf-8")) as Record<string, Store>;

beforeEach(newPhone);

/** Lay down what an app of that format left on the phone. */
function layDown(format: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("relief-phone", format);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes, rows }] of Object.entries(storesOf(format))) {
        const store = request.result.createObjectStore(name, { keyPath });
        for (const index of indexes) store.createIndex(index.name, index.keyPath, { multiEntry: index.multiEntry });
        for (const { key, value } of rows) key === undefined ? store.put(asStored(value)) : store.put(value, key);
      }
    };
    request.onsuccess = () => resolve(request.result.close());
  });
}

/** JSON has no bytes. */
function asStored(value: { sealed?: number[] }): object {
  return value.sealed === undefined ? value : { ...value, sealed: Uint8Array.from(value.sealed) };
}

test("there is a storage of every format", () => {
  expect(formats).toEqual(Array.from({ length: FORMAT }, (_, place) => place + 1));
});

describe.each(formats)("an outbox of format %i", (format) => {
  test("goes out as it was made", async () => {
    await layDown(format);
    const server = new FakeServer().open();
    await sendAll({ appVersion: "newer" });
    const waited = storesOf(format)["records"]!.rows.map(({ value }) => value as { id?: string; place?: string; record?: object });
    for (const { id, place, record } of waited) if (place === "waiting") expect(server.told.get(id!)).toEqual(record);
    expect(server.told.size).toBeGreaterThanOrEqual(2);
    expect((await countRecords()).waiting).toBe((await openQuestions()).length);
  });

  test("carries on what it carried for others", async () => {
    await layDown(format);
    const server = new FakeServer().open();
    await sendAll({ appVersion: "newer" });
    expect(server.parcels).toEqual([{ key_id: "k1", sealed: "AQL_" }]);
    expect(await listParcels()).toEqual([]);
  });

  test("keeps its numbers, its question and its language", async () => {
    await layDown(format);
    expect((await openQuestions()).map(({ seq }) => seq)).toEqual([3]);
    expect(await readSetting("language")).toBe("ru");
    const [kept] = await keep([handover()]);
    expect(kept!.seq).toBe(5);
  });
});

test("steps run one after the other from where the phone stands", async () => {
  const done: number[] = [];
  const steps = [1, 2, 3].map((step) => () => void done.push(step));
  await bringUp({} as Database, {} as Upgrade, 1, steps);
  expect([done, STEPS.length]).toEqual([[2, 3], FORMAT]);
});

test("a storage that a newer app has written is left alone", async () => {
  await join();
  await keep([handover()]);
  await closeDatabase();
  await new Promise((resolve) => {
    indexedDB.open("relief-phone", FORMAT + 1).onsuccess = function () { resolve(this.result.close()); };
  });
  await expect(countRecords()).rejects.toMatchObject({ code: "newer" });
});
