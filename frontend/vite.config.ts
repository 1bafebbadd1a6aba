import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed.ts";
import { installable } from "./build/installable.ts";
import { ownOrigin } from "./build/own-origin.ts";
import { precached } from "./build/precached.ts";
import { translated } from "./build/translated.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SERVICE_WORKER = "service-worker";

export default defineConfig({
  root: here("phone"),
  base: "/phone/",
  publicDir: false,
  logLevel: "warn",
  define: { __APP_VERSION__: JSON.stringify(process.env.RELIEF_APP_VERSION ?? "unbuilt") },
  plugins: [translated(), ownOrigin(), installable(), precached(SERVICE_WORKER), compressed()],
  worker: { format: "es", plugins: () => [ownOrigin()] },
  build: {
    outDir: here("../relief/static/phone"),
    emptyOutDir: true,
    target: ["chrome100", "safari15.4", "firefox115"],
    assetsInlineLimit: 0, // no data: address in a script: the policy of the page forbids it
    modulePreload: { polyfill: false },
    license: { fileName: "licences.md" },
    rolldownOptions: {
      // hpke asks for Node's own crypto where a browser's is missing, which is never.
      onLog: (level, log, pass) => void (/externalized for browser.*hpke/.test(log.message) || pass(level, log)),
      checks: { bundlerTimings: false, pluginTimings: false },
      input: { app: here("phone/index.html"), [SERVICE_WORKER]: here("phone/service-worker.ts") },
      output: {
        // The worker's address must stay the same for ever; all others change with their content and are kept for ever.
        entryFileNames: (chunk) => (chunk.name === SERVICE_WORKER ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
});
