// Unit tests of pure functions: TypeScript bundled by esbuild, run by node's own runner. Prints TAP.
//   node test/run.mjs [NAME…]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "../build.mjs";

const here = path.dirname(fileURLToPath(import.meta.url)), app = path.join(here, "..");
await packages();
const esbuild = await import("../node_modules/esbuild/lib/main.js");
const wanted = process.argv.slice(2);
function find(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? find(path.join(folder, f.name)) : /\.test\.tsx?$/.test(f.name) ? [path.join(folder, f.name)] : []));
}
const files = [...find(here), ...find(path.join(app, "src"))].filter((f) => !wanted.length || wanted.some((w) => f.includes(w)));
const out = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-web-"));
// what modules of the browser ask for when they are loaded
const browser = `import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;
const el = () => ({ dataset: {}, style: {}, append() {}, setAttribute() {}, addEventListener() {} });
globalThis.document ??= { documentElement: { lang: "en", dataset: {} }, addEventListener() {}, createElement: el, head: el(), body: el(), querySelector: () => null, getElementById: () => null };
globalThis.location ??= new URL("http://localhost/"); globalThis.history ??= { pushState() {}, replaceState() {} };
globalThis.addEventListener ??= () => {}; globalThis.matchMedia ??= () => ({ matches: false, addEventListener() {} });
globalThis.localStorage ??= { getItem: () => null, setItem() {}, removeItem() {} };
try { if (globalThis.navigator === undefined || navigator.onLine === undefined) Object.defineProperty(globalThis, "navigator", { value: { onLine: true, language: "en" }, configurable: true }); } catch {}
`;
let failed = 0, count = 0;
try {
  await esbuild.build({
    entryPoints: files, outdir: out, outbase: app, bundle: true, platform: "node", format: "esm", outExtension: { ".js": ".mjs" }, jsx: "automatic", jsxImportSource: "preact", banner: { js: browser }, logLevel: "warning",
    external: ["node:*"], loader: { ".css": "text" },
    plugins: [{ name: "lang", setup: (b) => { b.onResolve({ filter: /^lang:/ }, (a) => ({ path: a.path, namespace: "lang" })); b.onLoad({ filter: /.*/, namespace: "lang" }, () => ({ contents: JSON.stringify({ "{n} customers": "x", "{n} step": ["{n} tappa", "{n} tappe"], Save: "Salva" }), loader: "json" })); } }],
  });
  for (const f of files) {
    const built = path.join(out, path.relative(app, f).replace(/\.tsx?$/, ".mjs"));
    const { stdout, status } = spawnSync(process.execPath, ["--test-reporter=tap", built], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    // subtests' lines are indented: the innermost are the sentences
    let bad = 0;
    for (const line of stdout.split("\n")) {
      const m = /^\s*(not )?ok \d+ - (.*)$/.exec(line);
      if (m) { count++; if (m[1]) { failed++; bad++; } console.log(`${m[1] ?? ""}ok ${count} - ${m[2]}`); }
    }
    if (bad) console.log(stdout.split("\n").map((l) => "# " + l).join("\n"));
    if (status && !bad) { count++; failed++; console.log(`not ok ${count} - ${path.relative(app, f)} ended with status ${status}`); }
  }
} finally {
  fs.rmSync(out, { recursive: true, force: true });
}
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
