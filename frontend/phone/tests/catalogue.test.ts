import { expect, test } from "vitest";
import { readCatalogue } from "../../build/catalogue";

const PO = `
# What relief says in Russian.
msgid ""
msgstr ""
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 ? 0 : 1);\\n"

#: frontend/phone/src/app.tsx relief/web/pages.py
msgid "Welcome"
msgstr "Добро пожаловать"

#: relief/web/pages.py
msgid "Only at the desk"
msgstr "Только в офисе"

#: frontend/phone/src/app.tsx
msgid ""
"Two "
"\\"lines\\"\\n"
msgstr "Две «строки»\\n"

#: frontend/phone/src/app.tsx
msgid "%(num)s card"
msgid_plural "%(num)s cards"
msgstr[0] "%(num)s карта"
msgstr[1] "%(num)s карты"

#: frontend/phone/src/app.tsx
#, fuzzy
msgid "Guessed"
msgstr "Угадано"

#: frontend/phone/src/app.tsx
msgid "Not yet said"
msgstr ""
`;

test("what the phone says is read, joined and unescaped, and nothing that is guessed or missing", () => {
  const { language, forms, messages } = readCatalogue(PO, "frontend/phone/");
  expect(language).toBe("ru");
  expect(forms).toBe("(n%10==1 ? 0 : 1)");
  expect(messages).toEqual({
    Welcome: ["Добро пожаловать"],
    'Two "lines"\n': ["Две «строки»\n"],
    "%(num)s card": ["%(num)s карта", "%(num)s карты"],
  });
});
