// What a coach and a client do besides, in a browser, against the real server: enrolling by a rule over the evidence, proofs
// with their file from both sides, webhooks with their key, the client's page reloaded without a network. Prints TAP.
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { comes, equal, holds, none, open, program, run, settled, solo, test, until, violations } from "./web.mjs";

const heard = [];
const listener = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => { heard.push({ headers: request.headers, body }); response.writeHead(200).end("ok"); });
});
await new Promise((go) => listener.listen(0, "127.0.0.1", go));
const server = await solo({ empty: true, args: ["--allow-webhooks", "--webhook-net", "127.0.0.0/8"] }), { wire } = server;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-coach-"));
const file = (name, bytes) => { const at = path.join(folder, name); fs.writeFileSync(at, bytes); return at; };
const day = (back) => new Date(Date.now() - back * 864e5).toISOString().slice(0, 10);
const rows = [["Ada", 9, "Iscrizione", "Nord"], ["Ada", 7, "Telefonata", ""], ["Bea", 8, "Iscrizione", "Nord"], ["Cleo", 8, "Iscrizione", "Sud"], ["Dora", 40, "Iscrizione", "Nord"], ["Dora", 30, "Telefonata", ""], ["Eva", 3, "Visita", "Sud"]];
execFileSync(program, ["import", "-w", server.file, "--quiet", file("eventi.csv", "Cliente;Data;Evento;Zona;Valore\n" + rows.map(([who, back, what, zone]) => `${who};${day(back)};${what};${zone};`).join("\n") + "\n")], { stdio: ["ignore", "ignore", "inherit"] });
const { id: map } = await wire("POST", "/maps", { document: { id: "", title: "Dalla confusione alla calma", kind: "success-path", start: "confusione", arrival: "calma", objective: { metrics: [{ id: "ore", name: "Ore tranquille", unit: "ore", baseline: 2, target: 20 }] }, phases: [
  { id: "capire", title: "Capire", milestone: "Ho capito", days: 60, proofs: [{ id: "foto", kind: "document", text: "La foto di partenza" }], steps: [{ id: "chiamo", title: "Chiamo" }] },
  { id: "fare", title: "Fare", milestone: "Ho fatto", days: 60, proofs: [{ id: "contratto", kind: "document", text: "Il patto firmato" }], steps: [{ id: "provo", title: "Provo" }] }] } });
const board = "/path/" + map;
/** A picture of so many pixels a side that nothing makes small: noise. */
const noise = (page, side) => page.evaluate((n) => new Promise((done) => {
  const c = Object.assign(document.createElement("canvas"), { width: n, height: n }), g = c.getContext("2d"), d = g.createImageData(n, n);
  for (let i = 0; i < d.data.length; i += 65536) crypto.getRandomValues(d.data.subarray(i, i + 65536));
  for (let i = 3; i < d.data.length; i += 4) d.data[i] = 255;
  g.putImageData(d, 0, 0);
  c.toBlob((b) => { const r = new FileReader(); r.onload = () => done(r.result.split(",")[1]); r.readAsDataURL(b); }, "image/png");
}), side).then((text) => Buffer.from(text, "base64"));
const dialog = (page) => page.locator("dialog[open]").last();
const clients = async () => (await wire("GET", `/maps/${map}/path`)).path.clients;
const enrolmentOf = async (name) => (await clients()).find((c) => c.customer === name)?.enrolment;
const quiet = (view, what) => none(view.faults, what);

