// The help desk at work: getting the list, the PIN before it is opened, looking somebody up, and on to her card.

import { useEffect, useState } from "preact/hooks";
import { FirstCard } from "./first-card";
import type { Family, Found } from "./help-desk/finding";
import { findFamilies } from "./help-desk/finding";
import { fetchList, findList, noteLook, openList } from "./help-desk/desk";
import { LockedDoor } from "./locked-door";
import { memory } from "./memory";
import type { Troubled } from "./network";
import { FindScreen, GetListScreen } from "./screens/help-desk";
import { momentWords } from "./screens/offer-words";
import { networkTrouble, storageWords } from "./screens/trouble-words";
import { openHolding } from "./serving/found";
import { cardOfFamily, onChange, troubleIn, type HelpDeskList } from "./storage";
import { _ } from "./words";

/** Tell whether this phone is the help desk of a site. */
export const isHelpDesk = (site: string) => memory.value?.enrolment?.phone?.help_desk === site;

interface Props {
  site: string;
  onFound: () => void; // a card's answer is open
  onBack: () => void;
}

export function HelpDesk({ site, onFound, onBack }: Props) {
  const [list, setList] = useState<HelpDeskList | null | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [families, setFamilies] = useState<Family[] | null>(null);
  useEffect(() => {
    const hide = () => setFamilies(null); // names are on the screen only while somebody looks at it, and the list is good
    const look = async () => {
      const here = await findList(site);
      setList(here);
      if (here === null) hide();
    };
    void look();
    const ends = [whenHidden(hide), onChange((change) => void (change === "settings" && look()))];
    return () => ends.forEach((end) => end());
  }, []);
  const get = async () => {
    setBusy(true);
    const trouble = await fetchList(site);
    setBusy(false);
    setProblem(trouble ? listTroubleWords(trouble) : "");
    if (!trouble) setList(await findList(site));
  };
  const open = (known: HelpDeskList) => void openList(known).then(setFamilies, () => setList(null));
  const { lock, volunteer } = memory.value ?? {};
  if (list === undefined || !lock) return null;
  if (list === null) return <GetListScreen busy={busy} problem={problem} onGet={() => void get()} onBack={onBack} />;
  if (families === null) return <LockedDoor name={volunteer?.name ?? ""} lock={lock} onOpen={() => open(list)} onBack={onBack} />;
  return <Finding list={list} families={families} site={site} onFound={onFound} onBack={onBack} />;
}

function Finding({ list, families, site, onFound, onBack }: { list: HelpDeskList; families: Family[] } & Props) {
  const [found, setFound] = useState<Found | null>(null);
  const [cardless, setCardless] = useState<Family | null>(null);
  const [problem, setProblem] = useState("");
  const notes = async (household?: string) => {
    const trouble = await troubleIn(() => noteLook(list, household));
    setProblem(trouble ? storageWords(trouble) : "");
    return trouble === null;
  };
  const look = async (typed: string) => {
    if (await notes()) setFound(findFamilies(families, typed));
  };
  const open = async (card: string) => {
    await openHolding(card);
    onFound();
  };
  const choose = async (family: Family) => {
    if (!(await notes(family.household))) return;
    const card = await cardOfFamily(family.household);
    if (card !== undefined) await open(card);
    else if (family.row) setCardless(family);
    else setProblem(_("The card of this family is not on this phone's list yet. It comes with the next contact: look again then."));
  };
  if (cardless) return <FirstCard family={cardless} site={site} onDone={(card) => void open(card)} onBack={() => setCardless(null)} />;
  return (
    <FindScreen until={momentWords(list.expires_at)} found={found} problem={problem} onFind={(typed) => void look(typed)}
      onChoose={(family) => void choose(family)} onBack={onBack} />
  );
}

function whenHidden(hide: () => void): () => void {
  const look = () => document.visibilityState === "hidden" && hide();
  document.addEventListener("visibilitychange", look);
  return () => document.removeEventListener("visibilitychange", look);
}

function listTroubleWords(trouble: Troubled): string {
  if (trouble.code === "not_for_this_device") return _("This phone is not the help desk any more.");
  return trouble.code === "too_many" ? _("Too many lists today. Ask your manager.") : networkTrouble(trouble);
}
