// Evidence, Reality and Checks, against the real server: the three files of macchinari come in by hand, their planted
// findings are reached, every number opens as many customers as it says, a view is a link. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { comes, equal, evidence as files, example, holds, none, open as openAt, runFrom, settled, solo, test, until, violations } from "./web.mjs";

const server = await solo({ empty: true }), address = server.base;
async function open(where, options = {}) {
  const opened = await openAt(address, where, options);
  await settled(opened.page);
  return opened;
}
const number = (text) => Number(text.replace(/[^\d]/g, ""));
const call = (page, method, where, body) => page.evaluate(async ([method, where, body]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const answer = await fetch("/api/v1" + where, { method, headers: { "X-CSRF-Token": csrf, ...(body ? { "Content-Type": "application/json" } : {}) }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text && JSON.parse(text) };
}, [method, where, body]);

let map = "";
const reality = (more = "") => `/reality?map=${map}${more}`;

test("an empty data file says what to do first, on every page", async () => {
  for (const [where, button] of [["/evidence", ".drop-files.large button"], ["/reality", "#main .empty a[href='/evidence']"], ["/checks", "#main .empty a"]]) {
    const { page, faults, close } = await open(where);
    await until(() => page.locator(button).isVisible(), () => `${where} has no button`);
    none(await violations(page), `axe-core on ${where}`);
    none(faults, where);
    await close();
  }
});

test("three files come in at once: columns guessed, one put right, told in a sentence, rejects to download", async () => {
  const { page, faults, close } = await open("/evidence");
  await page.setInputFiles(".drop-files input[type=file]", files);
  await page.waitForFunction(() => document.querySelectorAll(".import[data-stage=ready]").length === 3);
  const crm = page.locator(".import").filter({ hasText: "crm.csv" });
  await comes(() => crm.locator("thead select").first().inputValue(), "customer", "the first column of crm.csv");
  await until(async () => (await crm.locator("tbody tr").count()) >= 3, "the first rows are not shown");
  none(await violations(page), "axe-core on the columns");
  // A wrong hand is seen at once, and taken back.
  const activity = crm.locator("thead select").nth(5);
  await comes(() => activity.inputValue(), "activity", "the column Attività");
  await crm.locator("thead select").nth(7).selectOption("activity");
  await page.waitForFunction(() => document.querySelectorAll(".import")[0].querySelectorAll("thead select")[5].value !== "activity");
  await crm.getByRole("button", { name: "Torna alla proposta" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".import")[0].querySelectorAll("thead select")[5].value === "activity");
  await page.waitForFunction(() => document.querySelectorAll(".import[data-stage=ready]").length === 3);
  await page.getByRole("button", { name: "Importa tutti i 3 file" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".import[data-stage=over]").length === 3, null, { timeout: 60000 });
  const result = await crm.locator(".import-said").innerText();
  holds(/10\.539 segnali nuovi/.test(result) && /5 righe su 10\.544/.test(result), `crm.csv says: ${result}`);
  const [download] = await Promise.all([page.waitForEvent("download"), crm.getByRole("link", { name: "Scarica le righe lasciate fuori" }).click()]);
  const rejects = fs.readFileSync(await download.path(), "utf8");
  holds(rejects.includes("31/02/2025"), `the rejects are: ${rejects.slice(0, 200)}`);
  await page.waitForFunction(() => document.querySelector(".page-sub")?.textContent.includes("1.284"));
  none(faults, "faults");
  await close();
});

test("the same file again brings nothing, and an import taken back takes its events along", async () => {
  const { page, faults, close } = await open("/evidence");
  await page.setInputFiles(".drop-files input[type=file]", [files[2]]);
  await page.waitForSelector(".import[data-stage=ready]");
  await page.locator(".import").getByRole("button", { name: "Importa", exact: true }).click();
  await page.waitForSelector(".import[data-stage=over]");
  await until(async () => /0 segnali nuovi.*80 c’erano già/.test(await page.innerText(".import-said")), () => page.innerText(".import-said"));
  await page.locator("details", { hasText: "importazioni" }).evaluate((fold) => { fold.open = true; });
  const row = page.locator("details tr", { hasText: "telefonate.xlsx" }).last();
  await row.getByRole("button", { name: "Annulla" }).click();
  await page.locator("dialog").getByRole("button", { name: "Annulla l’importazione" }).click();
  await page.waitForFunction(() => document.querySelector(".page-sub")?.textContent.includes("10.619 segnali"));
  // and again, for the tests that follow
  await page.setInputFiles(".drop-files input[type=file]", [files[1]]);
  const again = page.locator(".import").filter({ hasText: "telefonate.xlsx" });
  await again.getByRole("button", { name: "Importa", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".page-sub")?.textContent.includes("12.870 segnali"));
  none(faults, "faults");
  await close();
});

test("the planted findings are reached: who is lost, where belief parts, the shortcut", async () => {
  const { page, faults, close } = await open("/evidence");
  const made = await call(page, "POST", "/maps", { text: fs.readFileSync(path.join(example, "mappa.json"), "utf8"), name: "mappa.json", lang: "it" });
  equal(made.status, 201, "making the map: " + JSON.stringify(made.body));
  map = encodeURIComponent(made.body.id);
  await page.goto(address + reality());
  await settled(page);
  for (const planted of ["tre clienti su dieci non vanno oltre", "«Ricevo l’email automatica»", "Chiamata al capo produzione", "30% persi (26–33%)", "Ferri Paolo"])
    await until(async () => (await page.innerText("#main")).includes(planted), `the page does not say: ${planted}`);
  await comes(() => page.locator(".funnel-step").count(), 10, "steps of the funnel");
  await until(async () => /1\.284 clienti/.test(await page.innerText(".page-sub")), () => page.innerText(".page-sub"));
  none(faults, "faults");
  await close();
});

test("every number of the funnel opens exactly as many customers as it says", async () => {
  const { page, faults, close } = await open(reality());
  await page.locator(".funnel summary").click();
  const figures = page.locator(".funnel .twin .figure");
  const all = await figures.count();
  holds(all === 40, `${all} numbers`);
  let checked = 0;
  for (let i = 0; i < all; i += 3) {
    const wanted = number(await figures.nth(i).innerText());
    await figures.nth(i).click();
    await page.waitForFunction(() => document.querySelector("dialog .behind-count[data-count]"));
    await comes(async () => (Number(await page.getAttribute("dialog .behind-count", "data-count"))), wanted, () => page.innerText("dialog h2"));
    checked++;
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
  }
  holds(checked > 10, "hardly any was looked at");
  none(faults, "faults");
  await close();
});

test("the numbers of shortcuts, scores, ways, passages and waits open as many customers, too", async () => {
  const { page, faults, close } = await open(reality());
  const opens = async (figure, wanted) => {
    await figure.click();
    await page.waitForFunction(() => document.querySelector("dialog .behind-count[data-count]"));
    const found = Number(await page.getAttribute("dialog .behind-count", "data-count")), title = await page.innerText("dialog h2");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    if (wanted !== undefined) equal(found, wanted, title);
    return found;
  };
  const shortcut = page.locator("[aria-labelledby=shortcuts] .figure").first();
  await opens(shortcut, number(await shortcut.innerText()));
  const scored = await opens(page.locator(".curves-steps .figure").nth(3)); // 318 scores, by at most as many customers
  holds(scored > 0 && scored <= 318, `${scored} customers gave 318 scores`);
  await page.goto(address + reality("&view=ways"));
  await settled(page);
  for (const at of [0, 3]) { const figure = page.locator(".strips .figure").nth(at); await opens(figure, number(await figure.innerText())); }
  await page.goto(address + reality("&view=flow"));
  await settled(page);
  await page.locator("summary").last().click();
  const passage = page.locator(".twin .figure").nth(2);
  holds(await opens(passage) <= number(await passage.innerText()), "more customers than passages");
  await page.goto(address + reality("&view=wait&from=chiarimenti&to=macchina"));
  await settled(page);
  for (const at of [0, 1]) { const figure = page.locator(".wait-choice ~ .note .figure").nth(at); await opens(figure, number(await figure.innerText())); }
  await page.goto(address + reality("&view=funnel&step=Ricerca&step=modulo&step=Offerta+inviata&window=60d"));
  await settled(page);
  await page.locator(".funnel summary").click();
  for (const at of [0, 2, 3, 5, 8]) { const figure = page.locator(".funnel .twin .figure").nth(at); await opens(figure, number(await figure.innerText())); }
  none(faults, "faults");
  await close();
});

test("from a number to a customer's timeline: silos, words, faces, waits", async () => {
  const { page, faults, close } = await open(reality("&people=" + encodeURIComponent("about=step&step=guasto&kind=lost")));
  await page.waitForSelector("dialog .behind-one");
  const name = await page.locator("dialog .behind-name b").first().innerText();
  await page.locator("dialog .behind-one").first().click();
  await page.waitForSelector(".silos");
  await settled(page);
  await comes(() => page.innerText("h1"), name, "the page of the customer");
  await until(async () => await page.locator(".silo").count() >= 3, "there are hardly any lanes");
  const told = await page.locator(".events > li").count();
  await comes(() => page.locator(".silo-line > i").count(), told, "marks and events");
  await until(async () => await page.locator(".events-wait").count() > 0, "no wait is told");
  none(await violations(page), "axe-core");
  await page.goBack();
  await page.waitForSelector("dialog .behind-one");
  none(faults, "faults");
  await close();
});

test("a view is a link: filters chosen by hand, opened elsewhere, the same numbers", async () => {
  const { page, faults, close } = await open(reality());
  await page.getByRole("button", { name: "Canale: tutti" }).click();
  await page.getByRole("checkbox", { name: "Telefono" }).check();
  await settled(page);
  await page.getByRole("button", { name: "Canale: Telefono" }).click();
  await page.getByRole("button", { name: "Altri filtri" }).click();
  await page.getByRole("combobox", { name: "Solo viaggi con" }).fill("Chiamata al numero verde");
  await page.getByRole("combobox", { name: "Solo viaggi con" }).press("Tab");
  await page.locator(".popover").getByRole("button", { name: "Applica" }).click();
  await settled(page);
  await page.waitForFunction(() => document.querySelectorAll(".chosen .chip").length === 2);
  const link = page.url(), sub = await page.innerText(".page-sub"), funnel = await page.locator(".funnel-share").allInnerTexts();
  holds(/only-channel=Telefono/.test(link) && /containing=Chiamata/.test(link), link);
  holds(!/1\.284 clienti/.test(sub), "the filter changed nothing: " + sub);
  const other = await open(link.slice(address.length));
  await comes(() => other.page.innerText(".page-sub"), sub, "customers and events");
  await comes(() => other.page.locator(".funnel-share").allInnerTexts(), funnel, "the funnel");
  await comes(() => other.page.locator(".chosen .chip").count(), 2, "conditions");
  await other.page.getByRole("button", { name: "Togli tutti" }).click();
  await settled(other.page);
  await other.page.waitForFunction(() => document.querySelector(".page-sub")?.textContent.includes("1.284"));
  await other.page.goBack();
  await other.page.waitForFunction(() => document.querySelectorAll(".chosen .chip").length === 2);
  none([...faults, ...other.faults], "faults");
  await other.close();
  await close();
});

test("a saved filter is found again by its name, and forgotten with undo", async () => {
  const { page, faults, close } = await open(reality("&only-channel=Email"));
  await page.getByRole("button", { name: "Filtri salvati" }).click();
  await page.getByRole("menuitem", { name: "Salva questi filtri" }).click();
  await page.locator("dialog input").fill("Solo email");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Solo email", exact: true }).waitFor();
  await page.goto(address + reality());
  await settled(page);
  await page.getByRole("button", { name: "Filtri salvati" }).click();
  await page.getByRole("menuitemradio", { name: "Solo email" }).click();
  await page.waitForFunction(() => location.search.includes("only-channel=Email"));
  await page.getByRole("button", { name: "Solo email", exact: true }).click();
  await page.getByRole("menuitem", { name: "Dimentica" }).click();
  await page.locator(".toast").getByRole("button", { name: "Annulla" }).click();
  await page.getByRole("button", { name: "Solo email", exact: true }).waitFor();
  none(faults, "faults");
  await close();
});

test("the numbers of a step's page open as many customers as they say", async () => {
  const { page, faults, close } = await open(`/map/${map}/step/offerta`);
  const figures = page.locator("a.ed-figure");
  await figures.first().waitFor();
  await comes(() => figures.count(), 4, "reached, gone on, lost, still travelling");
  const said = await figures.evaluateAll((all) => all.map((one) => ({ href: one.getAttribute("href"), n: one.querySelector("strong").textContent })));
  for (const { href, n } of [...said, { href: await page.getByRole("link", { name: "Tutti", exact: true }).getAttribute("href"), n: said[2].n }]) {
    await page.goto(address + href);
    await page.waitForFunction(() => document.querySelector("dialog .behind-count[data-count]"));
    await comes(async () => (Number(await page.getAttribute("dialog .behind-count", "data-count"))), number(n), async () => `${href}: ${await page.innerText("dialog h2")}`);
  }
  none(faults, "faults");
  await close();
});

test("a map without matches leads to matching, and a file that waits is still there after a look elsewhere", async () => {
  const { page, faults, close } = await open("/evidence");
  const { body } = await call(page, "POST", "/maps", { template: "blank", lang: "it", title: "Ancora da abbinare" });
  await page.setInputFiles(".drop-files input[type=file]", [files[2]]);
  await page.waitForSelector(".import[data-stage=ready]");
  await page.getByRole("navigation", { name: "Principale" }).getByRole("link", { name: "Realtà" }).click();
  await settled(page);
  await page.getByRole("combobox", { name: "Mappa", exact: true }).selectOption({ label: "Ancora da abbinare" });
  await page.getByRole("link", { name: "Abbina le tappe" }).click();
  await page.locator(".match-free > li").first().waitFor();
  await page.getByRole("link", { name: "Prove" }).first().click();
  const card = page.locator(".import[data-stage=ready]");
  await card.getByRole("button", { name: "Importa", exact: true }).click();
  await page.waitForSelector(".import[data-stage=over]");
  await until(async () => /80 c’erano già/.test(await page.innerText(".import-said")), () => page.innerText(".import-said"));
  equal((await call(page, "DELETE", `/maps/${body.id}`)).status, 204, "the map away again");
  none(faults, "faults");
  await close();
});

test("nobody fits: the page says so and takes the filters away", async () => {
  const { page, faults, close } = await open(reality("&since=2031-01-01"));
  await page.getByRole("button", { name: "Togli i filtri" }).click();
  await page.waitForSelector(".funnel-step");
  none(faults, "faults");
  await close();
});

test("steps are matched by keyboard, and the undo brings the map back", async () => {
  const { page, faults, close } = await open(reality("&view=match"));
  const free = page.locator(".match-free > li");
  const before = await free.count();
  const one = free.filter({ hasText: "Chiamata al capo produzione" });
  await one.locator("select").focus();
  await one.locator("select").selectOption({ label: "Ho un guasto e chiamo" });
  await page.waitForFunction((n) => document.querySelectorAll(".match-free > li").length === n - 1, before);
  const chip = page.locator(".match-steps > li").filter({ hasText: "Ho un guasto e chiamo" }).locator(".chip", { hasText: "Chiamata al capo produzione" });
  await chip.waitFor();
  await page.locator(".toast").getByRole("button", { name: "Annulla" }).click();
  await page.waitForFunction((n) => document.querySelectorAll(".match-free > li").length === n, before);
  // The page shows what was undone at once; the server hears of it then.
  const guasto = async () => (await call(page, "GET", `/maps/${map}`)).body.map.phases.flatMap((phase) => phase.steps).find((step) => step.id === "guasto");
  await until(async () => !(await guasto()).match.includes("Chiamata al capo produzione"), "the map kept what was undone");
  none(faults, "faults");
  await close();
});

test("and by drag", async () => {
  const { page, faults, close } = await open(reality("&view=match"));
  await page.locator(".match-free > li").filter({ hasText: "Reso portato in magazzino" }).locator("b").dragTo(page.locator(".match-steps > li").filter({ hasText: "Ricevo la macchina" }));
  const chip = page.locator(".match-steps > li").filter({ hasText: "Ricevo la macchina" }).locator(".chip", { hasText: "Reso portato in magazzino" });
  await chip.waitFor();
  await page.waitForSelector(".toast");
  await chip.getByRole("button").click();
  await chip.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.querySelectorAll(".toast").length === 2);
  none(faults, "faults");
  await close();
});

