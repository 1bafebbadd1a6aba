// Handing on what was not sent: as a file, or as a row of codes that another phone or the desk reads from this screen.

import { useEffect, useState } from "preact/hooks";
import { _, ngettext } from "../../words";
import { Button, Notice, Screen } from "../pieces";
import { QrPicture } from "../qr-picture";

interface HandOnProps {
  unsent: number;
  carried: number;
  looks: number; // of the help desk
  lane: string; // which lane is this phone's, in words
  problem: string;
  onCodes: () => void;
  onFile: () => void;
  onLane: (() => void) | undefined; // where it has a lane of its own
  onBack: () => void;
}

export function HandOnScreen({ unsent, carried, looks, lane, problem, onCodes, onFile, onLane, onBack }: HandOnProps) {
  const nothing = unsent + carried + looks === 0;
  return (
    <Screen title={_("Hand on")} actions={
      <>
        <div class="row">
          <Button icon="left" onPress={onBack}>{_("Back")}</Button>
          <Button icon="share" off={nothing} onPress={onFile}>{_("As a file")}</Button>
        </div>
        <Button kind="main" icon="camera" off={nothing} onPress={onCodes}>{_("Show codes")}</Button>
      </>
    }>
      {nothing && <p class="lead-line">{_("Everything is sent: there is nothing to hand on.")}</p>}
      {unsent > 0 && <p class="lead-line">{ngettext("%(num)s record is not sent.", "%(num)s records are not sent.", unsent)}</p>}
      {!nothing && <p>{_("Another phone or the desk can carry it. Only the office can read it. It stays here too, and counts once.")}</p>}
      {looks > 0 && <p>{_("Whom you looked up by name goes along: the office notes it.")}</p>}
      {carried > 0 && <p>{_("What you carry for others goes along.")}</p>}
      {lane && <Notice>{lane}</Notice>}
      {onLane && <Button icon="share" onPress={onLane}>{_("Hand lane over")}</Button>}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

interface CodesProps {
  codes: string[];
  onBack: () => void;
}

const SHOWN_MS = 900; // long enough for an old camera

/** One code after the other, over and over, until the other phone has them all. */
export function CodesScreen({ codes, onBack }: CodesProps) {
  const [place, setPlace] = useState(0);
  const [running, setRunning] = useState(codes.length > 1);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setPlace((now) => (now + 1) % codes.length), SHOWN_MS);
    return () => clearInterval(timer);
  }, [running, codes.length]);
  const step = () => {
    setRunning(false);
    setPlace((place + 1) % codes.length);
  };
  const said = _("Code %(number)s of %(all)s", { number: place + 1, all: codes.length });
  return (
    <Screen title={said} actions={
      <>
        {codes.length > 1 && (
          <div class="row">
            <Button pressed={!running} onPress={() => setRunning(!running)}>{running ? _("Stop") : _("Go on")}</Button>
            <Button icon="next" onPress={step}>{_("Next code")}</Button>
          </div>
        )}
        <Button kind="main" icon="tick" onPress={onBack}>{_("Done")}</Button>
      </>
    }>
      <QrPicture text={codes[place]!} label={said} />
      <p>{_("On the other phone: What was sent, Take in, Scan codes. When it has all, it shows four signs.")}</p>
    </Screen>
  );
}
