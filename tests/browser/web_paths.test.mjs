// Success paths in a browser, against the real server: as a coach would (a path of three phases is made, five clients
// are enrolled, one is led to the end, one stays stuck), and as that client would, on a phone. Prints TAP.
import { holds, none, open, overflow, real, run, settled, test, until, violations } from "./web.mjs";

/** A page that does not wait for long. */
const server = await real({ empty: true });
const day = (back) => new Date(Date.now() - back * 864e5).toISOString().slice(0, 10);
const quiet = (view, what) => none(view.faults, what);
let board = ""; // the address of the path, once it is made
const dialog = (page) => page.locator("dialog[open]").last();

test("without a path the page says what one is, and a path of three phases is made in one form", async () => {
  const v = await open(server.base, "/paths"), { page } = v;
  await settled(page);
  await until(() => page.getByText("Ancora nessun percorso").isVisible(), "nothing says that there is no path");
  await page.getByRole("button", { name: "Nuovo percorso" }).click();
  const form = dialog(page);
  await form.getByLabel("Nome", { exact: true }).fill("Dal caos all’abitudine");
  await form.getByLabel("Dov’è oggi il cliente").fill("Frustrata");
  await form.getByLabel("Dove vuole arrivare").fill("Un’abitudine");
  for (const [i, [name, stone, step]] of [["Decido", "Ho scritto il mio traguardo", "Chiedo aiuto"], ["Comincio", "Tre punti in ordine", "Svuoto il primo cassetto"], ["Tengo", "Un mese senza ricadere", "La sera, un quarto d’ora"]].entries()) {
    const phase = form.locator(".new-phases > li").nth(i);
    await phase.getByLabel(`Nome della fase ${i + 1}`).fill(name);
    await phase.getByLabel("Giorni").fill("5");
    await phase.getByLabel(/^Milestone/).fill(stone);
    await phase.getByLabel(/una tappa per riga/).fill(step);
  }
  none(await violations(page), "axe-core in the form");
  await form.getByRole("button", { name: "Crea il percorso" }).click();
  await until(() => new URL(page.url()).pathname.startsWith("/path/"), "the board does not open");
  board = new URL(page.url()).pathname;
  await page.getByText("Su questo percorso non c’è ancora nessuno").waitFor();
  quiet(v, "the console");
});

test("five clients are enrolled: two by hand, three from a list with their days", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  let form = dialog(page);
  await form.getByRole("combobox", { name: "Nome" }).fill("Anna Riva");
  await form.getByRole("button", { name: "Iscrivi, e un altro" }).click();
  await until(async () => (await form.getByRole("combobox", { name: "Nome" }).inputValue()) === "", "the field is not free for the next one");
  await form.getByRole("combobox", { name: "Nome" }).fill("Paolo Conti");
  await form.getByRole("button", { name: "Iscrivi", exact: true }).click();
  await until(async () => !(await page.locator("dialog[open]").count()), "the dialog stays");
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  form = dialog(page);
  await form.getByRole("tab", { name: "Da un elenco" }).click();
  const [y, m, d] = day(12).split("-");
  await form.getByRole("textbox", { name: /Un cliente per riga/ }).fill(`Nora Villa; ${d}/${m}/${y}\nLuca Sala\t${day(1)}\nSara Galli`);
  await form.getByText("3 clienti riconosciuti").waitFor();
  await form.getByRole("button", { name: "Iscrivi 3 clienti" }).click();
  await until(async () => (await page.locator(".client-card").count()) === 5, "there are not five cards");
  quiet(v, "the console");
});

test("who has been in a phase for too long is stuck, first in the column, with the reason in words", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  const card = page.locator(".path-column").first().locator(".client-card").first();
  await until(async () => (await card.getAttribute("data-customer")) === "Nora Villa", "the first card is not hers");
  await until(async () => (await card.textContent()).includes("in stallo") && /\d+ giorni/.test(await card.locator(".client-reason").textContent()), "the card does not say why");
  await page.getByRole("button", { name: /^in stallo/ }).click();
  await until(async () => (await page.locator(".client-card").count()) === 1, "the filter does not leave her alone");
  holds(new URL(page.url()).searchParams.get("state") === "stuck", "the filter is not in the address");
  quiet(v, "the console");
});

