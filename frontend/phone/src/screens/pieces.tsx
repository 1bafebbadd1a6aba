// What every screen is put together from.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { JOINING, type Step } from "../flow";
import { _ } from "../words";
import { Icon, type Sign } from "./icons";

interface ScreenProps {
  title: string;
  step?: Step | undefined; // shows how far joining is
  kind?: string; // its own look
  sign?: Sign; // beside the title
  children?: ComponentChildren;
  actions?: ComponentChildren; // under the thumb, the main one last
  side?: boolean; // the actions stand side by side where there is room
}

/** One screen: its title is read out when it opens. */
export function Screen({ title, step, kind = "", sign, children, actions, side = false }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main class={`screen ${kind}`}>
      {step && <Progress step={step} />}
      <h1 ref={heading} tabIndex={-1}>{sign && <Icon sign={sign} large />}{title}</h1>
      {children}
      <div class={side ? "actions actions-side" : "actions"}>{actions}</div>
    </main>
  );
}

function Progress({ step }: { step: Step }) {
  const here = JOINING.indexOf(step);
  const said = _("Step %(number)s of %(all)s", { number: here + 1, all: JOINING.length });
  return (
    <div role="img" aria-label={said}>
      <ul class="steps" aria-hidden="true">
        {JOINING.map((each, place) => <li key={each} class={place <= here ? "done" : ""} />)}
      </ul>
    </div>
  );
}

interface ButtonProps {
  onPress: () => void;
  kind?: "main" | "quiet" | undefined;
  icon?: Sign;
  off?: boolean; // seen and read out, but does nothing now
  pressed?: boolean;
  lang?: string;
  label?: string; // what is read out, where the words alone do not say it
  children: ComponentChildren;
}

export function Button({ onPress, kind, icon, off = false, pressed, lang, label, children }: ButtonProps) {
  return (
    <button type="button" class={kind ? `button button-${kind}` : "button"} aria-disabled={off} aria-pressed={pressed} lang={lang}
      aria-label={label} onClick={() => off || onPress()}>
      {icon && <Icon sign={icon} />}{children}
    </button>
  );
}

interface TogglesProps<Value extends string | number> {
  label: string;
  shown?: boolean; // the label is seen, too
  values: readonly (readonly [Value, string])[];
  value: Value | undefined;
  onChange: (value: Value) => void;
}

/** One of a few, side by side. */
export function Toggles<Value extends string | number>({ label, shown = true, values, value, onChange }: TogglesProps<Value>) {
  return (
    <div class="toggles" role="group" aria-label={label}>
      {shown && <h2 aria-hidden="true">{label}</h2>}
      {values.map(([each, words]) => <Button key={each} pressed={value === each} onPress={() => onChange(each)}>{words}</Button>)}
    </div>
  );
}

const NOTICES = { good: "tick", warn: "warn", bad: "cross", plain: "parcel" } as const;

/** A sentence that stands out; read out when it appears. */
export function Notice({ kind = "plain", children }: { kind?: keyof typeof NOTICES; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []); // never behind the buttons
  return <div ref={place} class={`notice notice-${kind}`} role="status"><Icon sign={NOTICES[kind]} /><p>{children}</p></div>;
}

/** How much of something is done: `part` from 0 to 1, null while nobody knows. */
export function Meter({ label, said, part }: { label: string; said: string; part: number | null }) {
  return (
    <div class="meter">
      <p class="meter-line"><span>{label}</span><span>{said}</span></p>
      <progress aria-label={label} max={1} {...(part !== null && { value: part })} />
    </div>
  );
}

/** In the place of a camera's picture, while the camera sleeps. */
export function WakeButton({ onPress }: { onPress: () => void }) {
  return <button type="button" class="button wake" onClick={onPress}><Icon sign="camera" large /><span>{_("Touch to scan")}</span></button>;
}
