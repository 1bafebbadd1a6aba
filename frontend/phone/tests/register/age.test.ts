import { expect, test } from "vitest";
import { ageOf } from "../../src/register/age";

test.each([[0, "new"], [3600, "new"], [3601, "hours"], [86_400, "hours"], [86_401, "old"], [-600, "new"]] as const)(
  "a list that was made %i seconds ago is %s", (seconds, age) => expect(ageOf(1_000_000, 1_000_000 + seconds)).toBe(age));