test("one client is led to the end: steps done, milestones passed by hand with a reason", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.locator('.client-card[data-customer="Anna Riva"] a').click();
  await page.locator("h1", { hasText: "Anna Riva" }).waitFor();
  for (const [i, step] of ["Chiedo aiuto", "Svuoto il primo cassetto", "La sera, un quarto d’ora"].entries()) {
    const phase = page.locator(".way-phase").nth(i);
    await phase.getByRole("button", { name: new RegExp("^Fatto ?: " + step) }).click();
    await until(() => phase.locator("li.done").count(), `«${step}» is not done`);
    await phase.getByRole("button", { name: /Superata, a mano/ }).click();
    const form = dialog(page);
    await form.locator("button[type=submit]").click();
    await until(() => form.getByRole("alert").count(), "a milestone by hand is kept without a reason");
    await form.getByLabel("Perché vale come superata").fill("Visto insieme a casa sua");
    await form.locator("button[type=submit]").click();
    await until(async () => (await page.locator(".way-phase.passed").count()) === i + 1, `milestone ${i + 1} is not passed`);
  }
  await until(async () => (await page.locator(".client-state .chip").textContent()) === "alla meta", "she has not arrived");
  await until(async () => (await page.locator(".three").textContent()).includes("3 di 3"), "the milestones are not counted");
  await until(async () => await page.getByText("«Visto insieme a casa sua»").count() >= 3, "the reasons are not shown");
  await page.goto(server.base + board);
  await settled(page);
  await until(() => page.locator('.path-column.arrived [data-customer="Anna Riva"]').count(), "the board does not show her as arrived");
  quiet(v, "the console");
});

test("an alert comes for who is stuck, is put off, and comes back by undo", async () => {
  const v = await open(server.base, board), { page } = v;
  await until(async () => { await page.reload(); await settled(page); return page.locator(".alerts").count(); }, "no alert");
  await until(async () => (await page.locator(".alerts").textContent()).includes("Nora Villa"), "the alert is not hers");
  await page.locator(".alerts li", { hasText: "Nora Villa" }).getByRole("button", { name: /Più tardi/ }).click();
  await page.getByRole("menuitem", { name: "fra 7 giorni" }).click();
  await until(async () => !(await page.locator(".alerts li", { hasText: "Nora Villa" }).count()), "the alert stays");
  await page.getByRole("button", { name: "Annulla" }).first().click();
  await until(() => page.locator(".alerts li", { hasText: "Nora Villa" }).count(), "undo does not bring it back");
  quiet(v, "the console");
});

test("a client who is stuck and low has two alerts, and is one who needs somebody", async () => {
  const v = await open(server.base, "/people"), { page } = v;
  await page.route("**/api/v1/alerts", async (route) => {
    const answer = await route.fetch(), list = await answer.json(), first = list.items[0];
    await route.fulfill({ response: answer, json: { ...list, items: [first, { ...first, id: first.id + 1000, kind: "low" }] } });
  });
  await page.goto(server.base + "/paths");
  await settled(page);
  await page.getByText("oggi 1 ha bisogno di qualcuno").waitFor();
  await page.locator(".path-card").getByText("1 avviso").waitFor();
});

test("what is written down can be taken back; a note is marked as ours", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.locator('.client-card[data-customer="Paolo Conti"] a').click();
  await page.locator("h1", { hasText: "Paolo Conti" }).waitFor();
  await page.getByRole("button", { name: "Annota", exact: true }).first().click();
  await page.getByRole("menuitem", { name: /Una nota per noi/ }).click();
  await dialog(page).getByRole("textbox").first().fill("CANARINO: ha perso il lavoro");
  await dialog(page).locator("button[type=submit]").click();
  await page.locator(".happened", { hasText: "CANARINO" }).waitFor();
  await page.getByRole("button", { name: "Annota", exact: true }).first().click();
  await page.getByRole("menuitem", { name: "Come sta il cliente" }).click();
  await dialog(page).locator(".faces-row label", { hasText: "molto bene" }).click();
  await dialog(page).locator("button[type=submit]").click();
  await until(() => page.locator(".feelings .face").count(), "the face is not in the curve");
  const rows = await page.locator(".happened li").count();
  await page.locator(".happened li.h-feeling").getByRole("button").click();
  await until(async () => (await page.locator(".happened li").count()) < rows, "the feeling is not taken back");
  none(await violations(page), "axe-core on the client's page");
  quiet(v, "the console");
});

// ---- the client, on a phone ----

