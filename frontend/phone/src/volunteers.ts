/** Several volunteers on one phone: each has her name, her PIN and an id that stands on what she records. */

import type { Settings } from "./storage";

export type Volunteer = Settings["volunteers"][number];

/** What is stored of who has the phone, and of the others who share it. */
export type Shared = Pick<Settings, "volunteer" | "lock" | "volunteers">;

/** Hand the phone to somebody who is known on it, or new; whoever had it stays known, once. */
export function handedTo({ id, name, lock }: Volunteer, before: Shared): Shared {
  const known = [{ ...before.volunteer, lock: before.lock }, ...before.volunteers];
  return { volunteer: { id, name }, lock, volunteers: known.filter((each) => each.id !== id) };
}
