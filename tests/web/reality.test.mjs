// The pure parts of Evidence, Reality and Checks: the filter and its address, the charts' arithmetic. Prints TAP.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { app, bundle, plan } from "./tools.mjs";

const source = (name) => bundle(name);
const sentences = {};
const test = (sentence, run) => { sentences[sentence] = run; };
const filter = await source("reality/filter.ts");
const scale = await source("charts/scale.ts");
const shape = await source("charts/shape.ts");
const insight = await source("reality/insight.ts");

// ---- the filter and its address ----

test("a filter goes into the address and comes back the same", () => {
  const lists = { "only-channel": ["Email", "Telefono"], "only-activity": ["Ricerca"], "only-customer": ["C00604"], where: ["Reparto=Vendite", "Tipo!=A=B"], "customers-where": ["Tipo=Rivenditore"], containing: ["Ordine"], missing: ["Fattura scaduta", "Reso aperto"] };
  const full = { persona: "marco", saved: "7", since: "2025-01-01", until: "2025-10-31", "started-since": "2025", "started-until": "2025-06", "longer-than": "30d", "shorter-than": "20w", journey: "N. offerta", pause: "90d", ...lists };
  assert.deepEqual(filter.filterFrom(new URLSearchParams(filter.filterQuery(full))), full);
  assert.deepEqual(Object.keys(full).sort(), [...filter.filterNames].sort());
});

test("an address's letters survive: accents, ampersands, signs", () => {
  const hard = { ...filter.noFilter(), "only-channel": ["Caffè & Co. = 100% #1", "a+b"] };
  assert.deepEqual(filter.filterFrom(new URLSearchParams(filter.filterQuery(hard)))["only-channel"].sort(), [...hard["only-channel"]].sort());
});

test("equal filters have equal links, whatever the order of choosing", () => {
  const a = { ...filter.noFilter(), "only-channel": ["Web", "Email"], since: "2025-01-01" };
  const b = { ...filter.noFilter(), since: "2025-01-01", "only-channel": ["Email", "Web"] };
  assert.equal(filter.filterQuery(a), filter.filterQuery(b));
});

test("the page's own names stay in the address, and a doubled value is one", () => {
  const query = new URLSearchParams("map=m1&from=a&only-channel=Web&only-channel=Web&only-channel=+&since=");
  const read = filter.filterFrom(query);
  assert.deepEqual(read["only-channel"], ["Web"]);
  assert.equal(filter.withFilter(query, { ...read, "only-channel": [] }).toString(), "map=m1&from=a");
  assert.equal(filter.isEmpty(filter.noFilter()), true);
});

test("conditions on attributes: the first = decides, != is not", () => {
  assert.deepEqual(filter.readWhere("Reparto=Vendite"), { attribute: "Reparto", value: "Vendite", not: false });
  assert.deepEqual(filter.readWhere("Reparto!=Vendite"), { attribute: "Reparto", value: "Vendite", not: true });
  assert.deepEqual(filter.readWhere("Nota=a=b"), { attribute: "Nota", value: "a=b", not: false });
  assert.equal(filter.readWhere("=x"), null);
  assert.equal(filter.readWhere("!=x"), null);
  for (const text of ["Reparto=Vendite", "Reparto!=Vendite"]) assert.equal(filter.writeWhere(filter.readWhere(text)), text);
});

test("days and spans that do not exist are refused", () => {
  assert.equal(filter.dayOf("2025-02-28"), "2025-02-28");
  assert.equal(filter.dayOf("2025-02-31"), "");
  assert.equal(filter.dayOf("2025-13"), "");
  for (const good of ["30d", "12h", "1.5 h", "2w", "45min"]) assert.ok(filter.isSpan(good), good);
  for (const bad of ["", "d", "30", "-3d", "3 years"]) assert.ok(!filter.isSpan(bad), bad);
});

// ---- arithmetic of the charts ----

test("ticks are round and cover the whole", () => {
  assert.deepEqual(scale.ticks(1284, 5), [0, 500, 1000]);
  assert.deepEqual(scale.ticks(1, 4), [0, 0.5, 1]);
  assert.deepEqual(scale.ticks(0, 4), [0]);
  assert.deepEqual(scale.timeTicks(30 * 86400, 5).map((s) => s / 86400), [0, 7, 14, 21, 28]);
  assert.deepEqual(scale.timeTicks(3600, 4).map((s) => s / 60), [0, 15, 30, 45, 60]);
});

