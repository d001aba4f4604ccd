// The map editor in a browser, against the real server: a map of eight steps by keyboard alone, undo, faces, blocks from
// Excel, two browsers at one map, offline and back, a phone, both languages, the dark, quiet and accessible. Prints TAP.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const source = path.join(here, "../..");
const program = process.env.VIAGGIO ?? path.join(source, "build/src/viaggio");
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const shots = process.env.VIAGGIO_SHOTS; // a folder: pictures to look at
const only = process.argv[2] ?? "";

function skip(why) {
  console.log(`1..1\nok 1 - the map editor in a browser # SKIP ${why}`);
  process.exit(0);
}
const modules = process.env.VIAGGIO_NODE_MODULES ?? path.join(here, "node_modules");
const require = createRequire(path.join(modules, "..", "x.js"));
let playwright, axe;
try {
  playwright = require("playwright-core");
  axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
} catch {
  skip("npm has not been run in tests/browser");
}
if (!fs.existsSync(chromium)) skip("there is no " + chromium);
if (!fs.existsSync(program)) skip("there is no " + program);

// ---- the server, on a data file with the example ----

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-editor-")), data = path.join(folder, "azienda.viaggio");
const example = (name) => path.join(source, "examples/macchinari", name);
execFileSync(program, ["init", data, "--quiet"]);
execFileSync(program, ["import", "-q", ...["crm.csv", "telefonate.xlsx", "recensioni.jsonl"].map(example), "-w", data]);
execFileSync(program, ["maps", example("mappa.json"), "-w", data]);
const server = spawn(program, ["serve", "-w", data, "--solo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
let said = "";
const address = await new Promise((found) => {
  const look = (chunk) => {
    said += chunk;
    const match = /http:\/\/(127\.0\.0\.1|localhost):\d+/.exec(said);
    if (match) found(match[0]);
  };
  server.stdout.on("data", look);
  server.stderr.on("data", look);
  server.on("exit", () => found(null));
  setTimeout(() => found(null), 20000);
});
if (!address) {
  console.log(`1..1\nnot ok 1 - the server says where it is\n# ${said.replaceAll("\n", "\n# ")}`);
  process.exit(1);
}
const browser = await playwright.chromium.launch({
  executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});

// A page that writes down everything it should not do.
async function open(where, options = {}) {
  const context = options.context ?? await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 860 }, colorScheme: options.scheme ?? "light", locale: options.lang ?? "it", reducedMotion: "reduce", hasTouch: Boolean(options.touch),
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !/ERR_INTERNET_DISCONNECTED/.test(m.text())) faults.push(`console: ${m.text()}`); });
  page.on("pageerror", (e) => faults.push(`error: ${e.stack}`));
  page.on("response", (r) => { if (r.status() >= 400) faults.push(`${r.status()} ${r.request().method()} ${r.url()}`); });
  page.on("request", (r) => { if (!r.url().startsWith(address) && !/^(data|blob):/.test(r.url())) faults.push(`request: ${r.url()}`); });
  await page.goto(address + where);
  await page.waitForSelector(options.wait ?? "#main h1", { timeout: 20000 });
  await page.waitForFunction(() => !document.querySelector("#main .skeleton, .page-wait"), null, { timeout: 20000 });
  return { page, faults, context, close: () => context.close() };
}
async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  await session.send("Runtime.evaluate", { expression: axe, contextId: executionContextId });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
      .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? "")).join(" | "))))`,
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}
function none(list, what) {
  if (list.length) throw new Error(`${what}:\n${list.join("\n")}`);
}
function holds(condition, what) {
  if (!condition) throw new Error(what);
}
function equal(found, wanted, what) {
  holds(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}
const overflow = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
const look = async (page, name) => { if (shots) { fs.mkdirSync(shots, { recursive: true }); await page.screenshot({ path: path.join(shots, name + ".png") }); } };

// ---- the server's own word ----

let csrf = "";
async function wire(method, where, body) {
  csrf ||= (await (await fetch(address + "/api/v1/session")).json()).csrf;
  const answer = await fetch(address + "/api/v1" + where, { method, headers: { "X-CSRF-Token": csrf, Origin: address, "Sec-Fetch-Site": "same-origin", ...(body ? { "Content-Type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  holds(answer.ok, `${method} ${where}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}
