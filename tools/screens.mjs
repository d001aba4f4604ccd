// node tools/screens.mjs [NAME…]: the pictures of README and LEGGIMI that a browser takes, anew and in Italian, from the
// demo's data file, which `./dev run` makes. The others are files that Viaggio writes: `viaggio render` makes poster.png,
// casa-in-ordine.png and flow.png; plan.png is the one-page plan.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { begin, browser, evidence, example, program, source } from "../tests/browser/web.mjs";

const laptop = { width: 1440, height: 900 }, phone = { width: 390, height: 844, phone: true };
const today = "2025-11-01"; // as tools/demo
const client = "Debora Costa"; // in the third of four phases, and stuck
const screens = {
  home: { at: "/", ...laptop },
  editor: { at: "/map/macchinari", ...laptop },
  "editor-dark": { at: "/map/macchinari", ...laptop, dark: true },
  "editor-phone": { at: "/map/macchinari", ...phone, sharp: 2 },
  reality: { at: "/reality?map=macchinari", ...laptop },
  results: { at: "/results", ...laptop },
  whatif: { at: "/whatif", ...laptop },
  board: { at: "/path/casa-in-ordine", ...laptop },
  client: { at: async () => "/client/" + (await enrolment()), ...laptop },
  "client-phone": { at: theirPage, ...phone, after: "Il mio prossimo passo" },
  report: { at: report, width: 1600, height: 1200 },
  "report-phone": { at: report, width: 360, height: 1080, sharp: 2, phone: true },
};

const file = path.join(source, "demo/officine-ferri.viaggio");
if (!fs.existsSync(file)) throw new Error(`there is no ${file}: ./dev run makes it`);
const server = await begin(program, ["serve", "-w", file, "--solo", "--quiet", "--today", today, "--listen", "127.0.0.1:0"]);

async function call(method, where, body) {
  const { csrf } = await (await fetch(server.base + "/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", Origin: server.base, "X-CSRF-Token": csrf };
  const answer = await fetch(server.base + "/api/v1" + where, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
async function enrolment() {
  const { path } = await call("GET", "/maps/casa-in-ordine/path");
  return path.clients.find((one) => one.customer === client).enrolment;
}
async function theirPage() {
  const { link } = await call("POST", `/enrolments/${await enrolment()}/links`, { days: 30, lang: "it" });
  const at = new URL(link);
  return at.pathname + at.hash;
}
function report() {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-screens-"));
  execFileSync(program, ["report", ...evidence.flatMap((one) => ["--evidence", one]), "--map", path.join(example, "mappa.json"), "--today", today, "--lang", "it", "--out", out]);
  return pathToFileURL(path.join(out, "index.html")).href;
}
async function address(at) {
  const found = typeof at === "string" ? at : await at();
  return found.startsWith("/") ? server.base + found : found;
}

async function take(name) {
  const { at, width, height, dark, sharp, phone, after } = screens[name];
  const context = await browser.newContext({ viewport: { width, height }, locale: "it-IT", colorScheme: dark ? "dark" : "light", deviceScaleFactor: sharp ?? 1, isMobile: !!phone, hasTouch: !!phone, reducedMotion: "reduce", serviceWorkers: "block" });
  const page = await context.newPage();
  await page.goto(await address(at));
  await (after ? page.getByText(after) : page.locator("h1")).first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".skeleton, .page-wait, [aria-busy=true]:not(button), #main .progress-run"));
  await page.waitForTimeout(1500); // what a page tells for a moment, it has told
  await page.screenshot({ path: path.join(source, "docs/screens", name + ".png") });
  await context.close();
  console.log(name);
}

const names = process.argv.slice(2).length ? process.argv.slice(2) : Object.keys(screens);
for (const name of names) {
  if (!screens[name]) throw new Error(`there is no picture ${name}: ${Object.keys(screens).join(", ")}`);
  await take(name);
}
await browser.close();
await server.stop();
