// Two answers that cannot be taken for each other, for the ear and, where the phone can, for the hand; made here: no file to load.

export type Sound = "yes" | "no";

const TONES: Record<Sound, number[]> = { yes: [660, 990], no: [330, 220] }; // hertz
const SHAKES: Record<Sound, number | number[]> = { yes: 80, no: [60, 80, 60] }; // milliseconds on, off, on
const TONE_SECONDS = 0.14;
const LOUDNESS = 0.5;
const REST_MS = 1000;
let context: AudioContext | null = null;
let rest = 0;

/** Answer what was scanned: heard and felt. An iPhone does not shake. */
export function answer(sound: Sound): void {
  navigator.vibrate?.(SHAKES[sound]);
  void play(sound);
}

/** Play a sound; the first one must come from a touch, or a phone stays silent. Tells whether it could. */
export async function play(sound: Sound): Promise<boolean> {
  if (typeof AudioContext === "undefined") return false;
  context ??= new AudioContext();
  window.clearTimeout(rest);
  await context.resume();
  rest = window.setTimeout(() => void context?.suspend(), REST_MS); // silence, too, is played, and costs a battery
  TONES[sound].forEach((hertz, place) => context && tone(context, hertz, context.currentTime + place * TONE_SECONDS));
  return context.state === "running";
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
