/**
 * A small server behind `fetch`: it settles by id as relief does, and has a network's moods. What relief itself says is tested in
 * Python, where the real phone code talks to the real server (tests/phone).
 */

import { gunzipSync } from "node:zlib";
import { join, newPhone } from "./phone";

interface Sent { id: string; kind: string; mode?: string; card?: string; enrolment: string; seq: number }

export class FakeServer {
  readonly told = new Map<string, Sent>();
  readonly asked = new Map<string, Sent>();
  readonly requests: { path: string; token: string; body: { records: Sent[]; counts: Record<string, number>; [more: string]: unknown } }[] = [];
  readonly tokens = new Set(["token-1", "token-2"]);
  readonly revoked = new Set<string>();
  readonly parcels: unknown[] = [];
  ledger: Record<string, unknown> = { id: "11111111-1111-4111-8111-111111111111", position: 7, head: "00", signature: "00", key_id: "k" };
  now = 1_363_600_100;
  mostRecords = 1000;
  /** Ids of records that no request may hold. */
  poison = new Set<string>();
  opensNoParcel = false;
  /** Cards of which nothing is left. */
  empty = new Set<string>();
  /** Paths that no request gets through to. */
  unreachable = new Set<string>();
  /** What happens to the next requests, one after the other: nothing comes back, the answer gets lost, somebody else answers. */
  moods: ("offline" | "lost" | "login" | "busy" | "silent")[] = [];

  /** Return the server of a phone that nobody has used before it joined. */
  static async ofNewPhone(): Promise<FakeServer> {
    await newPhone();
    await join();
    return new FakeServer().open();
  }

  /** Answer every fetch of the page from now on. */
  open(): this {
    globalThis.fetch = ((path: string, init: RequestInit) => this.answer(path, init)) as typeof fetch;
    return this;
  }

  /** Return how many records each request held, without those that held none. */
  sizes(): number[] {
    return this.requests.map(({ body }) => body.records.length).filter((size) => size > 0);
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    const mood = this.moods.shift();
    if (mood === "offline" || this.unreachable.has(path.replace("/api/v1", ""))) throw new TypeError("Failed to fetch");
    if (mood === "silent") return new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    if (mood === "login") return new Response("<h1>Hotel Paradise</h1>", { status: 200, headers: { "Content-Type": "text/html" } });
    if (mood === "busy") return problem(503, "busy", { "Retry-After": "7" });
    const token = ((init.headers as Record<string, string>)["Authorization"] ?? "").replace("Bearer ", "");
    const response = this.route(path.replace("/api/v1", ""), token, await bodyOf(init));
    if (mood === "lost") throw new TypeError("Failed to fetch");
    return response;
  }

  private route(path: string, token: string, body: never): Response {
    this.requests.push({ path, token, body });
    if (!this.tokens.has(token)) return problem(401, "unknown_token");
    if (path === "/sync") return this.sync(token, body);
    if (path === "/parcels" && this.opensNoParcel) return problem(422, "unreadable_parcel");
    if (path === "/parcels") return this.parcels.push(body), json(200, { records: 1, held: 0 });
    return problem(404, "not_found");
  }

  private sync(token: string, { records }: { records: Sent[] }): Response {
    if (records.length > this.mostRecords) return problem(413, "too_large", {}, { limit: this.mostRecords });
    if (records.some((record) => this.poison.has(record.id))) return problem(422, "bad_input");
    const revoked = this.revoked.has(token);
    const verdicts = records.map((record, index) => ({ index, id: record.id, codes: [], ...this.settle(record, revoked) }));
    return json(200, { server_time: this.now, ledger: this.ledger, plan_version: 1, verdicts, ...(revoked && { revoked: true }) });
  }

  private settle(record: Sent, revoked: boolean): Record<string, unknown> {
    if (this.told.has(record.id)) return { verdict: "already_there" };
    if (revoked) return { verdict: "held", codes: ["revoked"] };
    if (record.mode === "ask") {
      this.asked.set(record.id, record);
      if (this.empty.has(record.card ?? "")) return { verdict: "refused", codes: ["already_received"], detail: { left: 0, received: [] } };
      return { verdict: "accepted", mode: "granted" };
    }
    this.told.set(record.id, record);
    return this.empty.has(record.card ?? "") ? { verdict: "flagged", codes: ["already_received"] } : { verdict: "accepted" };
  }
}

async function bodyOf(init: RequestInit): Promise<never> {
  if (init.body === undefined || init.body === null) return undefined as never;
  const bytes = Buffer.from(await new Response(init.body).arrayBuffer());
  const packed = (init.headers as Record<string, string>)["Content-Encoding"] === "gzip";
  return JSON.parse((packed ? gunzipSync(bytes) : bytes).toString()) as never;
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

function problem(status: number, code: string, headers: Record<string, string> = {}, extra: object = {}): Response {
  return json(status, { error: { code, message: code, ...extra } }, headers);
}
