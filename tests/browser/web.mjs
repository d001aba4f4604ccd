// web: what the browser tests share. Servers on data files of their own, pages that write down every fault, axe-core.
// Tests are written with `test` and `alike` of tap.mjs, and run by `run(server…)`.
import { execFileSync, spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import * as tap from "./tap.mjs";

export { alike, test } from "./tap.mjs";
const here = path.dirname(new URL(import.meta.url).pathname);
export const source = path.join(here, "../.."), example = path.join(source, "examples/macchinari");
export const build = process.env.VIAGGIO_BUILD ?? path.join(source, "build");
export const program = process.env.VIAGGIO ?? path.join(build, "src/viaggio");
export const evidence = ["crm.csv", "telefonate.xlsx", "recensioni.jsonl"].map((name) => path.join(example, name));
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const modules = process.env.VIAGGIO_NODE_MODULES ?? path.join(here, "node_modules");
const shots = process.env.VIAGGIO_SHOTS; // a folder: pictures to look at
// A slow machine at will: every question to the server starts up to so many ms late, its answer arrives as late again,
// and the page has so many times less of a processor. What a test only sees by luck fails under it.
const slow = { ms: Number(process.env.VIAGGIO_SLOW_NETWORK) || 0, processor: Number(process.env.VIAGGIO_SLOW_PROCESSOR) || 0 };
const require = createRequire(path.join(modules, "..", "x.js"));

export function skip(why) {
  console.log(`1..1\nok 1 - in a browser # SKIP ${why}`);
  process.exit(0);
}
let playwright, axe;
try {
  playwright = require("playwright-core");
  axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
} catch {
  skip("npm has not been run in tests/browser");
}
if (!fs.existsSync(chromium)) skip("there is no " + chromium);
export const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"] });

// ---- servers ----

/** A program that prints its address: {base, text, stop}. */
export function begin(program, args, env = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, VIAGGIO: program, ...env } });
    let text = "";
    const seen = (chunk) => {
      text += chunk;
      const address = /https?:\/\/[\w.\[\]:-]+/.exec(text);
      if (address) done({ base: address[0], text: () => text, stop: () => new Promise((gone) => { if (child.exitCode !== null) gone(); child.once("exit", gone); child.kill("SIGTERM"); }), child });
    };
    child.stdout.on("data", seen);
    child.stderr.on("data", seen);
    child.on("exit", (status) => fail(new Error(`${program} ended with ${status}:\n${text}`)));
    setTimeout(() => fail(new Error(`${program} printed no address:\n${text}`)), 60_000).unref();
  });
}
/** The built client before the mock: {base, stop}. Arguments: --first, --empty, --delay MS. */
export function mock(...args) {
  const site = path.join(build, "web/out/site");
  if (!fs.existsSync(site)) skip("there is no " + site);
  return begin(process.execPath, [path.join(source, "web/app/dev/mock.mjs"), "--port", "0", "--site", site, ...args], { VIAGGIO: program });
}
const viaggio = (...args) => execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });

/** A data file with the example's evidence and these maps, as a copy in `folder`: what is the same in many tests is
 * imported once, and again when the program or the example is another. */
function prepared(folder, name, maps) {
  const seal = crypto.createHash("sha256");
  for (const file of [program, ...evidence]) seal.update(`${file} ${fs.statSync(file).size} ${fs.statSync(file).mtimeMs}\n`);
  for (const map of maps) seal.update(typeof map === "string" ? fs.readFileSync(map) : JSON.stringify(map));
  const key = seal.digest("hex").slice(0, 16), cache = path.join(build, "tests"), ready = path.join(cache, `browser-${name}-${key}.viaggio`), file = path.join(folder, "w.viaggio");
  if (!fs.existsSync(ready)) {
    if (fs.existsSync(cache)) for (const old of fs.readdirSync(cache)) if (old.startsWith(`browser-${name}-`) && !old.includes(key)) fs.rmSync(path.join(cache, old), { force: true });
    viaggio("init", file, "--title", "Officine Ferri Srl", "--quiet");
    viaggio("import", "--quiet", "-w", file, ...evidence);
    maps.forEach((map, i) => {
      const document = typeof map === "string" ? map : path.join(folder, `map-${i}.json`);
      if (document !== map) fs.writeFileSync(document, JSON.stringify(map));
      viaggio("maps", "--quiet", "-w", file, document);
    });
    if (fs.existsSync(cache)) {
      viaggio("backup", "--quiet", "-w", file, ready + `.${process.pid}`); // whole, without its journal
      fs.renameSync(ready + `.${process.pid}`, ready);
    }
  } else fs.copyFileSync(ready, file);
  return file;
}
const newFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-real-"));
function forgetting(server, folder) {
  const stop = server.stop;
  server.stop = async () => { await stop(); fs.rmSync(folder, { recursive: true, force: true }); };
  return server;
}
/** The server for one person without login: {base, stop, file, wire}; with the example's evidence and map, or empty.
 * wire(method, path, body): the server's own word. */
