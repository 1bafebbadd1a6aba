// Above every screen: that this page works online only; that a new version waits.

import { useState } from "preact/hooks";
import { isSecure } from "../device/platform";
import { takeUpdate, updateWaits } from "../device/updates";
import { memory } from "../memory";
import { _, ngettext } from "../words";
import { Icon } from "./icons";
import { Button } from "./pieces";

export function Bands({ quiet }: { quiet: boolean }) {
  if (quiet) return null;
  return <>{!isSecure() && <OnlineOnly />}{memory.value?.enrolment?.revoked && <SignedOff />}{updateWaits.value && <Update />}</>;
}

function OnlineOnly() {
  return <div class="band band-online" role="note"><Icon sign="online" /><p>{_("Online only: do not close")}</p></div>;
}

function SignedOff() {
  return <div class="band band-online" role="status"><Icon sign="warn" /><p>{_("Signed off by the office. What is on this phone is handed in.")}</p></div>;
}

// With records that were not sent, she is told so first, and may decide otherwise.
function Update() {
  const [asked, setAsked] = useState(false);
  const waiting = memory.value?.counts.waiting ?? 0;
  const press = () => (waiting && !asked ? setAsked(true) : takeUpdate());
  return (
    <div class="band band-update" role="status">
      <p>
        {waiting && asked
          ? ngettext("%(num)s record is not sent yet. It stays on the phone; sending it first is safer.",
              "%(num)s records are not sent yet. They stay on the phone; sending them first is safer.", waiting)
          : _("A new version is here.")}
      </p>
      <Button onPress={press}>{waiting && asked ? _("Update anyway") : _("Update")}</Button>
    </div>
  );
}
