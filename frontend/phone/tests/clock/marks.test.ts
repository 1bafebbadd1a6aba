import { describe, expect, test } from "vitest";
import vectors from "../../../../tests/vectors/time.json";
import { effectiveTime, type Dated, type Mark } from "../../src/clock/marks";

type Case = { name: string; marks: (Mark & { session: string })[]; record: Dated & { session: string }; moment: number; unsure: number };

describe("effective time", () => {
  test.each(vectors as Case[])("$name", ({ marks, record, moment, unsure }) => {
    const ofSession = marks.filter((mark) => mark.session === record.session);
    expect(effectiveTime(record, ofSession)).toEqual({ moment, unsure: unsure === 1 });
  });
});
