import { expect, test } from "vitest";
import { isGood } from "../../src/help-desk/list";
import { newKeys, openSealed, publicText, sealTo } from "../../src/seal/hpke";
import type { Enrolment, HelpDeskList } from "../../src/storage";

const MADE = 1_363_590_000;
const LIST = { list: "l", enrolment: "e", site: "school", made_at: MADE, expires_at: MADE + 86_400, families: 2 } as HelpDeskList;
const PHONE = { enrolment: "e", phone: { help_desk: "school" } } as Enrolment;

test("a list is good for its day on the help desk's own phone", () => {
  expect([isGood(LIST, MADE, PHONE), isGood(LIST, MADE + 86_399, PHONE)]).toEqual([true, true]);
});

test.each([
  ["its day is over", MADE + 86_400, PHONE], ["the clock was put back", MADE - 86_400, PHONE], ["nobody has joined", MADE, undefined],
  ["the phone was signed off", MADE, { ...PHONE, revoked: true }], ["the server forgot it", MADE, { ...PHONE, forgotten: true }],
  ["it is another site's help desk", MADE, { ...PHONE, phone: { ...PHONE.phone!, help_desk: "club" } }],
  ["it joined anew", MADE, { ...PHONE, enrolment: "another" }],
] as const)("it goes where %s", (_why, now, enrolment) => {
  expect(isGood(LIST, now, enrolment)).toBe(false);
});

test("what is sealed to the phone's key opens with it alone, and no script can read the private half", async () => {
  const keys = await newKeys();
  const sealed = (await sealTo(await publicText(keys), new TextEncoder().encode("Ольга"), "relief help desk")) as Uint8Array<ArrayBuffer>;
  expect(new TextDecoder().decode(await openSealed(keys, sealed, "relief help desk"))).toBe("Ольга");
  await expect(openSealed(await newKeys(), sealed, "relief help desk")).rejects.toThrow();
  await expect(crypto.subtle.exportKey("pkcs8", keys.privateKey)).rejects.toThrow();
});
