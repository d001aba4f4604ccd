// New ids: short, unlikely to meet another one, never a number alone (they serve as names of fields too).
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

export function newId(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${kind}-${Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("")}`;
}
