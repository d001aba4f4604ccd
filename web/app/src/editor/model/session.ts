// One map being edited here and, perhaps, elsewhere at the same time.
//
//   base       the document as the server has it, at operation `seq`
//   pending    what was done here and the server has not said yet, in order
//   document   base with pending on top: what is shown
//
// A remote operation goes into base and pending is played again on top: per field the later one wins, as in the
// server's own order. An entry is one operation with the inverse of its latest playing, so that taking it back
// gives what stood there when it finally landed, not what this browser believed. Undo never takes back another
// person's change: what is no longer as this entry left it stays.
import { apply, findItem, Refusal } from "./apply.ts";
import { idOf, sameJson, type Json, type MapDocument, type Operation, type Thing } from "./document.ts";
import { invalid, type Invalid } from "./valid.ts";

export interface Entry { client: string; op: Operation; inverse: Operation; seq: number | null; state: "pending" | "kept" | "late" | "refused"; moved?: boolean }
export interface Change { label: string; entries: Entry[]; key: string; at: number; focus: string }
export interface Remote { seq: number; client?: string | null; op: Operation; who?: string | null; name?: string | null; late?: boolean }
export interface Stored { client: string; op: Operation }
/** Where what is not sent yet is kept. */
export interface Keeper { load(): Stored[]; save(entries: Stored[]): void }

export type ChangeResult = { ok: true } | { ok: false; why: Invalid | { what: "refused"; at: string } };
export type Taken = { kind: "done" | "partly" | "overtaken" | "nothing"; focus: string; label: string };

const MERGE_MS = 4000;

export class Session {
  document: MapDocument;
  seq: number;
  pending: Entry[] = [];
  undoStack: Change[] = [];
  redoStack: Change[] = [];
  private base: MapDocument;
  private known = new Map<number, Remote>();
  private listeners = new Set<() => void>();
  private counter = 0;

