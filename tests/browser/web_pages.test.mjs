// Every page of the client before the real server, in both languages, on a phone, a desk and a wall, light and dark:
// quiet, no wider than the window, axe content. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { doors, forgotten, pages } from "./pages.mjs";
import { alike, holds, newContext, none, open, overflow, real, run, settled, source, test, until, violations } from "./web.mjs";

const full = await real(), first = await real({ first: true });

test("the list of pages is the router's", async () => {
  const router = fs.readFileSync(path.join(source, "web/app/src/main.tsx"), "utf8");
  holds((router.match(/pattern: "/g) ?? []).length > 10, "the router is written in another way: mend tests/browser/pages.mjs");
  none(forgotten(router), "pages that no test opens: give each an address in tests/browser/pages.mjs");
});

// one window for each kind: its pages share what was loaded and compiled
const windows = new Map();
const windowOf = (base, kind) => {
  const key = base + JSON.stringify(kind);
  if (!windows.has(key)) windows.set(key, newContext(base, kind));
  return windows.get(key);
};
// The wall and the phone in the dark are looked at for their width only: what axe-core sees is seen in the others.
const axe = ({ width, scheme }) => width < 2560 && !(width === 360 && scheme === "dark");
async function look(base, { address, wait }, kind, { axe = true, expected } = {}) {
  const { lang } = kind;
  const { page, faults } = await open(base, address, { context: await windowOf(base, kind), lang, wait, anonymous: kind.anonymous, expected });
  await settled(page);
  await until(async () => (await overflow(page)) <= 0, async () => `the page is ${await overflow(page)} px too wide`);
  await until(async () => (await page.getAttribute("html", "lang")) === lang, "the page names another language");
  if (axe) none(await violations(page), "axe-core");
  none(faults, "faults");
}

for (const kind of [{ width: 360, height: 740, lang: "it", scheme: "light", phone: true }, { width: 2560, height: 1300, lang: "it", scheme: "light" }, { width: 1280, height: 900, lang: "en", scheme: "dark" }, { width: 360, height: 740, lang: "en", scheme: "dark" }])
  for (const page of pages)
    alike(kind.lang, `${page.address} in ${kind.lang} at ${kind.width} px, ${kind.scheme}`, () => look(full.base, page, kind, { axe: axe(kind), expected: page.expected }));
for (const kind of [{ width: 360, height: 740, lang: "it", scheme: "light", anonymous: true }, { width: 1280, height: 900, lang: "en", scheme: "dark", anonymous: true }])
  for (const page of doors)
    alike("doors", `${page.address} in ${kind.lang} at ${kind.width} px, ${kind.scheme}`, () => look(page.address === "/setup" ? first.base : full.base, page.address === "/setup" ? { address: new URL(first.link).pathname + new URL(first.link).hash, wait: "form" } : page, kind, { expected: [/401/] }));

await run(full, first);
