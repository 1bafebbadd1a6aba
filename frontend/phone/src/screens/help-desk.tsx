// Finding a family's card by name: the list that lasts a day, the search, whom it found.

import { useState } from "preact/hooks";
import type { Family, Found } from "../help-desk/finding";
import { _ } from "../words";
import { calledWords, whereWords } from "./family-words";
import { Button, Notice, Screen } from "./pieces";

interface GetListProps {
  busy: boolean;
  problem: string;
  onGet: () => void;
  onBack: () => void;
}

export function GetListScreen({ busy, problem, onGet, onBack }: GetListProps) {
  return (
    <Screen title={_("Find by name")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="online" off={busy} onPress={onGet}>{_("Get the list")}</Button>
      </>
    }>
      <p>{_("A list of the names at this site, sealed for this phone. It needs network once, and is gone after 24 hours.")}</p>
      <p>{_("Your PIN opens it. Every look into it is noted.")}</p>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

interface FindProps {
  until: string;
  found: Found | null;
  problem: string;
  onFind: (typed: string) => void;
  onChoose: (family: Family) => void;
  onBack: () => void;
}

export function FindScreen({ until, found, problem, onFind, onChoose, onBack }: FindProps) {
  const [typed, setTyped] = useState("");
  const find = () => typed.trim() && onFind(typed);
  return (
    <Screen title={_("Find by name")} actions={
      <div class="row">
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        <Button kind="main" icon="next" off={!typed.trim()} onPress={find}>{_("Find")}</Button>
      </div>
    }>
      <form class="field" onSubmit={(event) => { event.preventDefault(); find(); }}>
        <label for="name">{_("Name, or village, or card number")}</label>
        <input id="name" value={typed} maxLength={80} autocomplete="off" autocorrect="off" spellcheck={false} onInput={(event) => setTyped(event.currentTarget.value)} />
      </form>
      {problem && <Notice kind="warn">{problem}</Notice>}
      {found?.families.length === 0 && <Notice kind="warn">{_("Nobody found. Try less of the name, or another spelling.")}</Notice>}
      <div class="answers">
        {found?.families.map((family) => (
          <button key={family.household} type="button" class="button found" onClick={() => onChoose(family)}>
            <strong>{calledWords(family)}</strong>
            <span>{whereWords(family)}</span>
            {family.numbers.length > 0 ? <span class="code">{family.numbers.join(" ")}</span> : family.row && <span>{_("no card yet")}</span>}
          </button>
        ))}
      </div>
      {found?.more && <p class="soft">{_("There are more. Write more of the name.")}</p>}
      <p class="soft">{_("Good until %(time)s.", { time: until })}</p>
    </Screen>
  );
}
