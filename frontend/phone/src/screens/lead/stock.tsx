// Goods that came, went or were counted: what happened, how many of what, and one tap to keep it.

import { useState } from "preact/hooks";
import type { ItemRow } from "../../register/rows";
import type { KindFields, StockAction } from "../../wire/records";
import { _ } from "../../words";
import { Button, Notice, Screen, Toggles } from "../pieces";
import { QuantityFields, type Quantities } from "./quantities";
import { ACTIONS } from "./told-words";

export type StockMore = Pick<KindFields["stock"], "source" | "waybill" | "reason">;

interface StockProps {
  items: ItemRow[];
  problem: string;
  onKeep: (action: StockAction, quantities: Quantities, more: StockMore) => void;
  onBack: () => void;
}

const OFFERED: readonly StockAction[] = ["received", "counted", "lost", "damaged", "returned", "dispatched"];
const SOURCES: readonly (readonly [NonNullable<StockMore["source"]>, () => string])[] = [
  ["dref", () => "DREF"], ["own_funds", () => _("Own funds")], ["in_kind", () => _("In kind")],
];

export function StockScreen({ items, problem, onKeep, onBack }: StockProps) {
  const [action, setAction] = useState<StockAction>("received");
  const [quantities, setQuantities] = useState<Quantities>({});
  const [more, setMore] = useState<StockMore>({});
  const said = Object.entries(quantities).filter(([, quantity]) => quantity > 0 || action === "counted");
  const keep = () => onKeep(action, Object.fromEntries(said), fitting(action, more));
  return (
    <Screen title={_("Stock")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="tick" off={said.length === 0} onPress={keep}>{_("Keep")}</Button>
      </>
    }>
      <Toggles label={_("What happened")} values={OFFERED.map((each) => [each, ACTIONS[each]()] as const)} value={action} onChange={setAction} />
      <QuantityFields items={items} values={quantities} onChange={setQuantities} />
      {action === "received" && <Origin more={more} onChange={setMore} />}
      {(action === "lost" || action === "damaged" || action === "dispatched") && (
        <Text id="reason" label={_("Reason")} value={more.reason ?? ""} onChange={(reason) => setMore({ ...more, reason })} />
      )}
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

function Origin({ more, onChange }: { more: StockMore; onChange: (more: StockMore) => void }) {
  return (
    <>
      <Text id="waybill" label={_("Waybill number")} value={more.waybill ?? ""} onChange={(waybill) => onChange({ ...more, waybill })} />
      <Toggles label={_("Where from, if known")} values={SOURCES.map(([each, words]) => [each, words()] as const)} value={more.source}
        onChange={(source) => onChange({ ...more, source })} />
    </>
  );
}

function Text({ id, label, value, onChange }: { id: string; label: string; value: string; onChange: (value: string) => void }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} value={value} maxLength={100} autocomplete="off" onInput={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

/** Only what belongs to the action, and no empty texts. */
function fitting(action: StockAction, { source, waybill = "", reason = "" }: StockMore): StockMore {
  if (action === "received") return { ...(source && { source }), ...(waybill.trim() && { waybill: waybill.trim() }) };
  return reason.trim() && action !== "counted" && action !== "returned" ? { reason: reason.trim() } : {};
}
