// mock: the built client with invented answers, for work on the client without the server.
//   node dev/mock.mjs [--port 5173] [--watch] [--site DIR] [--first] (nobody is in: set-up) [--empty] (no maps, no evidence)
// Evidence and insight are real: the built program (build/src/viaggio, or $VIAGGIO) answers from
// examples/macchinari. Everything else lives in memory and is forgotten at the end. Not part of the product.
import { execFile } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { apply } from "./edit.mjs";
import * as invented from "./invented.mjs";

const here = path.dirname(fileURLToPath(import.meta.url)), source = path.join(here, "../../..");
const option = (name, fallback) => { const i = process.argv.indexOf("--" + name); return i < 0 ? fallback : process.argv[i + 1]; };
const has = (name) => process.argv.includes("--" + name);
const program = process.env.VIAGGIO ?? path.join(source, "build/src/viaggio");
const run = promisify(execFile);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-mock-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => process.exit(0));

const file = path.join(folder, "mock.viaggio"), example = path.join(source, "examples/macchinari");
let site = option("site", null);
async function rebuild() {
  const { build } = await import("../build.mjs");
  const out = path.join(folder, "out");
  site = (await build({ out, dev: true, check: false })).site;
}
// A command that found something wrong ends with another status, and its answer stands all the same.
const viaggio = async (...args) => {
  try { return (await run(program, args, { maxBuffer: 1 << 28 })).stdout; } catch (e) { if (e.stdout?.startsWith("{")) return e.stdout; throw e; }
};
const viaggioBytes = async (...args) => (await run(program, args, { maxBuffer: 1 << 28, encoding: "buffer" })).stdout;
const answers = new Map();
async function json(lang, ...args) {
  const key = lang + args.join("\u0000");
  if (!answers.has(key)) answers.set(key, viaggio("--lang", lang, ...args, "--json").then(JSON.parse));
  try { return await answers.get(key); } catch (e) { answers.delete(key); throw new Trouble(400, String(e.stderr || e.message).split("\n")[0]); }
}
class Trouble extends Error { constructor(status, detail, hint, code) { super(detail); Object.assign(this, { status, detail, hint, code }); } }

// ---- what is kept ----
const state = invented.begin({ map: JSON.parse(fs.readFileSync(path.join(example, "mappa.json"), "utf8")), first: has("first"), empty: has("empty") });
let imported = null; // the promise of the example's evidence
function evidence() {
  imported ??= (async () => {
    await viaggio("init", file);
    if (!has("empty")) await viaggio("import", "-q", ...["crm.csv", "telefonate.xlsx", "recensioni.jsonl"].map((f) => path.join(example, f)), "-w", file);
  })();
  return imported;
}
const mapFile = (m) => { const f = path.join(folder, `${m.id}-${m.head}.json`); if (!fs.existsSync(f)) fs.writeFileSync(f, JSON.stringify(m.map)); return f; };
const FILTER = ["since", "until", "started-since", "started-until", "only-channel", "only-activity", "only-customer", "where", "containing", "missing", "longer-than", "shorter-than", "journey", "pause"];
const filterArgs = (q) => FILTER.flatMap((name) => q.getAll(name).flatMap((v) => ["--" + name, v]));
const insight = async (verb, q, lang, ...more) => { await evidence(); return json(lang, verb, "-w", file, ...filterArgs(q), ...more); };

