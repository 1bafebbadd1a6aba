// The only file that asks for the camera. One stream a session, used again by every screen that shows it.

export type CameraTrouble = "not_here" | "refused" | "missing" | "busy";

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};
const TROUBLES: Record<string, CameraTrouble> = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing",
};

let stream: MediaStream | null = null;
const canvas = () => (drawn ??= document.createElement("canvas"));
let drawn: HTMLCanvasElement | null = null;

/** Show the camera in `video`, asking for it where it is not open; throws CameraError. */
export async function showCamera(video: HTMLVideoElement): Promise<void> {
  video.muted = true; // an iPhone plays nothing else by itself
  video.playsInline = true;
  video.srcObject = await openCamera();
  await video.play();
}

/** Let go of the camera: its light goes out. */
export function closeCamera(): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

/** Return what the camera sees now, its shorter side at most `side` pixels; null before the first picture. */
export function takePicture(video: HTMLVideoElement, side = 720): ImageData | null {
  const { videoWidth, videoHeight } = video;
  if (!videoWidth || !videoHeight) return null;
  const scale = Math.min(1, side / Math.min(videoWidth, videoHeight));
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
  Object.assign(canvas(), { width, height });
  const pen = canvas().getContext("2d", { willReadFrequently: true });
  pen?.drawImage(video, 0, 0, width, height);
  return pen?.getImageData(0, 0, width, height) ?? null;
}

async function openCamera(): Promise<MediaStream> {
  if (stream?.getTracks().every((track) => track.readyState === "live")) return stream; // else the phone slept meanwhile
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("not_here");
  try {
    return (stream = await navigator.mediaDevices.getUserMedia(WANTED));
  } catch (error) {
    throw new CameraError(TROUBLES[(error as DOMException).name] ?? "busy");
  }
}
