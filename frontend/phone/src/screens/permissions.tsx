import { useState } from "preact/hooks";
import { _ } from "../words";
import { Icon } from "./icons";
import { Button, Notice, Screen } from "./pieces";

interface PermissionsProps {
  onAsk: () => Promise<string>; // asks the browser; returns what to say about the camera, nothing where all is well
  onNext: () => void;
}

export function PermissionsScreen({ onAsk, onNext }: PermissionsProps) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const ask = async () => {
    const said = await onAsk();
    setProblem(said);
    setAsked(true);
    if (!said) onNext();
  };
  return (
    <Screen title={_("The phone will ask you")} step="permissions" actions={asked
      ? <Button kind="main" onPress={onNext}>{_("Go on")}</Button>
      : <Button kind="main" onPress={() => void ask()}>{_("Ask me now")}</Button>}>
      <p>{_("Please allow these. Nothing is filmed, and no picture is kept.")}</p>
      <ul class="checks">
        <Wish icon="camera" title={_("Camera")}>{_("It reads the cards.")}</Wish>
        <Wish icon="storage" title={_("Lasting storage")}>{_("So that the phone throws nothing away.")}</Wish>
        <Wish icon="sound" title={_("Sound")}>{_("You hear each answer. You will hear it now.")}</Wish>
      </ul>
      {problem && <Notice kind="warn">{problem}</Notice>}
    </Screen>
  );
}

function Wish({ icon, title, children }: { icon: "camera" | "storage" | "sound"; title: string; children: string }) {
  return <li class="check check-unknown"><span class="mark mark-unknown"><Icon sign={icon} /></span><h2>{title}</h2><p class="soft">{children}</p></li>;
}
