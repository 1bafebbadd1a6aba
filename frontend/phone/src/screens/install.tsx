import { useState } from "preact/hooks";
import { install, installOffer, wasInstalled } from "../device/install";
import { _ } from "../words";
import { Icon } from "./icons";
import { Button, Notice, Screen } from "./pieces";

interface InstallProps {
  apple: boolean;
  code: string; // the join code that the link brought, or nothing
  onPass: () => void;
}

export function InstallScreen(props: InstallProps) {
  if (props.apple) return <OnApple code={props.code} />;
  return wasInstalled.value ? <Installed onPass={props.onPass} /> : <OnAndroid onPass={props.onPass} />;
}

// An iPhone keeps a tab's storage apart from the home screen's, so there is no way on from here.
function OnApple({ code }: { code: string }) {
  return (
    <Screen title={_("Put it on your home screen")} step="install">
      <p>{_("There it works without network, and keeps what you record.")}</p>
      <ol class="howto">
        <li><span>{_("Touch Share")}</span> <Icon sign="share" /></li>
        <li><span>{_("Touch “Add to Home Screen”")}</span> <Icon sign="plus" /></li>
        <li>{_("Open relief from the home screen.")}</li>
        {code
          ? <li><span>{_("Type this code there, or scan your lead's again:")} <strong class="big-code code">{code}</strong></span></li>
          : <li>{_("Scan your lead's code there.")}</li>}
      </ol>
    </Screen>
  );
}

function OnAndroid({ onPass }: { onPass: () => void }) {
  const [manual, setManual] = useState(false);
  const offered = installOffer.value !== null && !manual;
  const pass = <Button kind="quiet" onPress={onPass}>{_("Not now")}</Button>;
  const actions = offered
    ? <>{pass}<Button kind="main" icon="plus" onPress={() => void install().then(() => setManual(true))}>{_("Install")}</Button></>
    : <Button kind="main" onPress={onPass}>{_("Go on here")}</Button>;
  return (
    <Screen title={_("Put it on your home screen")} step="install" actions={actions}>
      <p>{_("There it opens with one touch, works without network, and keeps what you record.")}</p>
      {!offered && (
        <ol class="howto">
          <li><span>{_("Touch the dots of the browser")}</span> <Icon sign="dots" /></li>
          <li>{_("Touch “Add to Home screen” or “Install app”.")}</li>
          <li>{_("Open relief from the home screen.")}</li>
        </ol>
      )}
    </Screen>
  );
}

function Installed({ onPass }: { onPass: () => void }) {
  return (
    <Screen title={_("Installed")} step="install" actions={<Button kind="quiet" onPress={onPass}>{_("Go on here")}</Button>}>
      <Notice kind="good">{_("Now open relief from your home screen. Your code is there already.")}</Notice>
    </Screen>
  );
}
