// What kind of browser this is, as far as the way to join depends on it.

/**
 * A chat app's own browser forgets what it stores and has no home screen; an iPhone keeps a tab's storage apart from that of the
 * app on the home screen.
 */
export type Platform = "chat_app" | "iphone" | "android" | "computer";

const CHAT_APPS =
  /FBAN|FBAV|FB_IAB|Instagram|WhatsApp|Viber|Telegram|Line\/|MicroMessenger|Snapchat|musical_ly|BytedanceWebview|VKAndroidApp|VKClient|OKApp/i;

export function platformOf(userAgent: string, touchPoints: number, onHomeScreen: boolean): Platform {
  const isApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (onHomeScreen) return isApple ? "iphone" : /Android/.test(userAgent) ? "android" : "computer";
  if (CHAT_APPS.test(userAgent)) return "chat_app";
  if (isApple) return /Safari\//.test(userAgent) ? "iphone" : "chat_app"; // an app's view of the web does not call itself Safari
  if (/Android/.test(userAgent)) return /; wv\)/.test(userAgent) ? "chat_app" : "android";
  return "computer";
}

/** Tell whether the app was opened from the home screen. */
export function isOnHomeScreen(): boolean {
  return matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
}

export function platform(): Platform {
  return platformOf(navigator.userAgent, navigator.maxTouchPoints, isOnHomeScreen());
}

/** Tell whether the browser allows camera, offline work and lasting storage here: HTTPS, or the machine itself. */
export const isSecure = () => window.isSecureContext;
