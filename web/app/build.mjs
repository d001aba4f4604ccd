// build: TypeScript, style sheets, languages and fonts → a folder of files, and a C table of them.
//   node build.mjs --out DIR [--embed FILE.c --depfile FILE.d] [--inter DIR] [--dev] [--no-check]
// Names carry a hash of their content, so that browsers may keep them for good. The first load is
// weighed: over 200 kB (compressed, with fonts and language) the build fails.
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import zlib from "node:zlib";
import { compilePo } from "./po.mjs";
import { used } from "./texts.mjs";
import { embed } from "./embed.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "../..");
const FIRST_LOAD_LIMIT = 200_000, OWN_PAGE_LIMIT = 140_000; // the second: the client's own page (/p), fonts and all
const CORE = "20-7E,A0-FF,2009,2013,2014,2018-201E,2022,2026,202F,20AC,2190-2193,2212,2605";
const CORE_CSS = "U+20-7E,U+A0-FF,U+2009,U+2013-2014,U+2018-201E,U+2022,U+2026,U+202F,U+20AC,U+2190-2193,U+2212,U+2605";
const MORE = "100-17F,192,218-21B,2BB-2BC,2C6,2DA,2DC,2002-2008,200A,2010-2012,2015,2020-2021,2030,2032-2033,2039-203A,2044,2070,2074-2079,2080-2089,2116,2122,221E,2248,2260,2264-2265,25A0,25B2,25BC,25CF,2606,2713,2717";

/** npm ci where the packages of the lockfile are not installed; two builds at once wait for each other. */
export async function packages() {
  const lockfile = path.join(here, "package-lock.json"), stamp = path.join(here, "node_modules/.installed");
  const wanted = fs.readFileSync(lockfile, "utf8");
  const there = () => fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted;
  const busy = path.join(here, ".installing");
  for (let second = 0; !there(); second++) {
    try {
      fs.mkdirSync(busy);
    } catch {
      if (second > 300) throw new Error(`${busy} is in the way: another build that never ended? Remove it and try again.`);
      await new Promise((go) => setTimeout(go, 1000));
      continue;
    }
    try {
      console.error("Installing the npm packages of web/app …");
      execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: here, stdio: ["ignore", 2, 2] });
      fs.writeFileSync(stamp, wanted);
    } finally {
      fs.rmSync(busy, { recursive: true, force: true });
    }
  }
}

const hashOf = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex").slice(0, 10);

function fonts(out, inter) {
  const work = path.join(out, "fonts"), faces = [];
  fs.mkdirSync(work, { recursive: true });
  for (const [face, weight, style] of [["Regular", 400, "normal"], ["Medium", 500, "normal"], ["SemiBold", 600, "normal"], ["Bold", 700, "normal"], ["Italic", 400, "italic"]])
    for (const [part, letters] of [["more", MORE], ["core", CORE]]) {
      const name = `${face}-${part}`, otf = path.join(work, name + ".otf"), woff2 = path.join(work, name + ".woff2");
      if (!fs.existsSync(woff2)) {
        execFileSync("hb-subset", ["--unicodes=" + letters, "--no-hinting", "--layout-features=kern,ccmp,locl,mark,tnum",
          "--name-IDs=0,1,2,3,4,5,6,13,14", "--output-file=" + otf, path.join(inter, `Inter-${face}.otf`)]);
        execFileSync("woff2_compress", [otf], { stdio: "ignore" });
      }
      const range = part === "core" ? CORE_CSS : MORE.split(",").map((r) => "U+" + r).join(",");
      faces.push({ name: `inter-${name.toLowerCase()}`, bytes: fs.readFileSync(woff2), weight, style, range, core: part === "core" });
    }
  return faces;
}

/** A style sheet imported from TypeScript is a file of its own; the import is its address. */
function stylePlugin(esbuild, minify) {
  return {
    name: "style",
    setup(build) {
      build.onLoad({ filter: /\.css$/ }, async (args) => {
        const result = await esbuild.build({ entryPoints: [args.path], bundle: true, minify, write: false, metafile: true, external: ["/assets/*"], target: ["chrome100", "firefox100", "safari15.4"] });
        return { contents: result.outputFiles[0].contents, loader: "file", watchFiles: Object.keys(result.metafile.inputs).map((f) => path.resolve(f)) };
      });
    },
  };
}