test("by a rule over the evidence: a wrong word is told at once, nobody is nobody, and each begins at their own first event", async () => {
  const v = await open(server.base, board, { expected: [/400/] }), { page } = v;
  await settled(page);
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  const form = dialog(page), send = form.locator("button[type=submit]");
  await form.getByRole("tab", { name: "Dalle prove" }).click();
  await form.getByRole("combobox", { name: "Chi ha fatto" }).fill("Telefonat");
  await form.getByRole("alert").filter({ hasText: "Telefonat" }).waitFor();
  await until(() => send.isDisabled(), "what is wrong can be sent");
  await form.getByRole("combobox", { name: "Chi ha fatto" }).fill("Telefonata");
  await form.getByText("2 clienti corrispondono").waitFor();
  await form.getByLabel("Colonna").selectOption({ label: "Zona" });
  await form.getByRole("combobox", { name: "Valore" }).fill("Sud");
  await form.getByText("Nessun cliente corrisponde.").waitFor();
  await until(() => send.isDisabled(), "nobody can be enrolled");
  await form.getByRole("combobox", { name: "Valore" }).fill("Nord"); // the zone stands at another event than the call
  await form.getByText("2 clienti corrispondono").waitFor();
  await form.getByLabel("Cominciato non prima del").fill(day(20));
  await form.getByText("1 cliente corrisponde").waitFor();
  none(await violations(page), "axe-core in the form");
  await send.click();
  await until(async () => (await page.locator(".client-card").count()) === 1, "there is not one card");
  const ada = (await clients())[0];
  equal([ada.customer, ada.enrolled.slice(0, 10)], ["Ada", day(9)], "who, and since when");
  quiet(v, "the console");
});

test("a list with a day that does not exist says which line, and waits until it is put right", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  const form = dialog(page), send = form.locator("button[type=submit]");
  await form.getByRole("tab", { name: "Da un elenco" }).click();
  await form.getByRole("textbox", { name: /Un cliente per riga/ }).fill("Fede; 31/02/2025");
  await form.getByText("Riga 1: il giorno «31/02/2025» non esiste.").waitFor();
  await until(() => send.isDisabled(), "it can be sent all the same");
  await form.getByRole("textbox", { name: /Un cliente per riga/ }).fill("Fede; " + day(2));
  await send.click();
  await until(async () => (await page.locator(".client-card").count()) === 2, "there are not two cards");
  quiet(v, "the console");
});

test("a client enrolled by mistake is taken back at once, or taken off the path later", async () => {
  const v = await open(server.base, board, { expected: [/404/, /409/] }), { page } = v;
  await settled(page);
  for (const later of [false, true]) {
    await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
    await dialog(page).getByRole("combobox", { name: "Nome" }).fill("ada");
    await dialog(page).getByText("Sul percorso c’è già «Ada»").waitFor();
    await dialog(page).locator("button[type=submit]").click();
    await dialog(page).getByRole("alert").getByText("«Ada» è già in questo percorso").waitFor();
    await dialog(page).getByRole("checkbox", { name: "È un’altra persona: iscrivere anche «ada»" }).check();
    if (!later) none(await violations(page), "axe-core");
    await dialog(page).locator("button[type=submit]").click();
    await until(async () => (await page.locator(".client-card").count()) === 3, "not enrolled");
    if (!later) await page.locator(".toast").getByRole("button", { name: "Annulla" }).last().click();
    else {
      await page.locator('.client-card[data-customer="ada"] a').click();
      await page.getByRole("button", { name: "Altro su ada" }).click();
      await page.getByRole("menuitem", { name: /Iscrizione per sbaglio/ }).click();
      await dialog(page).getByRole("button", { name: "Togli dal percorso" }).click();
    }
    await until(async () => (await page.locator(".client-card").count()) === 2, "still on the path");
    const kept = (await wire("GET", "/customer/export?name=ada").catch(() => ({ paths: [] }))).paths;
    equal(kept.length, later ? 1 : 0, "what is remembered of being taken off"); // undone, it has never been
  }
  quiet(v, "the console");
});

