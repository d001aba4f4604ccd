// What the tests of the browser client's own code share: the TypeScript, bundled by esbuild, and TAP.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto; // Node 18 has it, but not by this name

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
export const app = path.join(here, "../../web/app");

/** Everything these modules (paths within web/app/src) export. */
export async function bundle(...files) {
  let esbuild;
  try {
    esbuild = createRequire(path.join(app, "x.js"))("esbuild");
  } catch {
    console.log("1..1\nok 1 - the browser client's own code # SKIP npm ci --prefix web/app has not been run");
    process.exit(0);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-web-"));
  const outfile = path.join(folder, "bundle.mjs");
  const contents = files.map((file) => `export * from ${JSON.stringify("./" + file)};`).join("\n");
  await esbuild.build({
    stdin: { contents, resolveDir: path.join(app, "src"), loader: "ts" },
    bundle: true, format: "esm", platform: "neutral", target: "es2022", outfile, logLevel: "error",
  });
  const module = await import(pathToFileURL(outfile).href);
  fs.rmSync(folder, { recursive: true });
  return module;
}

/** The same numbers every time: mulberry32. */
export function chance(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

export function equal(found, wanted, what = "") {
  const a = JSON.stringify(found), b = JSON.stringify(wanted);
  if (a !== b) throw new Error(`${what}\nfound  ${a}\nwanted ${b}`);
}

/** Runs {sentence: test}; a test may call skip(why). Prints TAP and ends the process. */
export async function plan(tests) {
  const names = Object.keys(tests);
  console.log(`1..${names.length}`);
  let failed = 0;
  for (const [i, name] of names.entries()) {
    let skipped = "";
    try {
      await tests[name]((why) => { skipped = why; });
      console.log(`ok ${i + 1} - ${name}${skipped ? ` # SKIP ${skipped}` : ""}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}\n# ${String(error.stack ?? error).slice(0, 4000).replaceAll("\n", "\n# ")}`);
    }
  }
  process.exit(failed ? 1 : 0);
}
