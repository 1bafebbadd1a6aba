// Reading the other phones' tallies, one after another, off their screens. No network is needed.

import type { ToldTally } from "../../tally/tally-code";
import { _ } from "../../words";
import { Icon } from "../icons";
import { momentWords } from "../offer-words";
import { PhotoButton } from "../photo-button";
import { Notice } from "../pieces";
import { CodeScanner } from "../scanner";
import { servedWords } from "../served-words";

interface TalliesProps {
  read: ToldTally[];
  said: string; // of a photo
  onText: (text: string) => string; // says what is wrong with it, or nothing
  onPhoto: (file: File) => void;
  onBack: () => void;
}

export function TalliesScreen({ read, said, onText, onPhoto, onBack }: TalliesProps) {
  return (
    <CodeScanner title={_("Read phones")} wrong="" leave={_("Done")} onText={onText} onBack={onBack}>
      <p class="soft">{_("On the other phone: My day, Show code.")}</p>
      {said && <Notice kind="warn">{said}</Notice>}
      <ul class="lately">
        {read.map((told) => (
          <li key={told.enrolment}>
            <p><Icon sign="tick" /><span>{told.label}</span></p>
            <p>{servedWords(told.tally)}</p>
            <p class="soft">{_("shown at %(time)s, not sent %(waiting)s", { time: momentWords(told.at), waiting: told.waiting })}</p>
          </li>
        ))}
      </ul>
      {read.length === 0 && <p>{_("None read yet.")}</p>}
      <PhotoButton onPhoto={onPhoto} />
    </CodeScanner>
  );
}
