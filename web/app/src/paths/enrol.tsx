/** Clients come onto a path: one, many from a list, or all whom the evidence shows. */
import { useRef, useState } from "preact/hooks";
import { api, Problem } from "../api/client";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import type { Enrolled, EnrolRule } from "../api/wire";
import { date, today } from "../lang/format";
import { t, tn } from "../lang/lang";
import { fileText } from "../pages/newmap";
import { columnLabel } from "../reality/filter-bar";
import { attributeValues, type Summary } from "../reality/summary";
import type { CustomerList } from "../reality/people-drawer";
import { Button, Check, Combo, Dialog, Field, Icon, openDialog, problemText, Select, Tabs, TextArea, toast, toastProblem, type Option } from "../ui";
import { pathsChanged } from "./page";
import type { WholePath } from "./shapes";

type Way = "one" | "file" | "rule";
export interface Row { customer: string; at?: string }
const LIKE_DAY = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/;
/** Lines as people paste them from Excel: a name, and perhaps a day (31/12/2025 or 2025-12-31) in any column. */
export function rowsOf(text: string): { rows: Row[]; odd: string[]; days: { line: number; day: string }[] } {
  const rows: Row[] = [], odd: string[] = [], wrong: { line: number; day: string }[] = [], seen = new Set<string>();
  text.split(/\r?\n/).forEach((line, i) => {
    const cells = line.split(/[;\t]|,(?=\S*\s*\d{1,4}[-/.])|,(?!\s)/).map((c) => c.trim().replace(/^"(.*)"$/, "$1").trim()).filter(Boolean);
    if (!cells.length || (i === 0 && /^(nome|name|cliente|customer|client)$/i.test(cells[0]!))) return;
    const days = cells.map(dayOf), bad = cells.find((c, k) => !days[k] && LIKE_DAY.test(c)), customer = cells.find((c, k) => !days[k] && c !== bad) ?? "";
    if (bad !== undefined) wrong.push({ line: i + 1, day: bad });
    if (!customer || customer.length > 300) { odd.push(line); return; }
    if (seen.has(customer.toLowerCase())) return;
    seen.add(customer.toLowerCase());
    const at = days.find(Boolean);
    rows.push({ customer, ...(at ? { at } : {}) });
  });
  return { rows, odd, days: wrong };
}
export function dayOf(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text), it = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const [y, m, d] = iso ? [iso[1]!, iso[2]!, iso[3]!] : it ? [it[3]!, it[2]!, it[1]!] : ["", "", ""];
  if (!y) return null;
  const when = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  return when.getUTCMonth() === Number(m) - 1 ? `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}` : null;
}

/** As the server reads a table: who, and since when. */
export function csvOf(rows: Row[], at: string): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return ["cliente;dal", ...rows.map((r) => `${cell(r.customer)};${r.at ?? at}`)].join("\n") + "\n";
}
/** As the server compares names: without case, accents, spaces too many. */
const simple = (s: string) => s.trim().replace(/\s+/g, " ").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
export function openEnrol(map: string, path: WholePath): Promise<boolean | undefined> {
  return openDialog<boolean>((done) => <Enrol map={map} path={path} done={done} />);
}

