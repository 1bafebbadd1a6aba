import { useState } from "preact/hooks";
import { _ } from "../words";
import { Icon } from "./icons";
import { Button, Notice, Screen } from "./pieces";

/** Shown inside a chat app's own browser, where nothing would last. */
export function ChatAppScreen({ apple, onCopy }: { apple: boolean; onCopy: () => Promise<boolean> }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => setCopied(await onCopy());
  return (
    <Screen title={_("Open it in your browser")} actions={<Button kind="main" icon="share" onPress={copy}>{_("Copy link")}</Button>}>
      <p>{_("A chat app forgets what is stored. In here, hand-overs would be lost.")}</p>
      <ol class="howto">
        <li><span>{_("Touch the dots or the compass at the edge.")}</span> <Icon sign="dots" /></li>
        <li>{apple ? _("Choose “Open in Safari”.") : _("Choose “Open in browser” or “Open in Chrome”.")}</li>
      </ol>
      {copied === true && <Notice kind="good">{apple ? _("Copied. Paste it into Safari.") : _("Copied. Paste it into Chrome.")}</Notice>}
      {copied === false && <Notice kind="warn">{_("It could not be copied. Hold the link in the chat to copy it there.")}</Notice>}
    </Screen>
  );
}
