/** Who is here, and what they may do. */
import { computed, signal } from "@preact/signals";
import { effect } from "@preact/signals";
import { api, Problem, reachable, useSessionForCalls } from "../api/client";
import { forget } from "../api/use";
import type { Role, Session } from "../api/types";
import { setToday } from "../lang/format";
import { dropKept, keepWho, keptMap, keptWho } from "./offline";
import { type Lang, setLang } from "../lang/lang";

export const session = signal<Session | null>(null);
export const person = computed(() => session.value?.person ?? null);
const rank: Record<Role, number> = { reader: 0, editor: 1, owner: 2 };
/** may("editor"): true for editors and owners. */
export function may(role: Role): boolean {
  return person.value !== null && rank[person.value.role] >= rank[role];
}

function take(answer: Session): void {
  useSessionForCalls(answer.csrf, renew, ended);
  session.value = answer;
  if (answer.csrf) keepWho(answer);
}
/** Asks anew who is here: rights may have changed. */
export async function renew(): Promise<void> {
  take((await api.get<Session>("/session")).data);
}
function ended(): void {
  if (session.value?.person) {
    forget();
    dropKept();
    session.value = { ...session.value, person: null };
  }
}

/** Without a network a map that was open here opens again as it was kept; all else waits for the server. */
async function whoIsHere(): Promise<Session> {
  const map = /^\/map\/([^/]+)/.exec(location.pathname)?.[1];
  const kept = map && keptMap(decodeURIComponent(map)) ? keptWho() : null;
  try {
    return (await api.get<Session>("/session", undefined, kept ? { retries: 1 } : {})).data;
  } catch (error) {
    if (!kept || !(error instanceof Problem && error.unreachable)) throw error;
    const stop = effect(() => { if (reachable.value) queueMicrotask(() => { stop(); void renew().catch(() => {}); }); });
    return kept;
  }
}

export async function loadSession(): Promise<void> {
  const answer = await whoIsHere();
  let chosen: string | null = null;
  try { chosen = localStorage.getItem("viaggio.lang"); } catch { /* no storage */ }
  setToday(answer.today);
  const own = [answer.person?.lang, chosen].find((one) => one === "it" || one === "en");
  await setLang((own as Lang | undefined) ?? answer.lang);
  take(answer);
}
/** After log-in, set-up or an accepted invitation. */
export async function enter(path: "/session" | "/setup" | "/invitations/accept", body: unknown): Promise<void> {
  const answer = await api.post<Session>(path, body);
  forget();
  if (answer.data && "csrf" in answer.data) take(answer.data);
  else await renew();
  const lang = session.value?.person?.lang;
  if (lang) await setLang(lang);
}
export async function leave(): Promise<void> {
  await api.delete("/session");
  forget();
  dropKept();
  await renew();
}
