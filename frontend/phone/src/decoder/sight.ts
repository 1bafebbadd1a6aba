// Codes in what the camera sees now.

import { paintPictures, takePicture } from "../camera";
import { type How, type Read, read } from "./decoder";

/** Return what is read in what `video` shows now; null before its first picture. Throws where the decoder does not work. */
export async function readSight(video: HTMLVideoElement, how: How & { side: number }): Promise<Read | null> {
  try {
    const picture = takePicture(video, how.side);
    return picture && (await read(picture, how));
  } catch (error) {
    if (!paintPictures()) throw error; // else it was only that pictures as this phone gives them are of no use
    return null;
  }
}
