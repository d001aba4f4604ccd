/** Pains that nobody takes care of: they come forward, with the way to an action. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { MapAnswer, MapCard, MapDocument } from "../api/types";
import { t, tn } from "../lang/lang";
import { Button } from "../ui";
import { openAction } from "./action";

export interface Orphan { map: string; map_title: string; id: string; text: string; step: string; step_title: string }
export function orphansOf(id: string, map: MapDocument): Orphan[] {
  const cared = new Set((map.actions ?? []).filter((a) => a.state !== "dropped").flatMap((a) => a.pains ?? []));
  return map.phases.flatMap((p) => p.steps ?? []).flatMap((s) => (s.pains ?? []).filter((p) => p.id && !cared.has(p.id)).map((p) => ({ map: id, map_title: map.title, id: p.id!, text: p.text ?? "", step: s.id, step_title: s.title })));
}
const MOST = 20; // maps that are looked through
/** Asked again when `turn` changes: after an action was made. */
export function useOrphans(maps: MapCard[] | undefined, turn: unknown): Orphan[] {
  const [found, setFound] = useState<Orphan[]>([]);
  const key = (maps ?? []).map((m) => m.id + m.head).join();
  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      const all: Orphan[] = [];
      for (const m of (maps ?? []).slice(0, MOST)) {
        try {
          all.push(...orphansOf(m.id, (await api.get<MapAnswer>("/maps/" + encodeURIComponent(m.id), undefined, { signal: stop.signal, retries: 0 })).data.map));
        } catch { /* what cannot be read is not shown here */ }
        if (stop.signal.aborted) return;
      }
      setFound(all);
    })();
    return () => stop.abort();
  }, [key, turn]);
  return found;
}

export function OrphanPains({ list, many }: { list: Orphan[]; many: boolean }) {
  const [all, setAll] = useState(false);
  if (!list.length) return null;
  const shown = all ? list : list.slice(0, 4);
  return (
    <section class="orphans" aria-label={t("Pains that nobody takes care of")}>
      <h2>{tn(list.length, "{n} pain that nobody takes care of", "{n} pains that nobody takes care of")}</h2>
      <ul>
        {shown.map((o) => (
          <li key={o.map + o.id}>
            <span class="orphan-text">{o.text}<small>{many ? `${o.step_title} · ${o.map_title}` : o.step_title}</small></span>
            <Button small onClick={() => void openAction({ map: o.map, pains: [o.id], steps: [o.step] })}>{t("Make an action")}<span class="hidden">: {o.text}</span></Button>
          </li>
        ))}
      </ul>
      {list.length > 4 && <Button kind="link" onClick={() => setAll(!all)}>{all ? t("Show fewer") : tn(list.length - 4, "Show {n} more", "Show {n} more")}</Button>}
    </section>
  );
}
