// What the page showed last, for a reload without a network. It lies on this phone only, and only who has the link
// can read it: it is locked with a key made of the link's secret. It goes when the link has ended.
import type { Shelf } from "./queue";
import type { Mine } from "./wire";

const bytes = (text: string) => new TextEncoder().encode(text);
const toText = (list: Uint8Array) => btoa(Array.from(list, (b) => String.fromCharCode(b)).join(""));
const fromText = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Where the browser has no such locks (a page without https) nothing is kept. */
async function lock(token: string): Promise<CryptoKey | null> {
  if (!globalThis.crypto?.subtle || !token) return null;
  return crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", bytes("viaggio.p " + token)), "AES-GCM", false, ["encrypt", "decrypt"]);
}

export class Kept {
  private readonly key: Promise<CryptoKey | null>;
  private turn: Promise<void> = Promise.resolve();
  private over = false;
  constructor(private readonly shelf: Shelf | null, private readonly name: string, token: string) {
    this.key = lock(token).catch(() => null);
  }
  /** In the order they were asked; nothing after the link has ended. */
  put(data: Mine): Promise<void> {
    return (this.turn = this.turn.then(async () => {
      const key = await this.key;
      if (!key || this.over) return;
      try {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const locked = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes(JSON.stringify(data))));
        if (!this.over) this.shelf?.setItem(this.name, toText(iv) + "." + toText(locked));
      } catch { /* no room: then there is no reload without a network */ }
    }));
  }
  /** null: nothing, or nothing any more. */
  async get(now = Date.now()): Promise<Mine | null> {
    try {
      const key = await this.key, [iv, locked] = (this.shelf?.getItem(this.name) ?? "").split(".");
      if (!key || !iv || !locked) return null;
      const data = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromText(iv) }, key, fromText(locked)))) as Mine;
      if (Date.parse(data.expires) > now) return data;
    } catch { /* damaged, or another link's */ }
    this.forget();
    return null;
  }
  forget(): void {
    this.over = true;
    try { this.shelf?.removeItem(this.name); } catch { /* no storage */ }
  }
}
