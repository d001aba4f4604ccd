/** Pains that nobody takes care of: they come forward, with the way to an action. */
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import type { OrphanPain } from "../api/wire";
import { t, tn } from "../lang/lang";
import { Button } from "../ui";
import { openAction } from "./action";

/** Of all maps; `ask`: whether there is anybody to make an action. What forgets the actions forgets these, too. */
export function useOrphans(ask: boolean): OrphanPain[] {
  return useApi<List<OrphanPain>>(ask ? "/actions/orphans" : null).data?.items ?? [];
}

export function OrphanPains({ list, many }: { list: OrphanPain[]; many: boolean }) {
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
