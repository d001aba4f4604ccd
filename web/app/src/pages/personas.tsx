/** Personas: who the maps are about. Those of one firm stand side by side. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api, Problem, upload } from "../api/client";
import { forget, useApi } from "../api/use";
import type { List, MapCard, Persona, Stored } from "../api/types";
import { Page } from "../app/page";
import type { PageProps } from "../app/lazy";
import { go } from "../app/router";
import { may } from "../app/session";
import { t } from "../lang/lang";
import { Avatar, Button, Chip, Choice, Combo, Dialog, EmptyState, Field, Icon, Menu, openDialog, problemText, Skeleton, TextArea, toast, toastProblem, Trouble } from "../ui";
import { deleteRecord } from "../settings/records";
import { FilterForm, filterWords } from "./filterform";
import sheet from "./personas.css";

export const style = sheet;
type Row = Stored<Persona>;

export default function PersonasPage({ params }: PageProps) {
  const list = useApi<List<Row>>("/personas", { limit: 500 });
  const maps = useApi<List<MapCard>>("/maps");
  const [find, setFind] = useState("");
  const rows = list.data?.items ?? [];
  const wanted = params.id ? rows.find((r) => r.id === params.id || r.body.id === params.id) : undefined;
  useEffect(() => { if (wanted) void edit(wanted, rows).then(() => go("/personas", { replace: true, keep: true })); }, [wanted?.id]);
  const canEdit = may("editor");
  const shown = rows.filter((r) => [r.body.name, r.body.role, r.body.company].join(" ").toLowerCase().includes(find.toLowerCase()));
  const firms = [...new Set(shown.map((r) => r.body.company?.trim() || ""))].sort((a, b) => Number(!a) - Number(!b) || a.localeCompare(b));
  const several = firms.some((f) => f && shown.filter((r) => (r.body.company?.trim() || "") === f).length > 1);
  const about = (r: Row) => (maps.data?.items ?? []).filter((m) => m.persona && m.persona.name === r.body.name);
  return (
    <Page title={t("Personas")} sub={rows.length ? t("People with a name, not segments: one point of view for each map.") : undefined} actions={canEdit && rows.length > 0 ? <Button kind="primary" onClick={() => void edit(null, rows)}>{t("New persona")}</Button> : undefined}>
      {list.error && !list.data && <Trouble error={list.error} onRetry={list.reload} />}
      {!list.data && !list.error && <Skeleton lines={5} height={44} />}
      {list.data && !rows.length && (
        <EmptyState title={t("Who is it about?")} actions={canEdit && <Button kind="primary" onClick={() => void edit(null, rows)}>{t("New persona")}</Button>}>
          <p>{t("Begin with one customer you know well: a name, what they do, what they want in the end, and a sentence they really said. Each map then tells one persona’s journey.")}</p>
        </EmptyState>
      )}
      {rows.length > 8 && <div class="persona-find"><Field label={t("Find a persona")} hideLabel type="search" placeholder={t("Find a persona")} value={find} onInput={setFind} /></div>}
      {firms.map((firm) => {
        const here = shown.filter((r) => (r.body.company?.trim() || "") === firm);
        return (
          <section key={firm} class="firm">
            {several && <h2>{firm || t("On their own")} {firm && here.length > 1 && <span class="note">{t("one firm, {n} points of view", { n: here.length })}</span>}</h2>}
            <ul class="personas">{here.map((r) => <li key={r.id}><PersonaCard row={r} level={several ? 3 : 2} maps={about(r)} all={rows} canEdit={canEdit} firm={!several} /></li>)}</ul>
          </section>
        );
      })}
    </Page>
  );
}

export function relationWord(p: Persona): string {
  return p.relation === "reseller" ? t("reseller") : t("end customer");
}
export function standingWord(p: Persona): string {
  return p.standing === "prospective" ? t("not yet a customer") : t("customer");
}

function PersonaCard({ row, maps, all, canEdit, level, firm }: { row: Row; maps: MapCard[]; all: Row[]; canEdit: boolean; level: 2 | 3; firm: boolean }) {
  const p = row.body, H = level === 2 ? "h2" : "h3";
  const filter = p.filter ? filterWords(p.filter) : "";
  return (
    <article class={"card persona" + (p.weight === "light" ? " light" : "")}>
      <header>
        <Avatar silent name={p.name ?? "?"} picture={p.picture} size={p.weight === "light" ? 44 : 60} />
        <div>
          <H class="persona-name">{canEdit ? <button type="button" class="name-button" onClick={() => void edit(row, all)}>{p.name}</button> : p.name}</H>
          <p class="quiet">{[p.role, firm && p.company].filter(Boolean).join(" · ")}</p>
        </div>
        {canEdit && <Menu button={{ kind: "quiet", small: true, icon: <Icon name="more" />, label: t("More about “{title}”", { title: p.name ?? "" }) }} items={[
          { label: t("Edit"), icon: <Icon name="edit" />, onSelect: () => void edit(row, all) },
          { label: t("Duplicate"), icon: <Icon name="copy" />, onSelect: () => void edit(null, all, { ...p, id: undefined, name: t("{title}, copy", { title: p.name ?? "" }) }) },
          { line: true },
          { label: t("Delete"), icon: <Icon name="trash" />, danger: true, onSelect: () => remove(row) },
        ]} />}
      </header>
      <p class="row chips"><Chip tone={p.relation === "reseller" ? "warn" : "blue"}>{relationWord(p)}</Chip><Chip>{standingWord(p)}</Chip></p>
      {p.quote && <blockquote><q>{p.quote.replace(/^[«"“]|[»"”]$/g, "")}</q></blockquote>}
      <dl>
        {p.aim && <><dt>{t("Wants in the end")}</dt><dd>{p.aim}</dd></>}
        {!!p.needs?.length && <><dt>{t("Needs")}</dt><dd><ul>{p.needs.map((n, i) => <li key={i}>{n}</li>)}</ul></dd></>}
        {!!p.expectations?.length && <><dt>{t("Expects")}</dt><dd><ul>{p.expectations.map((n, i) => <li key={i}>{n}</li>)}</ul></dd></>}
      </dl>
      <footer class="note">
        {filter ? <a href={"/reality?" + p.filter}>{t("In the evidence: {filter}", { filter })}</a> : <span>{t("No evidence filter: all customers.")}</span>}
        {maps.length > 0 && <span>{t("Maps:")} {maps.map((m, i) => <span key={m.id}>{i > 0 && ", "}<a href={"/map/" + encodeURIComponent(m.id)}>{m.title}</a></span>)}</span>}
      </footer>
    </article>
  );
}

function remove(row: Row): void {
  deleteRecord("personas", row, t("“{title}” is deleted. The maps keep what they say of this persona.", { title: row.body.name ?? "" }));
}
function edit(row: Row | null, all: Row[], begin?: Persona): Promise<void | undefined> {
  return openDialog<void>((done) => <PersonaDialog row={row} all={all} begin={begin} done={() => done()} />);
}

export const lines = (text: string) => text.split("\n").map((l) => l.trim().replace(/^[-–•*]\s*/, "")).filter(Boolean);

