// The queue: the camera, what was done last with its undo, and the ways around a card that cannot be scanned.

import type { Ref } from "preact";
import type { Told } from "../serving/serving";
import type { Looking } from "../decoder/watcher";
import type { CameraTrouble } from "../camera";
import { _ } from "../words";
import { cameraTrouble } from "./camera-words";
import { PhotoButton } from "./photo-button";
import { Button, Notice, Screen, WakeButton } from "./pieces";
import { PunchBoxes } from "./punch-boxes";
import { toldWords } from "./told-words";

interface ServeProps {
  video: Ref<HTMLVideoElement>;
  looking: Looking;
  torch: { offered: boolean; on: boolean };
  lenses: number;
  told: Told | null;
  boxes: number[]; // to punch for what was given last
  trouble: string;
  place: string; // where and what this table gives
  waiting: number;
  held: number;
  practice: boolean;
  listFrom: string; // the moment of the list, in words; empty while it is new
  onWake: () => void;
  onTorch: () => void;
  onLens: () => void;
  onPhoto: (file: File) => void;
  onType: () => void;
  onNoCard: () => void;
  onLately: () => void;
  onTable: () => void;
  onSent: () => void;
  onUndo: () => void;
  onBack: () => void;
}

export function ServeScreen(props: ServeProps) {
  const { looking, told, waiting, held } = props;
  const undo = told?.is === "given" || told?.is === "kept";
  return (
    <Screen title={props.practice ? _("Practice: show a card") : _("Show a card")} kind={props.practice ? "serve practice" : "serve"} actions={
      <div class="row">
        <Button onPress={props.onNoCard}>{_("No card")}</Button>
        <Button onPress={props.onType}>{_("Type code")}</Button>
      </div>
    }>
      <div class="row top-row">
        <Button kind="quiet" icon="left" label={_("Back")} onPress={props.onBack}>{""}</Button>
        <button type="button" class="button button-chip" onClick={props.onTable}>{props.place}</button>
        {!props.practice && <Button kind="quiet" icon="list" label={_("The last twenty")} onPress={props.onLately}>{""}</Button>}
      </div>
      {told && (
        <div class="told">
          <Notice kind={undo || told.is === "taken_back" ? "good" : "warn"}>{toldWords(told)}</Notice>
          <PunchBoxes boxes={props.boxes} />
          {undo && <Button icon="undo" onPress={props.onUndo}>{_("Undo")}</Button>}
        </div>
      )}
      <Finder {...props} />
      {props.trouble && <Notice kind="bad">{props.trouble}</Notice>}
      <button type="button" class="button button-quiet honest" onClick={props.onSent}>
        {_("On this phone, not sent: %(num)s", { num: waiting })}
        {held > 0 && ` · ${_("Ask your lead: %(num)s", { num: held })}`}
      </button>
      {props.listFrom && <p class="soft">{_("List of %(time)s", { time: props.listFrom })}</p>}
      {looking !== "looking" && looking !== "starting" && looking !== "asleep" && <PhotoInstead {...props} />}
    </Screen>
  );
}

function Finder({ video, looking, torch, lenses, onWake, onTorch, onLens }: ServeProps) {
  const sees = looking === "looking" || looking === "starting";
  return (
    <div class="finder">
      <video ref={video} class="viewfinder" playsInline muted aria-label={_("What the camera sees")} hidden={!sees} />
      {looking === "asleep" && (
        <WakeButton onPress={onWake} />
      )}
      {sees && (
        <div class="row finder-tools">
          {lenses > 1 && <Button icon="camera" onPress={onLens}>{_("Other lens")}</Button>}
          {(torch.offered || torch.on) && <Button icon="light" pressed={torch.on} onPress={onTorch}>{_("Light")}</Button>}
        </div>
      )}
    </div>
  );
}

/** Where the camera gives no picture, a photo of the card is read instead. */
function PhotoInstead({ looking, onPhoto }: ServeProps) {
  const why = looking === "broken" ? _("Codes cannot be read on this phone now. Type the code.") : cameraTrouble(looking as CameraTrouble);
  return (
    <>
      <Notice kind="warn">{why}</Notice>
      {looking !== "broken" && <PhotoButton onPhoto={onPhoto} />}
    </>
  );
}