let made = 0;
async function newMap(document) {
  return (await wire("POST", "/maps", { document: { id: `prova-${++made}`, lang: "it", ...document } })).id;
}
const kept = async (id) => (await wire("GET", `/maps/${id}`)).map;
const stepsOf = (map) => map.phases.flatMap((phase) => phase.steps ?? []);
const cell = (row, step) => `[data-row="${row}"][data-step="${step}"]`;
async function saved(page) {
  await page.waitForTimeout(60);
  await page.waitForFunction(() => document.querySelector(".ed-saved")?.dataset.state === "saved", null, { timeout: 15000 });
}
async function until(check, what, ms = 8000) {
  const end = Date.now() + ms;
  for (;;) {
    if (await check()) return;
    if (Date.now() > end) throw new Error(`did not come true: ${what}`);
    await new Promise((go) => setTimeout(go, 60));
  }
}
const small = { title: "Prova", phases: [{ id: "scopro", title: "Scopro", steps: [{ id: "cerco", title: "Cerco", doing: "Cerca sul web", feeling: { valence: 1 } }, { id: "trovo", title: "Trovo" }] }, { id: "decido", title: "Decido", steps: [{ id: "ordino", title: "Ordino" }] }] };

const tests = [];
const test = (sentence, run) => tests.push([sentence, run]);

test("a map of eight steps is made by keyboard alone", async () => {
  const id = await newMap({ title: "Da tastiera", phases: [{ id: "f", title: "Scopro", steps: [{ id: "s", title: "Nuova tappa" }] }] });
  const { page, faults, close } = await open(`/map/${id}`);
  const key = (...keys) => keys.reduce((before, one) => before.then(() => page.keyboard.press(one)), Promise.resolve());
  await key("F6");
  await key("F2", "Control+A");
  const titles = ["Cerco una soluzione", "Trovo il sito", "Compilo il modulo", "Ricevo l’offerta", "Chiedo chiarimenti", "Ordino", "Ricevo la macchina", "Chiamo l’assistenza"];
  for (const [i, title] of titles.entries()) {
    await page.keyboard.type(title);
    await key(i < 7 ? "Control+Enter" : "Enter");
    if (i < 7) await key("Control+A");
  }
  // the cursor stands in the first lane under the last step: what they do, think, and feel
  await page.keyboard.type("Telefona due volte");
  await key("Tab"); // from the last column to the next lane's first
  await key("End", "ArrowDown");
  await page.evaluate(() => document.activeElement?.id);
  await key("Control+Home", "ArrowDown", "ArrowDown");
  await page.keyboard.type("Legge e confronta");
  await key("Enter", "ArrowDown");
  await page.keyboard.type("Chi mi aiuta?");
  await key("Enter");
  await page.keyboard.type("dubbio -1,5");
  await key("Enter", "ArrowUp", "ArrowRight");
  await key("Alt+ArrowUp", "Alt+ArrowUp", "Alt+Shift+ArrowDown");
  await saved(page);
  const map = await kept(id), steps = stepsOf(map);
  equal(steps.map((one) => one.title), titles, "titles");
  equal(steps[0].doing, "Legge e confronta", "doing");
  equal(steps[7].doing, "Telefona due volte", "doing of the last");
  equal(steps[0].thinking, "Chi mi aiuta?", "thinking");
  equal(steps[0].feeling, { emotion: "dubbio", valence: -1.5 }, "feeling");
  equal(steps[1].feeling, { valence: 0.9 }, "a face moved by keys");
  // a phase of its own from the fourth step on, a step moved over its border, one copied, one deleted
  await key("Control+Home", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+F10");
  await page.getByRole("menuitem", { name: "Fai cominciare qui una fase" }).waitFor();
  await page.keyboard.type("f");
  await key("Enter");
  await page.waitForSelector(".ed-phase textarea");
  await key("Control+A");
  await page.keyboard.type("Decido");
  await key("Enter", "ArrowDown", "ArrowUp", "Alt+ArrowLeft");
  await key("Control+d");
  await saved(page);
  equal((await kept(id)).phases.map((phase) => [phase.title, phase.steps.map((one) => one.title)]), [["Scopro", [...titles.slice(0, 4), titles[3]]], ["Decido", titles.slice(4)]], "phases");
  await key("Delete");
  await saved(page);
  equal(stepsOf(await kept(id)).length, 8, "steps after Delete");
  none(faults, "the page complains");
  await close();
});

test("undo goes back to the beginning and redo to the end, on the server too", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  const first = await kept(id);
  await page.click(cell("lane-doing", "trovo"));
  await page.keyboard.type("Legge");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Firma");
  await page.keyboard.press("Enter");
  await page.click(cell("step", "trovo"));
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Control+d");
  await page.click(cell("step", "cerco"));
  await page.keyboard.press("Delete");
  await saved(page);
  const last = await kept(id);
  equal(stepsOf(last).map((one) => one.title), ["Trovo", "Trovo", "Ordino"], "before undo");
  for (let i = 0; i < 5; i++) await page.keyboard.press("Control+z");
  await saved(page);
  equal(stepsOf(await kept(id)).map(({ title, doing }) => [title, doing ?? ""]), stepsOf(first).map(({ title, doing }) => [title, doing ?? ""]), "undone");
  for (let i = 0; i < 5; i++) await page.keyboard.press(i % 2 ? "Control+y" : "Control+Shift+z");
  await saved(page);
  equal(await kept(id), last, "done again");
  none(faults, "the page complains");
  await close();
});

