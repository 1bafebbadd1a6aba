/** The honest numbers: what is on this phone and where it stands. */

import { reading } from "./database";
import type { Place } from "./formats";

/**
 * - made: all records ever made by this phone's enrolments;
 * - waiting: not sent yet, among them `asking`: questions whose end nobody has told, and `stuck`: the server will not take them;
 * - sent: the server has them; held: on the shelf of what somebody must look at.
 */
export interface Counts {
  made: number;
  waiting: number;
  asking: number;
  stuck: number;
  sent: number;
  held: number;
}

/** Return how many records go out as soon as there is a network. */
export const readyToGo = ({ waiting, asking, stuck }: Counts) => waiting - asking - stuck;

/** Count the records of one enrolment, or of all. */
export async function countRecords(enrolment?: string): Promise<Counts> {
  return reading(["records", "enrolments"], async (transaction) => {
    const queue = transaction.objectStore("records").index("queue");
    const count = (place: Place) => queue.count(inQueue(place, enrolment));
    const [asking, waiting, held, stuck] = await Promise.all([count("asking"), count("waiting"), count("held"), count("stuck")]);
    const all = await transaction.objectStore("enrolments").getAll();
    const mine = all.filter((each) => enrolment === undefined || each.enrolment === enrolment);
    const sum = (name: "seq" | "sent") => mine.reduce((total, each) => total + each[name], 0);
    return { made: sum("seq"), waiting: waiting + asking + stuck, asking, stuck, sent: sum("sent"), held };
  });
}

/** Return the range of the index `queue` that holds a place's records, by enrolment and number. */
export function inQueue(place: Place, enrolment?: string): IDBKeyRange {
  const start = enrolment === undefined ? [place] : [place, enrolment];
  return IDBKeyRange.bound(start, [...start, []]); // a list comes after every text and number
}