// A cubic's points, from its path: an oracle that does not know how it was made.
function walk(path) {
  const pieces = path.match(/[MCL][^MCLZ]*/g).map((p) => [p[0], p.slice(1).trim().split(/[ ,]+/).map(Number)]);
  const out = [];
  let [x, y] = [0, 0];
  for (const [kind, n] of pieces) {
    if (kind !== "C") { [x, y] = n; out.push([x, y]); continue; }
    for (let i = 1; i <= 20; i++) {
      const t = i / 20, u = 1 - t;
      out.push([0, 1].map((k) => u ** 3 * [x, y][k] + 3 * u * u * t * n[k] + 3 * u * t * t * n[2 + k] + t ** 3 * n[4 + k]));
    }
    [x, y] = [n[4], n[5]];
  }
  return out;
}

test("the smooth line passes through its points and never beyond its neighbours", () => {
  const points = [0, 3, 3, -2, 1, 5, 5, 0].map((y, i) => ({ x: i * 10, y }));
  const line = walk(scale.smooth(points));
  for (const p of points) assert.ok(line.some(([x, y]) => Math.abs(x - p.x) < 0.02 && Math.abs(y - p.y) < 0.02), `through ${p.x}`);
  for (const [x, y] of line) {
    const i = Math.min(points.length - 2, Math.floor(x / 10));
    const [low, high] = [Math.min(points[i].y, points[i + 1].y), Math.max(points[i].y, points[i + 1].y)];
    assert.ok(y >= low - 0.02 && y <= high + 0.02, `${x}: ${y} between ${low} and ${high}`);
  }
});

test("a band goes there along the upper line and back along the lower", () => {
  const upper = [0, 2, 1].map((y, i) => ({ x: i, y: y + 3 })), lower = [0, 2, 1].map((y, i) => ({ x: i, y }));
  const line = walk(scale.band(upper, lower));
  assert.deepEqual(line[0], [0, 3]);
  assert.deepEqual(line.at(-1), [0, 0]);
  assert.ok(scale.band(upper, lower).endsWith("Z"));
});

test("a step without a value is a gap, not a zero", () => {
  assert.deepEqual(scale.runs([1, 2, null, 3, null, null, 4], (v) => v !== null), [[1, 2], [3], [4]]);
  assert.deepEqual(scale.runs([null], (v) => v !== null), []);
});

test("stairs hold their value until the next point", () => {
  assert.equal(scale.stairs([{ x: 0, y: 10 }, { x: 5, y: 8 }, { x: 9, y: 1 }]), "M0 10H5V8H9V1");
  assert.equal(scale.stairBand([{ x: 0, y: 1 }, { x: 5, y: 2 }], [{ x: 0, y: 3 }, { x: 5, y: 4 }]), "M0 1H5V2L5 4V3H0Z");
});

test("thinning keeps both ends and the number asked for", () => {
  const list = Array.from({ length: 1000 }, (_, i) => i);
  const thin = scale.thinned(list, 100);
  assert.equal(thin.length, 100);
  assert.equal(thin[0], 0);
  assert.equal(thin.at(-1), 999);
  assert.deepEqual(scale.thinned([1, 2], 100), [1, 2]);
});

// ---- what the charts show ----

const step = (id, reached, moved_on, lost, travelling, more = {}) => ({
  activity: id, id, optional: false, unseen: false, reached, moved_on, lost, travelling, elsewhere: 0, lost_share: lost / reached,
  lost_low: 0, lost_high: 1, median_s: 60, p95_s: 600, patience_s: 600, patience_basis: "step", ...more,
});

test("a column's parts add up to who arrived, and the next begins where the filled part ends", () => {
  const funnel = { traces: 200, arrived: 50, ended: 50, seen_until_us: 0, steps: [step("a", 200, 120, 60, 20, { elsewhere: 10 }), step("b", 110, 50, 30, 30), step("c", 50, 50, 0, 0)] };
  const list = shape.columns(funnel);
  for (const c of list) assert.ok(Math.abs(c.moved + c.elsewhere + c.travelling + c.lost - c.reached) < 1e-12);
  assert.ok(Math.abs(list[0].moved - list[1].reached) < 1e-12);
  assert.equal(shape.columns({ ...funnel, steps: [step("a", 0, 0, 0, 0)] })[0].reached, 0);
  assert.deepEqual(shape.worstLosses(funnel, 5).map((s) => s.id), ["a", "b"]);
});

