// The same code again within three seconds is the same scan: a card lies in view for many pictures.

const SAME_SCAN_MS = 3000;

/** Remembers when each text was seen last; times are milliseconds that only grow. */
export class Repeats {
  private readonly seenAt = new Map<string, number>();

  /** Tell whether a text seen at `now` is a new scan. */
  isNew(text: string, now: number): boolean {
    const before = this.seenAt.get(text) ?? -Infinity;
    this.seenAt.set(text, now);
    return now - before >= SAME_SCAN_MS;
  }

  /** Nobody looked for a while: what lay in view before may lie there still, and is the same scan. */
  resume(now: number): void {
    const last = Math.max(...this.seenAt.values());
    for (const [text, at] of this.seenAt) {
      if (last - at < SAME_SCAN_MS) this.seenAt.set(text, now);
      else this.seenAt.delete(text);
    }
  }
}
