/** The wire: typed fetch with problems as errors, CSRF, ETags, retries of what may be repeated, and a
 * signal that says whether the server can be reached. */
import { signal } from "@preact/signals";
import { lang } from "../lang/lang";

/** What the server says when it says no: title and detail are sentences for the reader. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail = "",
    readonly code = "",
    readonly where = "",
    readonly hint = "",
    readonly retryAfter = 0,
  ) {
    super(detail || title);
    this.name = "Problem";
  }
  /** No answer at all: offline, or the server is down. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}

/** Asks anew who is here (when the server says that rights have ended). */
export const askWhoIsHere = (): Promise<void> => whoIsIt();

export type Query = Record<string, string | number | boolean | undefined | null | string[]>;
export interface Answer<T> {
  data: T;
  etag: string | null;
  status: number;
}
export interface CallOptions {
  query?: Query | URLSearchParams;
  body?: unknown; // JSON, or a Blob/ArrayBuffer sent as it is
  type?: string; // content type of a raw body
  ifMatch?: string;
  signal?: AbortSignal;
  retries?: number; // GET: 3 unless told; others: 0
  keepalive?: boolean;
}

/** Can the server be reached? False after a failed call or when the browser says so. */
export const reachable = signal(navigator.onLine);
addEventListener("online", () => (reachable.value = true));
addEventListener("offline", () => (reachable.value = false));

let csrf = "";
let whoIsIt: () => Promise<void> = async () => {};
let loggedOut: () => void = () => {};
/** The session tells the wire its CSRF token, how to get a new one, and what to do when rights end. */
export function useSessionForCalls(token: string, renew?: () => Promise<void>, ended?: () => void): void {
  csrf = token;
  if (renew) whoIsIt = renew;
  if (ended) loggedOut = ended;
}

export function url(path: string, query?: Query | URLSearchParams): string {
  const search = query instanceof URLSearchParams ? new URLSearchParams(query) : new URLSearchParams();
  if (query && !(query instanceof URLSearchParams))
    for (const [name, value] of Object.entries(query)) {
      if (Array.isArray(value)) value.forEach((v) => search.append(name, v));
      else if (value !== undefined && value !== null && value !== false && value !== "") search.append(name, value === true ? "1" : String(value));
    }
  const text = search.toString();
  return "/api/v1" + path + (text ? "?" + text : "");
}

const wait = (ms: number, stop?: AbortSignal) =>
  new Promise<void>((go, no) => {
    const timer = setTimeout(go, ms);
    stop?.addEventListener("abort", () => { clearTimeout(timer); no(stop.reason); }, { once: true });
  });
/** 0.4 s, 0.8 s, 1.6 s …, at most 15 s, each ± a third so that many clients do not march in step. */
export function backOff(attempt: number, random = Math.random()): number {
  return Math.min(15_000, 400 * 2 ** attempt) * (0.67 + random * 0.66);
}

async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, string> = {};
  try {
    body = (await response.json()) as Record<string, string>;
  } catch {
    // not our answer: a proxy's page, perhaps
  }
  return new Problem(response.status, body.title ?? `HTTP ${response.status}`, body.detail, body.code, body.where, body.hint, Number(response.headers.get("Retry-After") ?? 0));
}

async function once<T>(method: string, path: string, options: CallOptions): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": lang.value };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob || options.body instanceof ArrayBuffer) {
    body = options.body;
    headers["Content-Type"] = options.type ?? "application/octet-stream";
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (options.ifMatch) headers["If-Match"] = options.ifMatch;
  // What was pressed arrives although the page is left at once. A browser keeps 64 KiB of such bodies in all.
  const keepalive = options.keepalive ?? (method !== "GET" && (body === undefined || (typeof body === "string" && body.length < 4000)));
  let response: Response;
  try {
    response = await fetch(url(path, options.query), { method, headers, body, signal: options.signal, keepalive, credentials: "same-origin" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    reachable.value = false;
    throw new Problem(0, "unreachable");
  }
  reachable.value = true;
  if (!response.ok) throw await problemOf(response);
  const json = response.headers.get("Content-Type")?.includes("json");
  const data = (response.status === 204 ? undefined : json ? await response.json() : await response.text()) as T;
  return { data, etag: response.headers.get("ETag"), status: response.status };
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const retries = options.retries ?? (method === "GET" ? 3 : 0);
  let renewed = false;
  for (let attempt = 0; ; attempt++) {
    const used = csrf;
    try {
      return await once<T>(method, path, options);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 403 && method !== "GET" && !renewed && path !== "/session") {
        renewed = true; // the token may be of an older session: one that came meanwhile, or a new one, once
        if (csrf === used) await whoIsIt();
        if (csrf !== used) { attempt--; continue; }
      }
      if (error.status === 401 && path !== "/session") loggedOut();
      const passing = error.unreachable || error.status === 429 || error.status >= 502;
      if (!passing || attempt >= retries) throw error;
      await wait(error.retryAfter ? Math.min(error.retryAfter, 30) * 1000 : backOff(attempt), options.signal);
    }
  }
}

export const api = {
  get: <T>(path: string, query?: Query | URLSearchParams, options: CallOptions = {}) => call<T>("GET", path, { ...options, query }),
  post: <T>(path: string, body?: unknown, options: CallOptions = {}) => call<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body: unknown, ifMatch: string, options: CallOptions = {}) => call<T>("PUT", path, { ...options, body, ifMatch }),
  patch: <T>(path: string, body: unknown, options: CallOptions = {}) => call<T>("PATCH", path, { ...options, body }),
  delete: <T = void>(path: string, options: CallOptions = {}) => call<T>("DELETE", path, options),
};

/** A raw body with its progress (fetch does not tell it): for evidence and pictures. */
export function upload<T>(path: string, body: Blob, options: { query?: Query; onProgress?: (share: number) => void; signal?: AbortSignal } = {}): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", url(path, options.query));
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept-Language", lang.value);
    request.setRequestHeader("Content-Type", body.type || "application/octet-stream");
    request.upload.onprogress = (e) => e.lengthComputable && options.onProgress?.(e.loaded / e.total);
    request.onerror = () => { reachable.value = false; fail(new Problem(0, "unreachable")); };
    request.onload = () => {
      let answer: Record<string, string> = {};
      try { answer = JSON.parse(request.responseText); } catch { /* no JSON */ }
      if (request.status < 300) done(answer as T);
      else fail(new Problem(request.status, answer.title ?? `HTTP ${request.status}`, answer.detail, answer.code, answer.where, answer.hint));
    };
    options.signal?.addEventListener("abort", () => { request.abort(); fail(options.signal!.reason); });
    request.send(body);
  });
}
