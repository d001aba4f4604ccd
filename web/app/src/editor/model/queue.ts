// What was typed and not sent yet, kept in the browser: a closed window, a flat battery or a dead network lose
// nothing. Each window keeps its own list; one that finds another's takes it along, and sending an operation
// twice does no harm, since the server counts each `client` once.
import type { Keeper, Stored } from "./session.ts";

export interface Shelf { readonly length: number; key(i: number): string | null; getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }

export function keeper(shelf: Shelf | null, person: string, map: string, window: string): Keeper {
  const prefix = `viaggio.unsent:${person}:${map}:`;
  const own = prefix + window;
  const read = (key: string): Stored[] => {
    try {
      const list: unknown = JSON.parse(shelf?.getItem(key) ?? "[]");
      return Array.isArray(list) ? list.filter((one): one is Stored => typeof one?.client === "string" && typeof one?.op?.op === "string") : [];
    } catch {
      return [];
    }
  };
  return {
    load() {
      const found = new Map<string, Stored>();
      if (!shelf) return [];
      const keys = Array.from({ length: shelf.length }, (_, i) => shelf.key(i)).filter((key): key is string => key !== null && key.startsWith(prefix)).sort();
      for (const key of keys) for (const one of read(key)) found.set(one.client, one);
      const all = [...found.values()];
      if (all.length) shelf.setItem(own, JSON.stringify(all));
      for (const key of keys) if (key !== own) shelf.removeItem(key);
      return all;
    },
    save(entries) {
      try {
        if (entries.length) shelf?.setItem(own, JSON.stringify(entries));
        else shelf?.removeItem(own);
      } catch {
        // The shelf is full or forbidden: it is still in memory, and being sent.
      }
    },
  };
}
