import type { CameraTrouble } from "../camera";
import { _ } from "../words";

/** Say why there is no camera, and what helps. */
export function cameraTrouble(trouble: CameraTrouble): string {
  if (trouble === "refused") return _("The camera is not allowed. Allow it in the browser's settings for this page; typing works too.");
  if (trouble === "missing") return _("This phone shows no camera. Typing works too.");
  if (trouble === "not_here") return _("There is no camera without a secure address (https). Typing works too.");
  return _("The camera does not start. Close other apps that use it; typing works too.");
}
