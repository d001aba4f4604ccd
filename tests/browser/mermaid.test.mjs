// Mermaid's own parser and renderer accept every journey that unit/mermaid has exported
// (build/mermaid/*.mmd), and show its titles. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const build = process.env.VIAGGIO_BUILD ?? path.join(here, "../../build");
const exports_ = path.join(build, "mermaid");
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

function skip(why) {
  console.log(`1..1\nok 1 - Mermaid reads what Viaggio writes # SKIP ${why}`);
  process.exit(0);
}

const modules = process.env.VIAGGIO_NODE_MODULES ?? path.join(here, "node_modules");
const require = createRequire(path.join(modules, "..", "x.js"));
let playwright, script;
try {
  playwright = require("playwright-core");
  script = path.join(path.dirname(require.resolve("mermaid")), "mermaid.min.js");
} catch {
  skip("npm ci --prefix tests/browser has not been run");
}
if (!fs.existsSync(chromium)) skip("there is no " + chromium);
if (!fs.existsSync(exports_)) skip("unit/mermaid has not been run");

const files = fs.readdirSync(exports_).filter((name) => name.endsWith(".mmd")).sort();
const browser = await playwright.chromium.launch({
  executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.setContent("<!doctype html><title>t</title><div id=d></div>");
await page.addScriptTag({ path: script });
await page.evaluate(() => globalThis.mermaid.initialize({ startOnLoad: false }));

let failed = 0;
console.log(`1..${files.length}`);
for (const [i, name] of files.entries()) {
  const text = fs.readFileSync(path.join(exports_, name), "utf8");
  // What the map says, from the comments; what Mermaid shows must contain it.
  const said = text.split("\n").filter((line) => line.startsWith("%% viaggio-step "))
    .map((line) => JSON.parse(line.slice(16)));
  const result = await page.evaluate(async ([source, id]) => {
    try {
      await globalThis.mermaid.parse(source);
      const { svg } = await globalThis.mermaid.render(id, source);
      const box = document.createElement("div");
      box.innerHTML = svg;
      return { text: box.textContent, theme: globalThis.mermaid.mermaidAPI.getConfig().theme,
               scripts: box.querySelectorAll("script").length };
    } catch (fault) {
      return { fault: String(fault.message ?? fault) };
    }
  }, [text, "m" + i]);
  const plain = (t) => t.replace(/[\s\u2028\u2060]+/g, "").replace(/<br\/?>/g, "")
    .replace(/[＃：；，％｝]/g, (c) => "#:;,%}"["＃：；，％｝".indexOf(c)]);
  let why = result.fault;
  if (!why && result.scripts) why = "a script came through";
  if (!why && result.theme !== "default") why = "a directive in a text was obeyed";
  for (const step of said) {
    const wanted = plain(step.title.replace(/<[^>]*>/g, ""));
    if (!why && !plain(result.text.replace(/<[^>]*>/g, "")).includes(wanted))
      why = `does not show “${step.title}” but: ${result.text.slice(-300)}`;
  }
  if (why) failed++;
  console.log(`${why ? "not ok" : "ok"} ${i + 1} - Mermaid reads ${name}`);
  if (why) console.log("# " + why.replaceAll("\n", "\n# "));
}
await browser.close();
process.exit(failed ? 1 : 0);
