// The report opens from a file, in both languages, narrow and wide, light, dark and on paper: no error,
// no request beyond the file, nothing wider than the window, nothing that axe-core objects to; and what
// hostile files contain is shown as text. Prints TAP.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { alike, browser, build, holds, none, overflow, painted, run, skip, slowed, source, test, until, violations } from "./web.mjs";

const writer = path.join(build, "tests/view/sample-report");
if (!fs.existsSync(writer)) skip("there is no " + writer);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-report-"));
const map = path.join(source, "examples/macchinari/mappa.json");
const payload = `<script>alert(1)</script>"><img src=x onerror=alert(2)>';alert(3);//\u2028]]>--><svg/onload=alert(4)>`;
function report(name, ...args) {
  const file = path.join(folder, name + ".html");
  execFileSync(writer, [file, ...args]);
  return file;
}
const files = {
  it: report("it", "it", "300", map),
  en: report("en", "en", "300", map),
  none: report("none", "it", "0", map),
  one: report("one", "en", "1", map),
  hostile: report("hostile", "en", "60", "-", payload),
};

// A page that writes down everything it should not do.
async function open(file, options = {}) {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.scheme ?? "light",
    javaScriptEnabled: options.script ?? true,
    bypassCSP: false,
  });
  await slowed(context);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) faults.push(`console: ${m.text()}`); });
  page.on("pageerror", (e) => faults.push(`error: ${e.message}`));
  page.on("dialog", (d) => { faults.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on("request", (r) => { if (!r.url().startsWith("data:") && r.url() !== pathToFileURL(file).href) faults.push(`request: ${r.url()}`); });
  await page.goto(pathToFileURL(file).href);
  return { page, faults, close: () => context.close() };
}

for (const lang of ["it", "en"])
  for (const width of [360, 1280, 2560])
    for (const scheme of ["light", "dark"])
      alike("report", `opens in ${lang} at ${width} px, ${scheme}: quiet, no wider than the window, axe content`, async () => {
        const { page, faults, close } = await open(files[lang], { width, scheme });
        await until(async () => await overflow(page) <= 0, async () => `the page is ${await overflow(page)} px too wide`);
        await until(async () => await page.getAttribute("html", "lang") === lang, "the page names another language");
        none(await violations(page), "axe-core");
        none(faults, "faults");
        await close();
      });

for (const name of ["none", "one"])
  test(`the report of ${name === "none" ? "no evidence" : "one customer"} is quiet and accessible`, async () => {
    const { page, faults, close } = await open(files[name], { width: 360 });
    await until(async () => await overflow(page) <= 0, "too wide");
    await until(async () => await page.locator(".notice").count() === 1, "it does not say how little it knows");
    none(await violations(page), "axe-core");
    none(faults, "faults");
    await close();
  });

test("every fold opened keeps a phone's page no wider than the phone", async () => {
  const { page, close } = await open(files.it, { width: 360 });
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  await until(async () => await overflow(page) <= 0, async () => `${await overflow(page)} px too wide`);
  none(await violations(page), "axe-core");
  await close();
});

test("prints on A4 with the poster on a page of its own, in light colours, every fold open", async () => {
  const { page, faults, close } = await open(files.it, { scheme: "dark" });
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  fs.writeFileSync(path.join(folder, "print.pdf"), pdf);
  const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].map((m) => [+m[1], +m[2]]);
  const across = boxes.filter(([w, h]) => w > h).length;
  holds(boxes.length >= 4, `${boxes.length} pages`);
  holds(across === 1, `${across} pages lie across, not one`);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  holds(ground === "rgb(255, 255, 255)", `paper is ${ground}`);
  none(faults, "faults");
  await close();
});

test("what hostile files contain is shown as text, everywhere", async () => {
  const { page, faults, close } = await open(files.hostile);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  await painted(page);
  await until(async () => (await page.textContent("h1")).startsWith("<script>alert(1)</script>"), "the title is not as it stood");
  holds(await page.locator("img, [onerror], [onload], iframe, object, embed").count() === 0, "an element came out of the data");
  holds(await page.locator("script").count() === 2, "there is a script too many");
  holds(await page.locator("[style]:not(.frame svg)").count() === 0, "a style came out of the data");
  none(faults, "faults");
  await close();
});

