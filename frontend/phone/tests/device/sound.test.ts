import { beforeEach, expect, test, vi } from "vitest";

/** A loudspeaker as browsers have it: silent, and promising nothing, until the screen was touched. */
class Loudspeaker extends EventTarget {
  static touched = false;
  static heard: number[] = [];
  static all: Loudspeaker[] = [];
  state = "suspended";
  currentTime = 0;
  destination = {};
  private waiting: (() => void)[] = [];

  constructor() {
    super();
    Loudspeaker.all.push(this);
  }

  async resume(): Promise<void> {
    if (!Loudspeaker.touched) await new Promise<void>((done) => this.waiting.push(done));
    this.state = "running";
    for (const done of this.waiting.splice(0)) done();
  }

  async suspend(): Promise<void> { this.state = "suspended"; }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }

  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: (to: unknown) => to, start: () => Loudspeaker.heard.push(frequency.value), stop: () => undefined };
  }

  createGain() {
    const gain = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined };
    return { gain, connect: (to: unknown) => to };
  }
}

let screen: EventTarget;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: 1000 });
  screen = new EventTarget();
  Object.assign(Loudspeaker, { touched: false, heard: [], all: [] });
  vi.stubGlobal("AudioContext", Loudspeaker);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("window", Object.assign(screen, { setTimeout, clearTimeout }));
});

async function touch(): Promise<void> {
  Loudspeaker.touched = true; // within the touch, and not a moment longer: so it is on an iPhone
  screen.dispatchEvent(new Event("click"));
  Loudspeaker.touched = false;
  await vi.advanceTimersByTimeAsync(0);
}

test("the first touch wakes the loudspeaker: the first card, which no touch shows, is heard", async () => {
  const { answer, listenForTouch } = await import("../../src/device/sound");
  listenForTouch();
  await touch();
  Loudspeaker.touched = true; // once woken it may be heard
  answer("yes");
  await vi.advanceTimersByTimeAsync(0);
  expect(Loudspeaker.heard).toEqual([660, 990]);
});

test("what nobody could hear at its time is not heard later, all at once", async () => {
  const { answer, listenForTouch } = await import("../../src/device/sound");
  listenForTouch();
  answer("no");
  await vi.advanceTimersByTimeAsync(5000);
  answer("yes");
  await touch();
  expect(Loudspeaker.heard).toEqual([660, 990]);
});

test("after a call the next touch wakes it again, and no other touch keeps it awake", async () => {
  const { listenForTouch } = await import("../../src/device/sound");
  listenForTouch();
  await touch();
  const [speaker] = Loudspeaker.all;
  await vi.advanceTimersByTimeAsync(1000);
  expect(speaker!.state).toBe("suspended");
  await touch();
  expect(speaker!.state).toBe("suspended");
  speaker!.become("interrupted");
  await touch();
  expect([speaker!.state, Loudspeaker.all.length]).toEqual(["running", 1]);
});

test("of two that wake it at once none sends it to sleep during a later answer", async () => {
  const { answer, listenForTouch, play } = await import("../../src/device/sound");
  listenForTouch();
  Loudspeaker.touched = true;
  screen.dispatchEvent(new Event("click"));
  void play("yes");
  await vi.advanceTimersByTimeAsync(900);
  answer("no");
  await vi.advanceTimersByTimeAsync(200);
  expect(Loudspeaker.all[0]!.state).toBe("running");
});

test("a phone without a loudspeaker that starts says so, and plays nothing", async () => {
  const { play } = await import("../../src/device/sound");
  vi.spyOn(Loudspeaker.prototype, "resume").mockRejectedValue(new DOMException("Failed to start the audio device", "InvalidStateError"));
  expect(await play("yes")).toBe(false);
  expect(Loudspeaker.heard).toEqual([]);
  vi.restoreAllMocks();
});
