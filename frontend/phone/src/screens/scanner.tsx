import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { CameraError, closeCamera, showCamera } from "../camera";
import { readSight } from "../decoder/sight";
import { _ } from "../words";
import { cameraTrouble } from "./camera-words";
import { Button, Notice, Screen } from "./pieces";

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
  const looker = useRef(onText);
  looker.current = onText; // of the latest drawing: what it says may depend on what was read before
  useEffect(() => {
    const finder = video.current!;
    let open = true;
    let timer = 0;
    const look = async () => {
      const read = await readSight(finder, { side: SIDE }).catch(() => null);
      if (!open) return;
      const answers = (read?.texts ?? []).map((text) => looker.current(text));
      if (answers.includes(true)) return;
      if (answers.length) setProblem(answers.find((each) => typeof each === "string") ?? wrong);
      timer = window.setTimeout(() => void look(), PAUSE_MS);
    };
    const start = async () => {
      try {
        if (await showCamera(finder)) await look();
      } catch (error) {
        setProblem(cameraTrouble(error instanceof CameraError ? error.trouble : "busy"));
      }
    };
    void start();
    return () => {
      open = false;
      window.clearTimeout(timer);
      closeCamera(finder);
    };
  }, []);
  return (
    <Screen title={title} actions={<Button onPress={onBack}>{leave ?? _("Type instead")}</Button>}>
      <video ref={video} class="viewfinder" playsInline muted aria-label={_("What the camera sees")} />
      {problem && <Notice kind="warn">{problem}</Notice>}
      {children}
    </Screen>
  );
}
