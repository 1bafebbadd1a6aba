import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hex } from "../../src/wire/ids";
import { sha256 } from "../../src/wire/sha256";

test.each([0, 1, 31, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000])("agrees with the platform on %i bytes", (length) => {
  const message = Uint8Array.from({ length }, (_, place) => (place * 31 + length) % 256);
  expect(hex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
});
