/** What a reload without a network needs: who is here, and the maps last open, as this browser saw them. They are
 * kept in the browser for that alone, and are gone when the person logs out, is put out, or another comes in. */
import type { MapAnswer, Session } from "../api/types";

const WHO = "viaggio.offline.who", MAP = "viaggio.offline.map:", MAPS = 3, LONGEST = 1_500_000;

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}
function mapKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(MAP));
}
export function dropKept(): void {
  try {
    for (const key of [WHO, ...mapKeys()]) localStorage.removeItem(key);
  } catch {
    // no storage: nothing was kept
  }
}

/** Without the token that writing needs: the server is asked for one when it is there again. */
export function keepWho(session: Session): void {
  const before = keptWho();
  if (!session.person || (before && (before.person!.id !== session.person.id || before.workspace.uid !== session.workspace.uid))) dropKept();
  try {
    if (session.person) localStorage.setItem(WHO, JSON.stringify({ ...session, csrf: "" }));
  } catch {
    // full or forbidden: then a reload needs the network
  }
}
export function keptWho(): Session | null {
  const kept = read<Session>(WHO);
  return kept?.person ? kept : null;
}

/** The last few maps; a very large one is not kept. */
export function keepMap(id: string, map: unknown, head: number): void {
  if (!keptWho()) return;
  try {
    const text = JSON.stringify({ id, head, map, at: Date.now() });
    const others = mapKeys().filter((key) => key !== MAP + id).map((key) => ({ key, at: read<{ at: number }>(key)?.at ?? 0 })).sort((a, b) => b.at - a.at);
    for (const { key } of others.slice(MAPS - 1)) localStorage.removeItem(key);
    if (text.length <= LONGEST) localStorage.setItem(MAP + id, text);
    else localStorage.removeItem(MAP + id);
  } catch {
    // full or forbidden
  }
}
export function keptMap(id: string): MapAnswer | null {
  const kept = read<MapAnswer>(MAP + id);
  return kept?.map && keptWho() ? kept : null;
}
