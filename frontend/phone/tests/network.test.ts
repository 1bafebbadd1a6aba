import { afterEach, expect, test, vi } from "vitest";
import { ask } from "../src/network";

afterEach(() => vi.unstubAllGlobals());

function answers(status: number, body: string, headers: Record<string, string> = {}) {
  const fetch = vi.fn(async (_address: string, _init: RequestInit) =>
    new Response(status === 304 ? null : body, { status, headers: { "Content-Type": "application/json", ...headers } }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

test("an answer of ours comes with its body and its mark", async () => {
  const fetch = answers(201, '{"token": "t"}', { ETag: '"5"' });
  const reply = await ask<{ token: string }>("POST", "/enrol", { body: { code: "ABCD" } });
  expect(reply).toMatchObject({ ok: true, status: 201, body: { token: "t" }, etag: '"5"' });
  expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/enrol");
});

test("no cookie goes along, the token does", async () => {
  const fetch = answers(200, "{}");
  await ask("GET", "/register", { token: "secret" });
  expect(fetch.mock.calls[0]?.[1]).toMatchObject({ credentials: "omit", headers: { Authorization: "Bearer secret" } });
});

test("a login page that answers 200 settles nothing", async () => {
  answers(200, "<html>Welcome to the hotel</html>", { "Content-Type": "text/html" });
  expect(await ask("POST", "/sync", { body: {} })).toMatchObject({ ok: false, trouble: "not_ours", status: 200 });
});

test("JSON that is not ours settles nothing either", async () => {
  for (const body of ["[1", "null", '"yes"']) {
    answers(200, body);
    expect(await ask("POST", "/sync", { body: {} })).toMatchObject({ ok: false, trouble: "not_ours" });
  }
});

test("a refusal keeps the server's code and limit", async () => {
  answers(413, '{"error": {"code": "too_large", "message": "Too much.", "limit": 1000}}');
  expect(await ask("POST", "/sync", { body: {} })).toMatchObject({ trouble: "refused", code: "too_large", limit: 1000 });
});

test("a busy server says how long to wait", async () => {
  answers(503, '{"error": {"code": "busy", "message": "Busy."}}', { "Retry-After": "5" });
  expect(await ask("POST", "/sync", { body: {} })).toMatchObject({ trouble: "server", code: "busy", retryAfterSeconds: 5 });
});

test("a proxy's own page for a dead server is the server's trouble", async () => {
  answers(502, "<html>Bad gateway</html>", { "Content-Type": "text/html" });
  expect(await ask("GET", "/register")).toMatchObject({ trouble: "server", status: 502 });
});

test("nothing changed is an answer", async () => {
  answers(304, "", { ETag: '"5"' });
  expect(await ask("GET", "/register", { etag: '"5"' })).toMatchObject({ ok: true, status: 304 });
});

test("no network is a value", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await ask("GET", "/register")).toMatchObject({ ok: false, trouble: "offline", status: 0 });
});

test("whoever does not answer in time is too slow", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_address: string, init: RequestInit) => new Promise((_answer, fail) => {
    init.signal?.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
  }));
  const reply = ask("GET", "/register", { timeoutSeconds: 5 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(await reply).toMatchObject({ ok: false, trouble: "slow" });
  vi.useRealTimers();
});

test("a body is packed when asked for", async () => {
  const fetch = answers(200, "{}");
  await ask("POST", "/sync", { body: { records: [] }, gzip: true });
  const init = fetch.mock.calls[0]?.[1] as RequestInit & { headers: Record<string, string> };
  expect(init.headers["Content-Encoding"]).toBe("gzip");
  const stream = new Response(init.body as ArrayBuffer).body?.pipeThrough(new DecompressionStream("gzip"));
  expect(await new Response(stream).json()).toEqual({ records: [] });
});
