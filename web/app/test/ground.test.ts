import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff, call, url, useSessionForCalls } from "../src/api/client";
import { match } from "../src/app/router";
import { bytes, daysUntil, interval, num, pct, signed, span } from "../src/lang/format";
import { fill, lang, setLang, t, tn } from "../src/lang/lang";
import { actionOperations, stateOperations } from "../src/pages/action";
import { filterWords, readFilter, writeFilter } from "../src/pages/filterform";
import { pastedName } from "../src/pages/newmap";
import { passwordFault } from "../src/pages/password";
import { lines, personaBody } from "../src/pages/personas";
import { readNumber } from "../src/settings/care";
import { readablePassword } from "../src/share/share";
import { runs, smoothPath } from "../src/ui/curve";
import { valenceClass } from "../src/ui/face";
import { monogram } from "../src/ui/parts";

test("numbers are written as their reader writes them, with a true minus", async () => {
  lang.value = "it";
  assert.equal(num(1284), "1.284");
  assert.equal(signed(-1.2), "−1,2");
  assert.equal(signed(0.04), "0,0");
  assert.equal(pct(0.223), "22%");
  assert.equal(interval(-0.4, 0.2, 1), "−0,4 – 0,2");
  lang.value = "en";
  assert.equal(num(1284), "1,284");
  assert.equal(num(-0), "0");
  assert.equal(signed(1.26), "+1.3");
  assert.equal(interval(19, 25, 0, "%"), "19–25%");
  assert.equal(bytes(1_234_000), "1.2\u2009MB");
});

test("a refusal for want of a token is asked again with the one that came meanwhile, and with a new one once", async () => {
  const before = globalThis.fetch, sent: string[] = [];
  let now = "", renewals = 0, answer = () => {};
  const renew = async () => { renewals++; useSessionForCalls(now, renew); };
  globalThis.fetch = (async (_: string, { headers }: { headers: Record<string, string> }) => {
    const token = headers["X-CSRF-Token"]!;
    sent.push(token);
    answer();
    return token === now ? Response.json({ good: true }) : Response.json({ title: "no" }, { status: 403 });
  }) as never;
  try {
    now = "two"; // another part of the page learns it while this question is under way
    useSessionForCalls("", renew);
    answer = () => useSessionForCalls("two", renew);
    assert.deepEqual((await call<{ good: boolean }>("POST", "/x", { body: {} })).data, { good: true });
    assert.deepEqual([sent, renewals], [["", "two"], 0]);
    answer = () => {};
    now = "three";
    assert.equal((await call("POST", "/x")).status, 200);
    assert.deepEqual([sent.slice(2), renewals], [["two", "three"], 1]);
    now = "four"; // who may not, may not with a new token either
    useSessionForCalls("three", async () => { renewals++; });
    await assert.rejects(call("POST", "/x"), /no/);
    assert.deepEqual([sent.slice(4), renewals], [["three"], 2]);
  } finally {
    globalThis.fetch = before;
  }
});

test("a span says its fitting unit", () => {
  lang.value = "en";
  for (const [seconds, text] of [[40, "40\u2009s"], [2400, "40\u2009min"], [7200, "2\u2009h"], [86_400 * 3.1, "3.1 days"], [86_400 * 38, "38 days"]] as const) assert.equal(span(seconds), text);
});

test("days are counted by the calendar, not by 24 hours", () => {
  const now = new Date(2025, 2, 30, 23, 30); // the night of a change to summer time
  assert.equal(daysUntil("2025-03-31", now), 1);
  assert.equal(daysUntil("2025-03-30", now), 0);
  assert.equal(daysUntil("2025-03-24", now), -6);
});

test("a text without its translation stays English, with its values", async () => {
  assert.equal(fill("{a} and {b}", { a: 1 }), "1 and {b}");
  await setLang("it");
  assert.equal(t("Save"), "Salva");
  assert.equal(t("Not there {x}", { x: "y" }), "Not there y");
  assert.equal(tn(1, "{n} step", "{n} steps"), "1 tappa");
  assert.equal(tn(2, "{n} step", "{n} steps"), "2 tappe");
  await setLang("en");
  assert.equal(tn(1, "{n} step", "{n} steps"), "1 step");
});

test("addresses match their pattern whole, decoded, and nothing else", () => {
  assert.deepEqual(match("/map/:id/step/:step", "/map/a%20b/step/s1"), { id: "a b", step: "s1" });
  assert.equal(match("/map/:id", "/map/a/b"), null);
  assert.equal(match("/map/:id", "/map/%E0%A4%A"), null);
  assert.deepEqual(match("/", "/"), {});
});

test("queries leave out what is empty and repeat what is a list", () => {
  assert.equal(url("/x", { a: "", b: null, c: undefined, d: false, e: true, f: ["1", "2"], g: "à&" }), "/api/v1/x?e=1&f=1&f=2&g=%C3%A0%26");
});

test("waiting doubles and is bounded", () => {
  assert.equal(Math.round(backOff(0, 0.5)), 400);
  assert.equal(Math.round(backOff(1, 0.5)), 800);
  assert.ok(backOff(20, 1) <= 20_000);
});

test("the curve passes through its points and never beyond them", () => {
  const points = [0, 5, 5, -3, 4].map((y, x) => ({ x: x * 10, y }));
  const numbers = smoothPath(points).match(/-?\d+(\.\d+)?/g)!.map(Number);
  const ys = numbers.filter((_, i) => i % 2 === 1);
  assert.ok(Math.max(...ys) <= 5 && Math.min(...ys) >= -3, String(ys));
  assert.equal(smoothPath([]), "");
  assert.equal(smoothPath([{ x: 1, y: 2 }]), "M1 2");
});

