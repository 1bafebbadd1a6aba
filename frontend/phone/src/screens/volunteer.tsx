import { useState } from "preact/hooks";
import { _ } from "../words";
import { Button, Screen } from "./pieces";

const LONGEST = 40;

interface VolunteerProps {
  joining?: boolean; // one of its steps; else the phone goes to somebody new
  onSay: (name: string) => void;
  onBack?: () => void;
}

export function VolunteerScreen({ joining = true, onSay, onBack }: VolunteerProps) {
  const [name, setName] = useState("");
  const said = name.trim();
  return (
    <Screen title={_("Who are you?")} step={joining ? "volunteer" : undefined} actions={
      <>
        {onBack && <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>}
        <Button kind="main" off={!said} onPress={() => onSay(said)}>{_("Next")}</Button>
      </>
    }>
      <p>{_("A first name or a nickname. It stays on this phone, so that two of you can share it.")}</p>
      <form class="field" onSubmit={(event) => { event.preventDefault(); if (said) onSay(said); }}>
        <label for="name">{_("Your name here")}</label>
        <input id="name" autocomplete="off" maxLength={LONGEST} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </form>
    </Screen>
  );
}
