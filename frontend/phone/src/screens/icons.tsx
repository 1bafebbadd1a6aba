// Signs beside words, drawn with lines. A sign never stands alone where it means something.

const PATHS = {
  parcel: "M3 8l9-5 9 5v8l-9 5-9-5zM8 12.2l3 3 5.2-5.6",
  tick: "M5 12.5l5 5L19.5 7",
  warn: "M12 7v6M12 17v.01",
  cross: "M6 6l12 12M18 6L6 18",
  wait: "M12 6v6l4 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01",
  share: "M12 15V3M8 6.5L12 3l4 3.5M6 10.5H5v10h14v-10h-1",
  plus: "M12 8v8M8 12h8M5 3.5h14A1.5 1.5 0 0 1 20.5 5v14a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V5A1.5 1.5 0 0 1 5 3.5z",
  dots: "M12 5v.01M12 12v.01M12 19v.01",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  sound: "M4 10v4h3l5 4V6L7 10zM16 9a4.5 4.5 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  storage: "M4 6c0-3.3 16-3.3 16 0v12c0 3.3-16 3.3-16 0zM4 6c0 3.3 16 3.3 16 0M4 12c0 3.3 16 3.3 16 0",
  back: "M21 5H9l-6 7 6 7h12zM12 9.5l5 5M17 9.5l-5 5",
  online: "M4 9c5-4.5 11-4.5 16 0M7 13c3-2.7 7-2.7 10 0M12 17.5v.01",
  next: "M4 12h15M13 6l6 6-6 6",
  left: "M20 12H5M11 6l-6 6 6 6",
  undo: "M9 7L4 12l5 5M4 12h10a5 5 0 0 1 0 10h-3",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-8 13-8 13 0M15.5 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2c2.3.8 3.5 2.8 3.5 5.8",
  light: "M13 3L5 14h6l-1 7 8-11h-6z",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.5 9.5h17M3.5 14.5h17M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
} as const;

export type Sign = keyof typeof PATHS;

export function Icon({ sign, large = false }: { sign: Sign; large?: boolean }) {
  const turns = sign === "left" || sign === "next" ? " turns" : ""; // with the direction of writing
  return <svg class={`icon${large ? " sign" : ""}${turns}`} viewBox="0 0 24 24" aria-hidden="true"><path d={PATHS[sign]} /></svg>;
}