test("what was typed in a form is not lost by Escape, and what is wrong in it gets the keys", async () => {
  const v = await open(server.base, "/paths"), { page } = v;
  await settled(page);
  await page.getByRole("button", { name: "Nuovo percorso" }).click();
  await dialog(page).getByRole("button", { name: "Crea il percorso" }).click();
  await until(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid") === "true"), "the wrong field does not have the keys");
  await dialog(page).getByLabel("Nome", { exact: true }).fill("Scritto a lungo");
  await page.keyboard.press("Escape");
  await dialog(page).getByText("Chiudere senza conservare?").waitFor();
  await dialog(page).getByRole("button", { name: "Annulla" }).click();
  await comes(() => dialog(page).getByLabel("Nome", { exact: true }).inputValue(), "Scritto a lungo", "what was typed");
  await page.keyboard.press("Escape");
  await dialog(page).getByRole("button", { name: "Butta via" }).click();
  await until(async () => !(await page.locator("dialog[open]").count()), "the dialog stays");
  quiet(v, "the console");
});

test("the coach adds a proof with its file: it opens the milestone, is given back, and can be taken back", async () => {
  const v = await open(server.base, "/client/" + (await enrolmentOf("Ada")), { expected: [/422/] }), { page } = v;
  await settled(page);
  const add = async (name, bytes) => {
    await page.getByRole("button", { name: "Annota", exact: true }).first().click();
    await page.getByRole("menuitem", { name: "Un riscontro, con il file" }).click();
    await dialog(page).locator("button[type=submit]").click();
    await dialog(page).getByText("Manca ancora il file.").waitFor();
    await dialog(page).locator("input[type=file]").setInputFiles(file(name, bytes));
    await dialog(page).locator("button[type=submit]").click();
  };
  await add("falso.png", "<script>alert(1)</script>");
  await page.locator(".toast.wrong, .toast").filter({ hasText: /PDF/ }).first().waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).getByRole("button", { name: "Butta via" }).click(); // a file was chosen: Escape asks
  await until(async () => !(await dialog(page).count()), "the form is still there");
  const picture = await noise(page, 20);
  await add("partenza.png", picture);
  await page.locator(".way-phase.passed", { hasText: "La foto di partenza" }).waitFor();
  const link = page.locator(".happened a", { hasText: "il file" }).first();
  const back = await page.evaluate(async (address) => [...new Uint8Array(await (await fetch(address)).arrayBuffer())], await link.getAttribute("href"));
  holds(Buffer.from(back).equals(picture), "another file comes back");
  await comes(() => page.locator(".happened li", { hasText: "La foto di partenza" }).count(), 1, "how often it stands in what happened");
  none(await violations(page), "axe-core");
  await page.locator(".toast").getByRole("button", { name: "Annulla" }).last().click();
  await until(async () => !(await page.locator(".way-phase.passed").count()), "undo does not take it back");
  quiet(v, "the console");
});

// ---- the client, on a phone ----

const made = async (name, lang = "it") => (await wire("POST", `/enrolments/${await enrolmentOf(name)}/links`, { days: 30, lang }));
const phone = (link, more = {}) => { const at = new URL(link); return open(server.base, at.pathname + at.hash, { width: 390, height: 800, phone: true, anonymous: true, ...more }); };
const shelf = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("viaggio.p.")));

test("the client sends a photo as large as phones make them: it is made smaller, arrives, and can be taken back", async () => {
  const { link } = await made("Ada"), v = await phone(link, { expected: [/422/] }), { page } = v;
  await page.getByText("Il mio prossimo passo").waitFor();
  const big = await noise(page, 1300);
  holds(big.length > 2 * 1024 * 1024, "the picture is small: " + big.length);
  const send = async (name, bytes) => { const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: /Manda una foto/ }).click()]); await chooser.setFiles(file(name, bytes)); };
  await send("falso.png", "nessuna foto");
  await page.getByText("Non è né una foto né un PDF").waitFor();
  await send("grosso.pdf", Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(3 << 20)]));
  await page.getByText("Il file supera i 2 MB").waitFor();
  await send("IMG_1.png", big);
  await page.getByText("Il file è arrivato. Grazie!").waitFor();
  const kept = (await wire("GET", "/enrolments/" + (await enrolmentOf("Ada")))).progress.find((p) => p.file);
  equal([kept.item, kept.by_client, kept.file.name], ["foto", true, "IMG_1.jpg"], "what arrived");
  await page.locator(".p-toast").getByRole("button", { name: "Annulla" }).click();
  await page.getByRole("button", { name: /Manda una foto/ }).waitFor();
  await until(async () => !(await wire("GET", "/enrolments/" + (await enrolmentOf("Ada")))).progress.some((p) => p.file), "it is not taken back");
  quiet(v, "the console");
});

