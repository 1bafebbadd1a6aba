import { _ } from "../words";
import { Icon } from "./icons";

/** Opens the phone's own camera app; what it took comes back as a file. */
export function PhotoButton({ onPhoto }: { onPhoto: (file: File) => void }) {
  return (
    <label class="button">
      <Icon sign="camera" />{_("Take a photo")}
      <input class="visually-hidden" type="file" accept="image/*" capture="environment"
        onChange={(event) => { const [file] = event.currentTarget.files ?? []; if (file) onPhoto(file); event.currentTarget.value = ""; }} />
    </label>
  );
}
