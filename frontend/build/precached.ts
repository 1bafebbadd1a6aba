// Tells the service worker what to fetch at installation: every file that was built, with its size and digest, and a version of all.

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
        const files = others.map((file) => [addressOf(file), Buffer.byteLength(contentOf(file)), digestOf(contentOf(file), "base64")]);
        const list = JSON.stringify(files.sort());
        const version = digestOf(worker.code + list, "hex").slice(0, 16);
        worker.code = worker.code.replace("__FILES__", list).replace("__VERSION__", JSON.stringify(version));
      },
    },
  };
}

// The page itself is asked for by its folder.
function addressOf(file: Built): string {
  return file.fileName === "index.html" ? "" : file.fileName;
}

function digestOf(content: string | Uint8Array, form: "hex" | "base64"): string {
  return createHash("sha256").update(content).digest(form);
}

function contentOf(file: Built): string | Uint8Array {
  return file.type === "chunk" ? file.code : file.source;
}
