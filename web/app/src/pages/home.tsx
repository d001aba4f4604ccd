/** Home: what deserves attention, the maps, what falls due, and how fresh the evidence is. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import { live } from "../api/live";
import { forget, useApi } from "../api/use";
import type { ActionRow, Finding, Home, List, MapCard, Source } from "../api/types";
import { Page } from "../app/page";
import { may, person, session } from "../app/session";
import { ago, num } from "../lang/format";
import { t, tc, tn } from "../lang/lang";
import { openShare } from "../share/share";
import { Button, Card, Chip, Dialog, EmptyState, Field, Icon, Menu, openDialog, Skeleton, Sparkline, toast, toastProblem, Trouble } from "../ui";
import { createMap, mapsFromFiles, openNewMap } from "./newmap";
import { dueWords, freshnessWords, kicker } from "./words";
import sheet from "./home.css";

export const style = sheet;

export function greeting(hour: number, name: string): string {
  const first = name.trim().split(/\s+/)[0] ?? "";
  const word = hour < 5 ? t("Good evening") : hour < 13 ? t("Good morning") : hour < 18 ? t("Good afternoon") : t("Good evening");
  return first ? `${word}, ${first}` : word;
}
function attention(n: number): string {
  const words = [t("Nothing presses today."), t("One thing deserves attention."), t("Two things deserve attention."), t("Three things deserve attention.")];
  return words[n] ?? words[3]!;
}

export default function HomePage() {
  const home = useApi<Home>("/home");
  const [find, setFind] = useState("");
  useEffect(() => {
    let timer = 0, missed = false;
    const again = () => { clearTimeout(timer); timer = window.setTimeout(() => { forget("/home"); forget("/actions"); }, 800); };
    const stop = live({ on: { maps: again, evidence: again, operation: again, reload: again }, onState: (open) => { if (open && missed) again(); missed = !open; } });
    return () => { clearTimeout(timer); stop(); };
  }, []);
  const data = home.data;
  const pending = !!data?.maps.some((m) => m.pending);
  useEffect(() => { // cards whose evidence is still being held against them
    if (!pending) return;
    const timer = setTimeout(home.reload, 1500);
    return () => clearTimeout(timer);
  }, [data]);
  const name = session.value?.solo ? "" : person.value?.name ?? "";
  const actions = may("editor") && (
    <>
      <Button href="/evidence">{t("Import evidence")}</Button>
      <Button kind="primary" onClick={() => openNewMap()}>{t("New map")}</Button>
    </>
  );
  const nothing = data && !data.maps.length;
  const shown = data?.maps.filter((m) => (m.title + " " + (m.persona?.name ?? "")).toLowerCase().includes(find.toLowerCase())) ?? [];
  return (
    <Page title={t("Maps")} heading={greeting(new Date().getHours(), name)} sub={data && !nothing ? attention(data.greeting_findings.length) : nothing ? undefined : " "} actions={actions}>
      <div onDragOver={(e) => { if (may("editor") && e.dataTransfer?.types.includes("Files")) e.preventDefault(); }}
        onDrop={(e) => { if (may("editor") && e.dataTransfer?.files.length) { e.preventDefault(); void mapsFromFiles([...e.dataTransfer.files]); } }}>
        {home.error && !data && <Trouble error={home.error} onRetry={home.reload} />}
        {!data && !home.error && <Loading />}
        {nothing && <Welcome sources={data.sources} />}
        {data && !nothing && (
          <div class="home">
            {data.greeting_findings.length > 0 && (
              <section class="home-findings" aria-label={t("What deserves attention")}>
                {data.greeting_findings.map((f, i) => <FindingCard key={i} finding={f} />)}
              </section>
            )}
            <section aria-label={t("Maps")}>
              {data.maps.length > 9 && <div class="home-find"><Field label={t("Find a map")} hideLabel type="search" placeholder={t("Find a map")} value={find} onInput={setFind} /></div>}
              <ul class="home-maps">{shown.map((m) => <li key={m.id}><MapTile card={m} /></li>)}</ul>
              {!shown.length && <p class="quiet">{t("No map is called that.")}</p>}
            </section>
            <div class="home-below">
              <Due actions={data.actions_due} />
              <Sources sources={data.sources} />
            </div>
          </div>
        )}
        {data && may("editor") && <BinLink />}
      </div>
    </Page>
  );
}

function Loading() {
  return <div class="home" aria-busy="true"><div class="home-findings">{[1, 2, 3].map((i) => <div key={i} class="card"><Skeleton lines={3} height={18} /></div>)}</div><div class="home-findings">{[1, 2, 3].map((i) => <div key={i} class="card"><Skeleton lines={5} height={22} /></div>)}</div></div>;
}

const tones: Record<string, "loss" | "belief" | "good" | "wait"> = { loss: "loss", belief: "belief", wait: "wait", shortcut: "wait", loop: "wait", detour: "wait", effect: "good" };
function FindingCard({ finding: f }: { finding: Finding }) {
  const href = f.map ? (f.step ? `/map/${encodeURIComponent(f.map)}/step/${encodeURIComponent(f.step)}` : `/reality?map=${encodeURIComponent(f.map)}`) : null;
  return (
    <article class={"card tone finding " + (tones[f.kind] ?? "")}>
      <p class="kicker">{kicker(f.kind, f.kicker)}</p>
      <h2>{href ? <a class="cover" href={href}>{f.headline}</a> : f.headline}</h2>
      <p class="detail">{f.detail}</p>
    </article>
  );
}

async function removeMap(card: MapCard): Promise<void> {
  const address = "/maps/" + encodeURIComponent(card.id);
  const again = () => { forget("/home"); forget("/maps"); };
  try {
    await api.delete(address);
    again();
    toast(t("“{title}” is in the bin.", { title: card.title }), { undo: async () => { await api.post(address + "/undelete"); again(); } });
  } catch (error) {
    toastProblem(error);
  }
}

function MapTile({ card }: { card: MapCard }) {
  const address = "/map/" + encodeURIComponent(card.id);
  const fresh = freshnessWords(card.freshness.state, card.freshness.days);
  const seen = card.evidence_curve.some((v) => v !== null);
  const evidence = card.pending ? t("being looked at …") : !card.steps ? t("no steps yet") : card.steps_with_evidence === 0 ? t("no evidence")
    : tn(card.steps, "{seen} of {n} step with evidence", "{seen} of {n} steps with evidence", { seen: card.steps_with_evidence });
  const menu = [
    { label: t("What really happens"), icon: <Icon name="reality" />, href: "/reality?map=" + encodeURIComponent(card.id) },
    { label: t("Present"), icon: <Icon name="play" />, href: address + "/present" },
    { label: t("History"), icon: <Icon name="clock" />, href: address + "/history" },
    { label: t("Share and export …"), icon: <Icon name="share" />, onSelect: () => void openShare(card) },
    ...(may("editor") ? [
      { label: t("Duplicate"), icon: <Icon name="copy" />, onSelect: () => void createMap({ copy_of: card.id, title: t("{title}, copy", { title: card.title }) }).then(() => toast(t("Duplicated.")), toastProblem) },
      { line: true },
      { label: t("Delete"), icon: <Icon name="trash" />, danger: true, onSelect: () => void removeMap(card) },
    ] : []),
  ];
  return (
    <article class="card tile">
      <div class="tile-body">
        <header>
          <h2><a class="cover" href={address}>{card.title}</a></h2>
          <span class="tile-side">
            <Chip tone={fresh.tone} title={card.freshness.days === null ? undefined : tn(card.freshness.days, "The latest evidence is {n} day old.", "The latest evidence is {n} days old.")}>{fresh.text}</Chip>
            <Menu button={{ kind: "quiet", small: true, icon: <Icon name="more" />, label: t("More about “{title}”", { title: card.title }) }} items={menu} />
          </span>
        </header>
        <p class="quiet tile-who">{card.persona?.name ? [card.persona.name, card.persona.role].filter(Boolean).join(" · ") : t("no persona yet")}</p>
        <Sparkline values={seen ? card.evidence_curve : card.curve.map(() => null)} belief={card.curve} />
        <p class="note tile-facts">
          <span>{evidence}</span>
          {card.checks > 0 && <a href={"/checks?map=" + encodeURIComponent(card.id)}>{tn(card.checks, "{n} observation", "{n} observations")}</a>}
          {card.own_customers && card.steps_with_evidence > 0 && <span>{t("only the customers of {name}", { name: card.persona?.name ?? "" })}</span>}
          {card.draft && <span>{t("a draft")}</span>}
          {card.state === "to-be" && <span>{t("as it shall be")}</span>}
        </p>
      </div>
      <footer>{card.headline || t("Nothing stands out.")}</footer>
    </article>
  );
}

function Due({ actions }: { actions: ActionRow[] }) {
  return (
    <Card title={t("Actions falling due")} action={<a href="/actions">{tc("actions", "All")}</a>}>
      {!actions.length ? <p class="quiet">{t("No action has a date. From a pain on a map, an action with who and by when: that is how a map leads somewhere.")}</p> : (
        <ul class="rows due">
          {actions.map((a) => {
            const due = dueWords(a.due, a.days);
            const soon = a.days !== null && a.days <= 7;
            return (
              <li key={a.map + a.id}>
                <span class={"dot " + (due.late ? "bad" : soon ? "warn" : "good")} aria-hidden="true" />
                <a href={`/actions?open=${encodeURIComponent(a.map + "/" + a.id)}`}>{a.title}</a>
                <span class="quiet">{a.department || a.owner || t("nobody’s")}</span>
                <span class={due.late ? "late" : "quiet"}>{due.text}</span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
function Sources({ sources }: { sources: Source[] }) {
  return (
    <Card title={t("Evidence")} action={<a href="/evidence">{tc("evidence", "All")}</a>}>
      {!sources.length ? (
        <div class="stack">
          <p class="quiet">{t("The maps say what is believed. A file of calls, quotes or reviews shows what is lived.")}</p>
          {may("editor") && <div><Button href="/evidence" icon={<Icon name="upload" />}>{t("Import evidence")}</Button></div>}
        </div>
      ) : (
        <ul class="rows sources">
          {sources.map((s) => (
            <li key={s.name}><span>{s.imports ? s.name : t("Written down on success paths")}</span><b class="num">{num(s.events)}</b><span class="quiet">{s.last_import ? ago(s.last_import) : ""}</span></li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The first minutes: three ways in, the likeliest first. */
