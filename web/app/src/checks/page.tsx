/** Checks: the known mistakes of map makers, as a list by weight. Each says what, why and what to do, leads
 * to its place on the map, or is put aside with a reason that stays with the map. */
import { useEffect } from "preact/hooks";
import { useApi } from "../api/use";
import type { List, MapAnswer, MapCard } from "../api/types";
import { Page } from "../app/page";
import { may, person } from "../app/session";
import { setQuery, where } from "../app/router";
import chartStyle from "../charts/charts.css";
import { date, isoDay } from "../lang/format";
import { t, tn } from "../lang/lang";
import type { Check } from "../reality/insight";
import { useFresh } from "../reality/fresh";
import realityStyle from "../reality/reality.css";
import { newName, writeOperations } from "../reality/write";
import { useAbout } from "../results/about";
import { ask, Button, Card, EmptyState, Icon, Select, Skeleton, toast, toastProblem, Trouble, type Tone } from "../ui";
import checkStyle from "./checks.css";
import { asideOf, grouped, itemAt, type Dismissed, type Shown } from "./group";

export const style = [chartStyle, realityStyle, checkStyle];

interface Finding extends Check { dismissed?: { because: string; who: string; at?: string; on?: string } | null }

export default function ChecksPage() {
  const map = where.value.query.get("map") ?? "";
  const maps = useApi<List<MapCard>>("/maps");
  const list = maps.data?.items.filter((each) => !each.deleted) ?? [];
  // Without a choice: the map with most to look at.
  const first = [...list].sort((a, b) => b.checks - a.checks)[0]?.id;
  useEffect(() => { if (!map && first) setQuery({ map: first }); }, [map, first]);
  if (maps.error && !maps.data) return <Page title={t("Checks")}><Trouble error={maps.error} onRetry={maps.reload} /></Page>;
  if (!maps.data) return <Page title={t("Checks")}><Skeleton lines={6} /></Page>;
  if (list.length === 0)
    return (
      <Page title={t("Checks")}>
        <EmptyState title={t("No map to look over yet")} actions={<Button kind="primary" href="/">{t("Make a map")}</Button>}>
          <p>{t("As soon as there is one, it is held against the known mistakes of the craft: steps nobody answers for, words from inside the firm, pains without action.")}</p>
        </EmptyState>
      </Page>
    );
  if (!map) return <Page title={t("Checks")}><Skeleton lines={6} /></Page>;
  return <OneMap key={map} map={map} maps={list} />;
}