test("gaps: widest first, and unsure where the interval still holds the belief", () => {
  const of = (id, mean, believed, low = mean - 0.1, high = mean + 0.1) => ({ id, title: id, n: 9, mean, believed, low, high, gap: null, quotes: [] });
  const list = shape.gaps([of("a", 1, 1.05), of("b", -1, 1), of("c", null, 1, null, null), of("d", 1.9, null), of("e", 0.5, -1, -2, 2)]);
  assert.deepEqual(list.map((g) => [g.step.id, g.sure]), [["b", true], ["e", false], ["a", false]]);
});

test("scores become valences as the program's own table does", () => {
  for (const [score, scale, want] of [[1, "stars", -2], [5, "stars", 2], [3, "csat", 0], [7, "ces", 2], [0, "nps", -2], [6, "nps", -0.5], [7, "nps", 0], [8, "nps", 0.5], [10, "nps", 2], [-1.5, "valence", -1.5], [9, "stars", null], [3, null, null], [null, "stars", null]])
    assert.equal(shape.valenceOf(score, scale), want, `${score} ${scale}`);
});

test("equal neighbours of a way are one, with their number and phase", () => {
  assert.deepEqual(shape.runsOf(["R", "R", "V", "R"], new Map([["R", 0]])), [
    { activity: "R", times: 2, phase: 0 }, { activity: "V", times: 1, phase: null }, { activity: "R", times: 1, phase: 0 },
  ]);
});

test("who has arrived by a time is the curve's value until its next point", () => {
  const curve = shape.arrivals({ n: 10, points: [{ t_s: 5, waiting: 0.8, low: 0.5, high: 0.9, at_risk: 10 }, { t_s: 9, waiting: 0.4, low: 0.2, high: 0.6, at_risk: 7 }] });
  const at = (t) => Math.round(shape.arrivedBy(curve, t).arrived * 100);
  assert.deepEqual([at(0), at(4.9), at(5), at(8), at(9), at(99)], [0, 0, 20, 20, 60, 60]);
  for (const p of curve) assert.ok(p.low <= p.arrived && p.arrived <= p.high);
});

test("waits leave out who holds nobody up", () => {
  const funnel = { steps: [step("a", 10, 8, 1, 1), step("b", 0, 0, 0, 0, { optional: true, median_s: null }), step("c", 8, 0, 0, 8, { median_s: null })] };
  const [only, ...rest] = shape.waits(funnel);
  assert.deepEqual([only.step.id, only.next.id, rest.length], ["a", "c", 0]);
});

test("what no step claims is listed with its count; a step's match may name a channel", () => {
  const map = { title: "m", phases: [{ id: "p", title: "P", steps: [{ id: "s", title: "S", match: ["A", { activity: "B", channel: "Web" }] }] }, { id: "q", steps: null }] };
  assert.deepEqual(shape.unmatched(map, [{ name: "A", count: 9 }, { name: "C", count: 2 }, { name: "D", count: 5 }]), [{ activity: "D", count: 5 }, { activity: "C", count: 2 }]);
  assert.deepEqual([...insight.phaseByActivity(map)], [["A", 0], ["B", 0]]);
});

// ---- a list of customers in the address ----

const people = await source("reality/people.ts");

test("every question about customers goes into the address and comes back", () => {
  const all = [
    { about: "all" }, { about: "step", step: "ho un guasto & chiamo", kind: "moved-on" }, { about: "shortcut", step: "", to: "b", via: "Chiamata = capo" },
    { about: "jump", step: "", to: "b" }, { about: "passage", from: "A", to: "" }, { about: "activity", activity: "Reso aperto" }, { about: "variant", variant: 3 }, { about: "funnel", at: 2, kind: "lost" }, { about: "wait", kind: "waiting" },
  ];
  for (const each of all) assert.deepEqual(people.readPeople(people.writePeople(each)), each);
});

