import { expect, test } from "vitest";
import { oneAtATime } from "../src/one-at-a-time";

test("a second tap does nothing until the first one has come to its end, well or badly", async () => {
  const done: string[] = [];
  const keep = oneAtATime(async (what: string) => {
    await Promise.resolve();
    if (what === "bad") throw new Error(what);
    done.push(what);
    return what;
  });
  expect(await Promise.all([keep("first"), keep("second")])).toEqual(["first", undefined]);
  await expect(keep("bad")).rejects.toThrow();
  await keep("third");
  expect(done).toEqual(["first", "third"]);
});