test("a finding of the checks leads to its place, and is put aside with a reason and taken back", async () => {
  const { page, faults, close } = await open(`/checks?map=${map}`);
  const items = page.locator(".card .check-item");
  const before = await items.count();
  holds(before > 0, "there is nothing to look at");
  const late = page.locator(".check-item[data-rule=late-action]").first();
  await until(async () => /\/map\/.*at=risposta-firmata/.test(await late.getByRole("link").first().getAttribute("href")), "it leads elsewhere");
  await late.getByRole("button", { name: "Non è così" }).click();
  await page.locator("dialog input").fill("il cliente lo sa");
  await page.keyboard.press("Enter");
  await page.waitForFunction((n) => document.querySelectorAll(".card .check-item").length === n - 1, before);
  await page.reload();
  await settled(page);
  await page.locator(".checks-aside summary").click();
  await until(async () => (await page.innerText(".checks-aside")).includes("il cliente lo sa"), "the reason is not kept");
  await page.locator(".checks-aside").getByRole("button", { name: "Rimetti in elenco" }).click();
  await page.waitForFunction((n) => document.querySelectorAll(".card .check-item").length === n, before);
  none(faults, "faults");
  await close();
});

test("each event of a customer says which file it came from, and files can be the lanes", async () => {
  const { page, faults, close } = await open("/customer?name=C00250");
  const row = (what) => page.locator(".events > li", { hasText: what }).first();
  await row("Chiamata commerciale").getByText("da telefonate.xlsx").waitFor();
  await row("Ordine confermato").getByText("da crm.csv").waitFor();
  await page.getByRole("group", { name: "Una riga per ogni" }).getByRole("radio", { name: "fonte" }).check();
  await until(async () => /telefonate\.xlsx.*crm\.csv|crm\.csv.*telefonate\.xlsx/s.test(await page.locator(".silos").textContent()), "no lane for each file");
  none(faults, "faults");
  await close();
});

