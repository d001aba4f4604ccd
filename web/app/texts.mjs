// texts: what the source says against what po/parts/web-*.po translates.
//   node texts.mjs [FOLDER]   lists what lacks (of src/FOLDER), as entries ready to be filled in
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compilePo, readPo } from "./po.mjs";

const here = path.dirname(fileURLToPath(import.meta.url)), parts = path.join(here, "../../po/parts");
function walk(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? walk(path.join(folder, f.name)) : /\.tsx?$/.test(f.name) ? [path.join(folder, f.name)] : []));
}
const STRING = String.raw`("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|` + "`(?:[^`\\\\$]|\\\\.)*`)";
const value = (literal) => (literal[0] === '"' ? JSON.parse(literal) : literal.slice(1, -1).replace(/\\(.)/g, "$1"));

/** [{file, key, id, plural?, context?}] of every t(), tn() and tc(); what is no literal is named in `odd`. */
export function used(folder = path.join(here, "src")) {
  const found = [], odd = [];
  for (const file of walk(folder)) {
    if (file.endsWith("lang/lang.ts")) continue;
    const text = fs.readFileSync(file, "utf8").replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, "");
    for (const m of text.matchAll(new RegExp(String.raw`(?<![\w.$])t\(\s*` + STRING, "g"))) found.push({ file, id: value(m[1]), key: value(m[1]) });
    for (const m of text.matchAll(new RegExp(String.raw`(?<![\w.$])tc\(\s*` + STRING + String.raw`\s*,\s*` + STRING, "g"))) found.push({ file, context: value(m[1]), id: value(m[2]), key: value(m[1]) + "\u0004" + value(m[2]) });
    for (const m of text.matchAll(/(?<![\w.$])tn\(/g)) {
      const rest = text.slice(m.index), pair = new RegExp(String.raw`^tn\(\s*[^"'` + "`" + String.raw`]*?,\s*` + STRING + String.raw`\s*,\s*` + STRING).exec(rest);
      if (pair) found.push({ file, id: value(pair[1]), plural: value(pair[2]), key: value(pair[1]) });
      else odd.push(`${file}: ${rest.slice(0, 80)}`);
    }
    for (const m of text.matchAll(/(?<![\w.$])tc?\(\s*[^"'`\s)]/g)) if (!/^tc?\(\s*$/.test(m[0])) odd.push(`${file}: ${text.slice(m.index, m.index + 60)}`);
  }
  return { found, odd };
}

/** What is translated: one object of all parts; `twice` names what two parts say differently. */
export function translated() {
  const all = {}, twice = [], faults = [];
  for (const f of fs.readdirSync(parts).filter((n) => /^web-.*\.po$/.test(n)).sort()) {
    const text = fs.readFileSync(path.join(parts, f), "utf8");
    for (const e of readPo(text)) {
      const names = (s) => (s ?? "").match(/\{\w+\}/g)?.sort().join() ?? "";
      const from = new Set((names(e.id) + "," + names(e.plural)).split(",").filter(Boolean));
      for (const out of [e.text, e.text0, e.text1]) for (const n of names(out).split(",").filter(Boolean)) if (!from.has(n)) faults.push(`${f}: ${n} in "${out}" is not in the source`);
    }
    for (const [key, text_] of Object.entries(compilePo(text, f))) {
      if (key in all && JSON.stringify(all[key]) !== JSON.stringify(text_)) twice.push(`${f}: ${key}`);
      all[key] = text_;
    }
  }
  return { all, twice, faults };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { all } = translated(), seen = new Set();
  for (const e of used(path.join(here, "src", process.argv[2] ?? "")).found) {
    if (e.key in all && Array.isArray(all[e.key]) === (e.plural !== undefined)) continue;
    if (seen.has(e.key)) continue;
    seen.add(e.key);
    console.log((e.context ? `msgctxt ${JSON.stringify(e.context)}\n` : "") + `msgid ${JSON.stringify(e.id)}\n` + (e.plural !== undefined ? `msgid_plural ${JSON.stringify(e.plural)}\nmsgstr[0] ""\nmsgstr[1] ""\n` : 'msgstr ""\n'));
  }
}
