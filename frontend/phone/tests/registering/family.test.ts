import { expect, test } from "vitest";
import { draftOf, isFull, likeLast, marked, markOf, MOST_PEOPLE, newDraft, picked, registrationOf, withoutPicked, type Draft } from "../../src/registering/family";

const AROUND = { card: "c".repeat(32), site: "school", notice: "" };
const empty = () => newDraft("school", "gomel");
const tap = (draft: Draft, sex: "female" | "male" | "unknown", age: "2-5" | "18-59" | "unknown") => marked(marked(draft, { sex }), { age_band: age });
const people = (draft: Draft) => draft.people.map(({ number, sex, age_band: band }) => `${number} ${sex} ${band}`);

test("a person is there once sex and age were touched, in either order, and the next one begins", () => {
  const one = tap(empty(), "female", "18-59");
  const two = marked(marked(one, { age_band: "2-5" }), { sex: "male" });
  expect(people(two)).toEqual(["1 female 18-59", "2 male 2-5"]);
  expect(two.marks).toEqual({ sex: null, age_band: null, disability: "unknown" });
});

test("not known is an answer, and nothing touched is none", () => {
  expect(people(tap(empty(), "unknown", "unknown"))).toEqual(["1 unknown unknown"]);
  expect(people(marked(empty(), { sex: "female" }))).toEqual([]);
});

test("a disability that was touched belongs to one person alone", () => {
  const draft = tap(tap(marked(empty(), { disability: "yes" }), "female", "18-59"), "male", "18-59");
  expect(draft.people.map((each) => each.disability)).toEqual(["yes", "unknown"]);
});

test("another like this is another person", () => {
  const draft = likeLast(tap(empty(), "male", "2-5"));
  expect(people(draft)).toEqual(["1 male 2-5", "2 male 2-5"]);
  expect(new Set(draft.people.map((each) => each.id)).size).toBe(2);
  expect(likeLast(empty()).people).toEqual([]);
});

test("whoever is picked is changed by the next touch, and can be taken off; numbers close up", () => {
  const two = tap(tap(empty(), "female", "18-59"), "male", "2-5");
  const changed = marked(picked(two, two.people[0]!.id), { age_band: "unknown" });
  expect(people(changed)).toEqual(["1 female unknown", "2 male 2-5"]);
  expect(people(withoutPicked(changed))).toEqual(["1 male 2-5"]);
  expect(picked(changed, two.people[0]!.id).picked).toBeNull();
});

test("a card takes no more people than the ledger does", () => {
  let draft = tap(empty(), "female", "18-59");
  for (let more = 0; more < MOST_PEOPLE + 3; more += 1) draft = likeLast(draft);
  expect([draft.people.length, isFull(draft), tap(draft, "male", "2-5").people.length]).toEqual([MOST_PEOPLE, true, MOST_PEOPLE]);
});

test("the record says who they are, where from, on which card, and which notice was read", () => {
  const fields = registrationOf(tap(empty(), "female", "2-5"), { ...AROUND, notice: "Read this", words: { to_server: "k.x" } });
  expect(fields).toMatchObject({ card: AROUND.card, site: "school", home_site: "school", area: "gomel", notice: markOf("Read this"), private: { to_server: "k.x" } });
  expect(Object.keys(registrationOf(newDraft("school", ""), AROUND)).sort()).toEqual(["card", "home_site", "household", "members", "site"]);
});

test("a correction is of the same family and the same people", () => {
  const first = registrationOf(tap(empty(), "female", "2-5"), AROUND);
  const again = registrationOf(tap(draftOf(first, "club"), "male", "18-59"), AROUND);
  expect([again.household, again.members[0], again.home_site]).toEqual([first.household, first.members[0], "school"]);
  expect(again.members.map((each) => each.number)).toEqual([1, 2]);
});
