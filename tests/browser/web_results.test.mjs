// Results in a browser, against the real server and the example's evidence: KPIs with their charts, before and after an
// action, what if, the matrix; overdue actions and pains without one come forward. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { alike, comes, example, holds, none, open, overflow, real, run, settled, test, until, violations } from "./web.mjs";

const server = await real();
const truth = JSON.parse(fs.readFileSync(path.join(example, "truth.json"), "utf8"));
const dialog = (page) => page.locator("dialog[open]").last();
const quiet = (view, what) => none(view.faults, what);
const api = (page, address) => page.evaluate(async (a) => (await fetch("/api/v1" + a)).json(), address);

test("the map's KPIs stand with value, interval and n; the chart is read off by keyboard and has a table", async () => {
  const v = await open(server.base, "/results?map=macchinari"), { page } = v;
  const card = page.locator(".kpi").first();
  await card.getByRole("slider").waitFor();
  const known = (await api(page, "/maps/macchinari/kpis")).items;
  await until(async () => (await page.locator(".kpi").count()) === known.length, "not every KPI has its card");
  await until(async () => /\d+%.*\(\d+.*%\).*osservati/s.test(await card.locator(".kpi-now").textContent()), async () => "the value lacks its interval or n: " + (await card.locator(".kpi-now").textContent()));
  const slider = card.getByRole("slider");
  await slider.focus();
  const before = await slider.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowLeft");
  await until(async () => (await slider.getAttribute("aria-valuetext")) !== before, "the arrow does not move along the periods");
  await card.getByText("Gli stessi numeri in tabella").click();
  await until(async () => (await card.locator(".twin tbody tr").count()) === known[0].points.length, "the table has other periods than the answer");
  none(await violations(page), "axe-core");
  quiet(v, "the console");
});

test("a KPI written by hand is made with its readings, changed, deleted, and brought back", async () => {
  const v = await open(server.base, "/results?map=macchinari"), { page } = v;
  await page.locator(".kpi").first().waitFor();
  const cards = await page.locator(".kpi").count();
  await page.getByRole("button", { name: "Nuovo indicatore" }).click();
  let form = dialog(page);
  await form.locator("button[type=submit]").click();
  await until(() => form.getByRole("alert").count(), "a KPI without a name is kept");
  await form.getByLabel("Nome", { exact: true }).fill("Reclami al mese");
  await form.getByLabel("Che cosa si misura").selectOption("typed");
  await form.getByLabel("È meglio").or(form.getByLabel("Meglio se")).or(form.getByLabel(/Meglio/)).first().selectOption("down");
  await form.getByLabel(/^Traguardo|^Obiettivo/).first().fill("3,5");
  for (const [i, [on, value]] of [["2025-09-05", "6"], ["2025-10-06", "4,5"]].entries()) {
    await form.getByRole("button", { name: "Aggiungi una lettura" }).click();
    await form.getByLabel(`Giorno della lettura ${i + 1}`).fill(on);
    await form.getByLabel(`Valore della lettura ${i + 1}`).fill(value);
  }
  none(await violations(page), "axe-core in the form");
  await form.locator("button[type=submit]").click();
  const mine = page.locator(".kpi", { hasText: "Reclami al mese" });
  await mine.waitFor();
  await until(async () => (await mine.textContent()).includes("4,5"), "the last reading is not shown");
  const kept = async () => (await api(page, "/maps/macchinari")).map.kpis.find((k) => k.name === "Reclami al mese");
  await comes(async () => { const { target, readings, direction } = await kept(); return [target, readings.length, direction]; }, [3.5, 2, "down"], "what the map holds");
  await mine.getByRole("button", { name: "Aggiungi una lettura" }).click();
  await dialog(page).getByLabel("Valore").fill("3");
  await dialog(page).locator("button[type=submit]").click();
  await until(async () => (await mine.locator(".kpi-now").textContent()).includes("3"), "the new reading is not shown");
  await mine.getByRole("button", { name: /Altro su/ }).click();
  await page.getByRole("menuitem", { name: "Elimina" }).click();
  await until(async () => (await page.locator(".kpi").count()) === cards, "it is not deleted");
  await page.locator(".toast").getByRole("button", { name: "Annulla" }).last().click();
  await mine.waitFor();
  quiet(v, "the console");
});