test("two names become one customer and two again", async () => {
  const { page, faults, close } = await open("/customer?name=C00604");
  const before = await page.locator(".events > li").count();
  await page.getByRole("button", { name: "Si chiama anche" }).click();
  await page.locator("dialog input").fill("C00605");
  await page.locator("dialog").getByRole("button", { name: "Unisci" }).click();
  await page.waitForFunction((n) => document.querySelectorAll(".events > li").length > n, before);
  await page.locator(".story .chip button").click();
  await page.waitForFunction((n) => document.querySelectorAll(".events > li").length === n, before);
  none(faults, "faults");
  await close();
});

test("erasing asks for the name, and then nobody is called so", async () => {
  const { page, faults, close } = await open("/customer?name=C01284");
  await page.getByRole("button", { name: "Esporta e cancella" }).click();
  await page.getByRole("menuitem", { name: "Cancella questo cliente" }).click();
  const deed = page.locator("dialog").getByRole("button", { name: "Cancella per sempre" });
  await until(() => deed.isDisabled(), "it can be done by a slip");
  await page.locator("dialog input").fill("C01284");
  await deed.click();
  await page.waitForSelector(".drop-files");
  const gone = await call(page, "GET", "/customer?name=C01284");
  equal(gone.status, 404, "the customer after erasing");
  none(faults.filter((fault) => !/404/.test(fault)), "faults");
  await close();
});

