// What a person does to a map, as operations: after every single one the map is one that the server accepts, and
// no word gets lost on the way. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { bundle, chance, equal, holds, plan } from "./tools.mjs";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const e = await bundle("editor/model/apply.ts", "editor/model/document.ts", "editor/model/commands.ts", "editor/model/lanes.ts",
  "editor/model/text.ts", "editor/model/tsv.ts", "editor/model/valid.ts");
const example = (name) => JSON.parse(fs.readFileSync(path.join(here, `../../examples/${name}/mappa.json`), "utf8"));
const machines = example("macchinari"), coaching = example("casa-in-ordine");
const words = { channels: ["Web", "Telefono", "Email"], departments: ["Marketing", "Commerciale"], emotions: [{ word: "delusione", valence: -1.5 }, { word: "gioia", valence: 2 }] };

function play(map, operations) {
  for (const operation of operations) {
    const next = e.apply(map, operation).document;
    const wrong = e.invalid(map, next);
    if (wrong) throw new Error(`${JSON.stringify(operation)} leaves ${JSON.stringify(wrong)}`);
    map = next;
  }
  return map;
}
const step = (map, id) => e.stepOf(map, id);
const titles = (map) => map.phases.map((phase) => phase.steps.map((one) => one.title));
const lane = (map, kind) => e.lanesOf(map).find((one) => one.kind === kind);
const choices = () => ({ id: "m", title: "T", phases: [{ id: "f", title: "F", steps: [
  { id: "a", title: "A" }, { id: "b1", title: "B1", choice: { group: "g", branch: "x" } }, { id: "b2", title: "B2", choice: { group: "g", branch: "x" } },
  { id: "c", title: "C", choice: "g" }, { id: "d", title: "D" }] }, { id: "f2", title: "F2", steps: [] }] });

