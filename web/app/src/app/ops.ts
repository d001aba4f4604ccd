/** Operations on a map from pages other than the editor. A client's name makes sending twice harmless. */
import { api, Problem } from "../api/client";
import { forget } from "../api/use";
import type { OperationsAnswer, Operation } from "../api/types";

export function newId(prefix: string): string {
  return prefix + "-" + [...crypto.getRandomValues(new Uint8Array(6))].map((b) => b.toString(16).padStart(2, "0")).join("");
}
export async function sendOperations(map: string, operations: Operation[]): Promise<OperationsAnswer> {
  const named = operations.map((op) => ({ client: newId("op"), op }));
  const answer = (await api.post<OperationsAnswer>(`/maps/${encodeURIComponent(map)}/operations`, { operations: named }, { retries: 3 })).data;
  const refused = answer.results.find((r) => r.problem)?.problem;
  if (refused) throw new Problem(409, refused.detail, refused.detail, refused.code, refused.where ?? "", refused.hint ?? "");
  for (const prefix of ["/home", "/actions", "/maps/" + encodeURIComponent(map)]) forget(prefix);
  return answer;
}
