// Codes in a photo, for phones whose camera this browser may not show.

import { pictureOf } from "../camera";
import { readCodes } from "./decoder";

/** Return the texts of the codes in a photo; none where it is no picture or nothing can be read. */
export async function codesInPhoto(file: Blob): Promise<string[]> {
  const picture = await pictureOf(file);
  return picture ? readCodes(picture).catch(() => []) : [];
}