/** What is sent: known fields only, and those that say something. */
export function personaBody(p: Persona): Persona {
  const { name, role, aim, quote, needs, expectations, relation, standing, weight, company, picture, filter } = p;
  const all = { name: name?.trim(), role: role?.trim(), aim: aim?.trim(), quote: quote?.trim(), needs, expectations, relation, standing, weight, company: company?.trim(), picture, filter };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined && v !== "" && !(Array.isArray(v) && !v.length)));
}

/** A picture no larger than it is shown, in a form every browser reads: square, 512 points. */
async function squared(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file), side = Math.min(image.width, image.height), size = Math.min(512, side);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  canvas.getContext("2d")!.drawImage(image, (image.width - side) / 2, (image.height - side) / 3, side, side, 0, 0, size, size);
  return new Promise((done, fail) => canvas.toBlob((b) => (b ? done(b) : fail(new Error("no picture"))), "image/jpeg", 0.86));
}

function PersonaDialog({ row, all, begin, done }: { row: Row | null; all: Row[]; begin?: Persona; done: () => void }) {
  const [p, setP] = useState<Persona>(row?.body ?? begin ?? { weight: "full", relation: "end-customer", standing: "acquired" });
  const [needs, setNeeds] = useState((p.needs ?? []).join("\n"));
  const [expectations, setExpectations] = useState((p.expectations ?? []).join("\n"));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [sending, setSending] = useState(false); // a picture, which belongs to what is saved
  const [error, setError] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const change = (part: Partial<Persona>) => setP({ ...p, ...part });
  const missing = !p.name?.trim();
  const save = async () => {
    setTried(true);
    if (missing || busy || sending) return;
    setBusy(true);
    setError("");
    const body = personaBody({ ...p, needs: lines(needs), expectations: lines(expectations) });
    try {
      if (row) await api.put("/personas/" + encodeURIComponent(row.id), body, `"${row.version}"`);
      else await api.post("/personas", body);
      forget("/personas");
      forget("/maps");
      forget("/home");
      toast(row ? t("Saved. The maps with this persona say the same now.") : t("“{title}” is here.", { title: body.name! }));
      done();
    } catch (e) {
      setError(e instanceof Problem && e.status === 412 ? t("Somebody else has changed this persona meanwhile. Close, look at it, and change it again.") : problemText(e));
      if (e instanceof Problem && e.status === 412) forget("/personas");
      setBusy(false);
    }
  };
  const picture = async (chosen: File | undefined) => {
    if (!chosen) return;
    setSending(true);
    try {
      const { id } = await upload<{ id: string }>("/files", await squared(chosen));
      setP((now) => ({ ...now, picture: id }));
    } catch (e) {
      toastProblem(e instanceof Problem ? e : new Error(t("This file is no picture that the browser can read (PNG, JPEG, WebP).")));
    } finally {
      setSending(false);
    }
  };
  return (
    <Dialog title={row ? p.name || t("Persona") : t("New persona")} wide onClose={done} onSubmit={() => void save()} footer={<><Button onClick={done}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy} disabled={sending}>{t("Save")}</Button></>}>
      {error && <p class="trouble" role="alert">{error}</p>}
      <div class="persona-face">
        <Avatar silent name={p.name || "?"} picture={p.picture} size={72} />
        <Button small icon={<Icon name="image" size={16} />} onClick={() => file.current?.click()}>{p.picture ? t("Another picture") : t("Picture")}</Button>
        {p.picture && <Button small kind="quiet" onClick={() => change({ picture: undefined })}>{t("Take the picture away")}</Button>}
        <input ref={file} type="file" class="hidden" tabIndex={-1} accept="image/png,image/jpeg,image/webp" aria-label={t("Picture")} onChange={(e) => void picture(e.currentTarget.files?.[0])} />
      </div>
      <div class="form-row">
        <Field label={t("Name")} value={p.name ?? ""} onInput={(name) => change({ name })} required maxLength={200} autofocus error={tried && missing ? t("A name, as one would be called.") : null} placeholder="Marco Bianchi" />
        <Field label={t("Role")} value={p.role ?? ""} onInput={(role) => change({ role })} maxLength={300} placeholder={t("head of purchasing, 40 people")} />
        <Combo label={t("Firm")} value={p.company ?? ""} onInput={(company) => change({ company })} options={[...new Set(all.map((r) => r.body.company ?? "").filter(Boolean))]} note={t("Personas of one firm stand side by side.")} />
      </div>
      <div class="form-row">
        <Choice label={t("Relation")} value={p.relation ?? "end-customer"} onChange={(relation) => change({ relation })} options={[{ value: "end-customer", label: t("end customer") }, { value: "reseller", label: t("reseller") }]} />
        <Choice label={t("Already a customer?")} value={p.standing ?? "acquired"} onChange={(standing) => change({ standing })} options={[{ value: "acquired", label: t("customer") }, { value: "prospective", label: t("not yet") }]} />
        <Choice label={t("How much is known")} value={p.weight ?? "full"} onChange={(weight) => change({ weight })} options={[{ value: "full", label: t("full") }, { value: "light", label: t("light") }]} />
      </div>
      <TextArea label={t("A sentence they really said")} value={p.quote ?? ""} onInput={(quote) => change({ quote })} rows={1} placeholder={t("If the line stands still, every hour costs me 900 euro.")} />
      <Field label={t("Wants in the end")} value={p.aim ?? ""} onInput={(aim) => change({ aim })} placeholder={t("A line that does not stop")} />
      <div class="form-row">
        <TextArea label={t("Needs")} value={needs} onInput={setNeeds} rows={3} note={t("One on each line.")} />
        <TextArea label={t("Expects")} value={expectations} onInput={setExpectations} rows={3} note={t("One on each line.")} />
      </div>
      <FilterForm value={p.filter ?? ""} onChange={(filter) => change({ filter })} />
    </Dialog>
  );
}