function Welcome({ sources }: { sources: Source[] }) {
  if (!may("editor")) return <EmptyState title={t("There are no maps yet")}><p>{t("As soon as somebody draws one, it is here.")}</p></EmptyState>;
  const ways = [
    { icon: "grid", title: t("Begin from a template"), text: t("Machinery, shop, service desk, coaching: phases and steps are there, to be put into your customers’ words."), label: t("Choose a template"), run: () => openNewMap("template") },
    { icon: "upload", title: t("Begin from your data"), text: t("Drop the Excel or CSV files your systems export: Viaggio finds what customers do and drafts the map."), label: sources.length ? t("Draft the map") : t("Import evidence"), run: () => openNewMap("draft"), href: sources.length ? undefined : "/evidence" },
    { icon: "copy", title: t("Bring a map you have"), text: t("From Viaggio, a table in Excel or CSV, or a Mermaid diagram."), label: t("Choose a file"), run: () => openNewMap("file") },
  ];
  return (
    <div class="welcome">
      <p class="welcome-lead">{t("A journey map shows what your customers do, think and feel, from the first need to the last contact; the evidence shows whether it is true.")}</p>
      <div class="home-findings">
        {ways.map((w, i) => (
          <Card key={i} class="way" title={<><Icon name={w.icon} /> {w.title}</>}>
            <div class="stack"><p class="quiet">{w.text}</p><div class="way-foot">{w.href ? <Button href={w.href}>{w.label}</Button> : <Button kind={i === 0 ? "primary" : "plain"} onClick={w.run}>{w.label}</Button>}</div></div>
          </Card>
        ))}
      </div>
    </div>
  );
}

