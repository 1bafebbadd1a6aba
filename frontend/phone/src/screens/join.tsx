import { useState } from "preact/hooks";
import { findJoinCode, isJoinCode, shownJoinCode } from "../join-code";
import { _ } from "../words";
import { Button, Notice, Screen } from "./pieces";
import { CodeScanner } from "./scanner";

interface JoinProps {
  code: string;
  again: boolean; // this phone has joined before
  busy: boolean;
  problem: string;
  onJoin: (code: string) => void;
  onBack?: () => void;
}

export function JoinScreen({ code, again, busy, problem, onJoin, onBack }: JoinProps) {
  const [typed, setTyped] = useState(code);
  const [scanning, setScanning] = useState(false);
  if (scanning) {
    const found = (text: string) => {
      const scanned = findJoinCode(text);
      if (scanned) {
        setTyped(scanned);
        setScanning(false);
      }
      return scanned !== null;
    };
    return <CodeScanner title={_("Scan your lead's code")} wrong={_("This is not a join code.")} onText={found} onBack={() => setScanning(false)} />;
  }
  const ready = isJoinCode(typed) && !busy;
  return (
    <Screen title={_("Join")} step="join" actions={
      <>
        {onBack && <Button kind="quiet" onPress={onBack}>{_("Back")}</Button>}
        <Button icon="camera" onPress={() => setScanning(true)}>{_("Scan code")}</Button>
        <Button kind="main" off={!ready} onPress={() => onJoin(typed)}>{busy ? _("One moment …") : _("Join")}</Button>
      </>
    }>
      {again
        ? <p>{_("A new code from your lead. What this phone has not sent yet stays and is sent.")}</p>
        : <p>{_("Your lead shows you a code. Scan it, or type its eight signs.")}</p>}
      <form class="field" onSubmit={(event) => { event.preventDefault(); if (ready) onJoin(typed); }}>
        <label for="code">{_("Join code")}</label>
        <input id="code" class="code" autocomplete="off" autocapitalize="characters" spellcheck={false} placeholder="ABCD-EFGH" maxLength={20}
          aria-invalid={problem !== ""} value={typed} onInput={(event) => setTyped(shownJoinCode(event.currentTarget.value))} />
      </form>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}
