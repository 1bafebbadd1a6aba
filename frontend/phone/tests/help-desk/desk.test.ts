import { beforeEach, expect, test } from "vitest";
import { presentMoment } from "../../src/clock/present";
import { findList, noteLook, tellLooks } from "../../src/help-desk/desk";
import { leave } from "../../src/outbox/leaving";
import { newKeys } from "../../src/seal/hpke";
import { changeEnrolment, currentEnrolment, listLooks, readSetting, writeSetting, type HelpDeskList } from "../../src/storage";
import { ENROLMENT, SELF, SITE } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

const PHONE = { label: "Lead", sites: [SITE], lane: {}, lane_at: 0, site_lead: true, sensitive: false, help_desk: SITE };
let server: FakeServer;
let list: HelpDeskList;

beforeEach(async () => {
  server = await FakeServer.ofNewPhone();
  await changeEnrolment(ENROLMENT, { phone: PHONE });
  const now = presentMoment();
  list = { list: "l1", enrolment: ENROLMENT, site: SITE, made_at: now, expires_at: now + 86_400, families: 1, sealed: Uint8Array.of(1), keys: await newKeys() };
  await writeSetting("help_desk", list);
});

test("a list stays for its day, and is off the phone when that is over", async () => {
  expect(await findList(SITE)).toMatchObject({ list: "l1" });
  expect(await findList("another site")).toBeNull();
  await writeSetting("help_desk", { ...list, expires_at: presentMoment() });
  expect(await findList(SITE)).toBeNull();
  expect(await readSetting("help_desk")).toBeUndefined();
});

test("a look is kept until the server has noted it, and goes out as it was, without what was typed", async () => {
  await noteLook(list);
  await noteLook(list, "h1");
  server.moods = ["offline"];
  expect((await tellLooks())?.trouble).toBe("offline");
  expect((await listLooks()).length).toBe(2);
  await tellLooks();
  expect(await listLooks()).toEqual([]);
  const { path, body } = server.requests.at(-1)! as unknown as { path: string; body: { look_ups: object[] } };
  expect(path).toBe("/lead/help-desk/l1/look-ups");
  expect(body.look_ups.map((look) => Object.keys(look).sort())).toEqual([["at", "id"], ["at", "household", "id"]]);
});

test("a phone that leaves takes its list along, but no look that was not told", async () => {
  await noteLook(list, "h1");
  server.unreachable.add("/lead/help-desk/l1/look-ups");
  await leave(SELF);
  expect([(await currentEnrolment())?.enrolment, await readSetting("help_desk")]).toEqual([ENROLMENT, undefined]);
  server.unreachable.clear();
  await leave(SELF);
  expect([await currentEnrolment(), await readSetting("help_desk")]).toEqual([undefined, undefined]);
});
