// Papa Parse, which many web applications read CSV with, as the oracle for rows and fields: files broken on purpose,
// from a fixed seed, give the same fields here and there wherever Papa Parse finds nothing to complain about. Prints TAP.
//
// Where the two differ by design, and what the comparison does about it:
//
// | what                             | Papa Parse             | Viaggio, and why                                | here          |
// |----------------------------------|------------------------|-------------------------------------------------|---------------|
// | white space around a field       | kept                   | cut: exports pad their cells                    | cut           |
// | CR LF, LF, both in one file      | guesses one            | LF ends a row, a CR before it goes              | CR LF made LF |
// | an empty line, or one of spaces  | a row of one field     | no row                                          | left out      |
// | N/D, n.d., -, NULL …             | text                   | empty: nothing stands there                     | made empty    |
// | fields beyond the header's       | kept                   | left out                                        | left out      |
// | text behind a closing quote      | an error               | belongs to the field: "a"b is ab                | not compared  |
// | a quote that is never closed     | an error, to the end   | the row is kept aside, the next ones are read   | not compared  |
// | no customer, activity or date    | nothing special        | the row is kept aside, with its reason          | kept aside    |
// | a BOM                            | cut at the very front  | the same                                        | compared      |
// | a BOM behind a closing quote     | cut like white space   | text, as all that stands there                  | not made      |
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const program = process.env.VIAGGIO ?? path.join(here, "../../build/src/viaggio");
const modules = process.env.VIAGGIO_NODE_MODULES ?? path.join(here, "node_modules");
const FILES = 300;

let Papa;
try {
  Papa = createRequire(path.join(modules, "..", "x.js"))("papaparse");
} catch {
  console.log("1..1\nok 1 - Papa Parse reads the same rows and fields # SKIP npm ci --prefix tests/browser has not been run");
  process.exit(0);
}

// ---- files ----

