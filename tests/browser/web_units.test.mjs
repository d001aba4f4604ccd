// The client's pure functions (web/app/test/run.mjs), and its texts: every one has its Italian. Prints TAP.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { translated, used } from "../../web/app/texts.mjs";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const units = spawnSync(process.execPath, [path.join(source, "web/app/test/run.mjs"), ...process.argv.slice(2)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const lines = units.stdout.split("\n").filter((l) => !/^1\.\.\d+$/.test(l));
console.log(lines.join("\n").trimEnd());
let n = lines.filter((l) => /^(not )?ok /.test(l)).length, failed = units.status !== 0;
function check(sentence, faults) {
  n++;
  console.log(`${faults.length ? "not ok" : "ok"} ${n} - ${sentence}`);
  for (const f of faults.slice(0, 30)) console.log("#   " + f);
  failed ||= faults.length > 0;
}
const { found, odd } = used(), { all, twice, faults } = translated(), keys = new Set(found.map((f) => f.key));
check("every text of the client has its Italian", [...new Set(found.filter((f) => !(f.key in all) || Array.isArray(all[f.key]) !== (f.plural !== undefined)).map((f) => `${path.basename(f.file)}: ${f.key}`))]);
check("every text stands in the source as it is, so that it can be translated", odd);
check("no Italian is left of a text that is gone", Object.keys(all).filter((k) => !keys.has(k)));
check("no text has two translations", twice);
check("what is filled into a translation is in its source", faults);
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
