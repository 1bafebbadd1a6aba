/** Wall times with offset, `2013-03-18T09:12:30+03:00`, and the calendar days of named zones. */

const WALL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(?:Z|([+-])(\d\d):(\d\d))$/;
const EARLIEST_MS = Date.UTC(2000, 0, 2); // a phone's clock before that was never set
const LATEST_MS = Date.UTC(9999, 11, 30);

type Six = [number, number, number, number, number, number];

/** Return milliseconds since 1970 as wall time at an offset in minutes east of UTC. */
export function wallAt(ms: number, offsetMinutes: number): string {
  const shown = Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS);
  const local = new Date(shown + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const offset = `${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${offset}`;
}

/** Return the UTC seconds of a wall time; a fraction is dropped. Throws RangeError. */
export function parseWall(text: string): number {
  const parts = WALL.exec(text);
  if (parts === null) throw new RangeError("not a time with offset");
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as Six;
  const shift = parts[7] === undefined ? 0 : (Number(parts[8]) * 60 + Number(parts[9])) * (parts[7] === "-" ? -1 : 1);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - shift * 60;
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/** Return the day, `2013-03-18`, that the calendar in `zone` shows at a moment (UTC seconds). */
export function localDay(moment: number, zone: string): string {
  const parts = Object.fromEntries(calendarOf(zone).formatToParts(moment * 1000).map((part) => [part.type, part.value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
}

/** Return the time of day, `08:10`, that a clock in `zone` shows at a moment (UTC seconds). */
export function localTime(moment: number, zone: string): string {
  const digits = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...digits, timeZone: zone }).format(moment * 1000);
  } catch {
    return new Intl.DateTimeFormat("en-GB", digits).format(moment * 1000); // an old phone: as with its days
  }
}

/** Return how many days lie between two days, never negative. */
export function daysBetween(one: string, other: string): number {
  return Math.abs(Date.parse(one) - Date.parse(other)) / 86_400_000;
}

/** Return the day that many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

function calendarOf(zone: string): Intl.DateTimeFormat {
  let calendar = calendars.get(zone);
  if (calendar === undefined) {
    calendar = makeCalendar(zone);
    calendars.set(zone, calendar);
  }
  return calendar;
}

function makeCalendar(zone: string): Intl.DateTimeFormat {
  const digits = { calendar: "gregory", numberingSystem: "latn", year: "numeric", month: "2-digit", day: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-CA", { ...digits, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-CA", digits); // an old phone without this zone stands at the site, so its own zone will do
  }
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
