/** Texts: English in the source, Italian from po/parts/web-*.po. `lang` is a signal: who reads t() in a
 * component is drawn again when the language changes. */
import { signal } from "@preact/signals";

export type Lang = "it" | "en";
type Values = Record<string, string | number>;

export const lang = signal<Lang>(document.documentElement.lang === "it" ? "it" : "en");
const words = signal<Record<string, string | string[]>>({});

/** Changes the language of everything; the Italian is loaded the first time. */
export async function setLang(to: Lang): Promise<void> {
  if (to === "it" && !Object.keys(words.value).length) words.value = (await import("lang:it")).default;
  lang.value = to;
  document.documentElement.lang = to;
  try {
    localStorage.setItem("viaggio.lang", to);
  } catch {
    // without storage it is asked again next time
  }
}

/** Words that came another way than by the whole catalogue: the client's own page has few. */
export function useWords(own: Record<string, string | string[]>, to: Lang): void {
  words.value = own;
  lang.value = to;
  document.documentElement.lang = to;
}

/** {name} in a text becomes its value. A number is written as its reader writes it. */
export function fill(text: string, values?: Values): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? plainNumber(value) : value;
  });
}

function plainNumber(value: number): string {
  return new Intl.NumberFormat(lang.value, { useGrouping: true, maximumFractionDigits: 6 }).format(value).replace("-", "−");
}

function find(key: string): string | string[] | undefined {
  return lang.value === "it" ? words.value[key] : undefined;
}

export function t(text: string, values?: Values): string {
  const found = find(text);
  return fill(typeof found === "string" ? found : text, values);
}

/** The same English word with another meaning: tc("map", "Open"). */
export function tc(context: string, text: string, values?: Values): string {
  const found = find(context + "\u0004" + text);
  return fill(typeof found === "string" ? found : text, values);
}

/** tn(n, "{n} customer", "{n} customers") */
export function tn(n: number, one: string, many: string, values?: Values): string {
  const found = find(one);
  const pair = Array.isArray(found) ? found : [one, many];
  return fill((n === 1 ? pair[0] : pair[1]) ?? many, { n, ...values });
}