test("its policy lets no other script run", async () => {
  const { page, close } = await open(files.en);
  const ran = await page.evaluate(() => new Promise((done) => {
    document.addEventListener("securitypolicyviolation", () => done("blocked"));
    const script = document.createElement("script");
    script.textContent = "document.title = 'ran'";
    document.body.append(script);
    setTimeout(() => done(document.title), 500);
  }));
  holds(ran === "blocked", `it ${ran}`);
  await close();
});

test("reads without scripts: the answer, the pictures, the tables are there", async () => {
  const { page, close } = await open(files.en, { script: false });
  await until(() => page.locator("#map svg").isVisible(), "no poster");
  await until(() => page.locator(".level").first().isVisible(), "no flow");
  await until(() => page.locator(".toolbar").isHidden(), "a toolbar that does nothing");
  await close();
});

test("the poster grows, shrinks and fits by keyboard", async () => {
  const { page, faults, close } = await open(files.en);
  const width = () => page.evaluate(() => document.querySelector("#frame svg").getBoundingClientRect().width);
  await page.focus("#frame");
  const fit = await width();
  await page.keyboard.press("+");
  await until(async () => await width() > fit * 1.2, "+ does not enlarge it");
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  await until(async () => await width() < fit, "- does not shrink it");
  await page.keyboard.press("f");
  await until(async () => Math.abs(await width() - fit) < 3, "F does not fit it");
  await page.focus("[data-zoom=in]");
  await page.keyboard.press("Enter");
  await until(async () => await width() > fit * 1.2, "the button does not enlarge it");
  none(faults, "faults");
  await close();
});

test("a lane is hidden and shown by keyboard", async () => {
  const { page, close } = await open(files.en);
  const box = page.locator("[data-shows]").first();
  const lane = await box.getAttribute("data-shows");
  const faint = () => page.evaluate((l) => Number(getComputedStyle(document.querySelector(`#frame [data-lane="${l}"]`)).opacity) < 0.5, lane);
  await box.focus();
  await page.keyboard.press("Space");
  await until(() => faint(), "the lane stays");
  await page.keyboard.press("Space");
  await until(async () => !await faint(), "the lane does not come back");
  await close();
});

test("a step tells its numbers to the mouse and to the keyboard", async () => {
  const { page, close } = await open(files.en);
  const step = page.locator("#frame .columns [data-step] rect").first();
  const shown = page.waitForSelector("#tip:not([hidden])");
  shown.catch(() => {});
  for (let tries = 0; tries < 40 && await page.isHidden("#tip"); tries++) {
    // On a busy machine the page may still be settling under the first move of the mouse.
    await page.mouse.move(5, 5);
    await step.hover({ position: { x: 6 + (tries % 5), y: 160 } });
    await page.waitForSelector("#tip:not([hidden])", { timeout: 300 }).catch(() => {});
  }
  await shown;
  await until(async () => await page.locator(".columns .lit").count() === 1, "its column is not lit");
  const told = await page.textContent("#tip");
  holds(/reached it/.test(told), `it says "${told}"`);
  await page.mouse.move(5, 5);
  await page.waitForSelector("#tip", { state: "hidden" });
  await page.focus("#frame");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#tip:not([hidden])");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#tip", { state: "hidden" });
  await close();
});

test("the flow shows more and less by the slider's keys", async () => {
  const { page, close } = await open(files.en);
  const shown = () => page.evaluate(() => document.querySelector(".level.shown").querySelectorAll(".passage").length);
  await page.focus("#detail");
  await page.keyboard.press("Home");
  const least = await shown();
  await page.keyboard.press("End");
  const most = await shown();
  holds(most > least, `${least} passages at the least, ${most} at the most`);
  await until(async () => await page.locator(".level:visible").count() === 1, "more than one level shows");
  await close();
});

test("light and dark are the reader's choice, and stay chosen", async () => {
  const { page, faults, close } = await open(files.en, { scheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.click("#theme");
  await until(async () => await ground() === light, "light is not light");
  await page.click("#theme");
  const dark = await ground();
  holds(dark !== light, "dark is not dark");
  await page.reload();
  await until(async () => await ground() === dark, "the choice is forgotten");
  none(await violations(page), "axe-core");
  none(faults, "faults");
  await close();
});

await run({ stop: () => { if (!process.env.VIAGGIO_KEEP) fs.rmSync(folder, { recursive: true, force: true }); } });
