// A map edited in several browsers at once: they and the server agree in the end, whatever the network does;
// undo takes back one's own and nobody else's; nothing typed is lost. Prints TAP.
import fs from "node:fs";
import path from "node:path";
import { bundle, chance, equal, holds, plan } from "./tools.mjs";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const { apply, Refusal, sameJson, Session, Sync, keeper, invalid } = await bundle("editor/model/apply.ts", "editor/model/document.ts",
  "editor/model/session.ts", "editor/model/sync.ts", "editor/model/queue.ts", "editor/model/valid.ts");
const example = JSON.parse(fs.readFileSync(path.join(here, "../../examples/macchinari/mappa.json"), "utf8"));
const small = () => ({ id: "m", title: "T", phases: [
  { id: "f1", title: "F1", steps: [{ id: "s1", title: "S1", doing: "a" }, { id: "s2", title: "S2" }] },
  { id: "f2", title: "F2", steps: [{ id: "s3", title: "S3" }] }] });

/** As src/store/maps.c: each client once, what has no target is kept and changes nothing, what makes no map is refused. */
class Server {
  constructor(document) { this.document = document; this.log = []; this.clients = new Map(); }
  send(operations) {
    const results = [];
    for (const { client, op } of operations) {
      if (!this.clients.has(client)) {
        let late = false, next = null;
        try { next = apply(this.document, op).document; } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          if (error.code !== "not-found") throw { status: error.code === "conflict" ? 409 : 400, message: error.message };
          late = true;
        }
        if (next && invalid(this.document, next)) throw { status: 400, message: "no map any more" };
        if (next) this.document = next;
        this.log.push({ seq: this.log.length + 1, client, op, late, who: client.split("-")[0] });
        this.clients.set(client, { client, seq: this.log.length, late });
      }
      results.push(this.clients.get(client));
    }
    return { head: this.log.length, results };
  }
  since(seq) { return { items: this.log.slice(seq), head: this.log.length }; }
  whole() { return { head: this.log.length, map: this.document }; }
}
class Shelf extends Map {
  get length() { return this.size; }
  key(i) { return [...this.keys()][i] ?? null; }
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, value) { this.set(key, value); }
  removeItem(key) { this.delete(key); }
}
const none = { load: () => [], save() {} };
const set = (at, field, value) => ({ op: "set", at, field, ...(value === undefined ? {} : { value }) });
const step = (session, id) => session.document.phases.flatMap((phase) => phase.steps).find((one) => one.id === id);
const settle = (session, server) => {
  const batch = session.batch(500);
  if (batch.length) session.acknowledge(server.send(batch).results);
  for (const item of server.since(session.seq).items) session.receive(item);
};
const until = async (check) => { for (let i = 0; i < 2000 && !check(); i++) await rest(5); holds(check(), `did not come true: ${check}`); };
const rest = (ms) => new Promise((go) => setTimeout(go, ms));

