// Two answers that cannot be taken for each other, for the ear and, where the phone can, for the hand; made here: no file to load.

export type Sound = "yes" | "no";

const TONES: Record<Sound, number[]> = { yes: [660, 990], no: [330, 220] }; // hertz
const SHAKES: Record<Sound, number | number[]> = { yes: 80, no: [60, 80, 60] }; // milliseconds on, off, on
const TONE_SECONDS = 0.14;
const LOUDNESS = 0.5;
const REST_MS = 1000;
let context: AudioContext | null = null;
let rest = 0;
let mayBeHeard = false;

/**
 * Have the loudspeaker woken by the first touch, and by the first after a call or the phone's sleep: a browser lets nobody be heard
 * before, and an iPhone asks for the touch itself, not for something that follows it. Else a day's first cards would be answered in silence.
 */
export function listenForTouch(): void {
  for (const name of ["click", "keydown"]) window.addEventListener(name, () => mayBeHeard || void wake(), { capture: true, passive: true });
}

/** Answer what was scanned: heard and felt. An iPhone does not shake. */
export function answer(sound: Sound): void {
  navigator.vibrate?.(SHAKES[sound]);
  void play(sound);
}

/** Play a sound; the first one must come from a touch, or a phone stays silent. Tells whether it could. */
export async function play(sound: Sound): Promise<boolean> {
  const asked = performance.now();
  const audio = await wake();
  if (!audio || !mayBeHeard || performance.now() - asked > REST_MS) return false; // it had to wait for a touch: another card is in view by now
  TONES[sound].forEach((hertz, place) => tone(audio, hertz, audio.currentTime + place * TONE_SECONDS));
  return true;
}

/** Wake the loudspeaker for a moment; where a touch is needed first, this waits for it. */
async function wake(): Promise<AudioContext | null> {
  if (typeof AudioContext === "undefined") return null;
  context ??= begun();
  window.clearTimeout(rest);
  await context.resume().catch(() => undefined); // some phones have a loudspeaker that does not start
  mayBeHeard = context.state === "running";
  window.clearTimeout(rest); // of whoever woke it at the same time
  rest = window.setTimeout(() => void context?.suspend(), REST_MS); // silence, too, is played, and costs a battery
  return context;
}

function begun(): AudioContext {
  const audio = new AudioContext();
  audio.addEventListener("statechange", () => (mayBeHeard &&= (audio.state as string) !== "interrupted")); // an iPhone's word for a call
  return audio;
}

function tone(audio: AudioContext, hertz: number, start: number): void {
  const [source, loudness] = [audio.createOscillator(), audio.createGain()];
  source.frequency.value = hertz;
  loudness.gain.setValueAtTime(LOUDNESS, start);
  loudness.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS); // no click at the end
  source.connect(loudness).connect(audio.destination);
  source.start(start);
  source.stop(start + TONE_SECONDS);
}
