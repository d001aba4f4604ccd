// Reality at a glance: the finding first, then who arrives and who is lost, belief against evidence,
// shortcuts, waits, and what customers say.
import type { MapDocument } from "../api/types";
import { CurvesChart } from "../charts/curves-chart";
import { FunnelChart } from "../charts/funnel-chart";
import { GapChart } from "../charts/gap-chart";
import { Figure } from "../charts/table-twin";
import { WaitsChart } from "../charts/waits-chart";
import { count, customers, percent, range, span, valence } from "../charts/words";
import { t } from "../lang/lang";
import { Button } from "../ui/button";
import { Face } from "../ui/face";
import { EmptyState } from "../ui/parts";
import type { Align, Emotions, Finding, Jump, Shortcut, Study } from "./insight";
import { placedSteps } from "./insight";
import type { Summary } from "./summary";
import { openPeople, setFilter, viewHref, type View } from "./view";

export function Overview(props: { study: Study; view: View; summary: Summary | undefined }) {
  const { study, view, summary } = props;
  const { funnel, align, emotions, map } = study;
  if (!funnel || !align || !emotions) return null;
  if (!align.steps.some((step) => step.events > 0))
    return (
      <EmptyState title={t("First, match the steps with what customers did")} actions={<Button kind="primary" href={viewHref(view, "match")}>{t("Match the steps")}</Button>}>
        <p>{t("No step of this map is matched to the evidence yet: nothing can be held against it.")} {t("The likely ones are suggested; it takes a minute.")}</p>
      </EmptyState>
    );
  return (
    <div class="overview">
      <Findings findings={study.findings} map={view.map} />
      <section class="card whole" aria-labelledby="arrive">
        <header>
          <h2 id="arrive">{t("Who arrives, who is lost, who is still travelling")}</h2>
          <p class="note">{t("Every number opens its customers.")}</p>
        </header>
        <FunnelChart funnel={funnel} map={map} onOpen={(step, _i, kind) => openPeople({ about: "step", step: step.id, kind })} />
      </section>
      <section class="card whole" aria-labelledby="curves">
        <header>
          <h2 id="curves">{t("Believed and lived")}</h2>
          <p class="note">{t("{n} scores, from very bad (−2) to very good (+2)", { n: count(emotions.n) })}</p>
        </header>
        {emotions.n > 0 ? <CurvesChart steps={emotions.steps} map={map} onOpen={(step) => openPeople({ about: "step", step: step.id, kind: "quoted" })} />
          : <p class="quiet">{t("Nobody has given a score yet. Import reviews or surveys with a vote, and the lived curve appears beside the believed one.")}</p>}
      </section>
      <section class="card third" aria-labelledby="gaps">
        <header><h2 id="gaps">{t("Where belief and evidence part")}</h2></header>
        <GapChart steps={emotions.steps} onOpen={(step) => openPeople({ about: "step", step: step.id, kind: "quoted" })} />
      </section>
      <Shortcuts align={align} view={view} />
      <Said emotions={emotions} view={view} />
      <section class="card most" aria-labelledby="waits">
        <header><h2 id="waits">{t("How long it takes")}</h2><p class="note">{t("half of the customers, from step to step")}</p></header>
        <WaitsChart funnel={funnel} onOpen={(step) => openPeople({ about: "step", step: step.id, kind: "moved-on" })} />
      </section>
      <div class="third stack">
        <Channels summary={summary} view={view} />
        <Regularity align={align} map={map} view={view} />
      </div>
    </div>
  );
}

function Findings(props: { findings: Finding[]; map: string }) {
  if (props.findings.length === 0) return null;
  const kicker: Record<string, string> = {
    loss: t("Where customers are lost"), belief: t("Believed and lived"), shortcut: t("Shortcut"), wait: t("Waiting"), loop: t("Again and again"),
    effect: t("What has worked"), detour: t("Detour"),
  };
  return (
    <ul class="answers" aria-label={t("What deserves attention")}>
      {props.findings.slice(0, 3).map((finding, i) => (
        <li key={i} class={`answer ${finding.kind}`}>
          <p class="overline">{kicker[finding.kind] ?? finding.kind}</p>
          <h2>{finding.headline}</h2>
          <p class="quiet">{finding.detail}</p>
          {finding.step && <a href={`/map/${encodeURIComponent(props.map)}?at=${encodeURIComponent(finding.step)}`}>{t("See it on the map")}</a>}
        </li>
      ))}
    </ul>
  );
}

function Shortcuts(props: { align: Align; view: View }) {
  const list = props.align.shortcuts.slice(0, 6), jumps = props.align.jumps.slice(0, 3);
  return (
    <section class="card third" aria-labelledby="shortcuts">
      <header><h2 id="shortcuts">{t("Shortcuts")}</h2><p class="note">{t("Ways that the map does not know")}</p></header>
      {list.length + jumps.length === 0 && <p class="quiet">{t("None: customers go the way the map says.")}</p>}
      <ul class="lines">
        {list.map((shortcut, i) => <ShortcutRow key={i} shortcut={shortcut} />)}
        {jumps.map((jump, i) => <JumpRow key={"j" + i} jump={jump} />)}
      </ul>
    </section>
  );
}

