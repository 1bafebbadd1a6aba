// The camera looks for one card of ours: the one that was lost, or a blank one.

import { nameScanned } from "../cards/naming";
import { unfitWords } from "../screens/lead/told-words";
import { CodeScanner } from "../screens/scanner";

interface Props {
  title: string;
  problem: string; // why the last card will not do
  onCard: (code: string) => void;
  onBack: () => void;
}

/** Goes on looking after a card that will not do: why not is said below the picture. */
export function CardScanner({ title, problem, onCard, onBack }: Props) {
  const onText = (text: string) => {
    const seen = nameScanned(text);
    if (seen.is !== "card" && seen.is !== "practice" && seen.is !== "misread") return unfitWords("no_card");
    onCard(seen.code);
    return problem;
  };
  return <CodeScanner title={title} wrong="" onText={onText} onBack={onBack} />;
}