function Enrol({ map, path, done }: { map: string; path: WholePath; done: (changed?: boolean) => void }) {
  const [way, setWay] = useState<Way>("one");
  const [name, setName] = useState(""), [at, setAt] = useState(today()), [start, setStart] = useState("");
  const [text, setText] = useState(""), [rule, setRule] = useState({ containing: "", since: "", attribute: "", value: "" });
  const [goOn, setGoOn] = useState(true); // a rule is asked again when evidence comes
  const [another, setAnother] = useState(false), [alike, setAlike] = useState(false); // somebody of a list is written almost as one who is there
  const [error, setError] = useState(""), [busy, setBusy] = useState(false), [changed, setChanged] = useState(0);
  const file = useRef<HTMLInputElement>(null);
  const summary = useApi<Summary>(way === "rule" ? "/evidence" : null);
  const known = useApi<CustomerList>(way === "one" && name.trim().length > 1 ? "/customers" : null, { q: name.trim(), limit: 8 });
  const { rows, odd, days } = rowsOf(text), first = useRef<HTMLDivElement>(null);
  const twin = way === "one" && name.trim() ? path.clients.find((c) => c.enrolment && simple(c.customer) === simple(name)) : undefined;
  const filter = new URLSearchParams([...(rule.containing ? [["containing", rule.containing]] : []), ...(rule.since ? [["started-since", rule.since]] : []), ...(rule.attribute && rule.value ? [["customers-where", `${rule.attribute}=${rule.value}`]] : [])]);
  const matching = useApi<CustomerList>(way === "rule" && filter.size ? "/customers" : null, new URLSearchParams([...filter, ["limit", "1"]]));
  const ready = way === "one" ? !!name.trim() : way === "file" ? rows.length > 0 && !days.length : filter.size > 0 && !!matching.data?.total && !matching.error;
  const names: Option[] = (known.data?.items ?? []).filter((c) => !path.clients.some((x) => x.customer === c.name && x.enrolment)).map((c) => ({ value: c.name, label: c.name }));
  const save = async (more: boolean) => {
    if (!ready || busy) return;
    setBusy(true);
    setError("");
    try {
      const body = way === "one" ? { customer: name.trim(), at, another, ...(start.trim() ? { start: start.trim() } : {}) } : way === "file" ? { text: csvOf(rows, at), name: t("a list"), another } : { rule: filter.toString(), once: !goOn };
      const answer = (await api.post<Enrolled>(`/maps/${encodeURIComponent(map)}/enrolments`, body)).data;
      const n = answer.added;
      const made = answer.enrolment;
      toast(way === "one" ? (n ? t("{name} is on the path.", { name: name.trim() }) : t("{name} was on the path already.", { name: name.trim() })) : n ? tn(n, "{n} client has been added to the path.", "{n} clients have been added to the path.") : t("Nobody new: all of them are on the path already."), made && n ? { undo: () => api.delete("/enrolments/" + encodeURIComponent(made) + "?undo=1").then(pathsChanged) } : {});
      if (!more) return done(true);
      setChanged(changed + n);
      setName("");
      setStart("");
      setAnother(false);
      setAlike(false);
      pathsChanged();
      requestAnimationFrame(() => requestAnimationFrame(() => first.current?.querySelector("input")?.focus()));
    } catch (problem) {
      const taken = problem instanceof Problem && problem.status === 409; // its hint is for the shell: here there is a tick
      setAlike(taken && !!(problem as Problem).hint); // without one it is the same person, by whatever name
      setError(taken ? problem.detail : problemText(problem));
    } finally {
      setBusy(false);
    }
  };
  const close = () => done(changed > 0);
  return (
    <Dialog title={t("Enrol clients")} wide guarded onClose={close} onSubmit={() => void save(false)} footer={
      <>
        {changed > 0 && <span class="left note" role="status">{tn(changed, "{n} enrolled", "{n} enrolled")}</span>}
        <Button onClick={close}>{changed ? t("Close") : t("Cancel")}</Button>
        {way === "one" && <Button disabled={!ready} busy={busy} onClick={() => void save(true)}>{t("Enrol, and one more")}</Button>}
        <Button kind="primary" type="submit" disabled={!ready} busy={busy}>{way === "file" && rows.length ? tn(rows.length, "Enrol {n} client", "Enrol {n} clients") : t("Enrol")}</Button>
      </>
    }>
      <Tabs label={t("Who")} value={way} onChange={(w) => { setWay(w); setError(""); setAnother(false); setAlike(false); }} tabs={[{ value: "one", label: t("One client") }, { value: "file", label: t("From a list") }, { value: "rule", label: t("From the evidence") }]}>
        {way === "one" && (
          <div class="stack" ref={first}>
            <Combo label={t("Name")} value={name} onInput={(text) => { setName(text); setAnother(false); setAlike(false); setError(""); }} options={names} required autofocus note={twin ? (twin.customer === name.trim() ? t("On the path already.") : t("On the path there is “{name}” already: the same one?", { name: twin.customer })) : t("As it stands in the evidence, if they are there already.")} />
            {(twin ? twin.customer !== name.trim() : alike) && <Check label={t("Another person: enrol “{name}”, too", { name: name.trim() })} checked={another} onChange={(on) => { setAnother(on); setError(""); }} />}
            <div class="form-row">
              <Field label={t("On the path since")} type="date" value={at} onInput={setAt} />
              <Field label={t("Where this client starts from")} value={start} onInput={setStart} placeholder={path.start} />
            </div>
          </div>
        )}
        {way === "file" && (
          <div class="stack">
            <TextArea label={t("One client per line, with the day if you have it")} value={text} onInput={setText} rows={6} placeholder={"Anna Riva; 12/01/2026\nPaolo Conti; 19/01/2026"} />
            <div class="row"><Button small icon={<Icon name="upload" size={16} />} onClick={() => file.current?.click()}>{t("Choose a CSV file")}</Button>
              <input ref={file} type="file" class="hidden" tabIndex={-1} aria-label={t("File of clients")} accept=".csv,.tsv,.txt" onChange={(e) => { const f = e.currentTarget.files?.[0]; if (f) void fileText(f).then(setText); }} /></div>
            <Field label={t("Day of those without one")} type="date" value={at} onInput={setAt} />
            {rows.length > 0 && <p class="note" role="status">{tn(rows.length, "{n} client understood:", "{n} clients understood:")} {rows.slice(0, 4).map((r) => r.customer + (r.at ? ` (${date(r.at, "short")})` : "")).join(", ")}{rows.length > 4 ? " …" : ""}</p>}
            {odd.length > 0 && <p class="field-error">{tn(odd.length, "{n} line is not understood:", "{n} lines are not understood:")} {odd.slice(0, 3).join(" · ")}</p>}
            {alike && <Check label={t("They are other people: enrol them, too")} checked={another} onChange={(on) => { setAnother(on); setError(""); }} />}
            {days.slice(0, 3).map((d) => <p key={d.line} class="field-error" role="alert">{t("Line {n}: the day “{day}” does not exist. Put it right above, or take it out.", { n: d.line, day: d.day })}</p>)}
          </div>
        )}
        {way === "rule" && (
          <div class="stack">
            <p class="quiet">{t("All customers whose evidence fits. Each is on the path from their own first event on it.")}</p>
            <div class="form-row">
              <Combo label={t("Who did")} value={rule.containing} onInput={(containing) => { setError(""); setRule({ ...rule, containing }); }} options={(summary.data?.activities ?? []).map((a) => a.name)} placeholder={t("an activity")} />
              <Field label={t("Began not before")} type="date" value={rule.since} onInput={(since) => { setError(""); setRule({ ...rule, since }); }} />
            </div>
            {!!summary.data?.attributes.length && <div class="form-row">
              <Select label={t("Column")} value={rule.attribute} onChange={(attribute) => setRule({ ...rule, attribute, value: "" })} options={[{ value: "", label: t("any") }, ...summary.data.attributes.map((a) => ({ value: a.name, label: columnLabel(a.name) }))]} />
              {rule.attribute && <Combo label={t("Value")} value={rule.value} onInput={(value) => { setError(""); setRule({ ...rule, value }); }} options={attributeValues(summary.data, rule.attribute)} />}
            </div>}
            {matching.error ? <p class="field-error" role="alert">{problemText(matching.error)}</p> : matching.data && <p class="note" role="status">{matching.data.total ? tn(matching.data.total, "{n} customer fits", "{n} customers fit") : t("No customer fits.")}</p>}
            <Check label={t("Go on with it: whoever comes to fit later is enrolled, too")} checked={goOn} onChange={setGoOn} />
            <Rules map={map} />
          </div>
        )}
      </Tabs>
      {error && <p class="field-error" role="alert">{error}</p>}
    </Dialog>
  );
}

