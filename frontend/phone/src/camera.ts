// The only file that asks for the camera. One stream a session, used again by every screen that shows it.

import { signal } from "@preact/signals";

export type CameraTrouble = "not_here" | "refused" | "missing" | "busy";

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

const SHARP: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 15 } }; // more only warms the phone
const WANTED: MediaStreamConstraints = { audio: false, video: { ...SHARP, facingMode: { ideal: "environment" } } };
const TROUBLES: Record<string, CameraTrouble> = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing",
};
const WARM_MS = 20_000;

/** Whether the lamp is on. */
export const lit = signal(false);

let stream: MediaStream | null = null;
let opening: Promise<MediaStream> | null = null;
let shownIn: HTMLVideoElement | null = null; // screens change faster than a camera starts: only this one may close it
let cooling = 0;
let lenses: string[] = [];
let inUse: string | undefined; // the lens that was opened last
let lens: string | undefined; // chosen by hand; else the browser takes the one that looks away from her
// Straight from the camera, not painted first: half the work. Only where it was tried (Chromium), and as long as it works.
let unpainted = "VideoFrame" in globalThis && "MediaStreamTrackProcessor" in globalThis;
const papers = new Map<number, HTMLCanvasElement>(); // by the side asked for: changing a canvas costs more than drawing on it

/** Show the camera in `video`, asking for it where it is not open. False: it was let go meanwhile. Throws CameraError. */
export async function showCamera(video: HTMLVideoElement): Promise<boolean> {
  shownIn = video;
  window.clearTimeout(cooling);
  video.muted = true; // an iPhone plays nothing else by itself
  video.playsInline = true;
  try {
    const opened = await openCamera();
    if (shownIn !== video) return false;
    video.srcObject = opened;
    await video.play();
  } catch (error) {
    if (shownIn === video) throw error instanceof CameraError ? error : new CameraError("busy");
  }
  return shownIn === video;
}

/** Let go of the camera, its light goes out; nothing where another `video` shows it by now. */
export function closeCamera(video: HTMLVideoElement): void {
  if (shownIn !== video) return;
  shownIn = null;
  letGo();
}

/** Leave the camera open for whoever shows it next: starting it takes longer than a card does. After 20 seconds its light goes out. */
export function leaveCamera(video: HTMLVideoElement): void {
  if (shownIn !== video) return;
  shownIn = null;
  video.srcObject = null;
  cooling = window.setTimeout(letGo, WARM_MS);
}

/** Return what the camera sees now, if painted its shorter side at most `side` pixels; null before the first picture. */
export function takePicture(video: HTMLVideoElement, side: number): VideoFrame | ImageData | null {
  const { videoWidth, videoHeight } = video;
  if (!videoWidth || !videoHeight) return null;
  if (unpainted && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return new VideoFrame(video);
  const paper = papers.get(side) ?? document.createElement("canvas");
  papers.set(side, paper);
  return drawn(paper, video, videoWidth, videoHeight, Math.min(1, side / Math.min(videoWidth, videoHeight)));
}

/** Paint every picture from now on: as this phone's camera gives them nobody can read them. False: they were painted already. */
export function paintPictures(): boolean {
  const before = unpainted;
  unpainted = false;
  return before;
}

/** Tell whether the camera in use has a lamp. */
export function hasTorch(): boolean {
  return stream?.getVideoTracks().some((track) => (track.getCapabilities?.() as { torch?: boolean } | undefined)?.torch === true) ?? false;
}

/** Switch the lamp. */
export async function setTorch(on: boolean): Promise<void> {
  const [track] = stream?.getVideoTracks() ?? [];
  try {
    await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    lit.value = on && track !== undefined;
  } catch {
    lit.value = false;
  }
}

/** Return how many lenses there are to choose from. */
export async function lensCount(): Promise<number> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  lenses = devices.filter((device) => device.kind === "videoinput").map((device) => device.deviceId);
  return lenses.length;
}

/** Take the next lens from now on. */
export async function nextLens(): Promise<void> {
  await lensCount();
  lens = lenses[(lenses.indexOf(inUse ?? "") + 1) % Math.max(1, lenses.length)];
  letGo();
}

/** Return the picture in a photo, its longer side at most `side` pixels; null where it is none. */
export async function pictureOf(file: Blob, side = 1600): Promise<ImageData | null> {
  try {
    const photo = await createImageBitmap(file);
    const picture = drawn(document.createElement("canvas"), photo, photo.width, photo.height, Math.min(1, side / Math.max(photo.width, photo.height)));
    photo.close();
    return picture;
  } catch {
    return null;
  }
}

function drawn(paper: HTMLCanvasElement, source: CanvasImageSource, fullWidth: number, fullHeight: number, scale: number): ImageData | null {
  const [width, height] = [Math.round(fullWidth * scale), Math.round(fullHeight * scale)];
  if (paper.width !== width || paper.height !== height) Object.assign(paper, { width, height });
  const pen = paper.getContext("2d", { willReadFrequently: true });
  pen?.drawImage(source, 0, 0, width, height);
  return pen?.getImageData(0, 0, width, height) ?? null;
}

async function openCamera(): Promise<MediaStream> {
  if (stream?.getTracks().every((track) => track.readyState === "live")) return stream; // else the phone slept meanwhile
  opening ??= askForCamera().finally(() => (opening = null));
  return opening;
}

async function askForCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("not_here");
  try {
    const opened = await navigator.mediaDevices.getUserMedia(lens ? { audio: false, video: { ...SHARP, deviceId: { exact: lens } } } : WANTED);
    inUse = opened.getVideoTracks()[0]?.getSettings().deviceId;
    if (shownIn) stream = opened;
    else stop(opened); // nobody waits for it any more
    return opened;
  } catch (error) {
    throw new CameraError(TROUBLES[(error as DOMException).name] ?? "busy");
  }
}

function letGo(): void {
  window.clearTimeout(cooling);
  stop(stream);
  stream = null;
  lit.value = false;
}

function stop(stopped: MediaStream | null): void {
  for (const track of stopped?.getTracks() ?? []) track.stop();
}
