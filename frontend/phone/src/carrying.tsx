// Handing on what was not sent, and carrying what others could not send: packed here, sealed to the server, read by nobody between.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { NO_LANE } from "./cards/lanes";
import { HandLaneOver, ownLanes, takeLanes } from "./lane-handing";
import { readLaneCode } from "./lanes/lane-code";
import { memory } from "./memory";
import { carry, holdsAll, pack, type Packed } from "./outbox/parcels";
import { CodesScreen, HandOnScreen } from "./screens/outbox/hand-on";
import { ScanPackedScreen, TakeInScreen } from "./screens/outbox/take-in";
import { shareFile } from "./device/share";
import { Basket, fileOf, readFile, seriesOf, shortSigns } from "./seal/series";
import type { SealedParcel } from "./seal/parcel";
import { storageWords } from "./screens/trouble-words";
import { workplace } from "./serving/serving";
import { StorageTrouble, readyToGo } from "./storage";
import { _ } from "./words";

/** What was packed last. */
const packed = signal<Packed | null>(null);

/** Return the signs of what was packed, where that is all there is by now; else none. */
export async function signsOfAll(): Promise<string[]> {
  return packed.value && (await holdsAll(packed.value)) ? packed.value.parcels.map(shortSigns) : [];
}

export function HandOn({ onBack }: { onBack: () => void }) {
  const [codes, setCodes] = useState<string[]>([]);
  const [problem, setProblem] = useState("");
  const { counts, carried = 0, looks = [] } = memory.value ?? {};
  const [handsLane, setHandsLane] = useState(false);
  if (handsLane && ownLanes().length > 0) return <HandLaneOver onBack={() => setHandsLane(false)} />;
  if (codes.length > 0) return <CodesScreen codes={codes} onBack={() => setCodes([])} />;
  const use = async (way: (parcels: SealedParcel[]) => unknown) => {
    const parcels = await packAll();
    setProblem(parcels === null ? _("This phone cannot pack: it was never online with a secure address (https).") : "");
    if (parcels !== null) await way(parcels);
  };
  const unsent = counts ? readyToGo(counts) : 0;
  return (
    <HandOnScreen unsent={unsent} carried={carried} looks={looks.length} lane={laneWords()} problem={problem} onBack={onBack}
      onLane={ownLanes().length > 0 ? () => setHandsLane(true) : undefined}
      onCodes={() => void use((parcels) => setCodes(parcels.flatMap(seriesOf)))}
      onFile={() => void use((parcels) => shareFile(fileOf(parcels), `relief-${parcels.map(shortSigns).join("-")}.txt`))} />
  );
}

async function packAll(): Promise<SealedParcel[] | null> {
  packed.value = await pack();
  return packed.value?.parcels ?? null;
}

/** Say which lane another phone may take over, or that there is none any more. */
function laneWords(): string {
  const lanes = ownLanes();
  if (lanes.length > 0) return _("Your lane: %(lanes)s. Another phone can take it over, and your lead should know.", { lanes: lanes.join(", ") });
  return workplace()?.table.lanes.includes(NO_LANE) ? _("No lane: other phones have them") : "";
}

export function TakeIn({ onBack }: { onBack: () => void }) {
  const [signs, setSigns] = useState<string[]>([]);
  const [lanes, setLanes] = useState("");
  const [problem, setProblem] = useState("");
  const [basket, setBasket] = useState<Basket | null>(null);
  const [progress, setProgress] = useState({ here: 0, of: 0 });
  const take = async (parcels: readonly SealedParcel[]) => {
    try {
      for (const parcel of parcels) await carry(parcel);
      setSigns((before) => [...new Set([...before, ...parcels.map(shortSigns)])]);
      setProblem("");
    } catch (error) {
      if (!(error instanceof StorageTrouble)) throw error;
      setProblem(storageWords(error.code));
    }
  };
  const takeLane = async (text: string) => {
    const taken = await takeLanes(text);
    if (taken === null) return;
    if ("problem" in taken) setProblem(taken.problem);
    else setLanes(taken.lanes);
    setBasket(null);
  };
  useEffect(() => () => setBasket(null), []);
  if (basket) {
    const onText = (text: string) => {
      if (readLaneCode(text)) {
        void takeLane(text);
        return true;
      }
      const found = basket.take(text);
      setProgress(basket.progress);
      const all = found === null ? null : basket.finish();
      if (all) void take(all).then(() => setBasket(null));
      return found === null ? false : all ? true : "";
    };
    return <ScanPackedScreen progress={progress} onText={onText} onBack={() => setBasket(null)} />;
  }
  const onScan = () => {
    setProgress({ here: 0, of: 0 });
    setProblem("");
    setLanes("");
    setBasket(new Basket());
  };
  const onFile = async (file: File) => {
    const parcels = readFile(await file.text());
    if (parcels) return take(parcels);
    setProblem(_("This is not a whole packed file. Let the other phone make it once more."));
  };
  return <TakeInScreen signs={signs} lanes={lanes} problem={problem} onScan={onScan} onFile={(file) => void onFile(file)} onBack={onBack} />;
}
