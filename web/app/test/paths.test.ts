import assert from "node:assert/strict";
import test from "node:test";
import { Kept } from "../src/p/kept";
import type { Mine } from "../src/p/wire";
import { Outbox, shelfKey, type Sent, type Waiting } from "../src/p/queue";
import { spread, type Placed } from "../src/pages/matrix";
import { betterOf, typed } from "../src/results/kpi-form";
import { leadOf } from "../src/results/page";
import { changeRange, measureRange } from "../src/results/words";
import { dayOf, csvOf, rowsOf } from "../src/paths/enrol";
import { timeWord } from "../src/paths/words";
import { pathDocument } from "../src/paths/new-path";

test("a number is read as people of both languages type it, and nonsense is none", () => {
  for (const [text, value] of [["1.284,5", 1284.5], ["1,284.5", 1284.5], ["3,5", 3.5], ["-2", -2], ["−2", -2], ["40 %", 40], ["38.000 €", 38]] as const) assert.equal(typed(text), value, text);
  assert.equal(typed(" "), undefined);
  for (const text of ["abc", "1-2", "--3"]) assert.ok(Number.isNaN(typed(text)), text);
});

test("both ends of an interval of times share their unit where it is the same, and else each has its own", () => {
  const day = 86_400, bare = (text: string) => text.replace(/[\u2009\u202f]/g, " ");
  assert.equal(bare(changeRange("seconds", -10 * day, -3.7 * day)), "−10 to −3.7 days");
  assert.equal(bare(changeRange("seconds", -10 * day, 3 * 3600)), "−10 days to +3 h");
  assert.equal(bare(measureRange("seconds", day * 0.9, 2 * day)), "22 h – 2 days");
  assert.equal(bare(changeRange("share", 0.086, 0.17)), "+8.6 to +17");
});

test("clients are read from lines as Excel gives them: a name, and a day in any column; the head is no client", () => {
  const { rows, odd } = rowsOf("Cliente;Dal\nAnna Riva; 12/01/2026\nPaolo Conti\t2026-01-19\n\"De Luca, Sara\"\nanna riva;13/01/2026\n31/12/2025\n");
  assert.deepEqual(rows, [{ customer: "Anna Riva", at: "2026-01-12" }, { customer: "Paolo Conti", at: "2026-01-19" }, { customer: "De Luca, Sara" }]);
  assert.deepEqual(odd, ["31/12/2025"]);
  assert.equal(dayOf("31/02/2026"), null);
  assert.equal(csvOf([{ customer: 'Rossi "il Rosso"' }], "2026-01-01"), 'cliente;dal\n"Rossi ""il Rosso""";2026-01-01\n');
});

test("a path made in one form is a map with a milestone and steps for each named phase", () => {
  const map = pathDocument(" Dal caos ", "qui", "là", [{ title: "Decido", milestone: "scritto", days: "14", steps: "uno\n\n due " }, { title: " ", milestone: "x", days: "", steps: "" }]);
  assert.equal(map.kind, "success-path");
  assert.equal(map.phases.length, 1);
  assert.equal(map.phases[0]!.days, 14);
  assert.deepEqual(map.phases[0]!.steps!.map((s) => s.title), ["uno", "due"]);
});

test("a day that does not exist is told with its line, and is nobody's name", () => {
  const { rows, days } = rowsOf("Cliente;Dal\nAnna Riva;31/02/2025\nPaolo Conti;2025-03-01");
  assert.deepEqual(rows, [{ customer: "Anna Riva" }, { customer: "Paolo Conti", at: "2025-03-01" }]);
  assert.deepEqual(days, [{ line: 2, day: "31/02/2025" }]);
});

test("bubbles of the same place stand beside each other, all inside the matrix", () => {
  const one = { effort: 3, value: 3, reached: 100 } as Placed;
  const bubbles = spread([one, one, one, { ...one, effort: 5, value: 5 }], 600, 300, 100);
  bubbles.forEach((a, i) => {
    assert.ok(a.x >= a.r && a.x <= 600 - a.r && a.y >= a.r && a.y <= 300 - a.r);
    bubbles.slice(0, i).forEach((b) => assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= a.r + b.r));
  });
});

