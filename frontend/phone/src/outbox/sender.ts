/** Decides when to send: soon after something was recorded, when the network comes back, ever more slowly until it does. */

import type { Troubled } from "../network";
import { onChange } from "../storage";
import { pauseSeconds } from "./backoff";
import type { Self } from "./exchange";
import { asOnlySender } from "./one-sender";
import { sendAll, somethingWaits, type Sent } from "./sending";

const SOON_SECONDS = 1; // several taps of one visit go out together
const HELLO_SECONDS = 600;

/** What is told while it works: whether it is sending; what stopped it last, and in how many seconds it tries again; which records just got an answer. */
export interface Listener {
  onSending?: (busy: boolean, trouble: Troubled | null, nextSeconds: number) => void;
  onAnswers?: (sent: Sent) => void;
}

/** Sends by itself from `start` to `stop`. `self` is asked before each round. */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private soon = false;
  private missed = false; // something changed during a round, perhaps behind its back
  private failed = 0;
  private round: Promise<void> | null = null;
  private ends: (() => void)[] | null = null;

  constructor(private readonly self: () => Self, private readonly listener: Listener = {}) {}

  start(): void {
    const now = () => void this.sendNow();
    const shown = () => void (document.visibilityState === "visible" && this.sendNow());
    globalThis.addEventListener?.("online", now);
    globalThis.document?.addEventListener("visibilitychange", shown);
    this.ends = [
      onChange((change) => void ((change === "records" || change === "parcels") && this.sendSoon())),
      () => globalThis.removeEventListener?.("online", now),
      () => globalThis.document?.removeEventListener("visibilitychange", shown),
    ];
    now();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.ends?.forEach((end) => end());
    this.ends = null;
  }

  /** Send at once, whatever pause there was; resolves when all is sent or the network says no. */
  async sendNow(): Promise<void> {
    await this.round; // what was recorded while it ran may have missed it
    this.failed = 0;
    await this.send();
  }

  private sendSoon(): void {
    if (this.round !== null) this.missed = true;
    if (this.round !== null || this.soon || this.failed > 0) return; // the round goes on until nothing waits; a pause is a pause
    this.plan(SOON_SECONDS);
    this.soon = true;
  }

  private send(): Promise<void> {
    this.round ??= this.sendOnce().finally(() => {
      this.round = null;
      if (this.missed) void this.catchUp();
    });
    return this.round;
  }

  /** Send soon what was recorded while the round was at its end already. */
  private async catchUp(): Promise<void> {
    this.missed = false;
    if (await somethingWaits()) this.sendSoon();
  }

  private async sendOnce(): Promise<void> {
    clearTimeout(this.timer);
    this.listener.onSending?.(true, null, 0);
    let sent: Sent | null = null;
    this.failed += 1; // until it is known better: also a storage that fails is tried again
    try {
      sent = await asOnlySender(() => sendAll(this.self()));
      if (!sent?.trouble) this.failed = 0;
    } finally {
      const trouble = sent?.trouble ?? null;
      const seconds = this.failed === 0 ? HELLO_SECONDS : pauseSeconds(this.failed, trouble?.retryAfterSeconds ?? null, Math.random());
      this.plan(seconds);
      if (sent !== null && sent.changed.length > 0) this.listener.onAnswers?.(sent);
      this.listener.onSending?.(false, trouble, seconds);
    }
  }

  private plan(seconds: number): void {
    clearTimeout(this.timer);
    this.soon = false;
    if (this.ends !== null) this.timer = setTimeout(() => void this.send(), seconds * 1000);
  }
}
