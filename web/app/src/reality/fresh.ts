// Somebody else imports, or changes the map: what is shown asks again by itself, at most every two seconds.
import { useEffect } from "preact/hooks";
import { live } from "../api/live";
import { forget } from "../api/use";

const OF_EVIDENCE = ["/evidence", "/sources", "/imports", "/customers", "/customer?", "/events", "/insight", "/study", "/suggestions", "/home", "/checks"];
/** What the evidence answers has changed: everything that shows it asks again. */
export function evidenceChanged(): void {
  for (const prefix of [...OF_EVIDENCE, "/maps"]) forget(prefix);
}

export function useFresh(map?: string): void {
  useEffect(() => {
    let timer = 0, evidence = false;
    const soon = () => {
      if (timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        if (evidence) evidenceChanged();
        else if (map) forget(`/maps/${encodeURIComponent(map)}`);
        evidence = false;
      }, 2000);
    };
    const stop = live({
      ...(map ? { map } : {}),
      on: { evidence: () => { evidence = true; soon(); }, ...(map ? { operation: soon } : {}), reload: () => { evidence = true; soon(); } },
    });
    return () => { stop(); clearTimeout(timer); };
  }, [map]);
}
