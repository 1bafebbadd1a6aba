import { useEffect, useRef, useState } from "preact/hooks";
import { _ } from "../words";
import { Button, Notice, Screen } from "./pieces";

interface TypeProps {
  problem: string;
  onCode: (text: string) => void;
  onBack: () => void;
}

/** The code beside the square, typed by hand or by a keyboard scanner, which ends with Enter. */
export function TypeCodeScreen({ problem, onCode, onBack }: TypeProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim()) onCode(text);
  };
  return (
    <Screen title={_("Type the code")} actions={
      <>
        <Button kind="quiet" icon="camera" onPress={onBack}>{_("Camera")}</Button>
        <Button kind="main" icon="tick" off={!text.trim()} onPress={() => onCode(text)}>{_("Show")}</Button>
      </>
    }>
      <form class="field" onSubmit={submit}>
        <label for="code">{_("16 signs, beside the square")}</label>
        <input id="code" ref={field} class="code" value={text} autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={40}
          aria-invalid={problem !== ""} onInput={(event) => setText(event.currentTarget.value)} />
        <p class="soft">{_("O is taken for 0, I and L for 1, S for 5. Blanks do not matter.")}</p>
      </form>
      {problem && <Notice kind="warn">{problem}</Notice>}
    </Screen>
  );
}