let link = "";
test("a private link is made, shown once, in the client's language", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.locator('.client-card[data-customer="Paolo Conti"] a').click();
  await page.locator("h1", { hasText: "Paolo Conti" }).waitFor();
  await page.getByRole("button", { name: "La pagina del cliente" }).click();
  await dialog(page).locator(".button.primary").click();
  link = await dialog(page).locator(".link-text code").textContent();
  holds(/\/p#./.test(link), "this is no link to a client's page: " + link);
  none(await violations(page), "axe-core in the dialog");
  quiet(v, "the console");
});

async function phone(width = 360) {
  const address = new URL(link);
  return open(server.base, address.pathname + address.hash, { width, height: 740, phone: true, anonymous: true, expected: [/404/] });
}
test("on the phone: my path, my next step, large targets, nothing that is internal, nothing outside", async () => {
  const v = await phone(), { page } = v;
  await page.getByText("Il mio prossimo passo").waitFor();
  holds(!(await page.locator("nav").count()), "there is navigation");
  const text = await page.content();
  for (const word of ["CANARINO", "giulia@", "stuck", "stallo", "Nora", "behind_days"]) holds(!text.includes(word), `«${word}» has left the house`);
  const small = await page.$$eval("button, summary, .p-faces label", (all) => all.filter((b) => b.offsetParent && b.getBoundingClientRect().height < 43.5).map((b) => b.textContent));
  none(small, "targets that are too small for a thumb");
  none(await violations(page), "axe-core");
  await until(async () => (await overflow(page)) <= 0, "it is wider than the phone");
  for (const scheme of ["light", "dark"]) {
    const address = new URL(link), w = await open(server.base, address.pathname + address.hash, { width: 320, height: 640, phone: true, anonymous: true, scheme });
    await w.page.getByText("Il mio prossimo passo").waitFor();
    await until(async () => (await overflow(w.page)) <= 0, "it is wider than 320 px");
    if (scheme === "dark") none(await violations(w.page), "axe-core in the dark");
    quiet(w, "the console");
  }
});

test("on the phone: done, taken back within seconds, done again; a face in ten seconds; both reach the coach", async () => {
  const v = await phone(), { page } = v;
  const next = page.locator(".p-next h2");
  await next.waitFor();
  await until(async () => (await next.textContent()) === "Chiedo aiuto", async () => "the next step is another: " + (await next.textContent()));
  await page.getByRole("button", { name: "Fatto!" }).click();
  await page.locator(".p-toast").getByRole("button", { name: "Annulla" }).click();
  await until(async () => (await next.textContent()) === "Chiedo aiuto", "it was not taken back");
  await page.getByRole("button", { name: "Fatto!" }).click();
  await page.locator(".p-faces label", { hasText: "molto bene" }).click();
  await page.getByLabel("Una parola, se vuoi").fill("Ce la faccio");
  await page.locator(".p-words").getByRole("button").click();
  await until(async () => (await page.evaluate(() => Object.keys(localStorage).filter((k) => /^viaggio\.p\.\w+$/.test(k)).length)) === 0, "what was written is still on the phone");
  const c = await open(server.base, board);
  await settled(c.page);
  await c.page.locator('.client-card[data-customer="Paolo Conti"] a').click();
  await c.page.locator(".happened-text", { hasText: "Ce la faccio" }).waitFor();
  await until(() => c.page.locator(".way-phase").first().locator("li.done", { hasText: "Chiedo aiuto" }).count(), "the coach does not see that the step is done");
  quiet(c, "the console");
});

test("on the phone without a connection: the message is kept, also when the page is closed, and sent later", async () => {
  const v = await phone(), { page, context } = v;
  await page.locator("#p-message").waitFor();
  await context.setOffline(true);
  await page.locator("#p-message").fill("Domani sono in viaggio");
  await page.locator(".p-card", { has: page.locator("#p-message") }).getByRole("button").click();
  await page.locator(".p-offline").waitFor();
  await until(() => page.evaluate(() => JSON.stringify({ ...localStorage }).includes("Domani sono in viaggio")), "it is not kept on the phone");
  holds(!(await page.evaluate((secret) => JSON.stringify({ ...localStorage }).includes(secret), new URL(link).hash.slice(1))), "the secret of the link is stored");
  await context.setOffline(false);
  await until(async () => (await page.locator(".p-talk li.mine:not(.waiting)").count()) === 1, "it is not sent when the connection is back");
});