await plan({
  "anything done to any step leaves a map, also where actions and choices hang on it": () => {
    for (const map of [machines, coaching, choices()]) {
      for (const { id } of e.steps(map)) {
        play(map, e.deleteSteps(map, [id]));
        play(map, e.duplicateSteps(map, [id]).operations);
        play(map, e.splitStep(map, id, "second").operations);
        play(map, e.splitPhase(map, id, "new").operations);
        for (const by of [-1, 1]) play(map, e.nudgeStep(map, id, by));
        for (const phase of map.phases) for (const before of [...phase.steps, { id: "" }]) play(map, e.moveStep(map, id, phase.id, before.id));
      }
      for (const phase of map.phases) {
        play(map, e.deletePhase(map, phase.id));
        play(map, e.duplicatePhase(map, phase.id).operations);
        play(map, e.mergePhases(map, phase.id));
        for (const by of [-1, 1]) play(map, e.nudgePhase(map, phase.id, by));
      }
    }
  },
  "a step moves over the border of phases, and back": () => {
    let map = machines;
    const first = map.phases[0].steps.at(-1).id;
    map = play(map, e.nudgeStep(map, first, 1));
    equal(map.phases[1].steps[0].id, first);
    map = play(map, e.nudgeStep(map, first, -1));
    equal(titles(map), titles(machines));
  },
  "merging keeps every text, feeling, pain and tie to an action": () => {
    const chosen = e.steps(machines).slice(3, 6), map = play(machines, e.mergeSteps(machines, chosen.map((one) => one.id)));
    const merged = step(map, chosen[0].id), text = JSON.stringify(merged);
    for (const one of chosen) {
      for (const part of [one.title, one.doing, one.thinking, one.feeling?.emotion, ...(one.touchpoints ?? []).map((t) => t.title), ...(one.pains ?? []).map((p) => p.text)]) {
        holds(!part || text.includes(JSON.stringify(part).slice(1, -1)), `lost: ${part}`);
      }
    }
    equal(e.steps(map).length, e.steps(machines).length - 2);
    const tied = (document) => document.actions.map((one) => (one.pains ?? []).length);
    equal(tied(map), tied(machines));
    for (const action of map.actions) for (const id of action.steps ?? []) holds(step(map, id), `${action.id} is tied to nothing`);
  },
  "splitting shares out, and merging the two gives all back": () => {
    const map = { id: "m", title: "T", phases: [{ id: "f", title: "F", steps: [{ id: "s", title: "S", doing: "Chiama. Aspetta. Riprova.", needs: ["a", "b", "c"],
      pains: [{ id: "p1", text: "1" }, { id: "p2", text: "2" }], custom: { "lane-x": "kept" } }] }] };
    const { operations, made } = e.splitStep(map, "s", "S bis");
    const two = play(map, operations);
    equal([step(two, "s").doing, step(two, made).doing], ["Chiama. Aspetta.", "Riprova."]);
    equal([step(two, "s").pains.length, step(two, made).pains.length, step(two, made).pains[0].id], [1, 1, "p2"]);
    const one = step(play(two, e.mergeSteps(two, ["s", made])), "s");
    equal([one.needs, one.pains.length, one.custom], [["a", "b", "c"], 2, { "lane-x": "kept" }]);
  },
  "a copy has ids of its own, and leaves the other's actions alone": () => {
    const id = machines.actions[0].pains[0];
    const source = e.steps(machines).find((one) => one.pains?.some((pain) => pain.id === id));
    const { operations, made } = e.duplicateSteps(machines, [source.id]);
    const copy = step(play(machines, operations), made[0]);
    equal(copy.doing, source.doing);
    holds(copy.pains[0].id !== source.pains[0].id && copy.pains[0].text === source.pains[0].text, "the pain");
    equal(e.phaseOf(play(machines, operations), made[0]).steps.findIndex((one) => one.id === made[0]), e.phaseOf(machines, source.id).steps.indexOf(source) + 1);
  },
  "every cell that can be written says afterwards what was written": () => {
    const texts = { doing: "Due\nrighe", touchpoints: "Modulo · Web · Marketing\nTelefonata · telefono", thinking: "«Perché?»", feeling: "delusione -1.5", needs: "uno\ndue",
      pains: "dolore\naltro", opportunities: "idea", owner: "marketing", backstage: "si stampa", moment: "★", match: "Chiamata\nEmail · Web", objectives: "meta" };
    const wanted = { touchpoints: "Modulo · Web · Marketing\nTelefonata · Telefono", owner: "Marketing" };
    for (const [kind, text] of Object.entries(texts)) {
      const map = play(machines, e.withReleases(machines, e.cellOperations(step(machines, "cerco"), lane(machines, kind), text, words)));
      equal(e.cellText(step(map, "cerco"), lane(map, kind)), wanted[kind] ?? text, kind);
      const empty = play(map, e.withReleases(map, e.cellOperations(step(map, "cerco"), lane(map, kind), "", words)));
      equal(e.cellText(step(empty, "cerco"), lane(empty, kind)), "", `${kind} emptied`);
      equal(e.cellOperations(step(map, "cerco"), lane(map, kind), wanted[kind] ?? text, words), [], `${kind}: saying it again is no change`);
    }
  },
  "feelings are read as people write them": () => {
    const cases = { "delusione −1,5": ["delusione", -1.5], "-2": [undefined, -2], "gioia": ["gioia", undefined], "+1 fiducia": ["fiducia", 1], "3": [undefined, 2], "rabbia: -9": ["rabbia", -2], "mezza gioia 0.26": ["mezza gioia", 0.3] };
    for (const [text, [emotion, valence]] of Object.entries(cases)) equal(e.readFeeling(text), { ...(emotion && { emotion }), ...(valence !== undefined && { valence }) }, text);
    equal(e.readFeeling("  "), null);
    const known = e.cellOperations({ id: "s", title: "S" }, lane(machines, "feeling"), "Delusione", words);
    equal(known.map((one) => one.value), ["delusione", -1.5], "a known word brings its face");
  },
  "editing the lines of pains keeps the items that did not change, and their actions": () => {
    const old = [{ id: "p1", text: "uno" }, { id: "p2", text: "due" }, { id: "p3", text: "tre" }];
    const map = { id: "m", title: "T", phases: [{ id: "f", title: "F", steps: [{ id: "s", title: "S", pains: old }] }], actions: [{ id: "a", title: "A", pains: ["p2", "p3"] }] };
    const random = chance(7), lines = ["uno", "due", "tre", "quattro", "due bis"];
    for (let i = 0; i < 300; i++) {
      const wanted = Array.from({ length: random(5) }, () => lines[random(5)]);
      const next = play(map, e.withReleases(map, e.cellOperations(step(map, "s"), lane(map, "pains"), wanted.join("\n"), words)));
      equal((step(next, "s").pains ?? []).map((one) => one.text), wanted, JSON.stringify(wanted));
      for (const one of old) if (wanted.filter((line) => line === one.text).length === 1) holds(step(next, "s").pains.find((pain) => pain.id === one.id)?.text === one.text, `${one.id} in ${wanted}`);
    }
  },
  "a block from a spreadsheet fills cells and makes the steps it needs": () => {
    const map = { id: "m", title: "T", phases: [{ id: "f", title: "F", steps: [{ id: "s1", title: "S1" }, { id: "s2", title: "S2" }] }] };
    const rows = ["phase", "step", ...e.lanesOf(map).filter((one) => ["doing", "thinking", "feeling"].includes(one.kind))];
    const block = e.readTsv('Cerco\tTrovo\tChiedo\nlegge\t"due\nrighe"\t\n\t"dice ""ciao"""\tspera\n1\tgioia\t-2\n');
    const { operations, made } = e.pasteBlock(map, rows, 1, "s2", block, words, "New step");
    const next = play(map, operations);
    equal(titles(next), [["S1", "Cerco", "Trovo", "Chiedo"]]);
    equal(made.length, 2);
    equal(e.steps(next).slice(1).map((one) => [one.doing, one.thinking, one.feeling?.emotion, one.feeling?.valence]),
      [["legge", undefined, undefined, 1], ["due\nrighe", 'dice "ciao"', "gioia", 2], [undefined, "spera", undefined, -2]]);
  },
  "a block copied and pasted elsewhere says the same": () => {
    const blocks = [[["a", "b\tc"], ["", 'x "y"\nz']], [["solo"]], [["", ""], ["1", ""]]];
    for (const block of blocks) equal(e.readTsv(e.writeTsv(block)), block);
    equal(e.readTsv('"Ciao" disse\taltro'), [['"Ciao" disse', "altro"]]);
    equal(e.readTsv("a\tb\r\nc\r\n"), [["a", "b"], ["c", ""]]);
  },
  "lanes: hidden, ordered, added; what a later version added comes to its place": () => {
    let map = machines;
    equal(e.lanesOf(map).filter((one) => !one.hidden).map((one) => one.kind).slice(0, 4), ["doing", "touchpoints", "thinking", "feeling"]);
    map = play(map, e.hideLane(map, "lane-thinking", true));
    const added = e.addLane(map, "number", "Minuti", "lane-feeling", "min");
    map = play(map, added.operations);
    map = play(map, e.moveLane(map, "lane-pains", "lane-doing"));
    equal(e.lanesOf(map).filter((one) => !one.hidden).map((one) => one.kind).slice(0, 4), ["pains", "doing", "touchpoints", "number"]);
    const own = e.lanesOf(map).find((one) => one.own);
    equal([own.title, own.unit, own.field], ["Minuti", "min", `custom.${added.id}`]);
    map = play(map, e.cellOperations(step(map, "cerco"), own, "1.234,5", words));
    equal(e.customOf(step(map, "cerco"), added.id), 1234.5);
    map = play(map, e.deleteLane(added.id));
    holds(!e.lanesOf(map).some((one) => one.own), "still there");
    const future = { ...machines, lanes: [{ id: "lane-doing", kind: "doing" }, { id: "lane-z", kind: "hologram" }] };
    holds(e.lanesOf(future).length === e.BUILT_IN.length, "an unknown lane is not shown");
    holds(play(future, e.hideLane(future, "lane-doing", true)).lanes.some((one) => one.kind === "hologram"), "and survives");
  },
  "each persona has feelings of its own; another protagonist takes its along": () => {
    let map = play(machines, e.addPersona({ id: "luisa", name: "Luisa" }));
    map = play(map, e.setFeeling(map, step(map, "cerco"), "luisa", { valence: -1, emotion: "noia" }));
    map = play(map, e.setFeeling(map, step(map, "cerco"), "luisa", { valence: -2 }));
    const old = e.feelingOf(map, step(map, "cerco"), "marco");
    equal(e.feelingOf(map, step(map, "cerco"), "luisa").valence, -2);
    map = play(map, e.makeProtagonist(map, "luisa"));
    equal([map.personas[0].id, step(map, "cerco").feeling, e.feelingOf(map, step(map, "cerco"), "marco").valence], ["luisa", { valence: -2, emotion: "noia" }, old.valence]);
    map = play(map, e.deletePersona(map, "marco"));
    holds(!JSON.stringify(map.phases).includes('"persona":"marco"'), "what it felt is left over");
    equal(step(map, "cerco").feeling.valence, -2);
  },
});
