// Reads a PO file, as gettext and babel write it.

export interface Catalogue {
  language: string;
  forms: string; // which form for n, as an expression in C
  messages: Record<string, string[]>; // by the text in the source; several forms where it counts something
}

const ESCAPED: Record<string, string> = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

/** Return the finished translations of the messages that are said in a file whose path begins with `place`. */
export function readCatalogue(text: string, place: string): Catalogue {
  const messages: Record<string, string[]> = {};
  let header = "";
  for (const block of text.split(/\n\s*\n/)) {
    const message = readMessage(block);
    if (message.id === "") header = message.forms[0] ?? header;
    else if (message.id && isWanted(block, place) && message.forms.every(Boolean)) messages[message.id] = message.forms;
  }
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, "m").exec(header)?.[1] ?? "";
  return { language: field("Language"), forms: /plural=([^;]+)/.exec(field("Plural-Forms"))?.[1] ?? "0", messages };
}

function isWanted(block: string, place: string): boolean {
  return !/^#,.*\bfuzzy\b/m.test(block) && block.split("\n").some((line) => line.startsWith("#:") && line.includes(` ${place}`));
}

function readMessage(block: string): { id: string | null; forms: string[] } {
  const parts: Record<string, string> = {};
  let key = "";
  for (const line of block.split("\n")) {
    const [, keyword, quoted] = /^(?:(msgid|msgid_plural|msgstr(?:\[\d\])?) )?"(.*)"$/.exec(line) ?? [];
    if (quoted === undefined) continue; // a comment
    key = keyword ?? key;
    parts[key] = (parts[key] ?? "") + quoted.replace(/\\(.)/g, (_all, sign: string) => ESCAPED[sign] ?? sign);
  }
  const forms = Object.keys(parts).filter((name) => name.startsWith("msgstr")).sort();
  return { id: parts["msgid"] ?? null, forms: forms.map((name) => parts[name] ?? "") };
}