  constructor(document: MapDocument, seq: number, private keeper: Keeper, private name: string, private now: () => number = () => Date.now()) {
    this.base = this.document = document;
    this.seq = seq;
    for (const { client, op } of keeper.load()) this.pending.push({ client, op, inverse: op, seq: null, state: "pending" });
    if (this.pending.length) this.replay();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  get unsent(): Entry[] {
    return this.pending.filter((entry) => entry.seq === null);
  }

  /** The document as the server has it, and at which operation. */
  get server(): { map: MapDocument; head: number } {
    return { map: this.base, head: this.seq };
  }

  private keep(): void {
    this.keeper.save(this.unsent.map(({ client, op }) => ({ client, op })));
  }

  // ---- changing ----

  private enter(operations: Operation[]): Entry[] | Invalid | { what: "refused"; at: string } {
    const before = this.document;
    let document = before;
    const entries: Entry[] = [];
    for (const op of operations) {
      try {
        const done = apply(document, op);
        document = done.document;
        entries.push({ client: `${this.name}-${++this.counter}`, op, inverse: done.inverse, seq: null, state: "pending" });
      } catch (error) {
        if (error instanceof Refusal) return { what: "refused", at: "item" in op ? op.item : "at" in op ? op.at : "" };
        throw error;
      }
    }
    const wrong = invalid(before, document);
    if (wrong) return wrong;
    this.document = document;
    return entries;
  }

  /** All of them or none. `key`: changes of the same key in a row, as of one cell being typed into, are one undo. */
  change(operations: Operation[], options: { label?: string; key?: string; focus?: string } = {}): ChangeResult {
    if (!operations.length) return { ok: true };
    const entries = this.enter(operations);
    if (!Array.isArray(entries)) return { ok: false, why: entries };
    const { label = "", key = "", focus = "" } = options;
    const top = this.undoStack[this.undoStack.length - 1];
    const now = this.now();
    if (key && top && top.key === key && now - top.at < MERGE_MS) {
      for (const entry of entries) if (!this.melt(top, entry)) this.addTo(top, entry);
      top.at = now;
    } else {
      const change: Change = { label, key, focus, at: now, entries: [] };
      for (const entry of entries) this.addTo(change, entry);
      this.undoStack.push(change);
    }
    this.redoStack = [];
    this.keep();
    this.tell();
    return { ok: true };
  }

  private addTo(change: Change, entry: Entry): void {
    this.pending.push(entry);
    change.entries.push(entry);
  }

  /** A set of the field that the last entry, unsent, has set: one operation with the newer value. */
  private melt(top: Change, entry: Entry): boolean {
    const last = top.entries[top.entries.length - 1];
    if (!last || last.seq !== null || this.sent.has(last.client) || this.pending[this.pending.length - 1] !== last) return false;
    if (last.op.op !== "set" || entry.op.op !== "set" || last.op.at !== entry.op.at || last.op.field !== entry.op.field) return false;
    last.op = entry.op;
    return true;
  }

  /** The next change, even of the same cell, is an undo of its own. */
  seal(): void {
    const top = this.undoStack[this.undoStack.length - 1];
    if (top) top.key = "";
  }

  // ---- undo ----

  /** What takes the entry back now; null when others have been there since. */
  private takenBack(entry: Entry): Operation | null {
    if (entry.state === "late" || entry.state === "refused") return null;
    const document = this.document as unknown as Thing;
    const { op, inverse } = entry;
    switch (op.op) {
      case "set": {
        const owner = !op.at || op.at === idOf(document) ? document : findItem(document, op.at)?.item;
        if (!owner) return null;
        const value = op.field.split(".").reduce<Json | undefined>((one, key) =>
          Array.isArray(one) ? one[Number(key)] : typeof one === "object" && one !== null && Object.hasOwn(one, key) ? one[key] : undefined, owner);
        return sameJson(value ?? null, op.value ?? null) ? inverse : null;
      }
      case "insert": return sameJson(findItem(document, idOf(op.value))?.item, op.value) ? inverse : null;
      case "move": return entry.moved || !findItem(document, op.item) ? null : inverse;
      case "delete": return findItem(document, op.item) ? null : inverse;
      case "replace": return sameJson(document, op.value) ? inverse : null;
    }
  }

  private take(from: Change[], to: Change[]): Taken {
    const change = from.pop();
    if (!change) return { kind: "nothing", focus: "", label: "" };
    const made: Change = { label: change.label, key: "", focus: change.focus, at: 0, entries: [] };
    let skipped = 0;
    for (const entry of [...change.entries].reverse()) {
      const back = this.takenBack(entry);
      const entries = back ? this.enter([back]) : null;
      if (Array.isArray(entries)) this.addTo(made, entries[0]!);
      else skipped++;
    }
    if (made.entries.length) to.push(made);
    this.keep();
    this.tell();
    const kind = !skipped ? "done" : made.entries.length ? "partly" : "overtaken";
    return { kind, focus: change.focus, label: change.label };
  }

  undo(): Taken {
    return this.take(this.undoStack, this.redoStack);
  }

  redo(): Taken {
    return this.take(this.redoStack, this.undoStack);
  }

  // ---- the server ----

  /** What to send now; `sent` marks them: they are not melted with later ones any more. */
  batch(most: number): Stored[] {
    const entries = this.unsent.slice(0, most);
    for (const entry of entries) this.sent.add(entry.client);
    return entries.map(({ client, op }) => ({ client, op }));
  }
  private sent = new Set<string>();

  acknowledge(results: { client: string; seq: number; late?: boolean }[]): void {
    for (const { client, seq, late } of results) {
      const entry = this.pending.find((one) => one.client === client);
      if (!entry) continue;
      entry.seq = seq;
      if (seq <= this.seq) { // sent twice: it was in base already when the map was read
        this.settle(entry, late === true);
        this.replay();
      } else this.known.set(seq, { seq, client, op: entry.op, late: late === true });
    }
    this.advance();
    this.keep();
    this.tell();
  }

  receive(remote: Remote): void {
    if (remote.seq <= this.seq) return;
    const entry = remote.client ? this.pending.find((one) => one.client === remote.client) : undefined;
    if (entry) entry.seq = remote.seq;
    if (!this.known.has(remote.seq) || remote.late) this.known.set(remote.seq, remote);
    this.advance();
    this.keep();
    this.tell();
  }

  /** The server will not have it: it leaves the document; its text is the caller's to show. */
  refuse(client: string): Operation | null {
    const entry = this.pending.find((one) => one.client === client);
    if (!entry) return null;
    this.settle(entry, false);
    entry.state = "refused";
    this.replay();
    this.keep();
    this.tell();
    return entry.op;
  }

  /** Operations are missing between what is known: ask for those after `seq`. */
  get gap(): boolean {
    return this.known.size > 0;
  }

  private settle(entry: Entry, late: boolean): void {
    entry.state = late ? "late" : "kept";
    this.pending = this.pending.filter((one) => one !== entry);
    this.sent.delete(entry.client);
  }

  private advance(): void {
    let foreign = false, moved = false;
    for (let next = this.known.get(this.seq + 1); next; next = this.known.get(this.seq + 1)) {
      this.known.delete(next.seq);
      this.seq = next.seq;
      moved = true;
      const own = this.pending.find((one) => one.client === next!.client);
      if (own !== this.pending[0] || !own) foreign = true;
      let done: { document: MapDocument; inverse: Operation } | null = null;
      if (!next.late) {
        try {
          done = apply(this.base, next.op);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }
      if (done) this.base = done.document;
      if (own) {
        if (done) own.inverse = done.inverse;
        this.settle(own, !done);
      } else this.overtake(next.op);
    }
    if (foreign) this.replay();
    else if (moved && !this.pending.length && sameSteps(this.base, this.document)) this.base = this.document;
    else if (moved && !this.pending.length) this.document = this.base;
  }

  /** Another person moved what was moved here: that is no longer ours to take back. */
  private overtake(op: Operation): void {
    if (op.op !== "move" && op.op !== "replace") return;
    for (const change of [...this.undoStack, ...this.redoStack]) {
      for (const entry of change.entries) {
        if (entry.op.op === "move" && entry.state === "kept" && (op.op === "replace" || entry.op.item === op.item)) entry.moved = true;
      }
    }
  }

  private replay(): void {
    let document = this.base;
    for (const entry of this.pending) {
      try {
        const done = apply(document, entry.op);
        document = done.document;
        entry.inverse = done.inverse;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error; // the server will say what becomes of it
      }
    }
    this.document = document;
  }

  /** The document anew from the server, at `seq`. */
  reset(document: MapDocument, seq: number): void {
    this.base = document;
    this.seq = seq;
    for (const known of [...this.known.keys()]) if (known <= seq) this.known.delete(known);
    for (const entry of this.pending.filter((one) => one.seq !== null && one.seq <= seq)) this.settle(entry, false);
    this.replay();
    this.advance();
    this.tell();
  }
}

/** Both were made of the same operations in the same order: the shown one may stay, its cells need not be drawn again. */
function sameSteps(a: MapDocument, b: MapDocument): boolean {
  return sameJson(a, b);
}