function ShortcutRow({ shortcut }: { shortcut: Shortcut }) {
  const { instead } = shortcut;
  const open = () => openPeople({ about: "shortcut", step: shortcut.from, to: shortcut.to, via: shortcut.activity });
  const said = [
    instead ? t("instead of “{activity}”, {range} of {n} times", { activity: instead.activity, range: range(instead.share_low, instead.share_high), n: count(instead.taken + instead.events) })
            : t("{range} of {n} customers", { range: range(shortcut.share_low, shortcut.share_high), n: count(shortcut.passing) }),
  ];
  if (instead && instead.then && instead.then_s !== null && instead.instead_then_s !== null)
    said.push(t("then “{then}” after {time} instead of {other}", { then: instead.then, time: span(instead.then_s), other: span(instead.instead_then_s) }));
  if (shortcut.actor) said.push(t("mostly with {name}", { name: shortcut.actor }));
  else if (shortcut.channel) said.push(t("mostly by {channel}", { channel: shortcut.channel }));
  return (
    <li>
      <div><b>{t("{from} → {to}", { from: instead?.after || shortcut.from_title || t("Start"), to: shortcut.activity })}</b><b class="value">{percent(instead ? instead.share : shortcut.share)}</b></div>
      <p class="note"><Figure label={t("{customers}: show them", { customers: customers(shortcut.traces) })} onOpen={open}>{customers(shortcut.traces)}</Figure> · {said.join(" · ")}</p>
    </li>
  );
}

function JumpRow({ jump }: { jump: Jump }) {
  return (
    <li>
      <div><b>{t("{from} → {to}", { from: jump.from_title || t("Start"), to: jump.to_title })}</b><b class="value">{percent(jump.share)}</b></div>
      <p class="note">
        <Figure label={t("{customers}: show them", { customers: customers(jump.traces) })} onOpen={() => openPeople({ about: "jump", step: jump.from, to: jump.to })}>{customers(jump.traces)}</Figure>
        {" · "}{t("passing over “{step}” ({range})", { step: jump.over_title, range: range(jump.share_low, jump.share_high) })}
      </p>
    </li>
  );
}

function Said(props: { emotions: Emotions; view: View }) {
  const list = props.emotions.steps
    .filter((step) => step.quotes.length > 0 && step.mean !== null)
    .sort((a, b) => Math.abs(b.mean!) * Math.log(b.n + 1) - Math.abs(a.mean!) * Math.log(a.n + 1)).slice(0, 5);
  if (list.length === 0) return null;
  return (
    <section class="card half third" aria-labelledby="said">
      <header><h2 id="said">{t("What they say")}</h2><a class="note" href={viewHref(props.view, "voices")}>{t("Read all")}</a></header>
      <ul class="said">
        {list.map((step) => (
          <li key={step.id}>
            <Face valence={step.mean!} size={22} />
            <div>
              <q>{step.quotes[0]}</q>
              <p class="note">{step.title} · {valence(step.mean)} · <Figure label={t("{n} scores: show who gave them", { n: count(step.n) })} onOpen={() => openPeople({ about: "step", step: step.id, kind: "quoted" })}>{t("{n} scores", { n: count(step.n) })}</Figure></p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Channels({ summary, view }: { summary: Summary | undefined; view: View }) {
  const list = (summary?.channels ?? []).filter(({ name }) => name).slice(0, 8);
  if (list.length === 0) return null;
  const most = Math.max(...list.map((channel) => channel.count));
  return (
    <section class="card" aria-labelledby="channels">
      <header><h2 id="channels">{t("Where it happens")}</h2><p class="note">{t("events by channel")}</p></header>
      <ul class="bars">
        {list.map(({ name, count: n }) => (
          <li key={name}>
            <span>{name}</span>
            <i aria-hidden="true"><b style={{ width: `${(100 * n) / most}%` }} /></i>
            <Figure class="value" label={t("Look only at {channel}: {n} events", { channel: name, n: count(n) })} onOpen={() => setFilter({ ...view.filter, "only-channel": [name] })}>{count(n)}</Figure>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How much of what customers do the map explains. */
function Regularity(props: { align: Align; map: MapDocument; view: View }) {
  const { align, view } = props;
  const skipped = align.steps.filter((step) => step.passed_over > 0).sort((a, b) => b.passed_over - a.passed_over).slice(0, 3);
  const titles = new Map(placedSteps(props.map).map(({ step }) => [step.id, step.title]));
  return (
    <section class="card" aria-labelledby="fits">
      <header><h2 id="fits">{t("How well the map fits")}</h2></header>
      <p class="big">{percent(align.fitness_mean)}<span class="note">{t("how alike the map and what they do are: 100% when everybody goes all of its way")}</span></p>
      <p class="note">{t("{fitting} of {n} journeys go the map’s way from beginning to end.", { fitting: count(align.fitting), n: count(align.traces) })}</p>
      {skipped.length > 0 && (
        <ul class="lines">
          {skipped.map((step) => (
            <li key={step.id}>
              <div><span>{titles.get(step.id) ?? step.title}</span>
                <Figure class="value" label={t("{n} without “{step}”", { n: count(step.skipped), step: step.title })} onOpen={() => openPeople({ about: "step", step: step.id, kind: "skipped" })}>{t("{n} without it", { n: count(step.skipped) })}</Figure></div>
            </li>
          ))}
        </ul>
      )}
      {align.unknown.length > 0 && <p class="note"><a href={viewHref(view, "match")}>{t("{n} activities are on no step", { n: count(align.unknown.length) })}</a></p>}
    </section>
  );
}
