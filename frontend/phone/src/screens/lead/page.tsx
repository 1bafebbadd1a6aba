// The page that is signed: a day as it was closed, to be shown, photographed or copied by hand.

import type { KeptPage, PageLine, PagePhone } from "../../lead/page";
import type { PlanPart } from "../../register/rows";
import { _ } from "../../words";
import { Icon } from "../icons";
import { dayWords, momentWords } from "../offer-words";
import { Button, Screen } from "../pieces";
import { servedWords } from "../served-words";
import { noTally } from "../../tally/tally";
import { phoneWords } from "./day";
import { ItemSums } from "./sums";
import { REASONS } from "./told-words";

interface PageProps {
  operation: string;
  site: string;
  kept: KeptPage;
  plan: PlanPart;
  name: string;
  onBack: () => void;
}

export function PageScreen({ operation, site, kept: { page, moment }, plan, name, onBack }: PageProps) {
  const served = servedWords({ ...noTally(), families: page.families, people: page.people, contacts: page.contacts });
  return (
    <Screen title={_("%(site)s: day closed", { site })} kind="day-page" actions={<Button kind="main" icon="left" onPress={onBack}>{_("Back")}</Button>}>
      <p><strong>{dayWords(page.day, "")}</strong> · {operation}</p>
      <p class="soft">
        {page.source === "office" ? _("What the office had at %(time)s. What phones have not sent is not in it.", { time: momentWords(page.as_of) })
          : _("As this phone and the phones that it read tell it, at %(time)s.", { time: momentWords(moment) })}
      </p>
      {page.lines.map((line) => (
        <ItemSums key={line.item} day={asDay(line)} item={plan.items.find((item) => item.id === line.item) ?? { name: _("something else"), service: 0 }}>
          {line.reason && <p>{_("Why: %(reason)s", { reason: REASONS[line.reason]?.() ?? line.reason })}</p>}
        </ItemSums>
      ))}
      {page.source === "phones" && <p class="lead-line">{served}</p>}
      <section class="lines">
        <h2>{_("Phones")}</h2>
        <ul>
          {page.phones.map((phone) => (
            <li key={phone.label + phone.made} class="phone-line"><Icon sign={phone.waiting === 0 ? "tick" : "warn"} /><span><strong>{phone.label}</strong> {lineWords(phone)}</span></li>
          ))}
        </ul>
      </section>
      <dl class="signatures">
        <div><dt>{_("Lead")}</dt><dd>{name}</dd></div>
        <div><dt>{_("Signature")}</dt><dd /></div>
        <div><dt>{_("Second signature")}</dt><dd /></div>
      </dl>
    </Screen>
  );
}

const asDay = ({ item, start = null, received, given, lost, sent_on: sentOn, left = null, counted = null }: Omit<PageLine, "start" | "left" | "counted"> & { start?: number | null; left?: number | null; counted?: number | null }) =>
  ({ item, start, received, given, lost, sentOn, left, counted });

const lineWords = ({ made, waiting, heard_at: heardAt, how }: PagePhone) => phoneWords({ made, waiting, heardAt: heardAt ?? null, how });
