// The browser's own offer to install, kept until a screen asks for it.

import { signal } from "@preact/signals";

interface InstallOffer extends Event {
  prompt(): Promise<void>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** The browser's offer; null while it makes none (an iPhone never does). */
export const installOffer = signal<InstallOffer | null>(null);

/** Whether it was installed while this page was open. */
export const wasInstalled = signal(false);

export function listenForOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // we offer it where it belongs
    installOffer.value = event as InstallOffer;
  });
  window.addEventListener("appinstalled", () => {
    wasInstalled.value = true;
    installOffer.value = null;
  });
}

/** Show the browser's dialogue; an offer can be used once. */
export async function install(): Promise<void> {
  const offer = installOffer.value;
  installOffer.value = null;
  await offer?.prompt();
  if ((await offer?.userChoice)?.outcome === "accepted") wasInstalled.value = true;
}
