// The browser's apply() and the server's edit_apply() (src/map/edit.c, by build/tests/map/edit-lines) do the
// same with thousands of random operations, sensible and broken, and the inverse takes each one back. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { bundle, chance, holds, plan } from "./tools.mjs";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const build = process.env.VIAGGIO_BUILD ?? path.join(here, "../../build");
const oracle = path.join(build, "tests/map/edit-lines");
const example = (name) => JSON.parse(fs.readFileSync(path.join(here, `../../examples/${name}/mappa.json`), "utf8"));
const { apply, sameJson, Refusal } = await bundle("editor/model/apply.ts", "editor/model/document.ts");

const CODES = { 0: "ok", 2: "input", 4: "not-found", 5: "conflict" };
const ROUNDS = 240, EACH = 25;

// ---- random documents and operations ----

const small = { id: "m", title: "T", lanes: null, personas: [{ id: "p", name: "Anna" }],
  objective: { text: "O", metrics: [{ id: "k", name: "K" }] }, phases: [
    { id: "f1", title: "F1", steps: [
      { id: "s1", title: "S1", feeling: { emotion: "gioia", valence: 1 }, pains: [{ id: "d1", text: "D" }, { text: "no id" }] },
      { id: "s2", title: "S2", needs: ["a", "b"], feelings: [{ persona: "p", valence: 1 }] }] },
    { id: "f2", title: "F2", steps: [{ id: "s3", title: "S3", custom: { "lane-x": { deep: { id: "inner" } } } }] }] };

function everyId(value, found = []) {
  if (Array.isArray(value)) for (const one of value) everyId(one, found);
  else if (value && typeof value === "object") {
    if (typeof value.id === "string") found.push(value.id);
    for (const one of Object.values(value)) everyId(one, found);
  }
  return found;
}

const FIELDS = ["title", "doing", "feeling", "feeling.valence", "feeling.note", "custom.lane-x", "custom.lane-x.deep.er", "owner", "id",
  "objective.text", "objective.metrics.0.name", "objective.metrics.9.name", "needs", "needs.0", "needs.1", "needs.7", "needs.-1", "needs.x",
  "needs.+0", "pains.0.text", "pains.1.text", "pains.0", "phases.0.title", "phases.00.steps.1.doing", "a.b.c", "title.x", "a..b", "", ".", "a.",
  "x.id", "steps.0.id", "phases", "lanes", "feelings.0.valence", "moment_of_truth", "__proto__", "constructor.name", "città.è"];
const LISTS = ["steps", "pains", "phases", "needs", "title", "opportunities", "objective.metrics", "objective.more", "phases.0.steps",
  "phases.1.steps", "steps.0.pains", "lanes", "a.b", "", "feeling.x", "steps.1.touchpoints", "steps.9.pains"];
const VALUES = ["testo", "", -2, 1.5, true, null, [1, 2], ["a"], { valence: 1 }, [], [{ id: "fresh", text: "x" }], "perché → 🌀"];

function randomOperation(random, ids) {
  const pick = (list) => list[random(list.length)];
  const id = () => (random(12) ? pick(ids) : pick(["nobody", "", "m"]));
  const at = () => (random(6) ? id() : "");
  const some = (operation, key, make) => { if (random(3)) operation[key] = make(); return operation; };
  const kind = random(20);
  if (kind < 8) return some({ op: "set", at: at(), field: pick(FIELDS) }, "value", () => pick(VALUES));
  if (kind < 12) {
    const fresh = `n${random(1e9)}`;
    const value = pick([{ id: fresh, title: "N" }, { id: fresh, steps: [{ id: `${fresh}-a`, title: "A" }] }, { title: "none" }, { id: pick(ids) },
      { id: fresh, inside: { id: pick(ids) } }, "text", { id: "" }]);
    return some({ op: "insert", at: at(), list: pick(LISTS), value }, "before", id);
  }
  if (kind < 16) return some(some({ op: "move", item: id(), at: at(), list: pick(LISTS) }, "before", id), "tidy", () => random(2) === 0);
  if (kind < 18) return some({ op: "delete", item: id() }, "tidy", () => true);
  if (kind < 19 && !random(6)) return { op: "replace", value: pick([small, "text", undefined, { id: "m", title: "Z", phases: [] }]) };
  return pick([{ op: "nothing" }, { op: 7 }, {}, { op: "set", at: 3, field: "title", value: 1 }, { op: "set", field: 4 }]);
}