await plan({
  "browsers that send and hear in any order agree with the server in the end": () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = chance(seed), server = new Server(seed % 3 ? small() : example);
      const sessions = ["a", "b", "c"].map((name) => new Session(server.document, 0, none, `${name}${seed}`));
      const seen = [0, 0, 0];
      let fresh = 0;
      const ids = (document) => document.phases.flatMap((phase) => [...phase.steps.map((one) => one.id)]);
      for (let turn = 0; turn < 120; turn++) {
        const s = random(3), session = sessions[s], all = ids(session.document), phases = session.document.phases.map((one) => one.id);
        const id = all[random(all.length)] ?? "s1", phase = phases[random(phases.length)];
        switch (random(9)) {
          case 0: case 1: session.change([set(id, ["doing", "thinking", "title"][random(3)], `${s}/${turn}`)], { key: random(2) ? `k${id}` : "" }); break;
          case 2: session.change([{ op: "insert", at: phase, list: "steps", before: random(2) ? id : "", value: { id: `n${seed}x${++fresh}`, title: "new" } }]); break;
          case 3: session.change([{ op: "move", item: id, at: phase, list: "steps", before: random(2) ? all[random(all.length)] : "" }]); break;
          case 4: if (all.length > 2 && !random(3)) session.change([{ op: "delete", item: id }]); break;
          case 5: random(2) ? session.undo() : session.redo(); break;
          case 6: { // sent; the answer may get lost
            const batch = session.batch(1 + random(5));
            let answer = null;
            try { if (batch.length) answer = server.send(batch); } catch (error) {
              if (batch.length === 1 || error.status) { for (const one of batch) if (!server.clients.has(one.client)) { session.refuse(one.client); break; } }
            }
            if (answer && random(4)) session.acknowledge(answer.results);
            break;
          }
          default: { // some of what others did is heard, at times out of order
            const items = server.log.slice(seen[s], seen[s] + 1 + random(4));
            seen[s] += items.length;
            if (random(3) === 0) items.reverse();
            if (random(6)) for (const item of items) session.receive(item);
          }
        }
      }
      for (let round = 0; round < 3; round++) {
        for (const session of sessions) {
          for (let tries = 0; session.unsent.length && tries < 500; tries++) {
            const [one] = session.batch(1);
            try { session.acknowledge(server.send([one]).results); } catch { session.refuse(one.client); }
          }
          for (const item of server.since(0).items) session.receive(item);
        }
      }
      for (const session of sessions) {
        holds(session.seq === server.log.length && !session.pending.length, `seed ${seed}: ${session.seq} of ${server.log.length}, ${session.pending.length} pending`);
        holds(sameJson(session.document, server.document), `seed ${seed}:\n${JSON.stringify(session.document)}\n${JSON.stringify(server.document)}`);
      }
    }
  },
  "undo goes back to the beginning and redo to the end, over hundreds of changes": () => {
    const session = new Session(small(), 0, none, "a"), first = session.document;
    for (let i = 0; i < 700; i++) session.change([set(`s${1 + (i % 3)}`, "doing", `text ${i}`)]);
    const last = session.document;
    for (let i = 0; i < 700; i++) equal(session.undo().kind, "done");
    holds(sameJson(session.document, first), "not the beginning");
    equal(session.undo().kind, "nothing");
    for (let i = 0; i < 700; i++) session.redo();
    holds(sameJson(session.document, last), "not the end");
  },
  "several operations of one change are one undo": () => {
    const session = new Session(small(), 0, none, "a"), first = session.document;
    session.change([set("s1", "doing", "b"), { op: "insert", at: "f1", list: "steps", value: { id: "x", title: "X" } }, set("x", "doing", "c"), { op: "delete", item: "s3" }]);
    session.undo();
    holds(sameJson(session.document, first), JSON.stringify(session.document));
    session.redo();
    equal(step(session, "x").doing, "c");
    holds(!step(session, "s3"), "s3 is back");
  },
  "one cell typed into is one undo, and one operation while it is unsent": () => {
    const session = new Session(small(), 0, none, "a", () => 0);
    for (const text of ["b", "be", "ben", "bene"]) session.change([set("s1", "doing", text)], { key: "s1.doing" });
    equal(session.unsent.length, 1);
    equal(session.unsent[0].op.value, "bene");
    session.undo();
    equal(step(session, "s1").doing, "a");
  },
  "typing goes on while the first words are on their way: still one undo": () => {
    const server = new Server(small()), session = new Session(server.document, 0, none, "a", () => 0);
    session.change([set("s1", "doing", "b")], { key: "k" });
    const batch = session.batch(9);
    session.change([set("s1", "doing", "be")], { key: "k" });
    equal(session.unsent.length, 2, "what is on its way does not change");
    session.acknowledge(server.send(batch).results);
    settle(session, server);
    equal(step(session, "s1").doing, "be");
    session.undo();
    equal(step(session, "s1").doing, "a");
    settle(session, server);
    equal(server.document.phases[0].steps[0].doing, "a");
  },
  "an undo does not take back what another person wrote since": () => {
    const server = new Server(small()), a = new Session(server.document, 0, none, "a"), b = new Session(server.document, 0, none, "b");
    a.change([set("s1", "doing", "mine")]);
    settle(a, server); settle(b, server);
    b.change([set("s1", "doing", "theirs")]);
    settle(b, server); settle(a, server);
    equal(a.undo().kind, "overtaken");
    equal(step(a, "s1").doing, "theirs");
  },
  "nor delete a step that another person worked on, nor move back what another person moved": () => {
    const server = new Server(small()), a = new Session(server.document, 0, none, "a"), b = new Session(server.document, 0, none, "b");
    a.change([{ op: "insert", at: "f1", list: "steps", value: { id: "x", title: "X" } }]);
    a.change([{ op: "move", item: "s3", at: "f1", list: "steps" }]);
    settle(a, server); settle(b, server);
    b.change([set("x", "doing", "theirs")]);
    b.change([{ op: "move", item: "s3", at: "f1", list: "steps", before: "s1" }]);
    settle(b, server); settle(a, server);
    equal(a.undo().kind, "overtaken");
    equal(a.undo().kind, "overtaken");
    equal(a.document.phases[0].steps.map((one) => one.id), ["s3", "s1", "s2", "x"]);
  },
  "what was overtaken on the way comes back as the other left it": () => {
    const server = new Server(small()), a = new Session(server.document, 0, none, "a"), b = new Session(server.document, 0, none, "b");
    b.change([set("s1", "doing", "theirs")]);
    settle(b, server); // before ours reaches the server
    a.change([set("s1", "doing", "mine")]);
    settle(a, server);
    equal(step(a, "s1").doing, "mine");
    a.undo();
    equal(step(a, "s1").doing, "theirs", "not what stood there before either of them");
  },
  "two people in different fields of one step: both stay": () => {
    const server = new Server(small()), a = new Session(server.document, 0, none, "a"), b = new Session(server.document, 0, none, "b");
    a.change([set("s1", "doing", "A")]);
    b.change([set("s1", "feeling.valence", -1)]);
    b.change([{ op: "move", item: "s1", at: "f2", list: "steps" }]);
    for (const one of [a, b, a, b]) settle(one, server);
    for (const one of [a, b]) equal([step(one, "s1").doing, step(one, "s1").feeling.valence], ["A", -1]);
  },
  "what belongs to a step that is gone is kept by the server and does no harm here": () => {
    const server = new Server(small()), a = new Session(server.document, 0, none, "a"), b = new Session(server.document, 0, none, "b");
    b.change([{ op: "delete", item: "s1" }]);
    settle(b, server);
    a.change([set("s1", "doing", "too late")]);
    settle(a, server);
    holds(server.log.some((one) => one.late && one.op.value === "too late"), "the text is lost");
    holds(sameJson(a.document, server.document), "they differ");
    equal(a.undo().kind, "overtaken");
  },
  "cells that did not change stay the same object when the server has kept a change": () => {
    const server = new Server(example), session = new Session(server.document, 0, none, "a");
    const other = session.document.phases[1];
    session.change([set("cerco", "doing", "x")]);
    const own = step(session, "cerco");
    settle(session, server);
    holds(session.document.phases[1] === other, "the other phase was copied");
    holds(step(session, "cerco") === own, "the changed step was copied again");
  },
  "what is not sent yet is in the next window, and is sent once": () => {
    const server = new Server(small()), shelf = new Shelf();
    const first = new Session(server.document, 0, keeper(shelf, "anna", "m", "w1"), "w1");
    first.change([set("s1", "doing", "offline")]);
    first.change([{ op: "insert", at: "f1", list: "steps", value: { id: "x", title: "X" } }]);
    server.send(first.batch(1)); // the server has one; the browser died before it heard so
    const second = new Session(server.whole().map, server.log.length, keeper(shelf, "anna", "m", "w2"), "w2");
    equal(step(second, "s1").doing, "offline");
    holds(step(second, "x"), "the new step is lost");
    settle(second, server);
    equal(server.log.length, 2);
    equal(shelf.length, 0, "nothing is left to send");
    equal(new Session(server.document, 2, keeper(shelf, "bruno", "m", "w3"), "w3").pending.length, 0, "another person's words are not sent as theirs");
  },
  "a shelf that is broken or full stops nobody": () => {
    const broken = { length: 1, key: () => "viaggio.unsent:a:m:w", getItem: () => "{nonsense", setItem() { throw new Error("full"); }, removeItem() {} };
    const session = new Session(small(), 0, keeper(broken, "a", "m", "w"), "w");
    holds(session.change([set("s1", "doing", "x")]).ok, "refused");
  },
  "a change that would be no map is refused here already, and leaves all as it was": () => {
    const session = new Session(example, 0, none, "a"), pain = example.actions[0].pains[0];
    for (const operations of [[set("cerco", "title", "  ")], [set("cerco", "doing", "è".repeat(10001))], [{ op: "delete", item: pain }], [set("nobody", "x", 1)],
      [set("cerco", "doing", "half"), set("nobody", "doing", "half")]]) {
      holds(!session.change(operations).ok, JSON.stringify(operations).slice(0, 80));
      holds(session.document === example && !session.pending.length, "something stayed");
    }
  },
  "offline, then back: everything arrives, in order, though answers were lost": async () => {
    const server = new Server(small()), states = [], refused = [];
    const session = new Session(server.document, 0, none, "a");
    let net = "up";
    const at = (make) => async (argument) => {
      await rest(1);
      if (net === "down") throw new TypeError("Failed to fetch");
      const answer = make(argument);
      if (net === "half") { net = "down"; setTimeout(() => { net = "up"; sync.kick(); }, 5); throw new TypeError("Failed to fetch"); }
      return answer;
    };
    const sync = new Sync(session, { send: at((list) => server.send(list)), since: at((seq) => server.since(seq)), whole: at(() => server.whole()) },
      { state: (one) => states.push(one), refused: (op, why) => refused.push([op, why]) });
    session.change([set("s1", "doing", "one")]); sync.kick();
    await until(() => states.at(-1) === "saved");
    net = "down";
    session.change([set("s1", "thinking", "two")]); sync.kick();
    await until(() => states.at(-1) === "offline");
    session.change([set("s2", "doing", "three")]); sync.kick();
    server.send([{ client: "other-1", op: set("s3", "doing", "meanwhile") }]);
    await rest(10);
    equal(states.at(-1), "offline");
    net = "half"; sync.kick();
    await until(() => states.at(-1) === "saved" && server.log.length === 4 && session.seq === 4);
    sync.stop();
    equal(states.at(-1), "saved");
    equal(server.log.map((one) => one.op.value), ["one", "meanwhile", "two", "three"]);
    holds(sameJson(session.document, server.document), "they differ");
    equal(refused, []);
  },
  "what the server says no to, one by one, leaves the document; the others stay": async () => {
    const server = new Server(small()), refused = [];
    const send = async (list) => ({ head: 0, results: list.flatMap((one) => (one.op.value === "bad" ? [{ client: one.client, seq: null, late: false, problem: { detail: "No.", hint: "Shorten it." } }] : server.send([one]).results)) });
    const session = new Session(server.document, 0, none, "a");
    const sync = new Sync(session, { send, since: async (seq) => server.since(seq), whole: async () => server.whole() }, { state() {}, refused: (op, why) => refused.push([op.value, why]) });
    for (const [at, value] of [["s1", "good"], ["s2", "bad"], ["s3", "good too"]]) session.change([set(at, "doing", value)]);
    sync.kick();
    await until(() => sync.state === "saved" && refused.length && !session.unsent.length);
    sync.stop();
    equal(refused, [["bad", "No. Shorten it."]]);
    holds(sameJson(session.document, server.document) && !session.unsent.length, "they differ");
  },
  "one operation that the server will not have does not hold up the others": async () => {
    const server = new Server(small()), refused = [];
    const strict = (list) => { if (list.some(({ op }) => op.value === "bad")) throw { status: 400, message: "no" }; return server.send(list); };
    const session = new Session(server.document, 0, none, "a");
    const sync = new Sync(session, { send: async (list) => strict(list), since: async (seq) => server.since(seq), whole: async () => server.whole() },
      { state() {}, refused: (op) => refused.push(op.value) });
    session.change([set("s1", "doing", "good")]);
    session.change([set("s2", "doing", "bad")]);
    session.change([set("s3", "doing", "good too")]);
    sync.kick();
    await until(() => sync.state === "saved" && refused.length && !session.unsent.length);
    sync.stop();
    equal(refused, ["bad"]);
    equal(server.log.map((one) => one.op.value), ["good", "good too"]);
    holds(sameJson(session.document, server.document), "they differ");
  },
});
