// Everything about one open map: its document and what is done to it, who else is here, where the cursor stands,
// and what the server knows besides (lists, evidence, comments, findings). Components read its signals.
import { batch, computed, effect, signal } from "@preact/signals";
import { api, Problem, reachable } from "../api/client";
import { live } from "../api/live";
import type { Comment, Department, EmotionWords, List, MapAnswer, OperationItem, OperationsAnswer, Stored } from "../api/types";
import { keepMap, keptMap } from "../app/offline";
import { may, person } from "../app/session";
import { lang, t } from "../lang/lang";
import { say, toast, toastProblem } from "../ui";
import { steps as stepsOf, type MapDocument, type Operation, type Phase, type Step } from "./model/document.ts";
import { lanesOf, type Lane } from "./model/lanes.ts";
import { keeper } from "./model/queue.ts";
import { Session, type ChangeResult } from "./model/session.ts";
import { Sync, type SyncState } from "./model/sync.ts";
import { readStudy, type Study } from "./study.ts";

/** A step; or, in a phase without steps, the place where one could be (step null). */
export interface Column { key: string; step: Step | null; phase: Phase; phaseIndex: number; number: number; first: boolean; phaseSize: number }
export interface Place { row: string; step: string } // row: "phase", "step" or a lane's id
export interface Presence { id: string; name: string; where: string; field?: string }
export interface Finding { id: string; rule: string; severity: "note" | "warning" | "error"; where: string; about?: string; title: string; sentence: string; remedy: string; dismissed: { id: string; because: string; who: string; on?: string } | null }
export interface ChannelEntry { name: string; colour?: string; kind?: string }

