import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ASLEEP_MS, CameraError, closeCamera, showCamera } from "../camera";
import { readSight } from "../decoder/sight";
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

/** Looks for one code, such as the join code on the lead's screen, or for one after another. */
export function CodeScanner({ title, wrong, onText, leave, onBack, children }: ScannerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState("");
  const [asleep, setAsleep] = useState(false);
  const wake = useRef(() => {});
  const looker = useRef(onText);
  looker.current = onText; // of the latest drawing: what it says may depend on what was read before
  useEffect(() => {
    const finder = video.current!;
    let turn = 0; // of looking: an app that was laid aside lets go of its camera, which an iPhone takes from it anyway
    let timer = 0;
    let lastSeen = 0;
    const look = async (mine: number) => {
      const read = await readSight(finder, { side: SIDE }).catch(() => null);
      if (mine !== turn) return;
      if (read?.texts.length) lastSeen = performance.now();
      const answers = (read?.texts ?? []).map((text) => looker.current(text));
      if (answers.includes(true)) return;
      if (answers.length) setProblem(answers.find((each) => typeof each === "string") ?? wrong);
      if (performance.now() - lastSeen > ASLEEP_MS) return sleep();
      timer = window.setTimeout(() => void look(mine), PAUSE_MS);
    };
    const start = async () => {
      const mine = (turn += 1);
      lastSeen = performance.now();
      setAsleep(false);
      try {
        if (await showCamera(finder)) await look(mine);
      } catch (error) {
        setProblem(cameraTrouble(error instanceof CameraError ? error.trouble : "busy"));
      }
    };
    const rest = () => {
      turn += 1;
      window.clearTimeout(timer);
      closeCamera(finder);
    };
    const sleep = () => {
      rest();
      setAsleep(true);
    };
    wake.current = () => void start();
    const onVisibility = () => (document.visibilityState === "hidden" ? rest() : void start());
    document.addEventListener("visibilitychange", onVisibility);
    void start();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      rest();
    };
  }, []);
  return (
    <Screen title={title} actions={<Button onPress={onBack}>{leave ?? _("Type instead")}</Button>}>
      <div class="finder">
        <video ref={video} class="viewfinder" playsInline muted aria-label={_("What the camera sees")} hidden={asleep} />
        {asleep && <WakeButton onPress={() => wake.current()} />}
      </div>
      {problem && <Notice kind="warn">{problem}</Notice>}
      {children}
    </Screen>
  );
}