test("gaps in a row of feelings stay gaps", () => {
  assert.deepEqual(runs([null, 1, 2, null, null, 3], (i, y) => ({ x: i, y })).map((r) => r.map((p) => p.x)), [[1, 2], [5]]);
});

test("each valence has one of five faces", () => {
  assert.deepEqual([-2, -1.2, -1, -0.4, 0, 0.39, 0.4, 1.19, 1.2, 2].map(valenceClass), ["v0", "v0", "v1", "v1", "v2", "v2", "v3", "v3", "v4", "v4"]);
});

test("monograms take first and last name", () => {
  assert.deepEqual(["Giulia Rossi", "Maria De Santis", "Élodie", "  "].map(monogram), ["GR", "MS", "É", "?"]);
});

test("only what differs in an action is sent", () => {
  const before = { id: "a", title: "One", due: "2026-01-01", pains: ["p"], state: "idea" as const };
  assert.deepEqual(actionOperations(before, { ...before }), []);
  assert.deepEqual(actionOperations(before, { ...before, due: "", title: "Two" }), [{ op: "set", at: "a", field: "title", value: "Two" }, { op: "set", at: "a", field: "due" }]);
  assert.deepEqual(actionOperations(null, { id: "b", title: "New", pains: [], due: "" }), [{ op: "insert", at: "", list: "actions", value: { id: "b", title: "New" } }]);
});

test("an action that is done says when, and forgets it when taken up again", () => {
  assert.deepEqual(stateOperations({ id: "a" }, "done", "2026-02-03").map((o) => "field" in o && [o.field, o.value]), [["state", "done"], ["done", "2026-02-03"]]);
  assert.deepEqual(stateOperations({ id: "a", done: "2026-01-01" }, "verified").length, 1);
  assert.deepEqual(stateOperations({ id: "a", done: "2026-01-01" }, "doing").map((o) => "field" in o && [o.field, o.value]), [["state", "doing"], ["done", undefined]]);
});

test("filters survive reading and writing, and half a condition is not sent", () => {
  const query = "customers-where=Tipo+cliente%3DCliente+finale&customers-where=channel%3DWeb&containing=Ricerca&where=Zona%21%3DSud&since=2025";
  assert.equal(writeFilter(readFilter(query)), query);
  assert.equal(filterWords(query), "Tipo cliente: Cliente finale · Web · did “Ricerca” · Zona ≠ Sud · from 2025");
  assert.equal(writeFilter([{ name: "where", value: "Tipo=" }, { name: "customers-where", value: "Tipo!=" }, { name: "since", value: "" }]), "");
  assert.deepEqual(readFilter("lang=it&limit=3"), []);
});

test("pasted text is named by what it is", () => {
  assert.equal(pastedName(' {"title": 1}'), "map.json");
  assert.equal(pastedName("journey\n  title x"), "map.mmd");
  assert.equal(pastedName("%% note\njourney\n"), "map.mmd");
  assert.equal(pastedName("Stage;Touchpoints\n"), "map.csv");
});

test("weak passwords are refused in words", () => {
  assert.ok(passwordFault("short"));
  assert.ok(passwordFault("aaaaaaaaaaaa"));
  assert.ok(passwordFault("giulia.rossi@ferri.example", ["Giulia", "giulia.rossi@ferri.example"]));
  assert.equal(passwordFault("quattro parole di fila"), null);
});

test("passwords for links can be read out, and are even", () => {
  const one = readablePassword();
  assert.match(one, /^[a-km-np-z2-9]{4}-[a-km-np-z2-9]{4}-[a-km-np-z2-9]{4}$/);
  assert.equal(readablePassword((n) => new Uint8Array(n).fill(0)), "aaaa-aaaa-aaaa");
});

test("a persona is sent with what it says and nothing unknown", () => {
  assert.deepEqual(personaBody({ id: "x", name: " Marco ", role: "", needs: [], weight: "full" }), { name: "Marco", weight: "full" });
  assert.deepEqual(lines("- one\n\n • two \nthree"), ["one", "two", "three"]);
});

test("numbers are read as their writer writes them", () => {
  for (const [text, language, value] of [["1.200,50", "it", 1200.5], ["1200", "it", 1200], ["1,200.50", "en", 1200.5], ["1.5.2", "en", null], ["12,5", "en", null], ["1.2", "it", null], ["−3", "it", -3], ["", "en", null], ["x", "it", null]] as const)
    assert.equal(readNumber(text, language), value, `${text} in ${language}`);
});

test("an Italian article agrees with the number that follows it; a name that is filled in is left as it is", () => {
  lang.value = "it";
  for (const [share, said] of [["8%", "l’8%"], ["11%", "l’11%"], ["1%", "l’1%"], ["80,5%", "l’80,5%"], ["18%", "il 18%"], ["10%", "il 10%"], ["7%", "il 7%"]])
    assert.equal(fill("si perde il {share}", { share: share! }), "si perde " + said);
  assert.equal(fill("iniziati dal {day}", { day: "8 nov 2025" }), "iniziati dall’8 nov 2025");
  assert.equal(fill("Il {day}", { day: "11 nov" }), "L’11 nov");
  assert.equal(fill("dal {day} al {to}", { day: "1 nov", to: "18 nov" }), "dal 1 nov al 18 nov");
  assert.equal(fill("{name}: entro il {day}", { name: "Dal 8% in su", day: "8 nov" }), "Dal 8% in su: entro l’8 nov");
  lang.value = "en";
  assert.equal(fill("nel {share}", { share: "8%" }), "nel 8%");
});