export async function solo({ empty = false, args = [] } = {}) {
  const folder = newFolder();
  let file = path.join(folder, "w.viaggio");
  if (empty) viaggio("init", file, "--quiet");
  else file = prepared(folder, "solo", [path.join(example, "mappa.json")]);
  const server = forgetting(await begin(program, ["serve", "-w", file, "--solo", "--listen", "127.0.0.1:0", ...args]), folder);
  let csrf = "";
  const wire = async (method, where, body) => {
    csrf ||= (await (await fetch(server.base + "/api/v1/session")).json()).csrf;
    const answer = await fetch(server.base + "/api/v1" + where, { method, headers: { "X-CSRF-Token": csrf, Origin: server.base, "Sec-Fetch-Site": "same-origin", ...(body ? { "Content-Type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
    const text = await answer.text();
    holds(answer.ok, `${method} ${where}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  };
  return Object.assign(server, { file, wire });
}

const states = new Map(), tongues = new Map(), spoken = new Map(); // base → cookies of who is in; how to set their language; which it is
/** The server for a team, as {base, stop, file, link}: `empty`: nothing in it; `first`: no owner yet (link: where to
 * become it); otherwise Giulia Rossi is in, with the example's evidence and the mock's maps, people and lists. */
export async function real({ empty = false, first = false, args = [] } = {}) {
  const invented = await import("../../web/app/dev/invented.mjs");
  const folder = newFolder();
  const begun = invented.begin({ map: JSON.parse(fs.readFileSync(path.join(example, "mappa.json"), "utf8")), first, empty });
  let file = path.join(folder, "w.viaggio");
  if (empty || first) viaggio("init", file, "--title", "Officine Ferri Srl", "--quiet");
  else file = prepared(folder, "team", begun.maps.map((m) => m.map));
  const server = forgetting(await begin(program, ["serve", "-w", file, "--listen", "127.0.0.1:0", ...args]), folder);
  const link = await until(() => /https?:\/\/\S+\/setup#\S+/.exec(server.text())?.[0], "no link to become the owner:\n" + server.text());
  server.base = new URL(link).origin;
  Object.assign(server, { file, link });
  if (first) return server;
  const secret = new URL(link).hash.slice(1), jar = new Map();
  const call = async (method, address, body, token, match) => {
    const answer = await fetch(server.base + "/api/v1" + address, { method, headers: { "Content-Type": "application/json", Origin: server.base, "X-CSRF-Token": token ?? "", ...(match ? { "If-Match": match } : {}), Cookie: [...jar].map(([k, v]) => `${k}=${v}`).join("; ") }, body: body === undefined ? undefined : JSON.stringify(body) });
    for (const c of answer.headers.getSetCookie?.() ?? [answer.headers.get("set-cookie")].filter(Boolean)) { const [k, v] = c.split(";")[0].split(/=(.*)/s); jar.set(k, v); }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const before = await call("GET", "/session");
  const me = await call("POST", "/setup", { token: secret, name: "Giulia Rossi", email: "giulia@ferri.example", password: "quattro parole di fila" }, before.csrf);
  for (const [name, role] of empty ? [] : [["Paolo Ferri", "editor"], ["Irene Testa", "reader"]]) {
    const { link: way } = await call("POST", "/invitations", { role, days: 7 }, me.csrf), mine = new Map(jar);
    jar.clear();
    const anon = await call("GET", "/session");
    await call("POST", "/invitations/accept", { token: way.split("#")[1], name, email: name.split(" ")[0].toLowerCase() + "@ferri.example", password: "quattro parole di fila" }, anon.csrf);
    jar.clear();
    mine.forEach((v, k) => jar.set(k, v));
  }
  for (const kind of ["departments", "channels", "personas"]) {
    const there = (await call("GET", "/" + kind)).items; // what the maps have brought along
    for (const r of begun[kind]) {
      const { id: _, ...body } = r.body, old = there.find((x) => x.body.name === body.name);
      if (old) await call("PUT", `/${kind}/${old.id}`, body, me.csrf, `"${old.version}"`);
      else await call("POST", "/" + kind, body, me.csrf);
    }
  }
  tongues.set(server.base, async (lang) => { if (spoken.get(server.base) !== lang) { await call("PUT", "/me", { lang }, me.csrf); spoken.set(server.base, lang); } });
  states.set(server.base, [...jar].map(([name, value]) => ({ name, value, url: server.base.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Lax" })));
  return server;
}
/** A test has changed the person's language by hand. */
export function languageChanged(base) {
  spoken.delete(base);
}

// ---- pages ----

/** Within the page: a question waits before it is asked, and its answer before it is heard. */
function late(most) {
  const pause = () => new Promise((go) => setTimeout(go, Math.random() * most));
  const ask = window.fetch, send = XMLHttpRequest.prototype.send;
  window.fetch = async (...all) => { await pause(); const answer = await ask(...all); await pause(); return answer; };
  XMLHttpRequest.prototype.send = function (...all) { void pause().then(() => { if (this.readyState === XMLHttpRequest.OPENED) send.apply(this, all); }); };
}
/** The slow machine, where one is asked for. */
export async function slowed(context) {
  if (slow.ms) await context.addInitScript(late, slow.ms);
  if (slow.processor) context.on("page", (page) => context.newCDPSession(page).then((session) => session.send("Emulation.setCPUThrottlingRate", { rate: slow.processor })).catch(() => {}));
}
/** A browser's window onto base: who is in, in their language. Pages of one context share what was loaded. */
export async function newContext(base, { width = 1280, height = 900, scheme = "light", lang = "it", phone = false, anonymous = false, workers = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: lang === "it" ? "it-IT" : "en-GB", hasTouch: phone, isMobile: phone, reducedMotion: "reduce", serviceWorkers: workers ? "allow" : "block", permissions: ["clipboard-read", "clipboard-write"] });
  if (states.has(base) && !anonymous) await context.addCookies(states.get(base));
  await slowed(context);
  await context.addInitScript((l) => { try { if (!localStorage.getItem("viaggio.lang")) localStorage.setItem("viaggio.lang", l); } catch { /* none */ } }, lang);
  return context;
}
/** A page at base + address that writes down what it should not do: errors, warnings, refusals, requests elsewhere.
 * It is closed with its test. `wait`: what must be there. */
export async function open(base, address = "/", { context, expected = [], anonymous = false, lang = "it", wait = "h1", ...kind } = {}) {
  const own = !context;
  context ??= await newContext(base, { lang, anonymous, ...kind });
  if (!anonymous) await tongues.get(base)?.(lang);
  const page = await context.newPage(), faults = [];
  tap.afterwards(async (error) => {
    if (error && shots) await look(page, "failed " + address).catch(() => {});
    await (own ? context.close() : page.close());
  });
  const note = (text) => { if (!/Service Worker registration blocked/.test(text) && !expected.some((e) => e.test(text))) faults.push(text); };
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) note(`console: ${m.text()} ${m.location().url}`); });
  page.on("pageerror", (e) => note(`error: ${e.stack ?? e.message}`));
  page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|blob|about):/.test(r.url())) note(`request: ${r.url()}`); });
  await page.goto(base + address);
  await page.locator(wait).first().waitFor();
  return { page, faults, context, close: () => (own ? context.close() : page.close()) };
}
/** Until the server has answered what `act` makes the page write. */
export const heard = (page, act) => Promise.all([page.waitForResponse((answer) => answer.request().method() !== "GET"), act()]);
/** Until nothing is being loaded: no skeleton, nothing busy, no bar that runs; and what was drawn is on the screen. */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  const calm = () => !document.querySelector(".skeleton, .page-wait, [aria-busy=true]:not(button), #main .progress-run");
  do { // what was pressed may begin to load only with the next frame
    await page.waitForFunction(calm, null, { timeout: 60_000 });
    await painted(page);
  } while (!(await page.evaluate(calm)));
}
export const painted = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

// axe-core runs from outside the page's own policy, in the driver's isolated world.
export async function violations(page) {
  await painted(page);
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  await session.send("Runtime.evaluate", { expression: axe, contextId: executionContextId });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
      .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? "")).join(" | "))))`,
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}
export const overflow = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
/** A picture to look at, where VIAGGIO_SHOTS names a folder. */
export async function look(page, name) {
  if (!shots) return;
  fs.mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, name.replace(/[^\w-]+/g, "-") + ".png") });
}

// ---- what must hold ----

export function none(list, what) {
  if (list.length) throw new Error(`${what}:\n${list.join("\n")}`);
}
export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
export function equal(found, wanted, what) {
  holds(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}
const patience = 30_000; // what a busy machine may take; who waits for what comes loses nothing by it
/** Until the condition holds; fails with the sentence (or what it gives). What a page or the server is to show is waited
 * for: neither is done when the key is up. */
export async function until(condition, what, timeout = patience) {
  const end = Date.now() + timeout;
  for (;;) {
    let value;
    try { value = await condition(); } catch { value = false; }
    if (value) return value;
    if (Date.now() > end) throw new Error("did not come true: " + await said(what));
    await new Promise((go) => setTimeout(go, 60));
  }
}
/** Until `ask` gives what is wanted; fails with what it gave last. */
export async function comes(ask, wanted, what, timeout = patience) {
  let found;
  await until(async () => JSON.stringify(found = await ask()) === JSON.stringify(wanted), async () => `${await said(what)}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`, timeout);
}
const said = async (what) => (typeof what === "function" ? what() : what);
export const run = (...servers) => tap.run({ over: () => close(...servers) });
export const runFrom = (first, ...servers) => tap.run({ first, over: () => close(...servers) });
async function close(...servers) {
  await browser.close();
  for (const server of servers) await server?.stop();
}