function shelfOf() {
  const kept = new Map<string, string>();
  return { kept, getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) };
}
test("what a client writes is kept until it is sent, in order, each once; a slip is taken back", async () => {
  const shelf = shelfOf(), sent: Waiting[] = [];
  let answer: Sent = "later", now = 0;
  const make = () => new Outbox(shelf, shelfKey("secret"), async (w) => { if (answer === "sent") sent.push(w); return answer; }, () => {}, () => now);
  const box = make();
  const slip = box.add({ kind: "done", step: "a" }, 6000);
  assert.ok(box.takeBack(slip));
  box.add({ kind: "feeling", value: 1 });
  box.add({ kind: "message", text: "ciao" }, 6000);
  await box.run();
  assert.equal(sent.length, 0);
  const again = make(); // the page was closed and opened
  assert.equal(again.waiting.length, 2);
  answer = "sent";
  await again.run();
  assert.deepEqual(sent.map((w) => w.body.kind), ["feeling"]);
  now = 7000;
  await again.run();
  assert.deepEqual(sent.map((w) => w.body.kind), ["feeling", "message"]);
  assert.equal(new Set(sent.map((w) => w.client)).size, 2);
  assert.equal(shelf.kept.size, 0);
  again.stop();
  box.stop();
});
test("a link that has ended leaves nothing of what waited", () => {
  const shelf = shelfOf(), box = new Outbox(shelf, shelfKey("secret"), async () => "later", () => {});
  box.add({ kind: "message", text: "ciao" }, 6000);
  assert.equal(shelf.kept.size, 1);
  box.forget();
  assert.deepEqual([shelf.kept.size, box.waiting.length], [0, 0]);
});
const shown = { title: "Percorso", customer: "Nora Canarino", expires: "2026-01-31T00:00:00Z" } as Mine;
test("what is kept for a reload can be read only with the link, and not after its last day", async () => {
  const shelf = shelfOf(), now = Date.parse("2026-01-10T00:00:00Z"), box = new Kept(shelf, "k", "secret");
  await box.put(shown);
  const lying = shelf.getItem("k")!;
  assert.ok(lying && !/Nora|Canarino|Percorso|secret/.test(lying + atob(lying.split(".")[1]!)));
  assert.deepEqual(await box.get(now), shown);
  assert.deepEqual(await new Kept(shelf, "k", "secret").get(now), shown);
  assert.equal(await new Kept(shelf, "k", "another").get(now), null);
  assert.equal(shelf.getItem("k"), null); // it was of no use to anybody
  await new Kept(shelf, "k", "secret").put(shown);
  assert.equal(await new Kept(shelf, "k", "secret").get(Date.parse("2026-02-01T00:00:00Z")), null);
  assert.equal(shelf.getItem("k"), null);
});
test("nothing is kept any more once the link has ended, not even what was on its way", async () => {
  const shelf = shelfOf(), box = new Kept(shelf, "k", "secret");
  const late = box.put(shown);
  box.forget();
  await late;
  assert.equal(shelf.getItem("k"), null);
});
test("what is kept does not hold the secret of the link", () => {
  assert.ok(!shelfKey("abcdefghijklmnop").includes("abc"));
  assert.notEqual(shelfKey("a"), shelfKey("b"));
});

test("the time used is in whole days that are over, as the sentence beside it says", () => {
  assert.equal(timeWord({ time: { used_days: 113.71, expected_days: 65 } }), "113 of 65 days");
  assert.equal(timeWord({ time: { used_days: 113.71, expected_days: null } }), "113 days");
});

test("fewer at a standstill and shorter waits are better, until somebody says otherwise", () => {
  assert.deepEqual((["conversion", "time", "rate", "score", "state"] as const).map(betterOf), ["up", "down", "up", "up", "down"]);
});

test("one action that is measured is told as one", () => {
  const row = (verdict: string) => ({ effect: { verdict } }) as unknown as Parameters<typeof leadOf>[0][number];
  assert.equal(leadOf([row("none")]), "Of the one action that is measured no effect can be seen yet.");
  assert.equal(leadOf([row("better"), row("none")]), "2 actions are measured: 1 has helped, of 1 no effect can be seen yet.");
});