/** `import("lang:it")`: the Italian of po/parts/web-*.po as one object; `lang:p` only what the client's own page says. */
function langPlugin(files) {
  return {
    name: "lang",
    setup(build) {
      build.onResolve({ filter: /^lang:/ }, (args) => ({ path: args.path.slice(5), namespace: "lang" }));
      build.onLoad({ filter: /.*/, namespace: "lang" }, (args) => {
        let whole = Object.assign({}, ...files().map((f) => compilePo(fs.readFileSync(f, "utf8"), f)));
        if (args.path === "p") {
          const own = new Set(["src/p", "src/lang"].flatMap((f) => used(path.join(here, f)).found).concat(used(path.join(here, "src/ui")).found.filter((e) => e.file.endsWith("face.tsx"))).map((e) => e.key));
          whole = Object.fromEntries(Object.entries(whole).filter(([key]) => own.has(key)));
        }
        return { contents: "export default " + JSON.stringify(whole), loader: "js", watchFiles: files() };
      });
    },
  };
}

export function poFiles() {
  const folder = path.join(source, "po/parts");
  return fs.readdirSync(folder).filter((f) => /^web-.*\.po$/.test(f)).sort().map((f) => path.join(folder, f));
}

export async function build({ out, inter = "/usr/share/fonts/opentype/inter", dev = false, check = true }) {
  await packages();
  const esbuild = await import(pathToFileURL(path.join(here, "node_modules/esbuild/lib/main.js")).href);
  const site = path.join(out, "site"), assets = path.join(site, "assets");
  fs.rmSync(site, { recursive: true, force: true });
  fs.mkdirSync(assets, { recursive: true });
  if (check) execFileSync(path.join(here, "node_modules/.bin/tsc"), ["--noEmit", "--pretty", "false"], { cwd: here, stdio: ["ignore", 2, 2] });

  const faces = fonts(out, inter);
  let fontCss = "";
  for (const f of faces) {
    f.file = `${f.name}-${hashOf(f.bytes)}.woff2`;
    fs.writeFileSync(path.join(assets, f.file), f.bytes);
    fontCss += `@font-face{font-family:Inter;font-weight:${f.weight};font-style:${f.style};font-display:swap;src:url(/assets/${f.file}) format("woff2");unicode-range:${f.range}}\n`;
  }
  const common = { bundle: true, charset: "utf8", minify: !dev, sourcemap: dev ? "inline" : false, target: ["chrome100", "firefox100", "safari15.4"], logLevel: "warning", legalComments: "none" };
  const main = await esbuild.build({
    ...common, absWorkingDir: here, entryPoints: { main: "src/main.tsx", p: "src/p/main.tsx" }, outdir: assets, format: "esm", splitting: true, metafile: true,
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]", publicPath: "/assets",
    jsx: "automatic", jsxImportSource: "preact", alias: { react: "preact/compat", "react-dom": "preact/compat" },
    plugins: [stylePlugin(esbuild, !dev), langPlugin(poFiles)],
  });
  const css = await esbuild.build({ ...common, sourcemap: false, absWorkingDir: here, entryPoints: ["src/style/main.css"], write: false, external: ["/assets/*"], metafile: true });
  const styleText = fontCss + css.outputFiles[0].text, styleName = `main-${hashOf(styleText)}.css`;
  fs.writeFileSync(path.join(assets, styleName), styleText);
  const own = await esbuild.build({ ...common, sourcemap: false, absWorkingDir: here, entryPoints: ["src/p/p.css"], write: false, external: ["/assets/*"], metafile: true });
  const ownText = fontCss + own.outputFiles[0].text, ownName = `p-${hashOf(ownText)}.css`;
  fs.writeFileSync(path.join(assets, ownName), ownText);
  const theme = await esbuild.build({ ...common, sourcemap: false, absWorkingDir: here, entryPoints: ["src/theme-first.ts"], write: false, format: "iife" });
  const themeName = `theme-${hashOf(theme.outputFiles[0].contents)}.js`;
  fs.writeFileSync(path.join(assets, themeName), theme.outputFiles[0].contents);

  const outputs = main.metafile.outputs;
  const entry = Object.keys(outputs).find((f) => outputs[f].entryPoint === "src/main.tsx");
  const chunkOf = (input) => Object.keys(outputs).find((f) => outputs[f].entryPoint === input);
  const page = (file, style, script, weights) => fs.readFileSync(path.join(here, file), "utf8")
    .replace("%THEME%", `/assets/${themeName}`).replace("%STYLE%", `/assets/${style}`).replace("%MAIN%", `/assets/${path.basename(script)}`)
    .replace("%FONTS%", faces.filter((f) => f.core && weights.test(f.name)).map((f) => `<link rel="preload" href="/assets/${f.file}" as="font" type="font/woff2" crossorigin>`).join("\n"));
  const html = page("src/index.html", styleName, entry, /regular|medium|semibold/), ownEntry = Object.keys(outputs).find((f) => outputs[f].entryPoint === "src/p/main.tsx");
  fs.writeFileSync(path.join(site, "index.html"), html);
  const ownHtml = page("src/p/page.html", ownName, ownEntry, /regular|semibold|bold/);
  fs.writeFileSync(path.join(site, "p.html"), ownHtml);
  for (const f of fs.readdirSync(path.join(here, "static"))) fs.copyFileSync(path.join(here, "static", f), path.join(site, f));
  if (!dev) { // while one works on the client, nothing is kept
    const files = ["/", "/favicon.svg", ...fs.readdirSync(assets).sort().map((f) => "/assets/" + f)];
    const define = { VERSION: JSON.stringify(hashOf(html + files.join())), FILES: JSON.stringify(files) };
    await esbuild.build({ ...common, absWorkingDir: here, entryPoints: ["src/sw.js"], outfile: path.join(site, "sw.js"), format: "iife", define });
  }

  // What a first visit to the home page loads, in Italian; and one to the client's own page.
  const weigh = (f) => { const b = fs.readFileSync(path.join(assets, f)); return f.endsWith(".woff2") ? b.length : zlib.gzipSync(b, { level: 9 }).length; };
  const load = (style, html, ...chunks) => {
    const first = new Set([style, themeName, ...faces.filter((f) => f.core && f.style === "normal").map((f) => f.file)]);
    const follow = (file) => {
      if (!file || first.has(path.basename(file))) return;
      first.add(path.basename(file));
      for (const i of outputs[file]?.imports ?? []) if (i.kind === "import-statement" || i.kind === "file-loader") follow(i.path);
    };
    chunks.forEach(follow);
    const weights = [...first].map((f) => [f, weigh(f)]).sort((a, b) => b[1] - a[1]);
    return { weights, sum: weights.reduce((sum, [, w]) => sum + w, zlib.gzipSync(html).length) };
  };
  const { weights, sum: firstLoad } = load(styleName, html, entry, chunkOf("src/pages/home.tsx"), chunkOf("lang:it"));
  const ownLoad = load(ownName, ownHtml, ownEntry, chunkOf("lang:p"));
  for (const [what, loaded, limit] of [["The first load", { weights, sum: firstLoad }, FIRST_LOAD_LIMIT], ["The client's own page", ownLoad, OWN_PAGE_LIMIT]])
    if (!dev && loaded.sum > limit) throw new Error(`${what} weighs ${loaded.sum} bytes compressed, over ${limit}:\n` + loaded.weights.map(([f, w]) => `  ${w} ${f}`).join("\n"));
  if (!dev) { // the client's own page has a worker of its own, with its own few files
    const files = ["/p", "/favicon.svg", ...ownLoad.weights.map(([f]) => "/assets/" + f)].sort();
    const define = { VERSION: JSON.stringify(hashOf(ownHtml + files.join())), FILES: JSON.stringify(files) };
    await esbuild.build({ ...common, absWorkingDir: here, entryPoints: ["src/p/sw.js"], outfile: path.join(site, "p-sw.js"), format: "iife", define });
  }
  const inputs = [...Object.keys(main.metafile.inputs), ...Object.keys(css.metafile.inputs), ...Object.keys(own.metafile.inputs), "src/index.html", "src/p/page.html", "texts.mjs", "src/theme-first.ts", "src/sw.js", "src/p/sw.js", "package-lock.json", "tsconfig.json", "build.mjs", "po.mjs", "embed.mjs",
    ...fs.readdirSync(path.join(here, "static")).map((f) => "static/" + f)]
    .filter((f) => !f.includes("node_modules") && !/^\w+:/.test(f)).map((f) => path.join(here, f)).concat(poFiles());
  return { site, firstLoad, ownLoad: ownLoad.sum, weights, inputs: [...new Set(inputs)].filter((f) => fs.existsSync(f)) };
}

function option(name, fallback) {
  const at = process.argv.indexOf("--" + name);
  return at < 0 ? fallback : process.argv[at + 1];
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const out = path.resolve(option("out", path.join(source, "build/web/out")));
    const result = await build({ out, inter: option("inter"), dev: process.argv.includes("--dev"), check: !process.argv.includes("--no-check") });
    const table = option("embed"), depfile = option("depfile");
    if (table) embed(result.site, table);
    if (depfile) fs.writeFileSync(depfile, `${table}: ${result.inputs.map((f) => f.replaceAll(" ", "\\ ")).join(" ")}\n`);
    console.error(`web: the first load weighs ${(result.firstLoad / 1000).toFixed(1)} kB compressed, the client's own page ${(result.ownLoad / 1000).toFixed(1)} kB`);
    if (process.argv.includes("--weights")) console.error(result.weights.map(([f, w]) => `  ${w} ${f}`).join("\n"));
  } catch (error) {
    console.error(error.status ? "web: the types do not hold (above)" : String(error.message ?? error));
    process.exit(1);
  }
}
