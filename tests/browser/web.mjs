// web: what the tests of the client share. A server (the mock, or $VIAGGIO serve), a page that writes down
// every fault, axe-core, and a small TAP runner.
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const here = path.dirname(new URL(import.meta.url).pathname);
export const source = path.join(here, "../..");
export const build = process.env.VIAGGIO_BUILD ?? path.join(source, "build");
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const modules = process.env.VIAGGIO_NODE_MODULES ?? path.join(here, "node_modules");
const require = createRequire(path.join(modules, "..", "x.js"));

function skip(why) {
  console.log(`1..1\nok 1 - the client in a browser # SKIP ${why}`);
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

/** The built client before the mock: {base, stop}. Arguments: --first, --empty, --delay MS. */
export function mock(...args) {
  const site = path.join(build, "web/out/site");
  if (!fs.existsSync(site)) skip("there is no " + site);
  return begin(process.execPath, [path.join(source, "web/app/dev/mock.mjs"), "--port", "0", "--site", site, ...args]);
}
/** A program that prints its address: {base, text, stop}. */
export function begin(program, args, env = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, VIAGGIO: process.env.VIAGGIO ?? path.join(build, "src/viaggio"), ...env } });
    let text = "";
    const seen = (chunk) => {
      text += chunk;
      const address = /https?:\/\/[\w.\[\]:-]+/.exec(text);
      if (address) done({ base: address[0], text: () => text, stop: () => new Promise((gone) => { child.once("exit", gone); child.kill("SIGTERM"); }), child });
    };
    child.stdout.on("data", seen);
    child.stderr.on("data", seen);
    child.on("exit", (status) => fail(new Error(`${program} ended with ${status}:\n${text}`)));
    setTimeout(() => fail(new Error(`${program} printed no address:\n${text}`)), 60_000).unref();
  });
}

export const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"] });

const states = new Map(), tongues = new Map(); // base → cookies of who is in; their language
/** The real server on a data file of its own, as {base, stop, file, link}: `empty`: nothing in it; `first`: no
 * owner yet (link: where to become it); otherwise Giulia Rossi is in, with the example's evidence and the mock's
 * maps, people and lists, today being \`today\`. */
export async function real({ empty = false, first = false, args = [] } = {}) {
  const { execFileSync } = await import("node:child_process");
  const os = await import("node:os");
  const invented = await import("../../web/app/dev/invented.mjs");
  const program = process.env.VIAGGIO ?? path.join(build, "src/viaggio"), example = path.join(source, "examples/macchinari");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-real-")), file = path.join(folder, "w.viaggio");
  const viaggio = (...a) => execFileSync(program, a, { stdio: ["ignore", "ignore", "inherit"] });
  const begun = invented.begin({ map: JSON.parse(fs.readFileSync(path.join(example, "mappa.json"), "utf8")), first, empty });
  viaggio("init", file, "--title", "Officine Ferri Srl", "--quiet");
  if (!empty) {
    viaggio("import", "--quiet", "-w", file, ...["crm.csv", "telefonate.xlsx", "recensioni.jsonl"].map((f) => path.join(example, f)));
    for (const m of begun.maps) {
      fs.writeFileSync(path.join(folder, m.id + ".json"), JSON.stringify(m.map));
      viaggio("maps", "--quiet", "-w", file, path.join(folder, m.id + ".json"));
    }
  }
  const server = await begin(program, ["serve", "-w", file, "--listen", "127.0.0.1:0", ...args]);
  const link = await until(() => /https?:\/\/\S+\/setup#\S+/.exec(server.text())?.[0], "no link to become the owner:\n" + server.text());
  server.base = new URL(link).origin;
  const stop = server.stop;
  server.stop = async () => { await stop(); fs.rmSync(folder, { recursive: true, force: true }); };
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
  tongues.set(server.base, (lang) => call("PUT", "/me", { lang }, me.csrf));
  states.set(server.base, [...jar].map(([name, value]) => ({ name, value, url: server.base.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Lax" })));
  return server;
}

/** A page at base + path that writes down what it should not do: errors, warnings, requests elsewhere. */
export async function open(base, address = "/", { width = 1280, height = 900, scheme = "light", lang = "it", context, expected = [], phone = false, anonymous = false } = {}) {
  context ??= await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: lang === "it" ? "it-IT" : "en-GB", hasTouch: phone, isMobile: phone, reducedMotion: "reduce" });
  if (states.has(base) && !anonymous && !(await context.cookies(base)).length) await context.addCookies(states.get(base));
  if (!anonymous) await tongues.get(base)?.(lang);
  const page = await context.newPage(), faults = [];
  const note = (text) => { if (!expected.some((e) => e.test(text))) faults.push(text); };
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) note(`console: ${m.text()}`); });
  page.on("pageerror", (e) => note(`error: ${e.message}`));
  page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url())) note(`request: ${r.url()}`); });
  await page.addInitScript((l) => { try { if (!localStorage.getItem("viaggio.lang")) localStorage.setItem("viaggio.lang", l); } catch { /* none */ } }, lang);
  await page.goto(base + address);
  await page.locator("h1").first().waitFor();
  return { page, faults, context, close: () => context.close() };
}
/** Until nothing is being loaded: no request under way (but for live updates), no skeleton. */
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector(".skeleton, .page-wait, [aria-busy=true]:not(button)"), null, { timeout: 20_000 });
  await page.waitForTimeout(120);
}
// axe-core runs from outside the page's own policy, in the driver's isolated world.
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  await session.send("Runtime.evaluate", { expression: axe, contextId: executionContextId });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
      .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? "")).join(" | "))))`,
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
export function none(list, what) {
  if (list.length) throw new Error(`${what}:\n${list.join("\n")}`);
}
export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
/** Until the condition holds; fails with the sentence after 8 s. */
export async function until(condition, what, timeout = 8000) {
  const end = Date.now() + timeout;
  for (;;) {
    let value;
    try { value = await condition(); } catch { value = false; }
    if (value) return value;
    if (Date.now() > end) throw new Error(what);
    await new Promise((go) => setTimeout(go, 60));
  }
}

const tests = [];
export const test = (sentence, run) => tests.push([sentence, run]);
/** Runs all tests (or those whose sentence contains an argument), prints TAP, ends the process. */
export async function run(...servers) {
  const wanted = process.argv.slice(2), chosen = tests.filter(([s]) => !wanted.length || wanted.some((w) => s.includes(w)));
  console.log(`1..${chosen.length}`);
  let n = 0, failed = 0;
  for (const [sentence, body] of chosen) {
    n++;
    try {
      await body();
      console.log(`ok ${n} - ${sentence}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${n} - ${sentence}\n${String(error.message ?? error).split("\n").slice(0, 14).map((l) => "#   " + l).join("\n")}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
  await browser.close();
  for (const s of servers) await s.stop();
  process.exit(failed ? 1 : 0);
}