test("words are found among events and names among customers", async () => {
  const { page, faults, close } = await open("/evidence?in=events&q=robot");
  await until(async () => (await page.innerText(".voices")).includes("Mi ha risposto un robot"), "the word is not found");
  await page.goto(address + "/evidence?q=C0060");
  await settled(page);
  await until(async () => (await page.locator(".found .behind-one").count()) > 4, "the names are not found");
  none(faults, "faults");
  await close();
});

test("no chart's words are cut at its edge on a phone: the top of the feelings is not read as their bottom", async () => {
  const { page, faults, close } = await open(reality(), { width: 360, height: 740, phone: true, wait: ".curves-plot .axis-text" });
  const axis = () => page.locator(".curves-plot .axis-text").allTextContents();
  await comes(async () => (await axis()).map((text) => text.trim()).join(" "), "+2 0 −2", "the feelings from best to worst");
  none(await page.evaluate(() => [...document.querySelectorAll("main svg text")].filter((text) => {
    const word = text.getBoundingClientRect(), chart = text.ownerSVGElement.getBoundingClientRect();
    return word.width > 0 && (word.left < chart.left - 1 || word.right > chart.right + 1);
  }).map((text) => text.textContent)), "words over a chart's edge");
  none(faults, "faults");
  await close();
});

await runFrom(4, server); // the first four bring in what the others look at