test("what is typed is saved by itself, also when the page is left in the middle of a word", async () => {
  const id = await newMap(small);
  const { page, context, close } = await open(`/map/${id}`);
  await page.dblclick(cell("lane-doing", "trovo"));
  await page.keyboard.type("Legge la gui");
  await until(async () => stepsOf(await kept(id))[1].doing === "Legge la gui", "saved while it is typed into");
  await page.keyboard.type("da");
  await page.goto(address + "/evidence");
  const again = await context.newPage();
  await again.goto(`${address}/map/${id}`);
  await again.waitForSelector(cell("lane-doing", "trovo"));
  await until(async () => stepsOf(await kept(id))[1].doing === "Legge la guida", "the last letters");
  await close();
});

test("a face is dragged up and down", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  const face = page.locator(`${cell("lane-feeling", "cerco")} .ed-face.own`);
  const box = await face.boundingBox();
  await page.mouse.move(box.x + 14, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x + 14, box.y + 60, { steps: 6 });
  await page.mouse.move(box.x + 14, box.y + 92, { steps: 6 });
  await look(page, "drag-face");
  await page.mouse.up();
  await saved(page);
  const down = stepsOf(await kept(id))[0].feeling.valence;
  holds(down <= -1.4 && down >= -2, `dragged down to ${down}`);
  await page.keyboard.press("Control+z");
  await saved(page);
  equal(stepsOf(await kept(id))[0].feeling.valence, 1, "one undo for one drag");
  // the form: a word with its face
  await page.locator(cell("lane-feeling", "trovo")).dblclick({ position: { x: 10, y: 150 } });
  await page.getByRole("button", { name: "delusione" }).click();
  await page.keyboard.press("Escape");
  await saved(page);
  equal(stepsOf(await kept(id))[1].feeling, { emotion: "delusione", valence: -2 }, "a word brings its face");
  none(faults, "the page complains");
  await close();
});

test("a step is dragged to another place, over the border of its phase", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.dragAndDrop(cell("step", "cerco"), cell("step", "ordino"), { targetPosition: { x: 200, y: 30 } });
  await saved(page);
  equal((await kept(id)).phases.map((phase) => phase.steps.map((one) => one.id)), [["trovo"], ["ordino", "cerco"]], "after the drag");
  await page.dragAndDrop(`[data-drop="lane lane-thinking"]`, `[data-drop="lane lane-doing"]`, { targetPosition: { x: 20, y: 4 } });
  await saved(page);
  const lanes = (await kept(id)).lanes.map((one) => one.kind);
  holds(lanes.indexOf("thinking") === lanes.indexOf("doing") - 1, lanes.join());
  none(faults, "the page complains");
  await close();
});

test("a block from a spreadsheet is one undo, and comes out as it went in", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.click(cell("step", "ordino"));
  const block = 'Ordino online\tPago\tAspetto\n"Mette nel carrello;\nconferma"\tPaga con carta\t\n';
  await page.evaluate((text) => navigator.clipboard.writeText(text), block);
  await page.keyboard.press("Control+v");
  await saved(page);
  const steps = stepsOf(await kept(id));
  equal(steps.slice(2).map((one) => [one.title, one.doing ?? ""]), [["Ordino online", "Mette nel carrello;\nconferma"], ["Pago", "Paga con carta"], ["Aspetto", ""]], "pasted");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Control+c");
  equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), block.trim(), "copied");
  await page.keyboard.press("Control+z");
  await saved(page);
  equal(stepsOf(await kept(id)).map((one) => one.title), ["Cerco", "Trovo", "Ordino"], "one undo");
  none(faults, "the page complains");
  await close();
});

