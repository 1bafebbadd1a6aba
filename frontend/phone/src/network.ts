// The only file that asks the server anything. It never throws: what can go wrong with a network is a value.

/**
 * Why there was no answer of ours: no network; too slow; something else answered, like a hotel's login page;
 * the server said no (its `code` says why); the server is in trouble or busy.
 */
export type Trouble = "offline" | "slow" | "not_ours" | "refused" | "server";

export interface Answered<T> {
  ok: true;
  status: number; // 200, 201, or 304 with an empty body
  body: T;
  etag: string | null;
  roundTripMs: number;
}

export interface Troubled {
  ok: false;
  trouble: Trouble;
  status: number; // 0 where nobody answered
  code: string;
  message: string;
  limit: number | null;
  retryAfterSeconds: number | null;
}

export type Reply<T> = Answered<T> | Troubled;

export interface Question {
  token?: string;
  body?: unknown;
  gzip?: boolean;
  etag?: string;
  signal?: AbortSignal;
  timeoutSeconds?: number;
}

const API = "/api/v1";
const PATIENCE_SECONDS = 30;

/** Ask the server; `path` begins below the API's root, as in `/sync`. */
export async function ask<T>(method: "GET" | "POST", path: string, question: Question = {}): Promise<Reply<T>> {
  const patience = new AbortController();
  const giveUp = () => patience.abort();
  const timer = setTimeout(giveUp, (question.timeoutSeconds ?? PATIENCE_SECONDS) * 1000);
  question.signal?.addEventListener("abort", giveUp);
  const asked = performance.now();
  try {
    const response = await fetch(API + path, await request(method, question, patience.signal));
    return await understand<T>(response, asked);
  } catch {
    return troubled(patience.signal.aborted ? "slow" : "offline");
  } finally {
    clearTimeout(timer);
    question.signal?.removeEventListener("abort", giveUp);
  }
}

async function request(method: string, question: Question, signal: AbortSignal): Promise<RequestInit> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (question.token) headers["Authorization"] = `Bearer ${question.token}`;
  if (question.etag) headers["If-None-Match"] = question.etag;
  // No cookies: whoever is signed in to the pages on this device has nothing to do with the phone. And nobody leads us elsewhere.
  const init: RequestInit = { method, headers, signal, cache: "no-store", credentials: "omit", redirect: "manual" };
  if (question.body === undefined) return init;
  headers["Content-Type"] = "application/json";
  const text = JSON.stringify(question.body);
  if (!question.gzip || typeof CompressionStream === "undefined") return { ...init, body: text };
  headers["Content-Encoding"] = "gzip";
  return { ...init, body: await packed(text) };
}

async function packed(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

async function understand<T>(response: Response, asked: number): Promise<Reply<T>> {
  const etag = response.headers.get("ETag");
  const unchanged = response.status === 304;
  const body = unchanged ? {} : await json(response);
  const roundTripMs = Math.round(performance.now() - asked);
  if (response.type === "opaqueredirect" || body === null) return troubled(response.status >= 500 ? "server" : "not_ours", response);
  if (response.ok || unchanged) return { ok: true, status: response.status, body: body as T, etag, roundTripMs };
  const error = (body as { error?: Partial<Troubled> }).error;
  if (typeof error?.code !== "string") return troubled("not_ours", response);
  return { ...troubled(isPassing(response.status) ? "server" : "refused", response), ...said(error) };
}

// An answer of ours is always a JSON object.
async function json(response: Response): Promise<object | null> {
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return null;
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" ? body : null;
}

const isPassing = (status: number) => status >= 500 || status === 429 || status === 408;

function said(error: Partial<Troubled>): Pick<Troubled, "code" | "message" | "limit"> {
  return { code: error.code ?? "", message: error.message ?? "", limit: typeof error.limit === "number" ? error.limit : null };
}

function troubled(trouble: Trouble, response?: Response): Troubled {
  const after = Number(response?.headers.get("Retry-After") ?? NaN);
  const retryAfterSeconds = Number.isFinite(after) ? after : null;
  return { ok: false, trouble, status: response?.status ?? 0, code: "", message: "", limit: null, retryAfterSeconds };
}
