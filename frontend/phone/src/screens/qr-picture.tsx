// A text as a QR code on this screen, for another phone's camera.

import { correction, generate } from "lean-qr";
import { useMemo } from "preact/hooks";

const QUIET = 4; // light squares around it, by which a camera finds its edge

/** Draws `text`; `label` says to those who do not see it what it is. Dark on light whatever the phone's colours are. */
export function QrPicture({ text, label }: { text: string; label: string }) {
  const { path, side } = useMemo(() => drawn(text), [text]);
  return (
    <svg class="qr" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect class="qr-light" x={-QUIET} y={-QUIET} width={side} height={side} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}

function drawn(text: string): { path: string; side: number } {
  const code = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M }); // nothing lies on a screen
  const places = Array.from({ length: code.size }, (_each, place) => place);
  const path = places.map((y) => places.map((x) => (code.get(x, y) ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
  return { path, side: code.size + 2 * QUIET };
}
