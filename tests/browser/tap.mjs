// tap: a small runner. `test` runs alone; `alike` tests that follow each other and share their `group` only look, and
// run side by side, as many as there are cores. What a test opens is closed with it. Prints TAP, and how long the
// slow ones took.
import { AsyncLocalStorage } from "node:async_hooks";
import os from "node:os";

const tests = [], now = new AsyncLocalStorage();
export const test = (sentence, body) => tests.push({ sentence, body, group: null });
export const alike = (group, sentence, body) => tests.push({ sentence, body, group });
/** Done when the test that is running ends, whether well or not. */
export function afterwards(work) {
  now.getStore()?.push(work);
}

async function one({ sentence, body }) {
  const after = [], began = Date.now();
  let error = null;
  try {
    await now.run(after, body);
  } catch (problem) {
    error = problem;
  }
  for (const work of after.reverse()) await work(error).catch(() => {});
  return { sentence, error, took: Date.now() - began };
}
function tell(n, { sentence, error, took }) {
  if (took > 5000) console.log(`# ${(took / 1000).toFixed(1)} s:`);
  console.log(`${error ? "not ok" : "ok"} ${n} - ${sentence}`);
  if (error) for (const line of String(error.stack ?? error).split("\n").slice(0, 30)) console.log("#   " + line);
}

/** All tests, or those whose sentence contains an argument; `first` (those that others build upon) in any case. */
export async function run({ first = 0, over = async () => {} } = {}) {
  const wanted = process.argv.slice(2);
  const chosen = tests.filter(({ sentence }, i) => i < first || !wanted.length || wanted.some((w) => sentence.includes(w)));
  const beside = Math.max(1, Number(process.env.VIAGGIO_BESIDE) || Math.min(3, os.cpus().length));
  console.log(`1..${chosen.length}`);
  let failed = 0, n = 0;
  for (let at = 0; at < chosen.length;) {
    let end = at + 1;
    while (chosen[at].group !== null && chosen[end]?.group === chosen[at].group) end++;
    const batch = chosen.slice(at, end), results = [];
    let next = 0;
    await Promise.all(Array.from({ length: Math.min(beside, batch.length) }, async () => {
      while (next < batch.length) { const i = next++; results[i] = await one(batch[i]); }
    }));
    for (const result of results) { tell(++n, result); failed += result.error ? 1 : 0; }
    at = end;
  }
  await over();
  process.exit(failed ? 1 : 0);
}
