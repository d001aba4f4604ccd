/** Deleting that can be undone although the server forgets at once: it is told only when the undo is over
 * (or the page is left). Meanwhile `gone` hides it. */
import { signal } from "@preact/signals";
import { toast, toastProblem } from "../ui";

export const gone = signal<ReadonlySet<string>>(new Set());
const waiting = new Map<string, () => Promise<unknown>>();
function show(id: string): void {
  gone.value = new Set([...gone.value].filter((x) => x !== id));
}
async function run(id: string): Promise<void> {
  const work = waiting.get(id);
  if (!work) return;
  waiting.delete(id);
  try {
    await work();
  } catch (error) {
    show(id);
    toastProblem(error);
  }
}
/** id: unique among all that can be deleted ("departments/d3"); work: the call (with keepalive). */
export function deleteLater(id: string, text: string, work: () => Promise<unknown>): void {
  gone.value = new Set([...gone.value, id]);
  waiting.set(id, work);
  const timer = setTimeout(() => void run(id), 9_000);
  toast(text, { undo: () => { clearTimeout(timer); waiting.delete(id); show(id); } });
}
addEventListener("pagehide", () => { for (const id of [...waiting.keys()]) void run(id); });
