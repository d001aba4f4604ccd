// A session and its server: what is unsent is sent, one request at a time, until it is kept; what others did
// comes in; a dead network is waited out. States are for the eye: every one but "refused" mends itself or says
// what to do, and none of them loses a word.
import type { MapDocument, Operation } from "./document.ts";
import type { Remote, Session, Stored } from "./session.ts";

export interface Transport {
  send(operations: Stored[]): Promise<{ head: number; results: SendResult[] }>;
  since(seq: number): Promise<{ items: Remote[]; head: number }>;
  whole(): Promise<{ head: number; map: MapDocument }>;
}
/** One operation's fate: kept at `seq` (late: its target was gone, it changed nothing), or refused with a problem. */
export interface SendResult { client: string; seq: number | null; late?: boolean; problem?: { detail: string; hint?: string } | null }
/** What the transport throws where the server answered; anything else is a dead network. */
export interface Answer { status: number; message: string; hint?: string }
export type SyncState = "saved" | "saving" | "offline" | "signed-out" | "forbidden" | "gone";
export interface Watcher {
  state(state: SyncState): void;
  refused(operation: Operation, why: string): void;
}

const MOST = 200, FIRST_WAIT = 1000, LONGEST_WAIT = 30000;
const statusOf = (error: unknown): number => (typeof error === "object" && error !== null && "status" in error ? Number((error as Answer).status) || 0 : 0);
const sentence = (error: unknown): string => {
  const { message, hint } = error as Answer;
  return hint ? `${message} ${hint}` : message;
};

export class Sync {
  state: SyncState = "saved";
  private busy = false;
  private stopped = false;
  private wait = 0;
  private most = MOST;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private session: Session, private transport: Transport, private watcher: Watcher) {}

  private become(state: SyncState): void {
    if (state === this.state) return;
    this.state = state;
    this.watcher.state(state);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Something is to be sent, or the network may be back. */
  kick(delay = 0): void {
    if (this.stopped) return;
    if (this.session.unsent.length && this.state === "saved") this.become("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), this.wait && delay === 0 && this.state === "offline" ? 0 : delay);
  }

  /** Another person's operation, or the echo of an own one. */
  remote(remote: Remote): void {
    this.session.receive(remote);
    if (this.session.gap) this.kick(50);
    else if (!this.session.unsent.length && this.state === "saving" && !this.busy) this.become("saved");
  }

  /** After the live stream was broken: what was missed. */
  async catchUp(): Promise<void> {
    for (;;) {
      const { items, head } = await this.transport.since(this.session.seq);
      for (const item of items) this.session.receive(item);
      if (!items.length || this.session.seq >= head) return;
    }
  }

  private async run(): Promise<void> {
    if (this.busy || this.stopped) return;
    this.busy = true;
    try {
      for (;;) {
        if (this.session.gap) await this.catchUp();
        const batch = this.session.batch(this.most);
        if (!batch.length) break;
        this.become(this.state === "offline" ? "offline" : "saving");
        await this.send(batch);
      }
      this.wait = 0;
      this.become("saved");
    } catch (error) {
      this.failed(error);
    } finally {
      this.busy = false;
    }
    if (this.session.unsent.length && this.state === "saved") this.kick();
  }

  private async send(batch: Stored[]): Promise<void> {
    try {
      const { results } = await this.transport.send(batch);
      this.session.acknowledge(results.filter((one): one is SendResult & { seq: number } => one.seq !== null));
      const refused = results.filter((one) => one.seq === null && one.problem);
      for (const { client, problem } of refused) {
        const operation = this.session.refuse(client);
        if (operation) this.watcher.refused(operation, [problem!.detail, problem!.hint].filter(Boolean).join(" "));
      }
      if (refused.length) await this.renew();
      this.most = MOST;
      if (this.state === "offline") {
        this.become("saving");
        await this.catchUp();
      }
    } catch (error) {
      const status = statusOf(error);
      if (status < 400 || status >= 500 || [401, 403, 404, 408, 429].includes(status)) throw error;
      if (batch.length > 1) { // one of them is not wanted: each by itself
        this.most = 1;
        return;
      }
      const operation = this.session.refuse(batch[0]!.client);
      if (operation) this.watcher.refused(operation, sentence(error));
      this.most = this.session.unsent.length ? 1 : MOST;
      await this.renew();
    }
  }

  private async renew(): Promise<void> {
    const { map, head } = await this.transport.whole();
    this.session.reset(map, head);
  }

  private failed(error: unknown): void {
    const status = statusOf(error);
    if (status === 401) this.become("signed-out");
    else if (status === 403) this.become("forbidden");
    else if (status === 404) this.become("gone");
    else {
      this.become("offline");
      this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : FIRST_WAIT);
      clearTimeout(this.timer);
      if (!this.stopped) this.timer = setTimeout(() => void this.run(), this.wait);
    }
  }
}
