import { expect, test } from "vitest";
import { findFamilies, fold, type Family } from "../../src/help-desk/finding";

const family = (head: string, village = "Borki", more: Partial<Family> = {}): Family => ({ household: head, numbers: ["17-0403"], head, names: [head], village, people: 3, ...more });
const LIST = [family("Жук Алег"), family("Ivanova Anna"), family("سارة حسن", "Lipy"), family("Muñoz José", "Лозки", { names: ["Muñoz José", "Inés"] })];
const found = (typed: string) => findFamilies(LIST, typed).families.map((each) => each.head);

test.each([
  ["жук", "Жук Алег"], ["Zhuk", "Жук Алег"], ["Иванова", "Ivanova Anna"], ["іванова ганна", ""], ["ivan ann", "Ivanova Anna"], ["anna iv", "Ivanova Anna"],
  ["munoz", "Muñoz José"], ["ines", "Muñoz José"], ["سارة", "سارة حسن"], ["ساره", "سارة حسن"], ["lozki", "Muñoz José"],
])("%s finds %s", (typed, head) => {
  expect(found(typed)).toEqual(head ? [head] : []);
});

test.each([["Mikhail", "Михаил"], ["Shcherbakov", "Щербаков"], ["Yulia", "Юлия"], ["Kovaleff", "Ковалеф"], ["Hanna", "Ганна"], ["Aleh", "Алег"], ["Tatyana", "Татьяна"]])(
  "%s and %s are one name", (one, other) => {
    expect(fold(one)).toEqual(fold(other));
  });

test("a village and a card's number find too; one letter finds nobody", () => {
  expect(found("borki")).toEqual(["Жук Алег", "Ivanova Anna"]);
  expect(found("17 0403").length).toBe(4);
  expect(found("i")).toEqual([]);
  expect(found("  ")).toEqual([]);
});

test("of many only a few names are shown", () => {
  const many = findFamilies(Array.from({ length: 30 }, (_each, place) => family(`Ivanov ${place}`)), "ivanov");
  expect([many.families.length, many.more]).toEqual([8, true]);
});