/** "who did “Prima telefonata”, began not before 2025-09-01" */
export function ruleWords(rule: string): string {
  const words: Record<string, (value: string) => string> = { containing: (value) => t("who did “{activity}”", { activity: value }), "started-since": (value) => t("began not before {day}", { day: value }) };
  return [...new URLSearchParams(rule)].map(([name, value]) => words[name]?.(value) ?? (name.endsWith("where") ? value : `${name} ${value}`)).join(", ");
}

/** The rules that go on enrolling, each with its end. */
function Rules({ map }: { map: string }) {
  const path = `/maps/${encodeURIComponent(map)}/rules`, rules = useApi<List<EnrolRule>>(path);
  if (!rules.data?.items.length) return null;
  const end = (rule: EnrolRule) => void api.delete(`${path}/${encodeURIComponent(rule.id)}`).then(() => { rules.reload(); toast(t("The rule has ended; whom it enrolled stays.")); }, toastProblem);
  return (
    <section aria-label={t("Rules that go on enrolling")}>
      <h3>{t("Rules that go on enrolling")}</h3>
      <ul class="rows">{rules.data.items.map((rule) => <li key={rule.id}><span>{ruleWords(rule.rule)}</span><Button small onClick={() => end(rule)}>{t("End this rule")}<span class="hidden">: {ruleWords(rule.rule)}</span></Button></li>)}</ul>
    </section>
  );
}