const withoutNetwork = { workers: true, expected: [/ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch/] };
test("the client's page opens without a network as it was; what is written then arrives later", async () => {
  const { link } = await made("Ada"), v = await phone(link, withoutNetwork), { page, context } = v;
  await page.getByText("Il mio prossimo passo").waitFor();
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until(async () => (await shelf(page)).some((key) => key.endsWith(".kept")), "nothing is kept");
  await context.setOffline(true);
  for (let again = 0; again < 2; again++) {
    await page.reload();
    await page.getByText("Il mio prossimo passo").waitFor();
    await until(async () => (await page.locator(".p-name").textContent()) === "Ada", "another's page");
    await page.locator(".p-offline").waitFor();
  }
  await page.locator("#p-message").fill("Scritto in galleria");
  await page.locator(".p-card", { has: page.locator("#p-message") }).getByRole("button").click();
  await page.reload();
  await page.locator(".p-talk li.waiting", { hasText: "Scritto in galleria" }).waitFor();
  await context.setOffline(false);
  await page.locator(".p-talk li.mine:not(.waiting)", { hasText: "Scritto in galleria" }).waitFor();
  quiet(v, "the console");
});

test("the client sees where the objectives are going before anything was measured, and the first reading as soon as it is there", async () => {
  const { link } = await made("Ada"), v = await phone(link), { page } = v, goal = page.locator(".p-goals li", { hasText: "Ore tranquille" });
  await goal.waitFor();
  await comes(async () => ((await goal.locator(".p-goal").textContent()).replace(/\s+/g, " ")), "2ancora da misurare20", "the way of the objective");
  await wire("POST", `/enrolments/${await enrolmentOf("Ada")}/progress`, { kind: "reading", metric: "ore", value: 11 });
  await page.reload();
  await until(async () => (await goal.locator(".p-goal").textContent()).includes("11"), "the reading is not there");
  none(await violations(page), "axe-core");
  quiet(v, "the console");
});

test("what is kept for that is the page's own files, and a shelf that only who has the link can read", async () => {
  const { link } = await made("Ada"), v = await phone(link, withoutNetwork), { page, context } = v, secret = new URL(link).hash.slice(1);
  await page.getByText("Il mio prossimo passo").waitFor();
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until(async () => (await shelf(page)).some((key) => key.endsWith(".kept")), "nothing is kept");
  const cached = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)))).flat());
  holds(cached.some((url) => new URL(url).pathname === "/p") && cached.length < 20, "not the page's own files: " + cached);
  none(cached.filter((url) => /\/api\/|main-/.test(url) || url.includes(secret)), "what must not be kept");
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  for (const word of ["Ada", "Capire", "confusione", secret]) holds(!kept.includes(word), `«${word}» can be read on the phone`);
  await context.setOffline(true);
  const other = await context.newPage();
  await other.goto(server.base + "/p#" + "x".repeat(secret.length)).catch(() => {});
  await other.getByText("Nessuna connessione").or(other.getByText("Senza")).first().waitFor();
  holds(!(await other.content()).includes("Ada"), "another link shows it");
  quiet(v, "the console");
});

test("a link that is revoked while its page is open ends it there and then, and nothing stays on the phone", async () => {
  const { link, id } = await made("Ada"), v = await phone(link, { workers: true, expected: [/404/] }), { page } = v;
  await page.getByText("Il mio prossimo passo").waitFor();
  await until(async () => (await shelf(page)).some((key) => key.endsWith(".kept")), "nothing is kept");
  await page.locator("#p-message").fill("Una bozza");
  await wire("DELETE", `/enrolments/${await enrolmentOf("Ada")}/links/${id}`);
  await page.getByRole("button", { name: "Fatto!" }).click();
  await page.getByText("Questo link non vale più").waitFor();
  await comes(() => shelf(page), [], "what stays");
  quiet(v, "the console");
});

// ---- calls to other programs ----

