/** How old the list of cards is: from an hour on that is said quietly, from a day on it is a warning. */

const [HOUR, DAY] = [3600, 24 * 3600];

export type Age = "new" | "hours" | "old";

/** Tell the age of a list that was made at `made`, both in UTC seconds. */
export function ageOf(made: number, now: number): Age {
  if (now - made > DAY) return "old";
  return now - made > HOUR ? "hours" : "new";
}
