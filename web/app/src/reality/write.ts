// Changes of a map document from these pages: operations, each with its own name, and what takes them back.
import { api } from "../api/client";
import { forget } from "../api/use";
import type { Operation, OperationsAnswer } from "../api/types";

export function newName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(36).padStart(2, "0")).join("");
}

export async function writeOperations(map: string, operations: Operation[]): Promise<void> {
  const body = { operations: operations.map((op) => ({ client: newName(), op })) };
  await api.post<OperationsAnswer>(`/maps/${encodeURIComponent(map)}/operations`, body, { retries: 2 });
  forget(`/maps/${encodeURIComponent(map)}`);
  forget("/maps?");
}