// ---- the comparison ----

const documents = [small, example("macchinari"), example("casa-in-ordine")];
const requests = [];
for (let seed = 1; seed <= ROUNDS; seed++) {
  const random = chance(seed);
  const document = documents[seed % 6 ? 0 : 1 + random(2)];
  let now = document;
  const operations = [];
  for (let i = 0; i < EACH; i++) {
    const operation = randomOperation(random, everyId(now).concat("inner"));
    operations.push(operation);
    try {
      now = apply(now, operation).document;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  requests.push({ document, operations });
}

function frozen(value) {
  if (value && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const same = (a, b) => sameJson(a, b);
/** Without what is null or empty: an inverse may leave an object that had to be made for a list. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (!value || typeof value !== "object") return value;
  const kept = Object.entries(value).map(([key, one]) => [key, bare(one)])
    .filter(([, one]) => one !== null && !(typeof one === "object" && !Array.isArray(one) && !Object.keys(one).length));
  return Object.fromEntries(kept);
}

await plan({
  "the same operation does the same in the browser and in the server": (skip) => {
    if (!fs.existsSync(oracle)) return skip("there is no " + oracle);
    const ran = spawnSync(oracle, { input: requests.map((one) => JSON.stringify(one)).join("\n") + "\n", encoding: "utf8", maxBuffer: 1 << 30 });
    holds(ran.status === 0, `the oracle ended with ${ran.status ?? ran.signal}: ${ran.stderr}`);
    const answers = ran.stdout.trim().split("\n").map((line) => JSON.parse(line));
    const counts = {};
    for (const [r, { document, operations }] of requests.entries()) {
      let now = frozen(structuredClone(document));
      for (const [i, operation] of operations.entries()) {
        const [code, inverse, after] = answers[r][i];
        const where = `round ${r + 1}, operation ${i}: ${JSON.stringify(operation)} on ${JSON.stringify(now).slice(0, 1500)}`;
        let done = null, mine = "ok";
        try {
          done = apply(now, operation);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          mine = error.code;
        }
        holds(mine === CODES[code], `${where}\nhere ${mine}, there ${CODES[code]}`);
        counts[`${operation.op} ${mine}`] = (counts[`${operation.op} ${mine}`] ?? 0) + 1;
        if (!done) continue;
        holds(same(done.document, after), `${where}\nhere  ${JSON.stringify(done.document)}\nthere ${JSON.stringify(after)}`);
        holds(same(done.inverse, inverse), `${where}\nhere  ${JSON.stringify(done.inverse)}\nthere ${JSON.stringify(inverse)}`);
        now = frozen(done.document);
      }
    }
    for (const kind of ["set", "insert", "move", "delete", "replace"]) holds(counts[`${kind} ok`] >= 15, `too few of ${kind}: ${JSON.stringify(counts)}`);
    console.log(`# ${JSON.stringify(counts)}`);
  },
  "what one operation changed, its inverse takes back": () => {
    let taken = 0;
    for (const { document, operations } of requests) {
      let now = document;
      for (const operation of operations) {
        if (JSON.stringify(now).includes('"no id"')) now = JSON.parse(JSON.stringify(now).replaceAll(',{"text":"no id"}', "").replaceAll('{"text":"no id"}', ""));
        let done;
        const ids = everyId(now); // two of the same: no map
        if (new Set(ids).size < ids.length) break;
        try { done = apply(now, operation); } catch { continue; }
        const back = apply(done.document, done.inverse);
        const normal = (value) => JSON.parse(JSON.stringify(bare(value)));
        holds(same(normal(back.document), normal(now)), JSON.stringify({ operation, inverse: done.inverse, now, back: back.document }));
        taken++;
        now = done.document;
      }
    }
    holds(taken > 2000, `only ${taken}`);
  },
  "what an operation does not touch stays the same object": () => {
    const { document } = apply(small, { op: "set", at: "s1", field: "feeling.valence", value: -1 });
    holds(document.phases[1] === small.phases[1], "the other phase was copied");
    holds(document.phases[0].steps[1] === small.phases[0].steps[1], "the other step was copied");
    holds(document.phases[0].steps[0].pains === small.phases[0].steps[0].pains, "the step's other lanes were copied");
    holds(small.phases[0].steps[0].feeling.valence === 1, "the old document was changed");
  },
});