let key = "";
test("the owner makes the key that signs calls: it is shown once, and a new one only after a question", async () => {
  const v = await open(server.base, "/settings/webhooks"), { page } = v;
  await settled(page);
  await page.getByText("permesse", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Crea la chiave" }).click();
  const first = await page.locator(".link-text code").textContent();
  none(await violations(page), "axe-core");
  await page.reload();
  await settled(page);
  holds(!(await page.content()).includes(first), "the key is shown again");
  await page.getByRole("button", { name: "Crea una chiave nuova" }).click();
  await dialog(page).getByRole("button", { name: "Crea una chiave nuova" }).click();
  key = await page.locator(".link-text code").textContent();
  holds(key !== first && key.length > 20, "it is the old one");
  quiet(v, "the console");
});

test("a webhook playbook made in the map is off until it is switched on; then the call comes, signed with the key", async () => {
  const v = await open(server.base, `/map/${map}?side=path`), { page } = v;
  await settled(page);
  const panel = page.locator(".ed-side"), part = panel.locator("section", { hasText: "Che cosa succede allora da solo" });
  await part.getByRole("button", { name: "Aggiungi" }).click();
  await until(() => page.evaluate(() => document.activeElement?.closest("[data-item]")), "the new playbook does not have the keys");
  await part.getByLabel("Quando un cliente è").selectOption("silent");
  await part.getByLabel("Poi").selectOption("email");
  await until(async () => (await part.getByLabel("Testo").inputValue()).startsWith("Buongiorno {cliente}"), "an e-mail to the client speaks to somebody else");
  await part.getByLabel("Poi").selectOption("webhook");
  await until(async () => !(await part.getByRole("switch").isChecked()), "a call is on by itself");
  await part.getByRole("switch").check();
  await part.getByText("Senza indirizzo non si chiama nulla").waitFor();
  await part.getByLabel("Indirizzo (https)").fill(`http://127.0.0.1:${listener.address().port}/hook`);
  await panel.getByLabel("In silenzio dopo").fill("5");
  await until(async () => (await page.locator(".ed-saved").getAttribute("data-state")) === "saved", "it is not saved");
  none(await violations(page), "axe-core in the panel");
  await wire("POST", `/maps/${map}/enrolments`, { customer: "Bea", at: day(8) });
  const { createHmac } = await import("node:crypto");
  await until(() => heard.length, "no call comes");
  const [, at, signature] = /t=(\d+),v1=([0-9a-f]{64})/.exec(heard[0].headers["x-viaggio-signature"]);
  equal(signature, createHmac("sha256", key).update(`${at}.${heard[0].body}`).digest("hex"), "the signature");
  equal(JSON.parse(heard[0].body).kind, "silent", "what it tells");
  await page.goto(server.base + "/settings/webhooks");
  await settled(page);
  await page.getByText("consegnata").first().waitFor();
  quiet(v, "the console");
});

// ---- a map of some of the customers ----

test("a map whose persona says which customers it is about shows those, as a chip that can be taken away", async () => {
  const { id } = await wire("POST", "/maps", { document: { id: "", title: "Chi viene dal Nord", personas: [{ id: "nordica", name: "Norda Neri", filter: "customers-where=Zona!=Sud&customers-where=Colore!=verde" }], phases: [{ id: "f", title: "Fase", steps: [{ id: "i", title: "Iscrizione" }] }] } });
  const v = await open(server.base, "/reality?map=" + id), { page } = v;
  await page.locator(".chosen .chip", { hasText: "Norda Neri" }).waitFor();
  await settled(page);
  const people = () => page.locator(".page-sub, header p").filter({ hasText: /client/ }).first().textContent();
  const n = async (query) => (await wire("GET", "/evidence?" + query)).customers;
  const [some, all] = [await n("persona=nordica"), await n("")];
  await until(async () => some < all && some === (await n(encodeURI("customers-where=Zona!=Sud"))), () => `${some} of ${all}`);
  await until(async () => (await people()).startsWith(`${some} clienti`), async () => "others are counted: " + (await people()));
  const shared = await open(server.base, "/reality?map=" + id + "&people=about%3Dall");
  await shared.page.locator("dialog .behind-one").first().waitFor(); // a list in the address is not lost by it
  await shared.close();
  await page.locator(".chosen .chip", { hasText: "Norda Neri" }).getByRole("button").click();
  await until(async () => (await people()).startsWith(`${all} clienti`), "the others do not come");
  await page.reload();
  await settled(page);
  await until(async () => (await people()).startsWith(`${all} clienti`), "the chip comes back by itself");
  await page.getByRole("link", { name: "Strade percorse" }).click();
  await settled(page);
  await until(async () => !(await page.locator(".chosen .chip").count()), "another view has forgotten it");
  quiet(v, "the console");
});

test("results are of the protagonist’s customers, too, and what if; the home page says so", async () => {
  const { id } = await wire("POST", "/maps", { document: { id: "", title: "Risultati del Nord", personas: [{ id: "nordica", name: "Norda Neri", filter: "customers-where=Zona!=Sud" }], phases: [{ id: "f", title: "Fase", steps: [{ id: "i", title: "Iscrizione", match: [{ activity: "Iscrizione" }] }] }], kpis: [{ id: "k", name: "Quanti", kind: "rate", from: "i" }] } });
  const v = await open(server.base, "/results?map=" + id), { page } = v, asked = [];
  page.on("request", (r) => { if (/\/api\/.*\/(kpis|effects|whatif)/.test(r.url())) asked.push(r.url()); });
  await page.reload();
  const chip = page.locator(".chosen .chip", { hasText: "solo i clienti di Norda Neri" });
  await chip.waitFor();
  await settled(page);
  holds(asked.length && asked.every((u) => u.includes("persona=nordica")), "others are asked about: " + asked);
  none(await violations(page), "axe-core");
  await page.getByRole("link", { name: "E se" }).click();
  await chip.waitFor();
  await settled(page);
  holds(asked.some((u) => u.includes("/whatif")) && asked.every((u) => u.includes("persona=nordica")), "what if asks about others: " + asked);
  asked.length = 0;
  await chip.getByRole("button").click();
  await until(() => asked.some((u) => u.includes("/whatif") && !u.includes("persona")), "the others do not come");
  await page.getByRole("button", { name: "solo i clienti di Norda Neri" }).click();
  await chip.waitFor();
  await page.goto(server.base + "/");
  const tile = page.locator(".tile", { hasText: "Risultati del Nord" });
  await tile.getByText("solo i clienti di Norda Neri").waitFor();
  await tile.getByRole("button").first().click(); // and what is given away is of them, too
  await page.getByRole("menuitem", { name: /Condividi/ }).click();
  await dialog(page).getByText("solo i clienti di Norda Neri").waitFor();
  const poster = await dialog(page).getByRole("link", { name: /SVG/ }).getAttribute("href");
  holds(poster.includes("persona=nordica"), "the poster is of others: " + poster);
  await dialog(page).getByRole("tab", { name: "Con un collegamento" }).click();
  const [share] = await Promise.all([page.waitForRequest((r) => r.method() === "POST" && r.url().endsWith("/shares")), dialog(page).getByRole("button", { name: "Crea il collegamento" }).click()]);
  equal(share.postDataJSON().filter, "persona=nordica", "whom the link shows");
  quiet(v, "the console");
});

test("clients are looked for among the protagonist’s customers, and checks are of those, under a chip", async () => {
  const { id } = await wire("POST", "/maps", { document: { id: "", title: "Percorso del Nord", kind: "success-path", personas: [{ id: "nordica", name: "Norda Neri", filter: "customers-where=Zona!=Sud" }], phases: [{ id: "f", title: "Fase", steps: [{ id: "i", title: "Iscrizione", match: [{ activity: "Iscrizione" }] }] }] } });
  const n = async (query) => (await wire("GET", `/maps/${id}/path?${query}`)).path.total;
  const [some, all] = [await n("found=1"), await n("everybody=1")];
  holds(some > 0 && some < all, `${some} of ${all}`);
  const v = await open(server.base, "/path/" + id), { page } = v;
  const chip = page.locator(".chosen .chip", { hasText: "dalle prove: solo i clienti di Norda Neri" });
  await chip.waitFor();
  const shown = () => page.locator(".client-card").count();
  await until(async () => (await shown()) === some, "others are found");
  none(await violations(page), "axe-core");
  await chip.getByRole("button").click();
  await until(async () => (await shown()) === all, "the others do not come");
  await page.getByRole("link", { name: "Andamento" }).click(); // another view knows it still
  await page.getByRole("button", { name: "dalle prove: solo i clienti di Norda Neri" }).click();
  await chip.waitFor();
  const asked = [];
  page.on("request", (r) => { if (/\/api\/.*\/checks/.test(r.url())) asked.push(r.url()); });
  await page.goto(server.base + "/checks?map=" + id);
  const of = page.locator(".chosen .chip", { hasText: "solo i clienti di Norda Neri" });
  await of.waitFor();
  await until(() => asked.length > 0, "nothing is asked");
  holds(asked.every((u) => u.includes("persona=nordica")), "others are asked about: " + asked);
  none(await violations(page), "axe-core");
  await of.getByRole("button").click();
  await until(() => asked.some((u) => !u.includes("persona")), "the others do not come");
  quiet(v, "the console");
});

test("who is enrolled is known by their other names: no second enrolment by an alias", async () => {
  await wire("POST", "/aliases", { main: "Nives Alba", other: "nives@example.com" });
  const { id } = await wire("POST", "/maps", { document: { id: "", title: "Con altri nomi", kind: "success-path", phases: [{ id: "f", title: "Fase", steps: [{ id: "i", title: "Mai visto" }] }] } });
  await wire("POST", `/maps/${id}/enrolments`, { customer: "Nives Alba" });
  const v = await open(server.base, "/path/" + id, { expected: [/409/] }), { page } = v;
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  const form = dialog(page), send = form.locator("button[type=submit]"), name = form.getByRole("combobox", { name: "Nome" });
  await name.fill("nives@example.com");
  await send.click();
  await form.getByText("«nives@example.com» è già in questo percorso, con un altro nome: «Nives Alba»").waitFor();
  await until(async () => !(await form.getByRole("checkbox").count()), "the same person could be enrolled as another");
  await name.fill("NIVES@example.com");
  await until(() => send.isEnabled(), "it cannot be sent again");
  await send.click();
  await form.getByText("«NIVES@example.com» potrebbe essere la stessa persona").waitFor();
  await form.getByRole("checkbox", { name: "È un’altra persona: iscrivere anche «NIVES@example.com»" }).check();
  await until(() => send.isEnabled(), "another person cannot be sent");
  await send.click();
  await until(async () => (await wire("GET", `/maps/${id}/path`)).path.total === 2, "another person is not enrolled");
  quiet(v, "the console");
});

// ---- a file whose cells were merged ----

test("a file with merged cells: the page says so, one press takes them from above, and every row has its customer", async () => {
  const v = await open(server.base, "/evidence"), { page } = v;
  await settled(page);
  const text = "Cliente;Data;Evento\n" + ["Zoe", "Yara", "Xenia"].map((who) => `${who};01/03/2025;Ordine\n;02/03/2025;Consegna\n;05/03/2025;Fattura\n`).join("");
  await page.locator("input[type=file]").first().setInputFiles(file("unite.csv", text));
  const card = page.locator(".import", { hasText: "unite.csv" });
  await card.getByRole("button", { name: "Prendi «Cliente» dalla riga sopra" }).click();
  await until(async () => (await card.locator("tbody td.used", { hasText: "Zoe" }).count()) === 3, "the rows below have no customer");
  await until(async () => !(await card.textContent()).includes("--fill-down"), "the page speaks like the shell");
  none(await violations(page), "axe-core");
  await card.getByRole("button", { name: "Importa", exact: true }).click();
  await card.locator(".import-said").waitFor();
  await until(async () => (await card.locator(".import-said").textContent()).includes("9 segnali nuovi di 3 clienti"), () => card.locator(".import-said").textContent());
  quiet(v, "the console");
});

await run(server);
listener.close();
fs.rmSync(folder, { recursive: true, force: true });