test("two browsers at one map see each other's words, and nobody's are lost", async () => {
  const id = await newMap(small);
  const a = await open(`/map/${id}`), b = await open(`/map/${id}`);
  await a.page.click(cell("lane-doing", "trovo"));
  await a.page.keyboard.type("Scrive Anna");
  await b.page.click(cell("lane-thinking", "trovo"));
  await b.page.keyboard.type("Pensa Bruno");
  await b.page.waitForFunction((selector) => document.querySelector(selector)?.textContent.includes("Scrive Anna"), cell("lane-doing", "trovo"), { timeout: 6000 });
  holds(await b.page.locator("textarea.ed-area").inputValue() === "Pensa Bruno", "Bruno's field was disturbed");
  await b.page.keyboard.press("Enter");
  await a.page.waitForFunction((selector) => document.querySelector(selector)?.textContent.includes("Pensa Bruno"), cell("lane-thinking", "trovo"), { timeout: 6000 });
  await a.page.keyboard.press("Escape");
  // at the same moment: a move here, a text there
  await Promise.all([
    (async () => { await a.page.click(cell("step", "trovo")); await a.page.keyboard.press("Alt+ArrowRight"); })(),
    (async () => { await b.page.click(cell("lane-doing", "ordino")); await b.page.keyboard.type("Firma"); await b.page.keyboard.press("Enter"); })(),
  ]);
  await saved(a.page);
  await saved(b.page);
  const map = await kept(id);
  equal(map.phases.map((phase) => phase.steps.map((one) => one.id)), [["cerco"], ["trovo", "ordino"]], "moved");
  equal(stepsOf(map).map((one) => [one.doing ?? "", one.thinking ?? ""]), [["Cerca sul web", ""], ["", "Pensa Bruno"], ["Firma", ""]], "texts");
  for (const { page } of [a, b]) await until(async () => (await page.locator("[data-row=step]").allInnerTexts()).map((text) => text.split("\n").pop().trim()).join() === "Cerco,Trovo,Ordino", "the same order here");
  none([...a.faults, ...b.faults], "the pages complain");
  await a.close();
  await b.close();
});

test("offline typing is kept, said, and sent when the connection is back; also by the next window", async () => {
  const id = await newMap(small);
  const { page, context, close } = await open(`/map/${id}`);
  await context.setOffline(true);
  await page.click(cell("lane-doing", "trovo"));
  await page.keyboard.type("Scritto in galleria");
  await page.keyboard.press("Enter");
  await page.click(cell("lane-thinking", "trovo"));
  await page.keyboard.type("Che buio");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".ed-saved")?.dataset.state === "offline", null, { timeout: 9000 });
  holds(/senza rete: \d+ modifich?e? resta/.test(await page.locator(".ed-saved").innerText()), await page.locator(".ed-saved").innerText());
  await look(page, "offline");
  equal(stepsOf(await kept(id))[1].doing ?? "", "", "nothing can have arrived");
  await wire("POST", `/maps/${id}/operations`, { operations: [{ client: "another", op: { op: "set", at: "cerco", field: "doing", value: "Cambiato altrove" } }] });
  await context.setOffline(false);
  await saved(page);
  equal(stepsOf(await kept(id)).slice(0, 2).map((one) => [one.doing, one.thinking ?? ""]), [["Cambiato altrove", ""], ["Scritto in galleria", "Che buio"]], "back");
  await page.waitForFunction((selector) => document.querySelector(selector)?.textContent.includes("Cambiato altrove"), cell("lane-doing", "cerco"), { timeout: 6000 });
  await context.setOffline(true);
  await page.click(cell("lane-doing", "ordino"));
  await page.keyboard.type("Rimasto nel cassetto");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(200);
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(`${address}/map/${id}`);
  await next.waitForSelector(cell("lane-doing", "ordino"));
  await until(async () => stepsOf(await kept(id))[2].doing === "Rimasto nel cassetto", "sent by the next window");
  await close();
});