/** Shown only when something is in the bin. */
function BinLink() {
  const bin = useApi<List<MapCard>>("/maps", { deleted: 1 });
  return bin.data?.items.length ? <div class="home-bin"><Button kind="link" onClick={() => void openBin()}>{t("Deleted maps")}</Button></div> : null;
}
function openBin(): Promise<void | undefined> {
  return openDialog<void>((done) => <Bin done={() => done()} />);
}
function Bin({ done }: { done: () => void }) {
  const bin = useApi<List<MapCard>>("/maps", { deleted: 1 });
  const back = async (m: MapCard) => {
    try {
      await api.post(`/maps/${encodeURIComponent(m.id)}/undelete`);
      forget("/maps");
      forget("/home");
      toast(t("“{title}” is back.", { title: m.title }));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Dialog title={t("Deleted maps")} onClose={done}>
      {bin.error ? <Trouble error={bin.error} onRetry={bin.reload} /> : !bin.data ? <Skeleton /> : !bin.data.items.length ? <p class="quiet">{t("The bin is empty.")}</p> : (
        <ul class="rows">{bin.data.items.map((m) => <li key={m.id}><span>{m.title}</span><Button small icon={<Icon name="undo" size={16} />} onClick={() => void back(m)}>{t("Put back")}</Button></li>)}</ul>
      )}
    </Dialog>
  );
}
