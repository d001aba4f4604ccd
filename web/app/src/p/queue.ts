// What the client writes is kept on the phone until the server has it: each thing with a name of its own, so that
// sending twice counts once. It waits some seconds before it goes, so that a slip can be taken back.
export interface Waiting { client: string; body: Record<string, unknown>; at: number }
export interface Shelf { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }
export type Sent = "sent" | "refused" | "later";

/** Keys must not hold the secret itself: a short number made of it is enough to tell links apart. */
export function shelfKey(token: string): string {
  let h = 5381;
  for (const c of token) h = (h * 33 + c.charCodeAt(0)) >>> 0;
  return "viaggio.p." + h.toString(36);
}

export class Outbox {
  private list: Waiting[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private tries = 0;
  constructor(private readonly shelf: Shelf | null, private readonly key: string, private readonly send: (w: Waiting) => Promise<Sent>,
    private readonly changed: () => void, private readonly clock: () => number = Date.now) {
    try {
      this.list = JSON.parse(shelf?.getItem(key) ?? "[]") as Waiting[];
    } catch {
      this.list = [];
    }
  }
  get waiting(): readonly Waiting[] { return this.list; }
  /** Kept at once, sent after `wait` ms. */
  add(body: Record<string, unknown>, wait = 0): string {
    const client = [...crypto.getRandomValues(new Uint8Array(9))].map((b) => b.toString(16).padStart(2, "0")).join("");
    this.list = [...this.list, { client, body, at: this.clock() + wait }];
    this.keep();
    this.later(wait);
    return client;
  }
  /** Before it went; false when it is gone already. */
  takeBack(client: string): boolean {
    const before = this.list.length;
    this.list = this.list.filter((w) => w.client !== client);
    this.keep();
    return this.list.length < before;
  }
  private keep(): void {
    try {
      if (this.list.length) this.shelf?.setItem(this.key, JSON.stringify(this.list)); else this.shelf?.removeItem(this.key);
    } catch { /* no storage: it is kept as long as the page is open */ }
    this.changed();
  }
  later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), Math.max(0, ms));
  }
  stop(): void {
    clearTimeout(this.timer);
  }
  /** The link has ended: nothing more goes, and nothing stays. */
  forget(): void {
    this.stop();
    this.list = [];
    this.keep();
  }
  /** Sends what is due, in order; `now`: also what still could be taken back (the page is being left). */
  async run(now = false): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (;;) {
        const first = this.list[0];
        if (!first) return;
        if (!now && first.at > this.clock()) return this.later(first.at - this.clock());
        const sent = await this.send(first);
        if (sent === "later") return this.later(Math.min(60_000, 2000 * 2 ** this.tries++));
        this.tries = 0;
        this.list = this.list.filter((w) => w !== first);
        this.keep();
      }
    } finally {
      this.running = false;
    }
  }
}
