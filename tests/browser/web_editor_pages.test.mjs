// What stands around the grid, against the real server: the head of the map, versions, a step's page, the presentation,
// the phone, several personas, a screen reader, both languages. Prints TAP.
import path from "node:path";
import { address, cell, kept, newMap, open, saved, server, small, stepsOf, wire } from "./editor.mjs";
import { comes, equal, holds, look, none, overflow, painted, run, settled, source, test, until, violations } from "./web.mjs";

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
  await painted(page); // a menu closes when the page is scrolled
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
  const sentences = () => page.locator(".ed-changes").innerText();
  await until(async () => /Ordino/.test(await sentences()) && /Legge la guida/.test(await sentences()), sentences);
  await page.getByRole("tab", { name: "Sulla mappa" }).click();
  await page.locator(".ed-difftable td.changed").first().waitFor();
  await look(page, "history");
  none(await violations(page), "axe-core objects to what was taken out");
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
  const text = () => page.locator("#main").innerText();
  for (const part of ["879", "Mi ha risposto un robot", "318 voci"]) await until(async () => (await text()).includes(part), async () => `${part} is not in:\n${await text()}`);
  await page.getByRole("textbox", { name: "Cosa fa" }).fill("Aspetta e cerca altri");
  await page.keyboard.press("Tab");
  await saved(page);
  await comes(async () => (stepsOf(await kept("macchinari")).find((one) => one.id === "email-automatica").doing), "Aspetta e cerca altri", "doing");
  await look(page, "step");
  none(faults, "the page complains");
  none(await violations(page), "axe-core objects");
  await close();
});

test("the map is presented step by step with arrows", async () => {
  const { page, faults, close } = await open("/map/macchinari/present", { wait: ".ed-show h1" });
  await look(page, "present-head");
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  await until(async () => (await page.locator(".ed-slide h1").innerText()).includes("Ricevo l’email automatica"), "the fourth step");
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
  const { page, faults, close } = await open(`/map/${id}`, { width: 360, height: 740, phone: true });
  await page.locator(".ed-phone").waitFor();
  await comes(() => overflow(page), 0, "wider than the window");
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
  await comes(() => overflow(page), 0, "wider than the window");
  await page.getByRole("button", { name: "Tappa dopo questa" }).tap();
  await until(() => page.evaluate(() => document.activeElement?.value === "Nuova tappa"), "the new step's name has the focus");
  await page.keyboard.type("Confronto"); // over the name nobody has chosen
  await saved(page);
  await comes(async () => (stepsOf(await kept(id)).map((one) => one.title)), ["Cerco", "Trovo", "Confronto", "Ordino"], "a new step");
  await until(() => page.locator(".ed-phone-title").evaluate((title) => title.getBoundingClientRect().top >= 0 && title.getBoundingClientRect().bottom < innerHeight), "the new step is not in sight");
  for (const where of [`/map/${id}/history`, `/map/${id}/step/trovo`]) {
    await page.goto(address + where);
    await settled(page);
    await comes(() => overflow(page), 0, () => `${where} is wider than the window`);
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
    await comes(async () => ([await grid.getByRole("row").count() > 6, await grid.getByRole("columnheader").count()]), [true, 14], "rows and heads");
      await comes(() => page.locator("[role=grid] [tabindex='0']").count(), 1, "one place for Tab");
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
    await painted(page);
    await look(page, `bird-${scheme}`);
    await until(() => page.evaluate(() => { const box = document.querySelector(".ed-scroll"); return box.scrollWidth <= box.clientWidth + 2; }), "the bird sees the whole map");
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
  for (const word of ["Doing", "Touchpoint", "Thinking", "Feeling", "Pains", "Share", "saved"]) await until(async () => (await page.locator("#main").innerText()).includes(word), word);
  const { used, translated } = await import(path.join(source, "web/app/texts.mjs"));
  const { all } = translated();
  none(used(path.join(source, "web/app/src/editor")).found.filter((one) => !(one.key in all)).map((one) => one.key), "without Italian");
  await page.keyboard.press("?");
  await look(page, "keys-en");
  none(faults, "the page complains");
  await close();
});

test("on a phone a swipe leads to the next step and back, and a stroke down the page does not", async () => {
  const id = await newMap(small);
  const { page, faults } = await open(`/map/${id}`, { width: 360, height: 740, phone: true });
  await page.locator(".ed-phone").waitFor();
  const finger = await page.context().newCDPSession(page);
  const swipe = async (from, to) => {
    const touch = (type, [x, y]) => finger.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
    await touch("touchStart", from);
    for (let i = 1; i <= 5; i++) await touch("touchMove", [from[0] + ((to[0] - from[0]) * i) / 5, from[1] + ((to[1] - from[1]) * i) / 5]);
    await touch("touchEnd", to);
    await painted(page);
  };
  const head = page.locator(".ed-phone-head"), box = await head.boundingBox(), y = box.y + box.height / 2;
  const at = async () => (await head.locator(".note").innerText()).trim();
  await comes(() => at(), "1 di 3", "the first step");
  await swipe([280, y], [60, y + 8]);
  await until(async () => (await at()) === "2 di 3", "to the left: the next step");
  await swipe([280, y], [250, y]);
  await comes(() => at(), "2 di 3", "a finger that trembles");
  await swipe([60, y], [300, y]);
  await until(async () => (await at()) === "1 di 3", "to the right: the step before");
  await swipe([250, y + 220], [170, y - 60]);
  await comes(() => at(), "1 di 3", "down the page");
  none(faults, "the page complains");
});

test("several personas have each their own curve on one map, written and read apart", async () => {
  const personas = [{ id: "marco", name: "Marco Bianchi" }, { id: "elena", name: "Elena Bianchi" }, { id: "sara", name: "Sara Galli" }];
  const phases = [{ id: "f", title: "Scopro", steps: ["a", "b", "c"].map((key, i) => ({ id: key, title: "Tappa " + key, feeling: { valence: 1 }, feelings: [{ persona: "elena", valence: i - 1 }, { persona: "sara", valence: -2 + i }] })) }];
  const id = await newMap({ title: "Tre punti di vista", personas, phases });
  const { page, faults } = await open(`/map/${id}`);
  const curve = (name) => page.locator(`.ed-curves path.${name}`).evaluateAll((paths) => paths.map((path) => path.getAttribute("d")).join(" "));
  await comes(async () => ([await page.locator(".ed-curves path.ed-belief").count(), await page.locator(".ed-curves path.ed-another").count()]), [1, 2], "one dashed curve, and those of the others");
  const marco = await curve("ed-belief");
  await page.getByRole("combobox", { name: "Le emozioni di chi" }).selectOption({ label: "Elena Bianchi" });
  await until(async () => (await curve("ed-belief")) !== marco, "Elena's curve is the dashed one");
  await page.click(cell("lane-feeling", "a"), { position: { x: 8, y: 8 } });
  await page.keyboard.press("Alt+ArrowUp");
  await saved(page);
  const [step] = stepsOf(await kept(id));
  equal([step.feeling.valence, step.feelings.map((one) => [one.persona, one.valence])], [1, [["elena", -0.5], ["sara", -2]]], "only Elena feels better");
  none(await violations(page), "axe-core objects");
  none(faults, "the page complains");
});

await run(server);
