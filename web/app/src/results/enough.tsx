// How many customers it takes until a change would show: asked before, so that nobody waits in vain.
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import { t } from "../lang/lang";
import { Button, Dialog, openDialog, Select, Skeleton, Trouble } from "../ui";
import type * as wire from "../api/wire";
import { useAbout } from "./about";
import { readEnough } from "./read";
import type { KpiDocument } from "./shapes";

export function openEnough(map: string, kpis: KpiDocument[], chosen = kpis[0]?.id ?? ""): Promise<void | undefined> {
  return openDialog<void>((done) => <EnoughDialog map={map} kpis={kpis} chosen={chosen} done={done} />);
}
function EnoughDialog({ map, kpis, chosen, done }: { map: string; kpis: KpiDocument[]; chosen: string; done: () => void }) {
  const [kpi, setKpi] = useState(chosen), [change, setChange] = useState("10");
  const kind = kpis.find((k) => k.id === kpi)?.kind ?? "conversion", points = kind === "conversion" || kind === "state";
  return (
    <Dialog title={t("Will there be enough data?")} onClose={done} footer={<Button onClick={done}>{t("Close")}</Button>}>
      <p class="quiet">{t("A change that is small, or that touches few customers, hides among the usual ups and downs. So many it takes until it would show.")}</p>
      <div class="form-row">
        <Select label={t("KPI")} value={kpi} onChange={setKpi} options={kpis.filter((k) => k.kind !== "typed").map((k) => ({ value: k.id, label: k.name ?? "" }))} />
        <Select label={t("If it changed by")} value={change} onChange={setChange} options={["2", "5", "10", "20", "30"].map((v) => ({ value: v, label: points ? t("{n} points", { n: v }) : t("{n}% of today’s value", { n: v }) }))} />
      </div>
      <EnoughSays map={map} kpi={kpi} change={change} />
    </Dialog>
  );
}
export function EnoughSays({ map, kpi, change }: { map: string; kpi: string; change: string }) {
  const about = useAbout(map);
  const answer = useApi<wire.Enough>(kpi && about.ready ? `/maps/${encodeURIComponent(map)}/enough` : null, { kpi, change, ...about.query });
  if (answer.error && !answer.data) return <Trouble error={answer.error} onRetry={answer.reload} />;
  if (!answer.data) return <Skeleton lines={2} />;
  return <p class="enough" role="status">{readEnough(answer.data).sentence}</p>;
}
