/** Two sets of properties agree in these. */
export function agree<T extends object>(a: T, b: T, names: (keyof T)[]): boolean {
  return names.every((name) => a[name] === b[name]);
}
