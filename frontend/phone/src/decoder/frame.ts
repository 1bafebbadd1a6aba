// A picture as the camera gives it, before anything has painted it: most of them are light first, then colour.

import { type Dots, dotsOf } from "./grey";

const LIGHT_FIRST = new Set<string | null>(["I420", "I420A", "I422", "I444", "NV12"]);
const GREEN_SECOND = new Set<string | null>(["RGBA", "RGBX", "BGRA", "BGRX"]);

/** Return the dots of a picture, which is used up. Throws where its form is another than we know. */
export async function dotsOfPicture(picture: VideoFrame | ImageData): Promise<Dots> {
  if (!("copyTo" in picture)) return dotsOf(picture);
  try {
    const { format, visibleRect } = picture;
    const step = LIGHT_FIRST.has(format) ? 1 : GREEN_SECOND.has(format) ? 4 : 0;
    if (!step || !visibleRect) throw new Error(`a picture of the form ${format}`);
    const bytes = new Uint8Array(picture.allocationSize());
    const [{ offset, stride }] = (await picture.copyTo(bytes)) as [PlaneLayout];
    return { bytes, width: visibleRect.width, height: visibleRect.height, offset: step === 4 ? offset + 1 : offset, step, stride };
  } finally {
    picture.close();
  }
}
