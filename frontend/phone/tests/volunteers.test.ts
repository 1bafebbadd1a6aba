import { expect, test } from "vitest";
import { handedTo, type Volunteer } from "../src/volunteers";

const lock = (hash: string) => ({ salt: "", hash, rounds: 1 });
const [OLGA, IVAN]: Volunteer[] = [{ id: "o", name: "Olga", lock: lock("olga") }, { id: "i", name: "Ivan", lock: lock("ivan") }];

test("the phone goes from one to the other and back, each with her own PIN, and nobody is known twice", () => {
  const begun = { volunteer: { id: "o", name: "Olga" }, lock: OLGA!.lock, volunteers: [] };
  const ivans = handedTo(IVAN!, begun);
  expect(ivans).toEqual({ volunteer: { id: "i", name: "Ivan" }, lock: IVAN!.lock, volunteers: [OLGA] });
  expect(handedTo(OLGA!, ivans)).toEqual({ ...begun, volunteers: [IVAN] });
  expect(handedTo(OLGA!, handedTo(IVAN!, handedTo(OLGA!, ivans))).volunteers).toEqual([IVAN]);
});
