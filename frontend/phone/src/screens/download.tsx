import { _, ngettext } from "../words";
import { Button, Meter, Notice, Screen } from "./pieces";

interface DownloadProps {
  app: number | null; // 0 to 1; null where the app cannot be kept (a page without HTTPS)
  cards: number; // read so far
  list: number | null; // 0 to 1; null while nobody knows how many cards there are
  problem: string;
  onRetry: () => void;
}

export function DownloadScreen({ app, cards, list, problem, onRetry }: DownloadProps) {
  return (
    <Screen title={_("Getting ready")} step="download" actions={problem && <Button kind="main" onPress={onRetry}>{_("Try again")}</Button>}>
      <p>{_("After this, no network is needed.")}</p>
      {app !== null && <Meter label={_("App")} said={percent(app)} part={app} />}
      <Meter label={_("List of cards")} said={list === null ? ngettext("%(num)s card", "%(num)s cards", cards) : percent(list)} part={problem ? list ?? 0 : list} />
      {problem && <Notice kind="warn">{problem}</Notice>}
    </Screen>
  );
}

const percent = (part: number) => `${Math.round(part * 100)} %`;