test("touchpoints take channels and departments from the workspace, and new ones are made in place", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.click(cell("lane-touchpoints", "trovo"));
  await page.keyboard.press("Enter");
  await page.keyboard.type("Centralino, interno 2");
  await page.keyboard.press("Tab");
  await page.keyboard.type("tele");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Assistenza");
  await look(page, "touchpoints");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await saved(page);
  const [touchpoint] = stepsOf(await kept(id))[1].touchpoints;
  equal([touchpoint.title, touchpoint.channel, touchpoint.department], ["Centralino, interno 2", "Telefono", "Assistenza"], "touchpoint");
  await until(async () => (await wire("GET", "/departments")).items.some((one) => one.body.name === "Assistenza"), "the new department");
  holds((await page.locator(cell("lane-touchpoints", "trovo")).innerText()).includes("Telefono"), "the chip");
  none(faults, "the page complains");
  await close();
});

test("a pain becomes an action; observations lead there or are put aside with a reason; comments are written and resolved", async () => {
  const { page, faults, close } = await open("/map/macchinari", { height: 1000 });
  await page.locator(".ed-findings-pill").click(); // folded at first, where it would cover the map
  await page.locator(".ed-findings-card .ed-finding").first().getByRole("button", { name: "Portami lì" }).click();
  await page.locator(".ed-findings-card").getByRole("button", { name: "Non è così …" }).first().click();
  await page.getByLabel("Non è così, perché …").fill("La scadenza è stata spostata in riunione");
  await page.getByRole("button", { name: "Salva con la mappa" }).click();
  await saved(page);
  const [aside] = (await kept("macchinari")).dismissed;
  equal([aside.rule, aside.because], ["late-action", "La scadenza è stata spostata in riunione"], "put aside");
  holds((await wire("GET", "/maps/macchinari/checks")).items.some((one) => one.dismissed?.because === aside.because), "the server knows");
  const before = (await kept("macchinari")).actions.length;
  await page.click(cell("lane-pains", "email-automatica"));
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Nuova azione per questa tappa …" }).click();
  const dialog = page.getByRole("dialog");
  if (await dialog.getByRole("button", { name: "Nuova azione" }).count()) await dialog.getByRole("button", { name: "Nuova azione" }).click();
  await dialog.getByLabel("Che cosa si farà").fill("Email con nome e tempi");
  await dialog.getByRole("combobox", { name: "Reparto" }).fill("Marketing");
  await dialog.getByLabel("Entro").fill("2027-01-15");
  await dialog.getByLabel("Che cosa deve ottenere").fill("Meno telefonate di sollecito");
  await look(page, "action");
  await dialog.getByRole("button", { name: "Crea l’azione" }).click();
  await saved(page);
  const actions = (await kept("macchinari")).actions;
  equal([actions.length, actions.at(-1).title, actions.at(-1).due, actions.at(-1).pains], [before + 1, "Email con nome e tempi", "2027-01-15", ["email-fredda"]], "action");
  await page.click(cell("lane-doing", "email-automatica"));
  await page.keyboard.press("Control+Alt+m");
  await page.getByRole("textbox", { name: "Scrivere un commento" }).fill("Chi la scrive?");
  await page.keyboard.press("Control+Enter");
  await page.locator(".ed-thread", { hasText: "Chi la scrive?" }).waitFor();
  holds(await page.locator(`${cell("lane-doing", "email-automatica")} .ed-flag`).getAttribute("data-n") === "1", "the cell says that there is a comment");
  await look(page, "comments");
  await page.locator(".ed-thread").getByRole("button", { name: "Risolto" }).click();
  await page.locator(".ed-thread").waitFor({ state: "detached" });
  equal((await wire("GET", "/maps/macchinari/comments")).items.map((one) => [one.text, one.resolved, one.at, one.field]), [["Chi la scrive?", true, "email-automatica", "lane-doing"]], "comment");
  none(faults, "the page complains");
  await close();
});

