// What the client's own page asks: with the link's secret in a header, never in an address that is logged.
import type { ClientOwn } from "../api/wire";

export interface Step { id: string | null; title: string; objectives?: string[]; done: string | null }
export interface Proof { id: string; text: string; kind: string; required: boolean; held: string | null }
export interface Phase { id: string; title: string; aim: string; milestone: string; behind: boolean; here: boolean; passed: string | null; steps: Step[]; proofs: Proof[] }
export interface Goal { metric: string; name: string; unit: string; baseline: number | null; now: number | null; target: number | null; attained: number | null; readings: unknown[] }
/** What docs/schema/path.schema.json lets a client see. */
export interface Public {
  start: string; arrival: string; today?: string; arrived: string | null; passed: number; total: number; attainment: number | null; next: Step | null;
  phases: Phase[]; objectives: Goal[]; feelings: { at: string; valence: number }[];
}
export type Mine = Omit<ClientOwn, "path"> & { path: Public };
/** The answer's status; 0: no connection. */
export class Refused extends Error {
  constructor(readonly status: number, text = "") { super(text); }
}
async function ask(method: string, path: string, token: string, init: { body?: BodyInit; type?: string; keepalive?: boolean } = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch("/api/v1" + path, { method, body: init.body, keepalive: init.keepalive, credentials: "omit", referrerPolicy: "no-referrer",
      headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, "X-Path-Token": token, ...(init.type ? { "Content-Type": init.type } : {}) } });
  } catch {
    throw new Refused(0);
  }
  if (!answer.ok) throw new Refused(answer.status, ((await answer.json().catch(() => ({}))) as { detail?: string }).detail);
  return answer;
}
export async function mine(token: string): Promise<Mine> {
  return (await (await ask("GET", "/client", token)).json()) as Mine;
}
export async function tell(token: string, body: Record<string, unknown>): Promise<void> {
  await ask("POST", "/client/progress", token, { body: JSON.stringify(body), type: "application/json", keepalive: true });
}
export async function takeBack(token: string, id: number): Promise<void> {
  await ask("DELETE", "/client/progress/" + id, token);
}
export async function give(token: string, file: File, proof: string, text: string): Promise<number> {
  const query = new URLSearchParams({ ...(proof ? { proof } : {}), name: file.name.slice(0, 200), ...(text ? { text } : {}) });
  const answer = await ask("POST", "/client/file?" + query, token, { body: file, type: file.type || "application/octet-stream" });
  return ((await answer.json()) as { id: number }).id;
}