function chance(seed) { // mulberry32
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const TEXTS = ["", "bene", "due parole", 'detto "ciao" e via', "prima\nseconda", "a;b,c|d\te", "perché no", "N/D", "-", '"', '""',
  "virgola, e punto; fine", "  spazi  ", "🌀 vortice", "n.d.", "lungo ".repeat(40), "\r\nin mezzo\r\n"];

function quoted(text, delimiter, always) {
  return always || /["\n\r]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}

function make(random) {
  const delimiter = ";,\t|"[random(4)], line = random(2) ? "\n" : "\r\n", always = random(3) === 0;
  const head = ["cliente", "evento", "data", "uno", "due"];
  let body = "";
  for (let i = 0, rows = 8 + random(12); i < rows; i++) {
    const day = `2025-${String(1 + random(12)).padStart(2, "0")}-${String(1 + random(28)).padStart(2, "0")}`;
    const cells = [`C${random(5)}`, TEXTS[1 + random(3)], day, TEXTS[random(TEXTS.length)], TEXTS[random(TEXTS.length)]];
    body += cells.map((cell) => quoted(cell, delimiter, always)).join(delimiter) + line;
  }
  if (random(4) === 0) body = body.slice(0, -line.length);
  return { delimiter, line, head: (random(3) ? "" : "\ufeff") + head.join(delimiter) + line, body };
}

const DATE = /\d{4}-\d\d-\d\d/g;

// One change of the body, outside of its dates (half a date might be another date).
function mutate(file, random) {
  const { delimiter, line } = file;
  const inside = new Set();
  for (const found of file.body.matchAll(DATE)) for (let i = 1; i < 10; i++) inside.add(found.index + i);
  let at = random(file.body.length + 1);
  while (inside.has(at)) at++;
  const add = ['"', '""', delimiter, delimiter.repeat(3), line, "\n", "\r", " ", "\t", `"${delimiter}"`, `${delimiter}"x${line}y"`,
    `${line}${line}`, "x", "\ufeff", `${line}  ${line}`, `"" `][random(16)];
  const dropped = random(3) || inside.has(at) || (file.body[at] ?? "0") <= "9" && (file.body[at] ?? "0") >= "0" ? 0 : 1;
  file.body = file.body.slice(0, at) + (dropped && random(2) ? "" : add) + file.body.slice(at + dropped);
  file.body = file.body.replaceAll('"\ufeff', '"');
}

// ---- what each of the two reads ----

const NOTHING = new Set(["-", "N/D", "n/d", "N.D.", "n.d.", "#N/D", "N/A", "n/a", "#N/A", "NULL", "null", "(null)"]);
const trim = (text) => text.replace(/^[ \t\n\v\f\r\u00a0]+|[ \t\n\v\f\r\u00a0]+$/g, "");
const plain = (text) => { const cell = trim(text.replaceAll("\r\n", "\n")); return NOTHING.has(cell) ? "" : cell; };

function byPapa(text, delimiter) {
  const read = Papa.parse(text.replaceAll("\r\n", "\n"), { delimiter, newline: "\n" });
  if (read.errors.length) return null;
  const events = [];
  let aside = 0;
  for (const row of read.data.slice(1)) {
    if (row.length === 1 && trim(row[0]) === "") continue;
    const cells = Array.from({ length: 5 }, (_, i) => plain(row[i] ?? ""));
    cells[2] = cells[2].replace(/,+$/, ""); // a comma behind a date is no harm to it
    if (cells[0] && cells[1] && /^\d{4}-\d\d-\d\d$/.test(cells[2])) events.push(cells);
    else aside++;
  }
  return { events, aside };
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "viaggio-papa-"));
const input = path.join(folder, "in.csv"), output = path.join(folder, "out.csv");

function byViaggio(text, delimiter) {
  fs.writeFileSync(input, text);
  fs.rmSync(output, { force: true });
  const ran = spawnSync(program, ["import", input, "--out", output, "--delimiter", delimiter, "--encoding", "utf-8", "--customer",
    "cliente", "--activity", "evento", "--time", "data", "--attribute", "uno", "--attribute", "due"],
  { encoding: "utf8", env: { ...process.env, LANG: "C.UTF-8" } });
  if (ran.status !== 0) throw new Error(`status ${ran.status} ${ran.signal}: ${ran.stderr}${JSON.stringify(text)}`);
  const { data } = Papa.parse(fs.readFileSync(output, "utf8"), { header: true, skipEmptyLines: true });
  // What a spreadsheet would take for a formula has an apostrophe in front there.
  const cell = (value) => (value ?? "").replace(/^'(?=[=+\-@])/, "").replaceAll("\r\n", "\n");
  return { events: data.map((row) => [row.customer, row.activity, row.time.slice(0, 10), row.uno, row.due].map(cell)),
    aside: Number(/: (\d+) of \d+ rows left out/.exec(ran.stderr)?.[1] ?? 0) };
}

// ---- the comparison ----

let failed = 0, compared = 0, complained = 0, broken = "", n = 0;
const tell = (ok, sentence, detail = "") => {
  n++;
  if (!ok) failed++;
  console.log(`${ok ? "ok" : "not ok"} ${n} - ${sentence}${ok || !detail ? "" : "\n# " + detail.replaceAll("\n", "\n# ")}`);
};

console.log("1..3");
for (let seed = 1; seed <= FILES && !broken; seed++) {
  const random = chance(seed);
  const file = make(random);
  for (let i = random(6); i > 0; i--) mutate(file, random);
  const text = Buffer.from(file.head + file.body).toString(); // half a pair of UTF-16 becomes U+FFFD
  const want = byPapa(text, file.delimiter);
  const got = byViaggio(text, file.delimiter); // also where Papa Parse complains: it must end well
  if (!want) {
    complained++;
    continue;
  }
  compared++;
  const a = JSON.stringify(want.events.sort()), b = JSON.stringify(got.events.sort());
  if (a !== b || want.aside !== got.aside) broken = `seed ${seed}: ${JSON.stringify(text)}\nPapa Parse ${want.aside} aside ${a}\nViaggio    ${got.aside} aside ${b}`;
}
tell(!broken, "Papa Parse reads the same rows and fields out of files broken in hundreds of ways", broken);
tell(broken || compared >= FILES / 3, `most files can be compared: ${compared} of ${FILES}`);
tell(broken || complained >= FILES / 10, `some are so broken that Papa Parse complains, and Viaggio still ends well: ${complained}`);
fs.rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
