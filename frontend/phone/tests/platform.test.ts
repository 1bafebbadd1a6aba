import { expect, test } from "vitest";
import { platformOf } from "../src/device/platform";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID = "Mozilla/5.0 (Linux; Android 9; SM-J530F";

test.each([
  [`${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`, "iphone"],
  [`${IPHONE} CriOS/126.0 Mobile/15E148 Safari/604.1`, "iphone"],
  [`${IPHONE} Mobile/15E148`, "chat_app"],
  [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]`, "chat_app"],
  [`${IPHONE} Mobile/15E148 Instagram 330.0 Safari/604.1`, "chat_app"],
  [`${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0 Mobile Safari/537.36`, "android"],
  [`${ANDROID}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0 Mobile Safari/537.36`, "chat_app"],
  [`${ANDROID}) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Telegram-Android/11.2`, "chat_app"],
  [`${ANDROID}) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Viber/22.1`, "chat_app"],
  [`${ANDROID}; rv:127.0) Gecko/127.0 Firefox/127.0`, "android"],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36", "computer"],
])("%s is %s", (userAgent, expected) => {
  expect(platformOf(userAgent, userAgent.includes("Mobile") ? 5 : 0, false)).toBe(expected);
});

test("an iPad that calls itself a Mac is found by its touch screen", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
  expect(platformOf(mac, 5, false)).toBe("iphone");
  expect(platformOf(mac, 0, false)).toBe("computer");
});

test("what was opened from the home screen is no chat app, whatever it calls itself", () => {
  expect(platformOf(`${IPHONE} Mobile/15E148`, 5, true)).toBe("iphone");
});
