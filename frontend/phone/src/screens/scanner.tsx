import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraTrouble } from "../camera";
import { readSight } from "../decoder/sight";
import { Watcher, type Looking } from "../decoder/watcher";
import { _ } from "../words";
import { cameraTrouble } from "./camera-words";
import { Button, Notice, Screen, WakeButton } from "./pieces";

interface ScannerProps {
  title: string;
  wrong: string; // said of a code that is not what is looked for
  onText: (text: string) => boolean | string; // tells whether it was; or what to say of it, and goes on looking
  leave?: string; // words of the button that leads away, where it is not to typing
  onBack: () => void;
  children?: ComponentChildren;
}

const PAUSE_MS = 120;
const SIDE = 720; // dots of the shorter side

const OTHER: Looking[] = ["starting", "looking", "asleep", "broken"];
const isTrouble = (state: Looking): state is CameraTrouble => !OTHER.includes(state);

/** Looks for one code, such as the join code on the lead's screen, or for one after another. */
export function CodeScanner({ title, wrong, onText, leave, onBack, children }: ScannerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState("");
  const [asleep, setAsleep] = useState(false);
  const watcher = useRef<Watcher | null>(null);
  const looker = useRef(onText);
  looker.current = onText; // of the latest drawing: what it says may depend on what was read before
  useEffect(() => {
    const finder = video.current!;
    watcher.current = new Watcher(finder, {
      read: () => readSight(finder, { side: SIDE }).catch(() => null),
      onRead: (read) => {
        const answers = (read?.texts ?? []).map((text) => looker.current(text));
        if (answers.includes(true)) return true;
        if (answers.length) setProblem(answers.find((each) => typeof each === "string") ?? wrong);
        return false;
      },
      onState: (state) => {
        setAsleep(state === "asleep");
        if (isTrouble(state)) setProblem(cameraTrouble(state));
      },
      pause: () => PAUSE_MS,
    });
    void watcher.current.start();
    return () => watcher.current?.close();
  }, []);
  return (
    <Screen title={title} actions={<Button onPress={onBack}>{leave ?? _("Type instead")}</Button>}>
      <div class="finder">
        <video ref={video} class="viewfinder" playsInline muted aria-label={_("What the camera sees")} hidden={asleep} />
        {asleep && <WakeButton onPress={() => void watcher.current?.start()} />}
      </div>
      {problem && <Notice kind="warn">{problem}</Notice>}
      {children}
    </Screen>
  );
}
