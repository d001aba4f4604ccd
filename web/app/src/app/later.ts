/** Deleting with an undo: the server is told at once, so that nothing is lost or kept by accident when the page
 * goes away; Undo puts it back as it was. */
import { toast, toastProblem } from "../ui";

export async function deleteWithUndo(text: string, remove: () => Promise<unknown>, restore: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
    toast(text, { undo: async () => { await restore(); } });
  } catch (error) {
    toastProblem(error);
  }
}
