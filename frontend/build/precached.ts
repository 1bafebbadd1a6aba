// Tells the service worker what to fetch at installation: every file that was built, with its size, and a version made of all.

import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

type Built = Rolldown.OutputAsset | Rolldown.OutputChunk;
const NOT_NEEDED_OFFLINE = ["licences.md"];

export function precached(workerName: string): Plugin {
  return {
    name: "relief-precached",
    enforce: "post",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const own = `${workerName}.js`;
        const worker = bundle[own];
        if (worker?.type !== "chunk") throw new Error(`${own} was not built`);
        const others = Object.values(bundle).filter((file) => file !== worker && !NOT_NEEDED_OFFLINE.includes(file.fileName));
        const files = others.map((file) => [addressOf(file), Buffer.byteLength(contentOf(file))]).sort();
        const digest = createHash("sha256").update(worker.code);
        for (const file of others) digest.update(file.fileName).update(contentOf(file));
        worker.code = worker.code
          .replace("__FILES__", JSON.stringify(files))
          .replace("__VERSION__", JSON.stringify(digest.digest("hex").slice(0, 16)));
      },
    },
  };
}

// The page itself is asked for by its folder.
function addressOf(file: Built): string {
  return file.fileName === "index.html" ? "" : file.fileName;
}

function contentOf(file: Built): string | Uint8Array {
  return file.type === "chunk" ? file.code : file.source;
}
