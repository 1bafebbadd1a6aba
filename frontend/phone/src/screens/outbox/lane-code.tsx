// This phone's lane as a code for another phone, and the word that the other one has it.

import { _ } from "../../words";
import { Button, Screen } from "../pieces";
import { QrPicture } from "../qr-picture";

interface LaneCodeProps {
  code: string;
  lanes: string;
  onGiven: () => void;
  onBack: () => void;
}

export function LaneCodeScreen({ code, lanes, onGiven, onBack }: LaneCodeProps) {
  const lane = _("Lane %(number)s", { number: lanes });
  return (
    <Screen title={_("Hand lane over")} actions={
      <div class="row">
        <Button icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" onPress={onGiven}>{_("It has it")}</Button>
      </div>
    }>
      <p class="lead-line">{lane}</p>
      <QrPicture text={code} label={lane} />
      <p>{_("On the other phone: What was sent, Take in, Scan codes. Press below once it says that it has the lane; then it is no longer yours.")}</p>
    </Screen>
  );
}
