// Instead of every other screen, where the phone cannot store what the last touch asked for.

import type { StorageCode } from "../storage";
import { _ } from "../words";
import { Button, Notice, Screen } from "./pieces";
import { storageWords } from "./trouble-words";

export function StorageTroubleScreen({ why, onAgain }: { why: StorageCode; onAgain: () => void }) {
  return (
    <Screen title="relief" actions={<Button kind="main" onPress={onAgain}>{_("Try again")}</Button>}>
      <Notice kind="bad">{storageWords(why)}</Notice>
    </Screen>
  );
}