test("an address that asks nothing sensible opens no list", () => {
  for (const text of [null, "", "about=step&kind=lost", "about=step&step=a&kind=DROP", "about=variant&variant=-1", "about=passage", "about=wait", "x"]) assert.equal(people.readPeople(text), null, String(text));
});

test("each question asks its own route, and only with what it knows", () => {
  const page = new URLSearchParams("map=m1&step=A&step=B&window=30d&strict=1&from=x&to=y");
  const ask = (each) => { const { path, pairs } = people.askPeople(each, "m 1", page); return `${path}?${new URLSearchParams(pairs)}`; };
  assert.equal(ask({ about: "step", step: "a", kind: "lost" }), "/maps/m%201/customers?step=a&kind=lost");
  assert.equal(ask({ about: "shortcut", step: "", to: "", via: "V" }), "/maps/m%201/customers?kind=shortcut&via=V");
  assert.equal(ask({ about: "passage", from: "", to: "B" }), "/insight/customers?to=B");
  assert.equal(ask({ about: "activity", activity: "A" }), "/insight/customers?activity=A");
  assert.equal(ask({ about: "all" }), "/customers?");
  assert.equal(ask({ about: "funnel", at: 2, kind: "lost" }), "/insight/funnel/customers?step=A&step=B&map=m+1&window=30d&strict=1&at=2&kind=lost");
  assert.equal(ask({ about: "wait", kind: "arrived" }), "/insight/survival/customers?from=x&to=y&map=m+1&kind=arrived");
});

// ---- columns of a file ----

const columns = await source("evidence/columns.ts");
const file = (roles) => ({ columns: roles.map(([name, role]) => ({ name, role, reason: null })), sample: [], rejects: [], notes: [] });
const some = file([["Cliente", "customer"], ["Data", "time"], ["Cosa", "activity"], ["Nota", "text"], ["", "ignore"], ["Voto", "score"], ["voto", "ignore"]]);

test("nothing corrected sends nothing; a column without a name of its own goes by number", () => {
  assert.deepEqual(columns.optionsOf(some.columns, new Map(), columns.noManner), {});
  assert.deepEqual([0, 4, 5, 6].map((i) => columns.columnRef(some.columns, i)), ["Cliente", "#5", "#6", "#7"]);
});

test("corrections become the shell's options", () => {
  let said = columns.corrected(new Map(), 3, "activity");
  said = columns.corrected(said, 2, "attribute");
  said = columns.corrected(said, 5, "attribute");
  assert.deepEqual(columns.optionsOf(some.columns, said, { ...columns.noManner, zone: " Europe/Rome " }), { activity: "Nota", attribute: ["Cosa", "#6"], zone: "Europe/Rome" });
});

test("a role of which there is one leaves the column that had it; several dates are each an event", () => {
  let said = columns.corrected(new Map(), 3, "customer");
  said = columns.corrected(said, 2, "customer");
  assert.deepEqual(columns.optionsOf(some.columns, said, columns.noManner), { customer: "Cosa" });
  said = columns.corrected(new Map([[1, "time"]]), 3, "one-of-times");
  assert.deepEqual(columns.optionsOf(some.columns, said, columns.noManner), { time: ["Data", "Nota"] });
  said = columns.corrected(said, 2, "time");
  assert.deepEqual(columns.optionsOf(some.columns, said, columns.noManner), { time: ["Cosa"] });
});

test("what is wanting: who, what, when; a fixed name or several dates stand for the what", () => {
  assert.deepEqual(columns.missing(some, columns.noManner), []);
  const poor = file([["x", "ignore"], ["d", "time"]]);
  assert.deepEqual(columns.missing(poor, columns.noManner), ["customer", "activity"]);
  assert.deepEqual(columns.missing(poor, { ...columns.noManner, "activity-name": "Recensione" }), ["customer"]);
  assert.deepEqual(columns.missing(file([["c", "customer"], ["d", "time"], ["e", "time"]]), columns.noManner), []);
});

test("rejects are grouped by what is wrong, not by the value that is", () => {
  const list = columns.byReason([{ line: 4, reason: "la data «31/02» non esiste" }, { line: 9, reason: "manca il cliente" }, { line: 12, reason: "la data «30/02» non esiste" }]);
  assert.deepEqual(list.map((g) => [g.count, g.lines]), [[2, [4, 12]], [1, [9]]]);
});