test("lanes are hidden, ordered and added; a team's own lane is written into", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.getByRole("button", { name: "Altro su questa mappa" }).click();
  await page.getByRole("menuitem", { name: "Corsie" }).click();
  const side = page.locator(".ed-side");
  await side.getByLabel("Cosa pensa", { exact: true }).uncheck();
  await side.getByLabel("Nome", { exact: true }).fill("Minuti");
  await side.getByLabel("Tipo").selectOption("number");
  await side.getByRole("textbox", { name: "Unità" }).fill("min");
  await side.getByRole("button", { name: "Aggiungi la corsia" }).click();
  await look(page, "lanes");
  await side.getByRole("button", { name: "Chiudi" }).click();
  await saved(page);
  const lane = (await kept(id)).lanes.find((one) => one.kind === "number");
  await page.click(cell(lane.id, "trovo"));
  await page.keyboard.type("12,5");
  await page.keyboard.press("Enter");
  await saved(page);
  const map = await kept(id);
  equal([map.lanes.find((one) => one.kind === "thinking").hidden, stepsOf(map)[1].custom[lane.id]], [true, 12.5], "lanes");
  holds(!(await page.locator(".k-thinking").count()), "the hidden lane is gone");
  holds((await page.locator(cell(lane.id, "trovo")).innerText()).includes("12,50 min"), "the number as it is read");
  none(faults, "the page complains");
  await close();
});

test("the head of the map is written at its side: objective, start, sponsor, sessions, personas", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.getByRole("button", { name: "Altro su questa mappa" }).click();
  await page.getByRole("menuitem", { name: "Scheda della mappa" }).click();
  const side = page.locator(".ed-side");
  await side.getByLabel("Obiettivo: la domanda a cui risponde").fill("Dove perdiamo clienti?");
  await side.getByLabel("Partenza: il bisogno, prima del primo contatto").fill("La linea è ferma");
  await side.getByLabel("Sponsor: chi, ai vertici, si è impegnato ad agire").fill("Elena Ferri");
  await side.getByRole("region", { name: "Persone" }).or(side.getByRole("region", { name: "Personas" })).getByRole("button", { name: "Aggiungi" }).focus();
  await page.waitForTimeout(150); // a menu closes when the page is scrolled
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Una persona nuova" }).click();
  await side.getByRole("button", { name: "Aggiungi una sessione" }).click();
  await side.getByRole("button", { name: "Aggiungi una persona" }).click();
  await side.locator(".ed-who").getByLabel("Nome").fill("Gino");
  await page.keyboard.press("Tab");
  await look(page, "about");
  await page.click(".ed-title");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Un altro titolo");
  await page.keyboard.press("Enter");
  await saved(page);
  const map = await kept(id);
  equal([map.title, map.objective.text, map.start, map.sponsor, map.personas.length, map.sessions[0].people[0].name], ["Un altro titolo", "Dove perdiamo clienti?", "La linea è ferma", "Elena Ferri", 1, "Gino"], "head");
  none(faults, "the page complains");
  await close();
});