// ---- live ----
const watchers = new Set();
function publish(event, data, map = null, id = null) {
  for (const w of watchers) if (!map || !w.map || w.map === map) w.res.write(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
const people = (map) => [...new Map([...watchers].filter((w) => w.map === map).map((w) => [w.who.id, { id: w.who.id, name: w.who.name, where: w.where ?? "" }])).values()];

// ---- routes ----
const me = () => state.me;
const find = (list, id) => list.find((x) => x.id === id) ?? (() => { throw new Trouble(404, "There is nothing with this name."); })();
const map = (id) => find(state.maps, id);
const list = (items) => ({ items, next: null });
const studies = new Map();
async function study(m, q, lang) {
  await evidence();
  const key = [m.id, m.head, lang, ...filterArgs(q)].join("|");
  if (!studies.has(key)) studies.set(key, (async () => {
    const out = path.join(folder, "study-" + crypto.createHash("md5").update(key).digest("hex"));
    await viaggio("--lang", lang, "report", "-q", "-w", file, "-m", mapFile(m), "--out", out, ...filterArgs(q));
    return JSON.parse(fs.readFileSync(path.join(out, "insight.json"), "utf8"));
  })().catch((e) => { studies.delete(key); throw new Trouble(400, String(e.stderr || e.message).split("\n")[0]); }));
  return studies.get(key);
}
async function card(m, lang, q = new URLSearchParams()) {
  const steps = m.map.phases.flatMap((p) => p.steps ?? []), matched = steps.some((s) => s.match?.length) && !has("empty");
  const s = matched ? await study(m, q, lang) : null;
  const seen = s ? steps.map((x) => s.emotions.steps.find((e) => e.id === x.id)?.mean ?? null) : [];
  return { id: m.id, title: m.map.title, state: m.map.state ?? "as-is", kind: m.map.kind ?? "journey", persona: m.map.personas?.[0] ? { name: m.map.personas[0].name, role: m.map.personas[0].role ?? "" } : null,
    head: m.head, updated: m.updated, curve: steps.map((x) => x.feeling?.valence ?? null), evidence_curve: s ? seen : steps.map(() => null), steps: steps.length, steps_with_evidence: s ? s.funnel.steps.filter((x) => x.reached > 0 && !x.unseen).length : 0,
    freshness: m.freshness ?? (s ? { state: "fresh", days: 22 } : { state: "never", days: null }), checks: (await checks(m, lang)).length,
    headline: m.headline?.[lang] ?? s?.findings[0]?.headline ?? (lang === "it" ? "Mappa creduta, mai osservata" : "Believed, never observed"), headline_kind: s?.findings[0]?.kind ?? "none", deleted: !!m.deleted };
}
async function checks(m, lang) {
  const found = (await json(lang, "check", mapFile(m))).maps[0].findings;
  return found.map((f) => ({ ...f, dismissed: (m.map.dismissed ?? []).find((d) => d.rule === f.rule && (d.at ?? "") === f.where) ?? null }));
}
function operations(m, sent, who) {
  const results = [];
  for (const { client, op } of sent) {
    const known = m.ops.find((o) => o.client === client);
    if (known) { results.push({ client, seq: known.seq, late: false }); continue; }
    try { apply(m.map, op); } catch (e) { throw new Trouble(e.status ?? 400, e.message); }
    m.head++;
    m.updated = new Date().toISOString();
    m.ops.push({ seq: m.head, at: m.updated, who: who.id, name: who.name, op, late: false, client });
    m.past.push({ seq: m.head, map: structuredClone(m.map) });
    results.push({ client, seq: m.head, late: false });
    publish("operation", { map: m.id, seq: m.head, who: who.id, client, op }, m.id, m.head);
  }
  return { head: m.head, results };
}
const daysTo = (d) => Math.round((new Date(d) - new Date(new Date().toISOString().slice(0, 10))) / 864e5);
const actionRows = () => state.maps.filter((m) => !m.deleted).flatMap((m) => (m.map.actions ?? []).map((a) => ({
  map: m.id, map_title: m.map.title, ...a, pains: m.map.phases.flatMap((p) => p.steps ?? []).flatMap((s) => (s.pains ?? []).filter((x) => a.pains?.includes(x.id)).map((x) => ({ id: x.id, text: x.text, step: s.id }))),
  overdue: !!a.due && !["done", "verified", "dropped"].includes(a.state) && daysTo(a.due) < 0, days: a.due ? daysTo(a.due) : null })));
async function events(q, lang) {
  const all = (await insight("events", q, lang)).events;
  return all;
}
async function customers(q, lang) {
  const by = new Map(), needle = (q.get("q") ?? "").toLowerCase();
  for (const e of await events(q, lang)) {
    let c = by.get(e.customer);
    if (!c) by.set(e.customer, (c = { name: e.customer, events: 0, first: e.time, last: e.time, last_activity: e.activity }));
    c.events++;
    if (e.time < c.first) c.first = e.time;
    if (e.time >= c.last) { c.last = e.time; c.last_activity = e.activity; }
  }
  const found = [...by.values()].filter((c) => c.name.toLowerCase().includes(needle)), from = Number(q.get("after") ?? 0), n = Number(q.get("limit") ?? 100);
  return { items: found.slice(from, from + n), next: from + n < found.length ? String(from + n) : null, total: found.length };
}
function tally(all, field) {
  const by = new Map();
  for (const e of all) if (e[field]) by.set(e[field], (by.get(e[field]) ?? 0) + 1);
  return [...by].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

const routes = [];
const on = (method, pattern, handler) => routes.push({ method, parts: pattern.split("/").filter(Boolean), handler });
const session = () => ({ person: state.me, solo: false, needs_owner: !state.people.length, csrf: "mock", workspace: { title: state.title, uid: "mock" }, version: "mock", lang: "it", today: new Date().toISOString().slice(0, 10) });
on("GET", "/session", () => session());
on("POST", "/session", ({ body }) => { if (body.password.length < 3) throw new Trouble(401, "This e-mail address and password do not go together.", "", "denied"); state.me = state.people[0]; return session(); });
on("DELETE", "/session", () => { state.me = null; });
on("POST", "/setup", ({ body }) => { const p = { id: "p1", name: body.name, email: body.email, role: "owner", lang: null }; state.people.push(p); state.me = p; state.title = body.title || state.title; return session(); });
on("POST", "/invitations/accept", ({ body }) => { if (body.token === "old") throw new Trouble(404, "This invitation is no longer valid.", "Ask for a new one."); state.me = { id: "p9", name: body.name, email: body.email, role: "editor" }; state.people.push(state.me); return session(); });
on("PUT", "/me", ({ body }) => { Object.assign(state.me, body); return state.me; });
on("PUT", "/me/password", ({ body }) => { if (body.old === "wrong") throw new Trouble(403, "The old password is not this one."); });
on("GET", "/people", () => list(state.people));
on("PATCH", "/people/:id", ({ p, body }) => Object.assign(find(state.people, p.id), body));
on("DELETE", "/people/:id", ({ p }) => { state.people = state.people.filter((x) => x.id !== p.id); });
for (const [name, extra] of [["invitations", () => ({ link: "http://localhost/invite#" + crypto.randomUUID(), expires: new Date(Date.now() + 7 * 864e5).toISOString() })], ["tokens", () => ({ token: "vgt_" + crypto.randomUUID(), created: new Date().toISOString() })], ["shares", () => ({ link: "http://localhost/s/" + crypto.randomUUID(), created: new Date().toISOString(), expires: new Date(Date.now() + 30 * 864e5).toISOString() })]]) {
  on("GET", "/" + name, () => list(state[name]));
  on("POST", "/" + name, ({ body }) => { const made = { id: crypto.randomUUID().slice(0, 8), ...body, ...extra() }; const kept = { ...made }; delete kept.link; delete kept.token; kept.password = !!body.password; state[name].push(kept); return made; });
  on("DELETE", `/${name}/:id`, ({ p }) => { state[name] = state[name].filter((x) => x.id !== p.id); });
}
on("GET", "/audit", () => list(state.audit));
for (const kind of ["departments", "channels", "personas", "filters"]) {
  on("GET", "/" + kind, () => list(state[kind]));
  on("POST", "/" + kind, ({ body }) => { const made = { id: crypto.randomUUID().slice(0, 8), version: 1, body }; state[kind].push(made); return made; });
  on("GET", `/${kind}/:id`, ({ p }) => find(state[kind], p.id));
  on("PUT", `/${kind}/:id`, ({ p, body, match }) => { const x = find(state[kind], p.id); if (!match) throw new Trouble(428, "If-Match is missing."); if (match !== `"${x.version}"`) throw new Trouble(412, "Somebody else changed this meanwhile.", "Load it again.", "conflict"); x.body = body; x.version++; return x; });
  on("DELETE", `/${kind}/:id`, ({ p, match }) => { if (!match) throw new Trouble(428, "If-Match is missing."); state[kind] = state[kind].filter((x) => x.id !== p.id); });
}
on("GET", "/settings/:name", ({ p }) => ({ name: p.name, version: 1, body: state.settings[p.name] ?? {} }));
on("PUT", "/settings/:name", ({ p, body }) => { state.settings[p.name] = body; if (p.name === "workspace" && body.title) state.title = body.title; return { name: p.name, version: 2, body }; });
on("GET", "/templates", ({ lang }) => list(invented.templates(lang)));
on("GET", "/maps", async ({ q, lang }) => list(await Promise.all(state.maps.filter((m) => !!m.deleted === q.has("deleted")).map((m) => card(m, lang)))));
on("POST", "/maps", async ({ body, lang }) => {
  let doc;
  if (body.copy_of) doc = structuredClone(map(body.copy_of).map);
  else if (body.document) doc = body.document;
  else if (body.text !== undefined) { const f = path.join(folder, path.basename(body.name)); fs.writeFileSync(f, body.text); doc = await json(lang, "convert", f, "--to", "json").catch((e) => { throw new Trouble(400, `${body.name}: ${e.detail}`); }); }
  else if (body.draft) { await evidence(); doc = JSON.parse(await viaggio("--lang", lang, "draft", "-w", file)); }
  else doc = invented.fromTemplate(body.template, lang);
  if (body.title) doc.title = body.title;
  const id = doc.id && !state.maps.some((m) => m.id === doc.id) ? doc.id : "m" + crypto.randomUUID().slice(0, 6);
  state.maps.push(invented.mapOf({ ...doc, id }));
  publish("maps", {});
  return [201, { id, head: 1 }];
});
on("GET", "/maps/:id", ({ p, q }) => { const m = map(p.id), v = q.get("version"); return { id: m.id, head: m.head, map: v ? m.past.find((x) => x.seq === Number(v))?.map ?? m.map : m.map }; });
on("DELETE", "/maps/:id", ({ p }) => { map(p.id).deleted = true; publish("maps", {}); });
on("POST", "/maps/:id/undelete", ({ p }) => { map(p.id).deleted = false; publish("maps", {}); });
on("POST", "/maps/:id/operations", ({ p, body }) => operations(map(p.id), body.operations, me()));
on("GET", "/maps/:id/operations", ({ p, q }) => { const m = map(p.id); return { items: m.ops.filter((o) => o.seq > Number(q.get("after") ?? 0)), head: m.head, next: null }; });
on("GET", "/maps/:id/versions", ({ p }) => list([...map(p.id).past].reverse().map((v) => ({ seq: v.seq, at: v.at ?? map(p.id).updated, who: "p1", name: "Giulia Rossi", label: v.label ?? null, changes: 1, summary: v.label ?? "…" }))));
on("POST", "/maps/:id/versions", ({ p, body }) => { const m = map(p.id); Object.assign(m.past.at(-1), { label: body.label, at: new Date().toISOString() }); return { seq: m.head, label: body.label }; });
on("POST", "/maps/:id/restore", ({ p, body }) => { const m = map(p.id); return operations(m, [{ client: crypto.randomUUID(), op: { op: "replace", value: structuredClone(m.past.find((v) => v.seq === body.seq).map) } }], me()); });
on("GET", "/maps/:id/diff", async ({ p, q, lang }) => {
  const m = map(p.id), at = (n) => { const f = path.join(folder, `${m.id}-v${n}.json`); fs.writeFileSync(f, JSON.stringify(m.past.find((v) => v.seq === Number(n))?.map ?? m.map)); return f; };
  return json(lang, "diff", q.get("other") ? mapFile(m) : at(q.get("from")), q.get("other") ? mapFile(map(q.get("other"))) : at(q.get("to") ?? m.head));
});
on("GET", "/maps/:id/checks", async ({ p, lang }) => { const m = map(p.id), findings = await checks(m, lang); return { map: m.id, findings, items: findings, next: null }; });
on("GET", "/maps/:id/comments", ({ p }) => list(map(p.id).comments));
on("POST", "/maps/:id/comments", ({ p, body }) => { const c = { id: crypto.randomUUID().slice(0, 8), ...body, who: me().id, name: me().name, on: new Date().toISOString(), resolved: false, mentions: [] }; map(p.id).comments.push(c); publish("comment", { map: p.id, id: c.id }, p.id); return [201, c]; });
on("PATCH", "/maps/:id/comments/:cid", ({ p, body }) => { const c = Object.assign(find(map(p.id).comments, p.cid), body); publish("comment", { map: p.id, id: c.id }, p.id); return c; });
on("DELETE", "/maps/:id/comments/:cid", ({ p }) => { const m = map(p.id); m.comments = m.comments.filter((c) => c.id !== p.cid); publish("comment", { map: p.id, id: p.cid }, p.id); });
on("POST", "/maps/:id/presence", ({ p, body }) => { for (const w of watchers) if (w.map === p.id && w.who.id === me().id) w.where = body.where; publish("presence", { map: p.id, people: people(p.id) }, p.id); });
on("GET", "/maps/:id/study", ({ p, q, lang }) => study(map(p.id), q, lang));
on("GET", "/maps/:id/suggestions", () => list([{ step: "guasto", activity: "Chiamata al capo produzione", channel: null, score: 0.6, reason: "stesso canale, parole vicine" }, { step: "recensione", activity: "Reso chiuso", channel: null, score: 0.3, reason: "parole vicine" }]));
on("GET", "/maps/:id/quotes", async ({ q, lang }) => {
  const of = { stars: [1, 5], csat: [1, 5], ces: [1, 7], nps: [0, 10], valence: [-2, 2] };
  const all = (await events(q, lang)).filter((e) => e.text).map((e) => ({ ...e, step: null, valence: e.scale ? (4 * (e.score - of[e.scale][0])) / (of[e.scale][1] - of[e.scale][0]) - 2 : null })).sort((a, b) => (a.valence ?? 0) - (b.valence ?? 0));
  return { items: all.slice(0, Number(q.get("limit") ?? 100)), next: null, total: all.length };
});
on("GET", "/maps/:id/customers", ({ q, lang }) => customers(q, lang));
on("GET", "/maps/:id/export", async ({ p, q, lang, res }) => {
  const m = map(p.id), f = q.get("format");
  res.setHeader("Content-Disposition", `attachment; filename="${m.id}.${{ mermaid: "mmd", markdown: "md" }[f] ?? f}"`);
  if (["svg", "png", "pdf"].includes(f)) return Buffer.from(await viaggioBytes("--lang", lang, "render", mapFile(m), "--format", f));
  return Buffer.from(f === "json" ? JSON.stringify(m.map, null, 2) : await viaggioBytes("convert", mapFile(m), "--to", f));
});
on("POST", "/files", ({ raw, headers }) => { const id = crypto.randomUUID().slice(0, 8); state.files.set(id, { raw, type: headers["content-type"] }); return [201, { id }]; });
on("GET", "/files/:id", ({ p, res }) => { const f = state.files.get(p.id); if (!f) throw new Trouble(404, "no such picture"); res.setHeader("Content-Type", f.type); return f.raw; });
on("GET", "/actions", ({ q }) => list(actionRows().filter((a) => (!q.get("state") || a.state === q.get("state")) && (!q.get("late") || a.overdue) && (!q.get("department") || a.department === q.get("department")))));
on("GET", "/sources", () => list(has("empty") ? [] : invented.sources));
on("GET", "/imports", () => list(state.imports));
on("DELETE", "/imports/:id", ({ p }) => { state.imports = state.imports.filter((x) => x.id !== p.id); publish("evidence", {}); });
on("POST", "/uploads", ({ q, raw }) => { const id = crypto.randomUUID().slice(0, 8); const f = path.join(folder, id + "-" + path.basename(q.get("name"))); fs.writeFileSync(f, raw); state.uploads.set(id, { f, name: q.get("name"), bytes: raw.length }); return [201, { id, name: q.get("name"), bytes: raw.length }]; });
on("DELETE", "/uploads/:id", ({ p }) => { state.uploads.delete(p.id); });
on("GET", "/uploads/:id/explain", async ({ p, q, lang }) => ({ ...(await json(lang, "import", state.uploads.get(p.id).f, "--explain", ...[...q].filter(([k]) => k !== "lang").flatMap(([k, v]) => ["--" + k, v]))).files[0], path: state.uploads.get(p.id).name }));
on("POST", "/imports", ({ body }) => {
  const job = { id: crypto.randomUUID().slice(0, 8), kind: "import", state: "running", fraction: 0, step: "reading" }, up = state.uploads.get(body.upload);
  state.jobs.set(job.id, job);
  const timer = setInterval(() => {
    if (job.state === "cancelled") return clearInterval(timer);
    job.fraction = Math.min(1, job.fraction + 0.25);
    if (job.fraction === 1) { clearInterval(timer); Object.assign(job, { state: "done", result: { import: job.id, source: up?.name, rows: 1200, stored: 1195, events: 1195, added: 1195, known: 0, customers: 310, rejected: 5, reasons: [{ reason: "la data «31/02/2025» non esiste", count: 3 }, { reason: "manca il cliente", count: 2 }], notes: [] } }); state.imports.push({ id: job.id, source: up?.name, at: new Date().toISOString(), who: state.me.name, rows: 1200, events: 1195, added: 1195, rejected: 5 }); publish("evidence", {}); }
    publish("import", job);
  }, 300);
  return [202, { job: job.id }];
});
on("GET", "/jobs/:id", ({ p }) => state.jobs.get(p.id) ?? (() => { throw new Trouble(404, "no such job"); })());
on("DELETE", "/jobs/:id", ({ p }) => { state.jobs.get(p.id).state = "cancelled"; });
on("GET", "/jobs/:id/rejects", ({ res }) => { res.setHeader("Content-Type", "text/csv"); return Buffer.from("line;why\n406;the date 31/02/2025 does not exist\n"); });
on("GET", "/evidence", async ({ q, lang }) => {
  const all = await events(q, lang), times = all.map((e) => e.time).sort();
  return { events: all.length, customers: new Set(all.map((e) => e.customer)).size, first: times[0] ?? null, last: times.at(-1) ?? null, activities: tally(all, "activity"), channels: tally(all, "channel"),
    attributes: all.length ? [{ name: "Tipo cliente", kind: "text", values: [{ name: "Cliente finale", count: 8579 }, { name: "Rivenditore", count: 1960 }] }] : [] };
});
on("GET", "/customers", ({ q, lang }) => customers(q, lang));
on("GET", "/customer", async ({ q, lang }) => { await evidence(); const name = q.get("name"), t = await json(lang, "timeline", name, "-w", file); return { name, aliases: state.aliases.filter((a) => a.main === name).map((a) => a.other), events: t.journeys.flatMap((j) => j.events) }; });
on("DELETE", "/customer", () => undefined);
on("GET", "/customer/export", async ({ q, lang }) => { await evidence(); return json(lang, "timeline", q.get("name"), "-w", file); });
on("GET", "/events", async ({ q, lang }) => { const needle = (q.get("q") ?? "").toLowerCase(), found = (await events(q, lang)).filter((e) => [e.customer, e.activity, e.text].some((x) => x?.toLowerCase().includes(needle))); return { items: found.slice(0, Number(q.get("limit") ?? 100)), next: null, total: found.length }; });
on("GET", "/aliases", () => list(state.aliases));
on("POST", "/aliases", ({ body }) => { state.aliases.push(body); return [201, body]; });
on("DELETE", "/aliases", ({ q }) => { state.aliases = state.aliases.filter((a) => a.other !== q.get("name")); });
on("GET", "/insight/flow", ({ q, lang }) => insight("flow", q, lang));
on("GET", "/insight/variants", ({ q, lang }) => insight("variants", q, lang, ...(q.get("top") ? ["--top", q.get("top")] : [])));
on("GET", "/insight/funnel", ({ q, lang }) => insight("funnel", q, lang, ...(q.get("map") ? ["-m", mapFile(map(q.get("map")))] : []), ...q.getAll("step").flatMap((s) => ["--step", s]), ...(q.get("window") ? ["--window", q.get("window")] : []), ...(q.get("strict") ? ["--strict"] : [])));
on("GET", "/insight/survival", async ({ q, lang }) => { await evidence(); return json(lang, "survival", "-w", file, "--from", q.get("from"), "--to", q.get("to"), ...(q.get("map") ? ["-m", mapFile(map(q.get("map")))] : [])); });
on("GET", "/insight/emotions", ({ q, lang }) => insight("emotions", q, lang, "-m", mapFile(map(q.get("map")))));
on("GET", "/insight/customers", ({ q, lang }) => customers(q, lang));
on("GET", "/pictures/:file", async ({ p, q, lang, res }) => {
  await evidence();
  const [what, format] = p.file.split("."), m = q.get("map") ? map(q.get("map")) : null;
  res.setHeader("Content-Type", { svg: "image/svg+xml", png: "image/png", pdf: "application/pdf" }[format]);
  const of = ["--what", what, ...(q.get("detail") ? ["--detail", q.get("detail")] : []), ...(q.get("customer") ? ["--only-customer", q.get("customer")] : []), ...(q.get("paper") ? ["--paper", q.get("paper")] : [])];
  return Buffer.from(await viaggioBytes("--lang", lang, "render", ...of, ...(m ? ["-m", mapFile(m)] : []), "-w", file, "--format", format, ...(q.get("dark") ? ["--theme", "dark"] : []), ...filterArgs(q)));
});
on("GET", "/home", async ({ lang }) => {
  const cards = await Promise.all(state.maps.filter((m) => !m.deleted).map((m) => card(m, lang)));
  const main = state.maps.find((m) => m.id === "macchinari" && !m.deleted), s = main && !has("empty") ? await study(main, new URLSearchParams(), lang) : null;
  const kickers = { it: { loss: "Dove si perdono clienti", belief: "Creduto e vissuto", shortcut: "Scorciatoia", wait: "Attese" }, en: { loss: "Where customers are lost", belief: "Believed and lived", shortcut: "Shortcut", wait: "Waits" } }[lang];
  const due = actionRows().filter((a) => a.due && !["done", "verified", "dropped"].includes(a.state)).sort((a, b) => a.due.localeCompare(b.due)).slice(0, 8);
  return { greeting_findings: (s?.findings ?? []).slice(0, 3).map((f) => ({ kind: f.kind, kicker: kickers[f.kind] ?? f.kind, headline: f.headline, detail: f.detail, map: main.id, step: f.step ?? undefined })), maps: cards, actions_due: due, sources: has("empty") ? [] : invented.sources };
});
on("GET", "/backup", ({ res }) => { res.setHeader("Content-Type", "application/octet-stream"); return evidence().then(() => fs.readFileSync(file)); });
on("GET", "/doctor", () => ({ healthy: true, faults: [], sizes: [{ what: "evidence", rows: 3, bytes: 412345 }, { what: "operations", rows: 120, bytes: 48000 }], file_bytes: 612345, free_bytes: 4096, events: 12870, imports: 3, maps: 3, audit_rows: 3 }));
on("GET", "/actions.csv", ({ res }) => { res.setHeader("Content-Type", "text/csv"); return Buffer.from("map,title\n" + actionRows().map((a) => `${a.map_title},${a.title}`).join("\n")); });
on("GET", "/actions.ics", ({ res }) => { res.setHeader("Content-Type", "text/calendar"); return Buffer.from("BEGIN:VCALENDAR\nEND:VCALENDAR\n"); });

// ---- the server ----
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'; frame-src 'self'";
const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain", ".json": "application/json" };
const delay = Number(option("delay", 0));
const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, "http://localhost"), parts = url.pathname.split("/").filter(Boolean);
  res.setHeader("Content-Security-Policy", policy);
  res.setHeader("X-Content-Type-Options", "nosniff");
  try {
    if (!url.pathname.startsWith("/api/v1/")) {
      const wanted = path.join(site, path.normalize(url.pathname === "/p" ? "/p.html" : url.pathname)), there = wanted.startsWith(site) && fs.existsSync(wanted) && fs.statSync(wanted).isFile() ? wanted : path.join(site, "index.html");
      if (url.pathname.startsWith("/assets/") && there.endsWith("index.html")) { res.statusCode = 404; return res.end(); }
      res.setHeader("Content-Type", kinds[path.extname(there)] ?? "application/octet-stream");
      return res.end(fs.readFileSync(there));
    }
    if (delay) await new Promise((go) => setTimeout(go, delay));
    const chunks = [];
    for await (const c of req) chunks.push(c);
    const raw = Buffer.concat(chunks), lang = url.searchParams.get("lang") ?? (req.headers["accept-language"]?.startsWith("it") ? "it" : "en");
    const rest = parts.slice(2);
    if (rest[0] === "live") {
      if (!state.me) throw new Trouble(401, "Log in first.");
      res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      const w = { res, map: url.searchParams.get("map"), who: req.headers["x-mock-person"] ? JSON.parse(req.headers["x-mock-person"]) : state.me };
      watchers.add(w);
      res.write(": hello\n\n");
      if (w.map) publish("presence", { map: w.map, people: people(w.map) }, w.map);
      req.on("close", () => { watchers.delete(w); if (w.map) publish("presence", { map: w.map, people: people(w.map) }, w.map); });
      return;
    }
    for (const r of routes) {
      if (r.method !== req.method || r.parts.length !== rest.length) continue;
      const p = {};
      if (!r.parts.every((x, i) => (x[0] === ":" ? ((p[x.slice(1)] = decodeURIComponent(rest[i])), true) : x === rest[i]))) continue;
      if (!state.me && !["session", "setup", "invitations"].includes(rest[0])) throw new Trouble(401, "Log in first.");
      if (req.method !== "GET" && req.headers["x-csrf-token"] !== "mock") throw new Trouble(403, "The page is of another session.");
      const body = raw.length && /json/.test(req.headers["content-type"] ?? "") ? JSON.parse(raw) : undefined;
      let out = await r.handler({ p, q: url.searchParams, body, raw, lang, res, headers: req.headers, match: req.headers["if-match"] });
      if (Array.isArray(out)) { res.statusCode = out[0]; out = out[1]; }
      if (out === undefined) { res.statusCode = res.statusCode === 200 ? 204 : res.statusCode; return res.end(); }
      if (Buffer.isBuffer(out)) return res.end(out);
      if (out.version) res.setHeader("ETag", `"${out.version}"`);
      if (out.head) res.setHeader("ETag", `"${out.head}"`);
      res.setHeader("Content-Type", "application/json");
      return res.end(JSON.stringify(out));
    }
    throw new Trouble(404, `The mock has no ${req.method} ${url.pathname}.`);
  } catch (e) {
    if (!(e instanceof Trouble)) console.error(e);
    res.statusCode = e.status ?? 500;
    res.setHeader("Content-Type", "application/problem+json");
    res.end(JSON.stringify({ type: "about:blank", title: e.status ? "Not possible" : "The mock broke", status: res.statusCode, detail: e.detail ?? String(e.message), hint: e.hint, code: e.code }));
  }
});
if (!site) await rebuild();
if (has("watch")) {
  let busy = 0;
  for (const folder of ["src", "../../po/parts"])
    fs.watch(path.join(here, "..", folder), { recursive: process.platform !== "linux" || Number(process.versions.node.split(".")[0]) >= 20 }, () => {
      clearTimeout(busy);
      busy = setTimeout(() => rebuild().then(() => console.log("built again"), (e) => console.error(e.message)), 200);
    });
}
server.listen(Number(option("port", 5173)), "127.0.0.1", () => console.log(`http://localhost:${server.address().port}`));