function OneMap({ map, maps }: { map: string; maps: MapCard[] }) {
  useFresh(map);
  const path = `/maps/${encodeURIComponent(map)}`;
  const about = useAbout(map);
  const checks = useApi<List<Finding> | Finding[]>(about.ready ? `${path}/checks` : null, about.query);
  const answer = useApi<MapAnswer>(path);
  const items = Array.isArray(checks.data) ? checks.data : checks.data?.items;
  const title = maps.find((each) => each.id === map)?.title ?? "";
  const reload = () => { checks.reload(); answer.reload(); };
  const dismissed: Dismissed[] = answer.data?.map.dismissed ?? [];
  const groups = items && grouped(items, dismissed);
  const open = groups ? groups.error.length + groups.warning.length + groups.note.length : 0;
  const put = async (finding: Finding) => {
    const because = await ask({ title: t("Not so, because …"), label: t("The reason, for whoever looks at it next"), yes: t("Put aside"), note: finding.sentence });
    if (!because) return;
    const id = "d" + newName();
    const value = { id, rule: finding.rule, at: finding.where, about: finding.about ?? "", because, who: person.value?.name ?? "", on: isoDay(new Date()) };
    await writeOperations(map, [{ op: "insert", at: "", list: "dismissed", value }]).then(() => {
      reload();
      toast(t("Put aside: {title}", { title: finding.title || finding.sentence }), { undo: () => writeOperations(map, [{ op: "delete", item: id }]).then(reload) });
    }, toastProblem);
  };
  const back = async (finding: Finding) => {
    const kept = asideOf(dismissed, finding);
    if (!kept) return;
    await writeOperations(map, [{ op: "delete", item: kept.id }]).then(() => {
      reload();
      toast(t("It is on the list again."), { undo: () => writeOperations(map, [{ op: "insert", at: "", list: "dismissed", value: kept }]).then(reload) });
    }, toastProblem);
  };
  const shared = { map, onPut: may("editor") ? put : undefined, onBack: may("editor") ? back : undefined };
  return (
    <Page
      title={t("Checks")}
      sub={groups ? (open === 0 ? t("Nothing to look at in “{map}”.", { map: title }) : tn(open, "{n} thing to look at in “{map}”", "{n} things to look at in “{map}”", { map: title })) : undefined}
      actions={
        <>
          <Select label={t("Map")} hideLabel class="map-pick" value={map} onChange={(to) => setQuery({ map: to, all: null }, false)} options={maps.map((each) => ({ value: each.id, label: each.checks ? `${each.title} (${each.checks})` : each.title }))} />
          <Button href={`/map/${encodeURIComponent(map)}`}>{t("Open the map")}</Button>
        </>
      }
    >
      {about.chip && <div class="of-whom">{about.chip}</div>}
      {checks.error && !checks.loading && <Trouble error={checks.error} onRetry={reload} />}
      {!groups && !checks.error && <Skeleton lines={6} height={24} />}
      {groups && (
        <div class="checks">
          <Group title={t("To put right")} tone="bad" list={groups.error} {...shared} />
          <Group title={t("To look at")} tone="warn" list={groups.warning} {...shared} />
          <Group title={t("Notes")} tone="plain" list={groups.note} {...shared} />
          {open === 0 && (
            <EmptyState title={t("The map holds")} actions={<Button kind="primary" href={`/reality?map=${encodeURIComponent(map)}`}>{t("Hold it against the evidence")}</Button>}>
              <p>{t("None of the known mistakes is in it. Whether it is true, only customers can say.")}</p>
            </EmptyState>
          )}
          {groups.aside.length > 0 && (
            <details class="checks-aside">
              <summary>{tn(groups.aside.length, "{n} put aside", "{n} put aside")}</summary>
              <ul>{groups.aside.map((finding) => <One key={finding.key} finding={finding} tone="plain" {...shared} />)}</ul>
            </details>
          )}
        </div>
      )}
    </Page>
  );
}

interface Deeds { map: string; onPut?: ((finding: Finding) => Promise<void>) | undefined; onBack?: ((finding: Finding) => Promise<void>) | undefined }

function Group({ title, tone, list, ...deeds }: { title: string; tone: Tone; list: Shown<Finding>[] } & Deeds) {
  if (list.length === 0) return null;
  return (
    <Card title={<>{title} <span class="count">{list.length}</span></>}>
      <ul>{list.map((finding) => <One key={finding.key} finding={finding} tone={tone} {...deeds} />)}</ul>
    </Card>
  );
}

function One({ finding, tone, map, onPut, onBack }: { finding: Shown<Finding>; tone: Tone } & Deeds) {
  const aside = finding.aside;
  return (
    <li class="check-item" data-rule={finding.rule}>
      <p class="check-where"><i class={`check-dot ${tone}`} aria-hidden="true" />{finding.title || t("the whole map")}</p>
      <div>
        <p><b>{finding.sentence}</b></p>
        <p>{finding.remedy}</p>
        {aside && <p class="note">{t("Not so, because: {reason}", { reason: aside.because })} {[aside.who, aside.on && date(aside.on)].filter(Boolean).join(", ")}</p>}
        <p class="row">
          <a href={itemAt(map, finding.where)}>{finding.where ? t("Take me there") : t("Open the map")}</a>
          {aside ? onBack && <Button kind="link" onClick={() => void onBack(finding)}>{t("Back on the list")}</Button>
            : onPut && <Button kind="link" icon={<Icon name="close" size={14} />} onClick={() => void onPut(finding)}>{t("Not so, because …")}</Button>}
        </p>
      </div>
    </li>
  );
}