test("versions are named, compared in words and on the map, and brought back", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`);
  await page.goto(`${address}/map/${id}/history`);
  await page.getByRole("button", { name: "Dai un nome a questa versione" }).first().click();
  await page.getByRole("dialog").getByLabel("Nome").fill("Dopo il workshop");
  await page.keyboard.press("Enter");
  await page.getByText("Salvata come «Dopo il workshop».").waitFor();
  await wire("POST", `/maps/${id}/operations`, { operations: [{ client: "v1", op: { op: "set", at: "trovo", field: "doing", value: "Legge la guida" } }, { client: "v2", op: { op: "delete", item: "ordino" } }] });
  await page.reload();
  await page.locator(".ed-changes li").first().waitFor();
  const sentences = await page.locator(".ed-changes").innerText();
  holds(/Ordino/.test(sentences) && /Legge la guida/.test(sentences), sentences);
  await page.getByRole("tab", { name: "Sulla mappa" }).click();
  await page.locator(".ed-difftable td.changed").first().waitFor();
  await look(page, "history");
  const old = page.locator(".ed-versions li", { hasText: "Dopo il workshop" });
  await old.getByRole("button", { name: "Riporta" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Riportala" }).click();
  await until(async () => stepsOf(await kept(id)).length === 3, "brought back");
  none(faults, "the page complains");
  none(await violations(page), "axe-core objects");
  await close();
});

test("a step's page has its evidence, and its believed side is written there", async () => {
  const { page, faults, close } = await open("/map/macchinari/step/email-automatica");
  await page.locator(".ed-figure").first().waitFor();
  const text = await page.locator("#main").innerText();
  for (const part of ["879", "Mi ha risposto un robot", "318 voci"]) holds(text.includes(part), `${part} is not in:\n${text}`);
  await page.getByRole("textbox", { name: "Cosa fa" }).fill("Aspetta e cerca altri");
  await page.keyboard.press("Tab");
  await saved(page);
  equal(stepsOf(await kept("macchinari")).find((one) => one.id === "email-automatica").doing, "Aspetta e cerca altri", "doing");
  await look(page, "step");
  none(faults, "the page complains");
  none(await violations(page), "axe-core objects");
  await close();
});

test("the map is presented step by step with arrows", async () => {
  const { page, faults, close } = await open("/map/macchinari/present", { wait: ".ed-show h1" });
  await page.waitForTimeout(400);
  await look(page, "present-head");
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  holds((await page.locator(".ed-slide h1").innerText()).includes("Ricevo l’email automatica"), "the fourth step");
  await look(page, "present-step");
  none(await violations(page), "axe-core objects");
  await page.keyboard.press("End");
  await page.locator(".ed-slide.end").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForSelector("[role=grid]");
  none(faults, "the page complains");
  await close();
});

test("on a phone: one step at a time, all of it editable, nothing wider than the window", async () => {
  const id = await newMap(small);
  const { page, faults, close } = await open(`/map/${id}`, { width: 360, height: 740, touch: true });
  await page.locator(".ed-phone").waitFor();
  equal(await overflow(page), 0, "wider than the window");
  await page.getByRole("button", { name: "La tappa dopo" }).tap();
  await page.getByRole("textbox", { name: "Cosa fa" }).fill("Legge dal telefono");
  await page.getByRole("slider").fill("-1.2");
  await page.getByRole("region", { name: "Criticità" }).getByRole("button", { name: "Aggiungi" }).tap();
  await page.getByRole("textbox", { name: "Criticità 1" }).fill("Si legge male");
  await page.getByRole("button", { name: "Un altro punto di contatto" }).tap().catch(() => {});
  await page.getByRole("textbox", { name: "Che cosa incontra" }).first().fill("Il sito");
  await page.keyboard.press("Tab");
  await saved(page);
  const step = stepsOf(await kept(id))[1];
  equal([step.doing, step.feeling.valence, step.pains[0].text, step.touchpoints[0].title], ["Legge dal telefono", -1.2, "Si legge male", "Il sito"], "written");
  await look(page, "phone");
  none(await violations(page), "axe-core objects");
  equal(await overflow(page), 0, "wider than the window");
  await page.getByRole("button", { name: "Tappa dopo questa" }).tap();
  await saved(page);
  equal(stepsOf(await kept(id)).length, 4, "a new step");
  for (const where of [`/map/${id}/history`, `/map/${id}/step/trovo`]) {
    await page.goto(address + where);
    await page.waitForSelector("#main h1");
    await page.waitForTimeout(400);
    equal(await overflow(page), 0, `${where} is wider than the window`);
  }
  none(faults, "the page complains");
  await close();
});

test("the grid is a grid to a screen reader, and everything opens with no objection of axe-core", async () => {
  for (const scheme of ["light", "dark"]) {
    const { page, faults, close } = await open("/map/macchinari", { scheme, width: 1440, height: 900 });
    await page.locator(".ed-evidence").first().waitFor({ state: "attached" });
    await page.locator(".ed-findings-card").waitFor();
    await look(page, `desktop-${scheme}`);
    none(await violations(page), `axe-core objects, ${scheme}`);
    const grid = page.getByRole("grid");
    equal([await grid.getByRole("row").count() > 6, await grid.getByRole("columnheader").count()], [true, 14], "rows and heads");
      equal(await page.locator("[role=grid] [tabindex='0']").count(), 1, "one place for Tab");
    await page.click(cell("lane-doing", "cerco"));
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await look(page, `keys-${scheme}`);
    none(await violations(page), `axe-core objects to the keys, ${scheme}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("offerta");
    none(await violations(page), `axe-core objects to the palette, ${scheme}`);
    await page.keyboard.press("Enter");
    await until(async () => (await page.evaluate(() => document.activeElement?.id)) === "cell:step:offerta", "the palette leads to the step");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("F2");
    none(await violations(page), `axe-core objects to writing, ${scheme}`);
    await page.keyboard.press("Escape");
    await page.locator(cell("lane-feeling", "cerco")).focus();
    await page.click(cell("lane-touchpoints", "cerco"));
    await page.keyboard.press("Enter");
    await page.locator(".ed-floating").waitFor();
    none(await violations(page), `axe-core objects to the touchpoints, ${scheme}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+b");
    await page.waitForTimeout(200);
    await look(page, `bird-${scheme}`);
    holds(await page.evaluate(() => { const box = document.querySelector(".ed-scroll"); return box.scrollWidth <= box.clientWidth + 2; }), "the bird sees the whole map");
    await page.keyboard.press("Alt+b");
    await page.getByRole("button", { name: "Altro su questa mappa" }).click();
    await page.getByRole("menuitem", { name: "Scheda della mappa" }).click();
    none(await violations(page), `axe-core objects to the head, ${scheme}`);
    none(faults, "the page complains");
    await close();
  }
});

test("it speaks English as well as Italian, each whole", async () => {
  const { page, faults, close } = await open("/map/macchinari", { lang: "en" });
  const words = await page.locator("#main").innerText();
  for (const word of ["Doing", "Touchpoint", "Thinking", "Feeling", "Pains", "Share", "saved"]) holds(words.includes(word), word);
  const { used, translated } = await import(path.join(source, "web/app/texts.mjs"));
  const { all } = translated();
  none(used(path.join(source, "web/app/src/editor")).found.filter((one) => !(one.key in all)).map((one) => one.key), "without Italian");
  await page.keyboard.press("?");
  await look(page, "keys-en");
  none(faults, "the page complains");
  await close();
});

test("typing in a map of sixty steps costs less than a frame", async () => {
  const phases = Array.from({ length: 6 }, (_, p) => ({ id: `p${p}`, title: `Fase ${p}`, steps: Array.from({ length: 10 }, (_x, s) => ({ id: `s${p}-${s}`, title: `Tappa ${p}.${s}`, doing: "Fa qualcosa di preciso, con due righe di testo", thinking: "Pensa a che cosa succede",
    feeling: { valence: (s % 5) - 2, emotion: "emozione" }, touchpoints: [{ id: `t${p}-${s}`, title: "Un punto di contatto", channel: "Telefono" }], pains: s % 3 ? [] : [{ id: `d${p}-${s}`, text: "Una criticità" }] })) }));
  const id = await newMap({ title: "Sessanta tappe", phases });
  const { page, faults, close } = await open(`/map/${id}`);
  await page.click(cell("lane-doing", "s0-3"));
  await page.keyboard.press("Enter");
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const spent = async () => Object.fromEntries((await session.send("Performance.getMetrics")).metrics.map((one) => [one.name, one.value]));
  const letters = "una frase scritta piano, con una pausa ";
  const before = await spent();
  for (const letter of letters) await page.keyboard.type(letter);
  const after = await spent();
  const work = (from, to, n) => { // script, style and layout: what is ours; painting waits for a busy machine
    const of = (name) => (1000 * (to[name] - from[name])) / n;
    return { ours: of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration"), all: of("TaskDuration") };
  };
  const letter = work(before, after, letters.length);
  console.log(`# ${letter.ours.toFixed(1)} ms of script, style and layout per letter; ${letter.all.toFixed(1)} ms with painting and the driver`);
  holds(letter.ours < 12, `${letter.ours} ms per letter`);
  await page.keyboard.press("Escape");
  const moved = await spent();
  for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowRight");
  const end = await spent();
  const arrow = work(moved, end, 30);
  console.log(`# ${arrow.ours.toFixed(1)} ms per arrow; ${arrow.all.toFixed(1)} ms in all`);
  holds(arrow.ours < 30, `${arrow.ours} ms per arrow`);
  none(faults, "the page complains");
  await close();
});

// ---- run ----

const chosen = tests.filter(([sentence]) => sentence.includes(only));
let failed = 0;
console.log(`1..${chosen.length}`);
for (const [i, [sentence, run]] of chosen.entries()) {
  try {
    await run();
    console.log(`ok ${i + 1} - ${sentence}`);
    for (const context of browser.contexts()) await context.close().catch(() => {});
  } catch (error) {
    failed++;
    console.log(`not ok ${i + 1} - ${sentence}\n# ${String(error.stack ?? error).slice(0, 3000).replaceAll("\n", "\n# ")}`);
    for (const context of browser.contexts()) {
      const page = context.pages()[0];
      if (shots && page) await look(page, `failed-${i + 1}`).catch(() => {});
      await context.close().catch(() => {});
    }
  }
}
await browser.close();
server.kill("SIGTERM");
fs.rmSync(folder, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