test("a message of the coach reaches the phone; a revoked link opens nothing", async () => {
  const c = await open(server.base, board);
  await settled(c.page);
  await c.page.locator('.client-card[data-customer="Paolo Conti"] a').click();
  await c.page.locator("h1", { hasText: "Paolo Conti" }).waitFor();
  await c.page.getByRole("button", { name: "Annota", exact: true }).first().click();
  await c.page.getByRole("menuitem", { name: /Un messaggio al cliente/ }).click();
  await dialog(c.page).getByRole("textbox").first().fill("Bravo, avanti così");
  await dialog(c.page).locator("button[type=submit]").click();
  await until(async () => !(await c.page.locator("dialog[open]").count()), "the dialog stays");
  const v = await phone();
  await v.page.getByText("Bravo, avanti così").waitFor();
  await c.page.getByRole("button", { name: "La pagina del cliente" }).click();
  await dialog(c.page).getByRole("button", { name: "Revoca" }).first().click();
  await until(async () => !(await dialog(c.page).getByRole("button", { name: "Revoca" }).count()), "it is not revoked");
  await v.page.reload();
  await v.page.getByText("Questo link non vale più").waitFor();
});

// ---- everywhere ----

test("a rule over the evidence goes on enrolling, stands in the form, and can be ended", async () => {
  const v = await open(server.base, board), { page } = v;
  await settled(page);
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  const form = dialog(page);
  await form.getByRole("tab", { name: "Dalle prove" }).click();
  await form.getByRole("combobox", { name: "Chi ha fatto" }).fill("Chiedo aiuto");
  await form.getByRole("status").first().waitFor();
  await until(() => form.getByLabel(/^Continua/).isChecked(), "a rule goes on unless it is said otherwise");
  await form.getByRole("button", { name: "Iscrivi", exact: true }).click();
  await form.waitFor({ state: "detached" }).catch(() => undefined);
  await page.getByRole("button", { name: "Iscrivi clienti" }).first().click();
  await dialog(page).getByRole("tab", { name: "Dalle prove" }).click();
  const rule = dialog(page).getByText("chi ha fatto «Chiedo aiuto»").first();
  await rule.waitFor();
  none(await violations(page), "axe-core in the form");
  await dialog(page).getByRole("button", { name: /^Chiudi la regola/ }).click();
  await rule.waitFor({ state: "detached" });
  quiet(v, "the console");
});

test("the board, the cohorts, the list and a client at 360 px, in the dark and in English, quiet and accessible", async () => {
  for (const [path, lang] of [["/paths", "en"], [board, "it"], [board + "?view=cohorts", "en"], [board + "?view=todo", "it"]]) {
    const v = await open(server.base, path, { width: 360, height: 740, scheme: lang === "en" ? "dark" : "light", lang });
    await settled(v.page);
    await until(async () => (await overflow(v.page)) <= 0, () => `${path} is wider than the phone`);
    none(await violations(v.page), `axe-core on ${path} in ${lang}`);
    quiet(v, path);
    }
});

test("the path is edited in the map: days, a proof, a threshold, a playbook; undo takes it back", async () => {
  const id = board.split("/").pop();
  const v = await open(server.base, `/map/${id}?side=path`), { page } = v;
  await settled(page);
  const panel = page.locator(".ed-side");
  await panel.getByRole("heading", { name: "Percorso" }).waitFor();
  await panel.getByRole("button", { name: /Aggiungi un riscontro ?: Decido/ }).click();
  await panel.getByLabel("Che cosa lo mostra").fill("Foto dei tre punti");
  await panel.getByLabel("Come si sa").first().selectOption("document");
  await panel.locator("section", { hasText: "Che cosa succede allora da solo" }).getByRole("button", { name: "Aggiungi" }).click();
  await panel.getByLabel("Oggetto").or(panel.getByLabel("Titolo", { exact: true })).first().waitFor();
  await panel.getByLabel("In silenzio dopo").fill("21");
  await until(async () => (await page.locator(".ed-saved").getAttribute("data-state")) === "saved", "it is not saved");
  none(await violations(page), "axe-core in the panel");
  const kept = await page.evaluate(async (map) => (await (await fetch("/api/v1/maps/" + map)).json()).map, id);
  holds(kept.phases[0].proofs[0].kind === "document" && kept.path.silent_days === 21 && kept.playbooks[0].when === "stuck", "the map does not hold it: " + JSON.stringify([kept.phases[0].proofs, kept.path, kept.playbooks]));
  quiet(v, "the console");
});

await run(server);