test("an action is tied to a KPI and a day: its before and after says what the evidence proves, and it is verified", async () => {
  const since = truth.effects?.[0]?.since ?? truth.effects?.[0]?.from ?? "2025-01-13";
  const v = await open(server.base, "/actions?open=macchinari/richiamata"), { page } = v;
  const form = dialog(page);
  await form.locator("summary", { hasText: "Come si saprà che è servita" }).waitFor();
  if (!(await form.locator("details.measuring[open]").count())) await form.locator("summary", { hasText: "Come si saprà" }).click();
  await form.getByLabel("L’indicatore che deve muovere").selectOption({ label: "Preventivi vinti" });
  await form.getByLabel("Il cambiamento vale dal").fill(String(since).slice(0, 10));
  await form.getByLabel("Cambiamento atteso (punti)").fill("10");
  await form.locator("fieldset.choice", { hasText: "Impegno" }).locator("label").nth(2).click();
  await form.locator("fieldset.choice", { hasText: "Valore per il cliente" }).locator("label").nth(5).click();
  none(await violations(page), "axe-core in the action's form");
  await form.locator("button[type=submit]").click();
  await until(async () => !(await page.locator("dialog[open]").count()), "the form stays");
  const action = await until(async () => (await api(page, "/maps/macchinari")).map.actions.find((a) => a.id === "richiamata" && a.kpi && a.effort), "the map does not hold it");
  holds(action.kpi && action.effort === 2 && action.value === 5 && action.expected_change === 10, "the map holds something else: " + JSON.stringify(action));
  await page.goto(server.base + "/results?map=macchinari");
  const card = page.locator(".effect", { hasText: action.title });
  await card.locator(".ba").waitFor();
  const own = (await api(page, "/maps/macchinari")).map.personas[0].id; // the page is about the protagonist's customers
  const effect = (await api(page, "/maps/macchinari/effects?lang=it&persona=" + own)).items.find((e) => e.action.id === "richiamata").effect;
  await until(async () => (await card.locator(".effect-said").textContent()).includes(effect.sentence.split(". ")[1].slice(0, 12)), "the sentence is not the server's");
  await until(async () => (await card.locator(".ba-doubt").count()) === 3, "two estimates and their difference have no intervals");
  await until(async () => (await page.locator(".results-lead").textContent()).length > 10, "the page does not begin with the answer");
  if (await card.getByRole("button", { name: /segna come verificata/ }).count()) {
    await card.getByRole("button", { name: /segna come verificata/ }).click();
    await card.getByText("verificata", { exact: true }).waitFor();
    await page.locator(".toast").getByRole("button", { name: "Annulla" }).last().click();
    await card.getByRole("button", { name: /segna come verificata/ }).waitFor();
  }
  quiet(v, "the console");
});

test("a comparison group is picked by a column and a value: before and after says what happened there, too", async () => {
  const v = await open(server.base, "/actions?open=macchinari/richiamata"), { page } = v;
  const form = dialog(page);
  await form.locator("summary", { hasText: "Come si saprà che è servita" }).waitFor();
  if (!(await form.locator("details.measuring[open]").count())) await form.locator("summary", { hasText: "Come si saprà" }).click();
  await form.getByLabel("L’indicatore che deve muovere").selectOption({ label: "Preventivi vinti" });
  await form.getByLabel("Il cambiamento vale dal").fill("2025-03-03");
  await form.getByLabel("Confrontare con").selectOption("where");
  await form.getByLabel("Colonna").selectOption({ label: "Tipo cliente" });
  await form.getByRole("combobox", { name: "Valore" }).fill("Riven");
  await page.getByRole("option", { name: "Rivenditore", exact: true }).click();
  none(await violations(page), "axe-core in the action's form");
  await form.locator("button[type=submit]").click();
  await until(async () => !(await page.locator("dialog[open]").count()), "the form stays");
  const action = await until(async () => (await api(page, "/maps/macchinari")).map.actions.find((a) => a.id === "richiamata" && a.group), "the map does not hold it");
  holds(action.group.name === "Rivenditore" && new URLSearchParams(action.group.filter).get("customers-where") === "Tipo cliente=Rivenditore", "the map holds something else: " + JSON.stringify(action.group));
  const group = (await api(page, "/maps/macchinari/effects?lang=it")).items.find((e) => e.action.id === "richiamata").effect.group;
  const alone = (await api(page, "/insight/effect?map=macchinari&kpi=" + action.kpi + "&changed=2025-03-03&customers-where=" + encodeURIComponent("Tipo cliente=Rivenditore"))).effect;
  const few = (a, b) => b - a >= 0 && b - a <= b / 20; // who is on both sides of the day is on neither
  holds(few(group.before.n, alone.before.n) && few(group.after.n, alone.after.n), "the group is others than those customers: " + JSON.stringify([group, alone]));
  await page.goto(server.base + "/results?map=macchinari");
  const said = page.locator(".effect", { hasText: action.title }).locator(".effect-group");
  await said.waitFor();
  await until(async () => (await said.textContent()).includes("Rivenditore"), async () => "it is not said beside whom: " + (await said.textContent()));
  await page.goto(server.base + "/actions?open=macchinari/richiamata");
  await dialog(page).locator("summary", { hasText: "Come si saprà" }).waitFor();
  if (!(await dialog(page).locator("details.measuring[open]").count())) await dialog(page).locator("summary", { hasText: "Come si saprà" }).click();
  await dialog(page).getByLabel("Colonna").waitFor();
  await until(async () => (await dialog(page).getByRole("combobox", { name: "Valore" }).inputValue()) === "Rivenditore", "the form has forgotten it");
  await dialog(page).getByLabel("Confrontare con").selectOption("");
  await dialog(page).locator("button[type=submit]").click();
  await until(async () => !(await api(page, "/maps/macchinari")).map.actions.find((a) => a.id === "richiamata").group, "it is not taken away");
  quiet(v, "the console");
});

