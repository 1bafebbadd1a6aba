// The lead's own screen: where the site's day stands, and what she can do.

import { _ } from "../../words";
import { Button, Notice, Screen } from "../pieces";
import type { Told } from "../../lead/told";
import { leadToldWords } from "./told-words";

interface LeadHomeProps {
  site: string;
  state: "new" | "opened" | "closed";
  since: string; // when it was opened or closed, in words
  told: Told | null;
  several: boolean; // she leads several sites
  onOpen: () => void;
  onClose: () => void;
  onPage: () => void;
  onEarlier: (() => void) | undefined; // where earlier days were closed
  onDay: () => void;
  onStock: () => void;
  onTallies: () => void;
  onReplace: () => void;
  onNewPhone: () => void;
  onSite: () => void;
  onUndo: () => void;
  onBack: () => void;
}

export function LeadHomeScreen(props: LeadHomeProps) {
  const { state, told } = props;
  return (
    <Screen title={props.site} actions={
      <>
        <Button kind="quiet" icon="left" onPress={props.onBack}>{_("Back")}</Button>
        {state === "new" && <Button kind="main" icon="light" onPress={props.onOpen}>{_("Open day")}</Button>}
        {state === "opened" && <Button kind="main" icon="tick" onPress={props.onClose}>{_("Close day")}</Button>}
        {state === "closed" && <Button kind="main" icon="list" onPress={props.onPage}>{_("Show page")}</Button>}
      </>
    }>
      <p class="lead-line">{stateWords(state, props.since)}</p>
      {told && (
        <div class="told">
          <Notice kind={told.is === "trouble" ? "bad" : "good"}>{leadToldWords(told)}</Notice>
          {told.is === "stock" && <Button icon="undo" onPress={props.onUndo}>{_("Undo")}</Button>}
        </div>
      )}
      <div class="tiles">
        <Button icon="list" onPress={props.onDay}>{_("Day so far")}</Button>
        <Button icon="camera" onPress={props.onTallies}>{_("Read phones")}</Button>
        <Button icon="parcel" onPress={props.onStock}>{_("Stock")}</Button>
        <Button icon="next" onPress={props.onReplace}>{_("Replace card")}</Button>
        <Button icon="plus" onPress={props.onNewPhone}>{_("New phone")}</Button>
        {state === "closed" && <Button icon="tick" onPress={props.onClose}>{_("Close again")}</Button>}
        {props.onEarlier && <Button icon="list" onPress={props.onEarlier}>{_("Earlier days")}</Button>}
        {props.several && <Button icon="globe" onPress={props.onSite}>{_("Other site")}</Button>}
      </div>
    </Screen>
  );
}

function stateWords(state: LeadHomeProps["state"], since: string): string {
  if (state === "new") return _("The day is not open yet: count what is here.");
  return state === "opened" ? _("The day is open since %(time)s.", { time: since }) : _("The day was closed at %(time)s.", { time: since });
}
