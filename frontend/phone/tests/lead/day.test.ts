import { describe, expect, test } from "vitest";
import { dayOfOffice, dayOfPhones, differenceOf } from "../../src/lead/day";
import { sumOf } from "../../src/tally/tally-code";
import { given, ITEMS, kept, MORNING, page, PLACE, stock, told } from "./town";

const NOBODY = sumOf([]);
const parcels = (records: Parameters<typeof dayOfPhones>[1], others = NOBODY) => dayOfPhones(ITEMS, records, others, PLACE)[0]!;

describe("the day as the phones here tell it", () => {
  test("is the first count and what came, less what went on all phones", () => {
    const records = [page("opened", [{ item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0, counted: 100 }]), stock("received", 20), stock("damaged", 3), stock("dispatched", 10), given(2)];
    expect(parcels(records, sumOf([told(30).tally, told(5).tally]))).toEqual({
      item: "parcel", start: 100, received: 20, given: 37, lost: 3, sentOn: 10, left: 70, counted: null,
    });
  });

  test("has no services, for they have no stock", () => {
    expect(dayOfPhones(ITEMS, [], NOBODY, PLACE).map(({ item }) => item)).toEqual(["parcel", "blanket"]);
  });

  test("does not count twice what came before the first count", () => {
    const counted = stock("counted", 50);
    expect(parcels([stock("received", 50), counted, page("opened", [{ item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0, counted: 50 }])])).toMatchObject({
      start: 50, received: 0, left: 50, counted: null,
    });
  });

  test("counts what comes within the second of the first count", () => {
    const opened = page("opened", [{ item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0, counted: 50 }], { moment: MORNING });
    expect(parcels([stock("counted", 50, { moment: MORNING }), opened, stock("received", 20, { moment: MORNING })])).toMatchObject({ received: 20, left: 70 });
  });

  test("begins with what was counted when the day before was closed", () => {
    const closed = page("closed", [{ item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0, left: 40, counted: 38 }], { day: "2013-03-17" });
    expect(parcels([closed, given(1)])).toMatchObject({ start: 38, left: 37 });
  });

  test("does not begin with the first count of a day that was never closed", () => {
    const opened = page("opened", [{ item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0, counted: 50 }], { day: "2013-03-17" });
    expect(parcels([opened, given(1)])).toMatchObject({ start: null, left: null });
  });

  test("says that it does not know what is left where nothing was ever counted", () => {
    expect(parcels([given(1)])).toMatchObject({ start: null, given: 1, left: null });
  });

  test("leaves out what was taken back, and reckons goods that did not come back as lost", () => {
    const [gone, wrong] = [given(2), stock("received", 5)];
    const voids = [kept("void", { target: gone.id, goods_back: 0 }), kept("void", { target: wrong.id, goods_back: 1 })];
    expect(parcels([stock("received", 10), gone, wrong, ...voids])).toMatchObject({ received: 10, given: 0, lost: 2, left: 8 });
  });

  test("leaves out other sites and days", () => {
    expect(parcels([stock("received", 9, { day: "2013-03-17" }), kept("stock", { action: "received", item: "parcel", quantity: 9, site: "club" })])).toMatchObject({ received: 0 });
  });
});

describe("the day as the office tells it", () => {
  const office = { ...PLACE, as_of: MORNING + 5000, stock: [{ item: "parcel", on_hand: 70, given_that_day: 30 }], phones: [] };
  const sent = { place: "settled", receipt: { ledger: "x", position: 9, moment: MORNING + 4000 } } as const;

  test("has what this phone recorded since on top, and what it had before only once", () => {
    const [before, since] = [stock("received", 20, sent), stock("lost", 1)];
    expect(dayOfOffice(ITEMS, [before, since, given(2, sent), given(3)], office)[0]).toEqual({
      item: "parcel", start: 80, received: 20, given: 33, lost: 1, sentOn: 0, left: 66, counted: null,
    });
  });

  test("knows nothing of an item that never moved", () => {
    expect(dayOfOffice(ITEMS, [], office)[1]).toMatchObject({ start: null, left: null, given: 0 });
  });

  test("says of an item whose stock nobody writes down only what was given", () => {
    const unkept = { ...office, stock: [{ item: "parcel", on_hand: -30, given_that_day: 30, kept: false }] };
    expect(dayOfOffice(ITEMS, [given(2)], unkept)[0]).toMatchObject({ start: null, given: 32, left: null });
  });
});

test.each([[70, 68, -2], [70, 70, 0], [null, 70, null], [70, null, null]])("of %j left and %j counted the difference is %j", (left, counted, difference) => {
  expect(differenceOf({ left, counted })).toBe(difference);
});