function shelf(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
const randomName = (): string => Array.from(crypto.getRandomValues(new Uint8Array(6)), (b) => b.toString(36).padStart(2, "0")).join("");

export class Editor {
  readonly document = signal<MapDocument>(null as unknown as MapDocument);
  readonly state = signal<SyncState>("saved");
  readonly savedAt = signal<number>(Date.now());
  readonly people = signal<Presence[]>([]);
  readonly cursor = signal<Place>({ row: "step", step: "" });
  readonly anchor = signal<Place | null>(null);
  readonly editing = signal<(Place & { initial?: string }) | null>(null);
  readonly channels = signal<ChannelEntry[]>([]);
  readonly departments = signal<string[]>([]);
  readonly emotions = signal<{ word: string; valence: number }[]>([]);
  readonly activities = signal<string[]>([]);
  readonly study = signal<Study | null>(null);
  readonly comments = signal<Comment[]>([]);
  readonly findings = signal<Finding[]>([]);
  readonly members = signal<{ id: string; name: string }[]>([]);
  readonly undoable = signal(false);
  readonly redoable = signal(false);
  readonly personaShown = signal<string>(""); // "" the protagonist

  readonly columns = computed<Column[]>(() => {
    let number = 0;
    return this.document.value.phases.flatMap((phase, phaseIndex): Column[] => {
      const list = phase.steps ?? [];
      if (!list.length) return [{ key: "@" + phase.id, step: null, phase, phaseIndex, number, first: true, phaseSize: 1 }];
      return list.map((step, i): Column => ({ key: step.id, step, phase, phaseIndex, number: ++number, first: i === 0, phaseSize: list.length }));
    });
  });
  readonly allLanes = computed<Lane[]>(() => lanesOf(this.document.value));
  readonly lanes = computed<Lane[]>(() => this.allLanes.value.filter((lane) => !lane.hidden && (lane.kind !== "reality" || [...(this.study.value?.steps.values() ?? [])].some((one) => one.reached > 0))));
  readonly words = computed(() => ({ channels: this.channels.value.map((one) => one.name), departments: this.departments.value, emotions: this.emotions.value }));
  readonly canEdit = computed(() => may("editor") && this.state.value !== "forbidden" && this.state.value !== "gone");
  readonly unsent = signal(0);

  session!: Session;
  sync!: Sync;
  private stops: (() => void)[] = [];
  private lists: Promise<unknown> = Promise.resolve();
  /** A cell being typed into gives its last words here before the page goes. */
  readonly drafts = new Set<() => void>();

  constructor(readonly id: string) {}

  async open(): Promise<void> {
    const kept = keptMap(this.id);
    const data = await api.get<MapAnswer>(`/maps/${encodeURIComponent(this.id)}`, undefined, kept ? { retries: 1 } : {}).then((answer) => answer.data, (error) => {
      if (kept && error instanceof Problem && error.unreachable) return kept; // reloaded without a network
      throw error;
    });
    const window = randomName();
    this.session = new Session(data.map as unknown as MapDocument, data.head, keeper(shelf(), person.value?.id ?? "", this.id, window), window);
    this.document.value = this.session.document;
    this.sync = new Sync(this.session, {
      send: async (operations) => (await api.post<OperationsAnswer>(this.path("/operations"), { operations }, { keepalive: JSON.stringify(operations).length < 50000 })).data,
      since: async (seq) => (await api.get<{ items: OperationItem[]; head: number }>(this.path("/operations"), { after: seq, limit: 500 }, { retries: 0 })).data as never,
      whole: async () => (await api.get<MapAnswer>(this.path(""), undefined, { retries: 0 })).data as never,
    }, {
      state: (state) => {
        this.state.value = state;
        if (state === "saved") this.savedAt.value = Date.now();
        if (state === "saved") this.soon("checks", () => this.loadFindings(), 1200);
      },
      refused: (operation, why) => {
        const text = "value" in operation && typeof operation.value === "string" ? operation.value : "";
        toast(text ? t("Not kept: {why} Your text: “{text}”", { why, text }) : t("Not kept: {why}", { why }), { kind: "wrong" });
      },
    });
    this.stops.push(this.session.subscribe(() => batch(() => {
      this.document.value = this.session.document;
      this.undoable.value = this.session.undoStack.length > 0;
      this.redoable.value = this.session.redoStack.length > 0;
      this.unsent.value = this.session.unsent.length;
      this.soon("offline", () => this.keepHere(), 800);
    })));
    this.keepHere();
    this.unsent.value = this.session.unsent.length;
    const first = stepsOf(this.session.document)[0];
    if (first) this.cursor.value = { row: "step", step: first.id };
    this.watch();
    this.load();
    if (this.session.unsent.length) this.sync.kick();
  }

  private path(rest: string): string {
    return `/maps/${encodeURIComponent(this.id)}${rest}`;
  }

  private watch(): void {
    this.stops.push(effect(() => { if (reachable.value) queueMicrotask(() => this.sync.kick()); }));
    let broken = false;
    this.stops.push(live({
      map: this.id,
      on: {
        operation: (event) => { if (event.map === this.id) this.sync.remote(event as never); },
        presence: (event) => { if (event.map === this.id) this.people.value = event.people.filter((one) => one.id !== person.value?.id); },
        comment: () => void this.loadComments(),
        evidence: () => void this.loadStudy(),
      },
      onState: (open) => {
        if (open && broken) {
          void this.sync.catchUp().catch(() => {});
          void this.loadComments();
          this.sync.kick();
        }
        broken = !open;
      },
    }));
    const last = () => {
      this.flush();
      this.keepHere();
      if (this.session.unsent.length) this.sync.kick();
    };
    const hidden = () => { if (document.visibilityState === "hidden") last(); };
    addEventListener("pagehide", last);
    document.addEventListener("visibilitychange", hidden);
    this.stops.push(() => { removeEventListener("pagehide", last); document.removeEventListener("visibilitychange", hidden); });
    let told = "";
    this.stops.push(effect(() => {
      const { row, step } = this.cursor.value;
      const key = `${step} ${row}`;
      if (key === told || !step) return;
      told = key;
      this.soon("presence", () => api.post(this.path("/presence"), { where: step, field: row }).then(() => {}, () => {}), 300);
    }));
  }

  private keptHead = -1;
  private keepHere(): void {
    const { map, head } = this.session.server;
    if (head === this.keptHead) return;
    this.keptHead = head;
    keepMap(this.id, map, head);
  }

  private load(): void {
    const quietly = (work: Promise<unknown>) => work.catch((error) => { if (!(error instanceof Problem)) console.error(error); });
    this.lists = Promise.all([
      quietly(api.get<List<Stored<ChannelEntry>>>("/channels", { limit: 500 }).then(({ data }) => { this.channels.value = data.items.map((one) => one.body); })),
      quietly(api.get<List<Stored<Department>>>("/departments", { limit: 500 }).then(({ data }) => { this.departments.value = data.items.map((one) => one.body.name); })),
    ]);
    void quietly(api.get<unknown>("/settings/emotions").then(({ data }) => {
      const words = (data as { body?: EmotionWords }).body ?? (data as EmotionWords);
      const of = this.document.value.lang === "it" || this.document.value.lang === "en" ? this.document.value.lang : lang.value;
      this.emotions.value = (words?.[of] ?? []).filter((one) => typeof one?.word === "string" && typeof one?.valence === "number");
    }));
    void quietly(api.get<List<{ id: string; name: string }>>("/people", { limit: 500 }).then(({ data }) => { this.members.value = data.items; }));
    void quietly(api.get<{ activities?: { name: string }[]; channels?: (string | { name: string })[] }>("/evidence").then(({ data }) => { this.activities.value = (data.activities ?? []).map((one) => one.name); }));
    void this.loadStudy();
    void this.loadComments();
    void this.loadFindings();
  }

  /** Held against the protagonist's customers, where there are such and the evidence knows them. */
  private async held(path: string): Promise<unknown> {
    const who = this.document.value.personas?.[0], all = () => api.get<unknown>(this.path(path));
    const answer = who?.filter ? await api.get<unknown>(this.path(`${path}?persona=${encodeURIComponent(who.id)}`)).catch(all) : await all();
    return answer.data;
  }
  async loadStudy(): Promise<void> {
    try {
      this.study.value = readStudy(await this.held("/study"));
    } catch { /* a map without evidence is a map */ }
  }
  async loadComments(): Promise<void> {
    try {
      const { data } = await api.get<List<Comment> | Comment[]>(this.path("/comments"));
      this.comments.value = Array.isArray(data) ? data : data.items;
    } catch { /* shown when they come */ }
  }
  async loadFindings(): Promise<void> {
    try {
      const data = await this.held("/checks");
      const list = (Array.isArray(data) ? data : (data as { items?: unknown; findings?: unknown }).items ?? (data as { findings?: unknown }).findings ?? []) as Finding[];
      this.findings.value = list.map((one, i) => ({ ...one, id: one.id ?? `${one.rule}:${one.where}:${i}` }));
    } catch { /* the last ones stay */ }
  }

  private timers = new Map<string, number>();
  private soon(name: string, work: () => unknown, ms: number): void {
    clearTimeout(this.timers.get(name));
    this.timers.set(name, window.setTimeout(() => void work(), ms));
  }

  close(): void {
    this.flush();
    if (this.session?.unsent.length) this.sync.kick();
    this.stops.forEach((stop) => stop());
    this.timers.forEach((timer) => clearTimeout(timer));
    // What is on its way may still arrive; the rest is on the shelf.
    setTimeout(() => this.sync?.stop(), 4000);
    api.post(this.path("/presence"), { where: "" }).catch(() => {});
  }

  flush(): void {
    for (const draft of [...this.drafts]) draft();
  }

  // ---- doing ----

  act(operations: Operation[], options: { label?: string; key?: string; focus?: string; said?: string } = {}): boolean {
    if (!operations.length) return true;
    if (!this.canEdit.value) {
      toast(t("You can read this map, not change it."));
      return false;
    }
    const result: ChangeResult = this.session.change(operations, options);
    if (!result.ok) {
      toast(this.whyNot(result.why.what), { kind: "wrong" });
      return false;
    }
    if (options.said) say(options.said);
    this.sync.kick(options.key ? 250 : 0);
    return true;
  }

  private whyNot(what: string): string {
    switch (what) {
      case "title": return t("A map and each of its steps need a title.");
      case "choice": return t("The ways of one choice stay side by side: this would tear them apart.");
      case "too-many-steps": return t("A map has at most 500 steps. Make two maps of it.");
      case "too-many-phases": return t("A map has at most 200 phases.");
      case "too-long": return t("That text is too long: 20,000 characters are the most.");
      case "reference": return t("An action is tied to it. Take the tie away first.");
      default: return t("Somebody has changed this meanwhile. Look again, and retry.");
    }
  }

  undo(): void { this.taken("undo"); }
  redo(): void { this.taken("redo"); }
  private taken(which: "undo" | "redo"): void {
    this.flush();
    if (!this.canEdit.value) return;
    const taken = this.session[which]();
    if (taken.kind === "nothing") {
      say(which === "undo" ? t("Nothing to undo") : t("Nothing to do again"));
      return;
    }
    if (taken.kind === "overtaken") toast(t("Somebody else has changed this since: it stays as they left it."));
    else if (taken.kind === "partly") toast(t("Undone, but for what somebody else has changed since."));
    else say(taken.label ? (which === "undo" ? t("Undone: {what}", { what: taken.label }) : t("Done again: {what}", { what: taken.label })) : which === "undo" ? t("Undone") : t("Done again"));
    const [row, step] = taken.focus.split(" ");
    if (row && step && this.columns.value.some((one) => one.key === step)) this.cursor.value = { row, step };
    this.mendCursor();
    this.sync.kick();
  }

  /** The cursor never stands on what is gone. */
  mendCursor(): void {
    const { row, step } = this.cursor.peek();
    const all = this.columns.peek();
    if (all.some((one) => one.key === step) || !all.length) return;
    this.cursor.value = { row, step: all[Math.min(this.lastIndex, all.length - 1)]!.key };
  }
  lastIndex = 0;

  select(place: Place, extend = false): void {
    const anchor = extend ? this.anchor.peek() ?? this.cursor.peek() : null;
    this.lastIndex = Math.max(0, this.columns.peek().findIndex((one) => one.key === place.step));
    batch(() => {
      this.anchor.value = anchor && (anchor.row !== place.row || anchor.step !== place.step) ? anchor : null;
      this.cursor.value = place;
      this.editing.value = null;
    });
    this.session.seal();
  }

  edit(place: Place, initial?: string): void {
    if (!this.canEdit.value) return;
    batch(() => {
      this.cursor.value = { row: place.row, step: place.step };
      this.anchor.value = null;
      this.editing.value = initial === undefined ? { ...place } : { ...place, initial };
    });
  }

  async createIn(list: "channels" | "departments", name: string): Promise<void> {
    await this.lists; // what is there already is not made again
    const known = list === "channels" ? this.channels.value.map((one) => one.name) : this.departments.value;
    if (!name.trim() || known.some((one) => one.toLowerCase() === name.toLowerCase())) return;
    if (list === "channels") this.channels.value = [...this.channels.value, { name }];
    else this.departments.value = [...this.departments.value, name];
    try {
      await api.post(`/${list}`, list === "channels" ? { name, kind: "other" } : { name });
    } catch (error) {
      toastProblem(error);
    }
  }
}