// ---- a customer across silos ----

const silos = await source("evidence/silos.ts");
const event = (day, channel, more = {}) => ({ time: `2025-01-${day}T10:00:00Z`, activity: "a", channel, touchpoint: null, actor: null, text: null, score: null, scale: null, ...more });

test("lanes come in the order in which they were met, and what names none is last", () => {
  const list = silos.lanes([event("01", null), event("02", "Web"), event("02", "Telefono"), event("09", "Web", { score: 1, scale: "stars" })], "channel", "altro");
  assert.deepEqual(list.map((lane) => [lane.name, lane.events.length]), [["Web", 2], ["Telefono", 1], ["altro", 1]]);
  assert.equal(list[0].events[1].valence, -2);
  assert.equal(list[0].events[1].wait_s, 7 * 86400);
});

test("time goes from 0 to 1 and never back; a single event stands in the middle", () => {
  const x = silos.place([event("01", "a"), event("01", "b"), event("20", "c")]).map((item) => item.x);
  assert.equal(x[0], 0);
  assert.equal(x[2], 1);
  assert.ok(x[0] < x[1] && x[1] < x[2]);
  assert.deepEqual(silos.place([event("05", "a")]).map((item) => [item.x, item.wait_s]), [[0.5, null]]);
});

// ---- checks ----

const group = await source("checks/group.ts");
const finding = (rule, severity, where = "") => ({ rule, severity, where, title: "", sentence: "s", remedy: "r" });

test("findings are grouped by weight; one put aside leaves its group with its reason, and only that one", () => {
  const list = [finding("a", "note"), finding("b", "error", "s1"), finding("b", "error", "s2"), finding("c", "warning")];
  const groups = group.grouped(list, [{ id: "d1", rule: "b", at: "s1", because: "known", who: "Anna", on: "2026-01-01" }]);
  assert.deepEqual(groups.error.map((f) => f.where), ["s2"]);
  assert.deepEqual([groups.warning.length, groups.note.length], [1, 1]);
  assert.deepEqual(groups.aside.map((f) => [f.where, f.aside.because]), [["s1", "known"]]);
});

test("of two findings of one rule and place one is put aside; a reason from before they were told apart holds for both", () => {
  const list = [{ ...finding("p", "warning", "s1"), about: "pain-1" }, { ...finding("p", "warning", "s1"), about: "pain-2" }];
  const one = { id: "d1", rule: "p", at: "s1", because: "known", who: "Anna", on: "2026-01-01" };
  assert.deepEqual(group.grouped(list, [{ ...one, about: "pain-2" }]).warning.map((f) => f.about), ["pain-1"]);
  assert.equal(group.grouped(list, [one]).warning.length, 0);
  assert.equal(group.grouped(list, [{ ...one, about: "" }]).warning.length, 2);
});

test("a reason that came with the list counts while the document says nothing", () => {
  const groups = group.grouped([{ ...finding("b", "error"), dismissed: { because: "so", who: "x" } }], []);
  assert.equal(groups.aside.length, 1);
  assert.equal(group.itemAt("m 1", "s&1"), "/map/m%201?at=s%261");
});

// ---- style sheets: they stay when the reader goes on to the next page ----

test("no rule of these pages' sheets begins with a class that another sheet's rules begin with", () => {
  const sheets = fs.readdirSync(path.join(app, "src"), { recursive: true }).map(String).filter((name) => name.endsWith(".css"));
  const heads = (name) => {
    const text = fs.readFileSync(path.join(app, "src", name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    return new Set([...text.matchAll(/(?:^|[{},])\s*\.([a-z][\w-]*)(?=[^{}]*\{)/gi)].map((match) => match[1]));
  };
  const ours = sheets.filter((name) => /^(charts|reality|evidence|checks)\//.test(name));
  const shared = new Set(["card", "table", "chip", "note"]); // put right here and there on purpose, below a name of one's own or by it
  const found = [];
  for (const mine of ours)
    for (const other of sheets)
      if (!ours.includes(other))
        for (const name of heads(mine)) if (heads(other).has(name) && !shared.has(name)) found.push(`.${name} in ${mine} and ${other}`);
  assert.deepEqual([ours.length, found], [4, []]);
});

await plan(sentences);
