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

const ELIDED: Record<string, string> = { il: "l’", dal: "dall’", al: "all’", del: "dell’", nel: "nell’", sul: "sull’" };
/** «l’8%», «dall’11 marzo»: what is read with a vowel first (otto, undici, ottanta, one in a hundred). */
const VOWEL_FIRST = /^(?:8\d?|11)(?:,\d+)?(?:\s?%|\s\p{L})|^1(?:,\d+)?\s?%/u;
function article(word: string, value: string): string {
  const elided = lang.value === "it" && VOWEL_FIRST.test(value) ? ELIDED[word.toLowerCase()] : undefined;
  return elided ? (word[0] === word[0]!.toLowerCase() ? elided : elided[0]!.toUpperCase() + elided.slice(1)) : word + " ";
}

/** {name} in a text becomes its value, with the Italian article that its sound wants. A number is written as its reader writes it. */
export function fill(text: string, values?: Values): string {
  if (!values) return text;
  return text.replace(/(?:\b([Ii]l|[Dd]al|[Aa]l|[Dd]el|[Nn]el|[Ss]ul) )?\{(\w+)\}/g, (whole, word: string | undefined, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const said = typeof value === "number" ? plainNumber(value) : value;
    return word ? article(word, said) + said : said;
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
