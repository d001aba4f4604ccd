// A team at one map, before the real server, each logged in: they see where the others are, mention each other, and
// who may only read changes nothing. Prints TAP.
import { holds, none, open, real, run, settled, test, until, violations } from "./web.mjs";

const server = await real();
const cell = (row, step) => `[data-row="${row}"][data-step="${step}"]`;

async function as(mail, address) {
  const opened = await open(server.base, "/login?next=" + encodeURIComponent(address), { anonymous: true, height: 860, expected: [/401/] });
  await opened.page.getByLabel("E-mail").fill(mail);
  await opened.page.locator("input[type=password]").fill("quattro parole di fila");
  await opened.page.keyboard.press("Enter");
  await opened.page.waitForSelector("[role=grid]");
  await settled(opened.page);
  return opened;
}

// One after the other: a person is at one place of a map at a time, and these share theirs.
test("two people see where the other one is, and each other's words", async () => {
  const paolo = await as("paolo@ferri.example", "/map/macchinari"), giulia = await open(server.base, "/map/macchinari");
  await giulia.page.waitForSelector("[role=grid]");
  await giulia.page.click(cell("lane-doing", "modulo"));
  await until(async () => (await paolo.page.locator(`${cell("lane-doing", "modulo")} .ed-other`).innerText().catch(() => "")).includes("Giulia"), "Paolo sees where Giulia is");
  await until(async () => await paolo.page.getByRole("button", { name: /^Giulia Rossi/ }).count() === 1, "one face in the head");
  none(await violations(paolo.page), "axe-core");
  await giulia.page.keyboard.press("F2");
  await giulia.page.keyboard.type(" e allega una foto");
  await until(async () => (await paolo.page.locator(cell("lane-doing", "modulo")).innerText()).includes("allega una foto"), "Paolo reads it");
  await giulia.close();
  await until(async () => (await paolo.page.locator(".ed-people button").count()) === 0, "she has left (two beats of the stream at most)", 45000);
  none(paolo.faults, "Paolo's page complains");
  await paolo.close();
});

test("a comment mentions somebody by name, and reaches the others at once", async () => {
  const paolo = await as("paolo@ferri.example", "/map/macchinari"), giulia = await open(server.base, "/map/macchinari");
  await giulia.page.waitForSelector("[role=grid]");
  await giulia.page.click(cell("step", "offerta"));
  await giulia.page.keyboard.press("Shift+F2");
  const field = giulia.page.getByRole("textbox", { name: "Scrivere un commento" });
  await field.click();
  await giulia.page.keyboard.type("Chiedo a @pao");
  await giulia.page.getByRole("option", { name: /Paolo Ferri/ }).waitFor();
  await giulia.page.keyboard.press("Enter");
  await giulia.page.keyboard.type("i tempi veri");
  await giulia.page.keyboard.press("Control+Enter");
  await giulia.page.locator(".ed-thread .ed-mention", { hasText: "@Paolo Ferri" }).waitFor();
  await until(async () => (await paolo.page.locator(`${cell("step", "offerta")} .ed-flag`).count()) === 1, "Paolo sees that there is a comment");
  none([...giulia.faults, ...paolo.faults], "the pages complain");
  await giulia.close();
  await paolo.close();
});

test("a reader reads, and may not write", async () => {
  const irene = await as("irene@ferri.example", "/map/macchinari"), { page } = irene;
  const before = await page.locator(cell("lane-doing", "cerco")).innerText();
  await page.click(cell("lane-doing", "cerco"));
  await page.keyboard.type("x");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+d");
  await page.dblclick(cell("lane-doing", "cerco"));
  holds((await page.locator("textarea.ed-area").count()) === 0, "a field opened");
  holds((await page.locator(cell("lane-doing", "cerco")).innerText()) === before, "the cell changed");
  await until(async () => (await page.locator(".ed-add-step").count()) === 0, "there is a way to add a step");
  await page.keyboard.press("Shift+F10");
  const items = await page.locator("[role=menu] .menu-item").allInnerTexts();
  holds(items.length > 0 && !items.some((one) => /Elimina|Duplica|Nuova/.test(one)), items.join(", "));
  await page.keyboard.press("Escape");
  none(await violations(page), "axe-core");
  none(irene.faults, "the page complains");
  await irene.close();
});

await run(server);