test("the plan in one page comes as a PDF by its button, of the map that is shown", async () => {
  const v = await open(server.base, "/results?map=macchinari"), { page } = v;
  await page.locator(".kpi").first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Piano in una pagina (PDF)" }).click()]);
  const bytes = fs.readFileSync(await download.path());
  holds(bytes.subarray(0, 5).toString() === "%PDF-" && bytes.length > 10_000 && /\.pdf$/.test(download.suggestedFilename()), "no PDF: " + download.suggestedFilename() + " " + bytes.length);
  holds(bytes.toString("latin1").split("/Type /Page\n").length - 1 === 1 || /\/Count 1\b/.test(bytes.toString("latin1")), "it has more than one page");
  quiet(v, "the console");
});

test("before one begins: how many customers it takes until a change would show", async () => {
  const v = await open(server.base, "/results?map=macchinari"), { page } = v;
  await page.getByRole("button", { name: "I dati basteranno?" }).click();
  const says = dialog(page).locator(".enough");
  await says.waitFor();
  const first = await says.textContent();
  holds(/\d/.test(first), "no number is said: " + first);
  await dialog(page).getByLabel("Se cambiasse del").selectOption("20");
  await until(async () => (await says.count()) && (await says.textContent()) !== first, "a larger change takes as many");
  quiet(v, "the console");
});

test("what if: a slider moves the number that arrives, its interval and the address; pains are ranked", async () => {
  const v = await open(server.base, "/whatif?map=macchinari"), { page } = v;
  const slider = page.getByRole("slider", { name: /meno persi.*Cerco una soluzione/ });
  await slider.waitFor();
  const calm = await page.locator(".whatif-answer .big").textContent();
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  await until(async () => /\+\d+ client/.test(await page.locator(".whatif-answer .big").textContent()), "nobody arrives besides: " + calm);
  await until(async () => /\(\d.*\d\)/.test(await page.locator(".whatif-answer .big").textContent()), "the number has no interval");
  holds(new URL(page.url()).searchParams.get("loss") === "cerco:0.3", "the address does not hold it: " + page.url());
  const worth = await page.locator(".pains-ranked .pains-bar i").evaluateAll((bars) => bars.map((b) => parseFloat(b.style.width)));
  holds(worth.length > 2 && worth.every((w, i) => i === 0 || w <= worth[i - 1] + 1e-6), "the pains are not ranked: " + worth);
  none(await violations(page), "axe-core");
  await page.getByRole("button", { name: "Tutto com’è oggi" }).click();
  await until(() => !new URL(page.url()).searchParams.has("loss"), "it is not as today again");
  quiet(v, "the console");
});

test("what is late and the pains nobody takes care of come forward; a pain becomes an action from there", async () => {
  const v = await open(server.base, "/actions"), { page } = v;
  await page.locator(".overdue").or(page.locator(".orphans")).first().waitFor();
  const late = (await api(page, "/actions?late=1")).items;
  await until(async () => (await page.locator(".overdue li").count()) === Math.min(6, late.length), "what is late is not named");
  const orphans = page.locator(".orphans li");
  if (await orphans.count()) {
    await orphans.first().getByRole("button").click();
    await until(async () => (await dialog(page).getByRole("checkbox", { checked: true }).count()) === 1, "the pain is not the new action's");
    await page.keyboard.press("Escape");
  }
  quiet(v, "the console");
});

test("the matrix: a bubble for each action with value and effort, as a table too, the others named", async () => {
  const v = await open(server.base, "/actions?view=matrix&map=macchinari"), { page } = v;
  await page.locator(".bubble").first().waitFor();
  const bubbles = () => page.locator(".bubble").count(); // (other tests change actions meanwhile)
  const wanted = async () => (await api(page, "/actions")).items.filter((a) => a.map === "macchinari" && a.state !== "dropped").length;
  await until(async () => (await bubbles()) + (await page.locator(".matrix-missing button").count()) === (await wanted()), "an action is neither in the matrix nor named below");
  await page.getByText("Gli stessi numeri in tabella").click();
  await until(async () => (await page.locator(".matrix-card .twin tbody tr").count()) === (await bubbles()), "the table has other rows");
  await page.locator(".bubble").first().click();
  await dialog(page).waitFor();
  quiet(v, "the console");
});

for (const [address, wait] of [["/results?map=macchinari", ".series [role=slider]"], ["/whatif?map=macchinari&loss=cerco:0.5", ".whatif-steps"], ["/actions?view=matrix&map=macchinari", ".matrix-card"]])
  alike("phone", `${address} on a phone in the dark, in English: quiet, accessible, as wide as the phone`, async () => {
    const v = await open(server.base, address, { width: 360, height: 740, scheme: "dark", lang: "en" }), { page } = v;
    await page.locator(wait).first().waitFor();
    await settled(page);
    await until(async () => (await overflow(page)) <= 0, "it is wider than the phone");
    none(await violations(page), "axe-core");
    quiet(v, address);
  });

await run(server);
