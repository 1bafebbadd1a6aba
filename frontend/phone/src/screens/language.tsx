import { _, LANGUAGES, language } from "../words";
import { Button, Screen } from "./pieces";

export function LanguageScreen({ joining, onChoose }: { joining: boolean; onChoose: (language: string) => void }) {
  return (
    <Screen title={_("Your language")} step={joining ? "language" : undefined}>
      <div class="languages">
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <Button key={code} lang={code} pressed={joining ? undefined : code === language()} onPress={() => onChoose(code)}>{name}</Button>
        ))}
      </div>
    </Screen>
  );
}
