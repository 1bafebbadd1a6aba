// The answer to a card, on the whole screen: colour, sign, word and picture; one tap gives what this table gives.

import type { Line, Offer } from "../decide/offer";
import { punchBoxes } from "../decide/punch-box";
import type { PlanPart } from "../register/rows";
import { _, ngettext } from "../words";
import { ItemPicture } from "./item-picture";
import { amount, ANSWERS, dayWords, explained, itemName, peopleWords, receivedWords, whyWords } from "./offer-words";
import { Button, Notice, Screen } from "./pieces";
import { PunchBoxes } from "./punch-boxes";

interface OfferProps {
  offer: Offer;
  plan: PlanPart;
  today: string;
  listFrom: string; // the moment of the list, in words
  listIsOld: boolean;
  busy: boolean;
  asking: boolean; // the server is being asked
  refused: string[] | null; // codes with which the server refused
  trouble: string;
  practice: boolean;
  sums: boolean; // one tap gives something; else people must be chosen first
  onGive: () => void;
  onLess: () => void;
  onNot: () => void;
  onOverride: () => void;
  onNext: () => void;
  onRegister?: (() => void) | undefined; // a blank card, on a phone that may
  onReplace?: (() => void) | undefined; // found by name: the card itself may be lost
  onCorrect?: (() => void) | undefined; // a family that was just registered here
}

export function OfferScreen(props: OfferProps) {
  const { offer, refused } = props;
  const otherLane = offer.word === "give" && offer.lane?.ours === false;
  const answer = refused ? { ...ANSWERS.nothing, word: () => _("Do not give") } : otherLane ? LANE : answerTo(offer);
  const gives = offer.word === "give" && !refused;
  return (
    <Screen title={answer.word()} kind={`offer offer-${answer.colour}${props.practice ? " practice" : ""}`} sign={answer.sign} actions={gives ? <Giving {...props} /> : <Leaving {...props} />}>
      <p class="whose">
        {offer.number && <span class="code">{offer.number}</span>}
        {offer.members.length > 0 && <span>{peopleWords(offer.members.length)}</span>}
      </p>
      {props.onCorrect && (
        <div class="told">
          <Notice kind="good">{ngettext("Registered: %(num)s person.", "Registered: %(num)s people.", offer.members.length)}</Notice>
          <Button icon="undo" onPress={props.onCorrect}>{_("Correct")}</Button>
        </div>
      )}
      {otherLane && offer.lane && <p class="lead-line">{_("Lane %(number)s: another table.", { number: offer.lane.lane })}</p>}
      {refused && refused.map((code) => <p key={code} class="lead-line">{whyWords(code)}</p>)}
      {!refused && <p class="lead-line">{explained(offer, props.listFrom, props.onRegister !== undefined)}</p>}
      {!refused && offer.here.map((line) => <Big key={line.item + line.round} line={line} plan={props.plan} />)}
      {gives && <PunchBoxes boxes={punchBoxes(props.plan, offer.here)} />}
      <Lines title={_("Run out here")} lines={offer.runOut} say={(line) => amount(line, props.plan)} />
      <Lines title={_("Next table")} lines={offer.nextTable} say={(line) => amount(line, props.plan)} />
      <Lines title={_("Later")} lines={offer.later} say={(line) => laterWords(line, props)} />
      <Lines title={_("Had already")} lines={offer.had} say={(line) => hadWords(line, props)} />
      {props.onReplace && <Button icon="plus" onPress={props.onReplace}>{_("New card")}</Button>}
      {props.listIsOld && <p class="soft">{_("May not know gifts since %(time)s.", { time: props.listFrom })}</p>}
      {props.trouble && <Notice kind="bad">{props.trouble}</Notice>}
    </Screen>
  );
}

/** Who had nothing was not served already: there is only nothing for her now. */
const answerTo = (offer: Offer) => (offer.word === "nothing" && offer.had.length === 0 ? NOTHING_DUE : ANSWERS[offer.word]);

const NOTHING_DUE = { ...ANSWERS.nothing, colour: "plain" as const, sign: "wait" as const, word: () => _("Nothing due") };
const LANE = { ...ANSWERS.elsewhere, colour: "warn" as const, word: () => _("Other lane") };

function Giving({ busy, asking, sums, trouble, offer, onGive, onLess, onNot, onNext }: OfferProps) {
  return (
    <>
      {trouble && <Button kind="quiet" icon="camera" onPress={onNext} off={busy}>{_("Next card")}</Button>}
      <div class="row">
        <Button kind="quiet" onPress={onNot} off={busy}>{_("Give nothing")}</Button>
        <Button onPress={onLess} off={busy}>{sums ? _("Less") : _("Choose people")}</Button>
      </div>
      {sums && (
        <Button kind="main" icon="tick" onPress={onGive} off={busy}>
          {asking ? _("Asking …") : offer.lane?.ours === false ? _("Give anyway") : _("Give all")}
        </Button>
      )}
    </>
  );
}

function Leaving({ offer, busy, refused, onNot, onOverride, onNext, onRegister }: OfferProps) {
  return (
    <>
      {offer.override.length > 0 && <Button onPress={onOverride} off={busy}>{_("Give anyway …")}</Button>}
      {!refused && offer.word !== "register" && <Button onPress={onNot} off={busy}>{_("Note why")}</Button>}
      <Button kind={onRegister ? "quiet" : "main"} icon="camera" onPress={onNext} off={busy}>{_("Next card")}</Button>
      {onRegister && <Button kind="main" icon="plus" onPress={onRegister} off={busy}>{_("Register family")}</Button>}
    </>
  );
}

function Big({ line, plan }: { line: Line; plan: PlanPart }) {
  const item = plan.items.find((each) => each.id === line.item);
  return (
    <p class="big-line">
      {item && <ItemPicture item={item} large />}
      <span>{line.quantity !== null && <strong>{line.quantity} × </strong>}{item?.name}</span>
    </p>
  );
}

function Lines({ title, lines, say }: { title: string; lines: Line[]; say: (line: Line) => string }) {
  if (lines.length === 0) return null;
  return (
    <section class="lines">
      <h2>{title}</h2>
      <ul>{lines.map((line) => <li key={line.item + line.round}>{say(line)}</li>)}</ul>
    </section>
  );
}

const laterWords = (line: Line, { plan, today }: OfferProps) =>
  line.from ? _("%(what)s: from %(day)s", { what: amount(line, plan), day: dayWords(line.from, today) }) : amount(line, plan);

function hadWords(line: Line, { plan, today }: OfferProps): string {
  const last = line.received.at(-1);
  const name = itemName(line.item, plan);
  return last ? `${last.quantity} × ${name}: ${receivedWords(last, plan, today)}` : _("%(what)s: being asked for elsewhere", { what: name });
}
