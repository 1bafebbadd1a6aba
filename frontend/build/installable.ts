// Makes the page installable: a web app manifest, and icons drawn here, so that no picture lies in the repository.

import type { Plugin } from "vite";
import { drawIcon, ICON_SVG } from "./icon.ts";

const DEEP = "#073f47";
const ICONS = [
  { fileName: "icons/192.png", size: 192, edge: 0.06 },
  { fileName: "icons/512.png", size: 512, edge: 0.06 },
  { fileName: "icons/masked.png", size: 512, edge: 0 }, // the system cuts its own shape out of it
  { fileName: "icons/touch.png", size: 180, edge: 0 },
];

const MANIFEST = {
  id: "/phone/",
  name: "relief",
  short_name: "relief",
  start_url: "/phone/",
  scope: "/phone/",
  display: "standalone",
  background_color: DEEP,
  theme_color: DEEP,
  icons: [
    { src: "icons/192.png", sizes: "192x192", type: "image/png" },
    { src: "icons/512.png", sizes: "512x512", type: "image/png" },
    { src: "icons/masked.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    { src: "icons/relief.svg", sizes: "any", type: "image/svg+xml" },
  ],
};

export function installable(): Plugin {
  return {
    name: "relief-installable",
    apply: "build",
    generateBundle() {
      for (const { fileName, size, edge } of ICONS) this.emitFile({ type: "asset", fileName, source: drawIcon(size, edge) });
      this.emitFile({ type: "asset", fileName: "icons/relief.svg", source: ICON_SVG });
      this.emitFile({ type: "asset", fileName: "manifest.webmanifest", source: JSON.stringify(MANIFEST) });
    },
  };
}
