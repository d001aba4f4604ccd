/** A new map: from a template, a file, the evidence, or another map. */
import { useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type { List, MapAnswer, MapCard, Operation, Persona, Source, Stored, Template } from "../api/types";
import { sendOperations } from "../app/ops";
import { go } from "../app/router";
import { lang, t, tn } from "../lang/lang";
import { Button, Combo, Dialog, Field, Icon, openDialog, problemText, Select, Skeleton, Tabs, TextArea, toastProblem, Trouble } from "../ui";

type Way = "template" | "file" | "draft" | "copy";
export function openNewMap(first: Way = "template"): void {
  void openDialog<string>((done) => <NewMap first={first} done={done} />).then((id) => { if (id) void go("/map/" + encodeURIComponent(id)); });
}

/** Text of a file as people save them: UTF-8, else Windows-1252. */
export async function fileText(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
/** The name decides how pasted text is read. */
export function pastedName(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("{")) return "map.json";
  if (/^(---[\s\S]*?---\s*)?(%%[^\n]*\n\s*)*journey\b/.test(start)) return "map.mmd";
  return "map.csv";
}

export async function createMap(body: Record<string, unknown>): Promise<string> {
  const made = (await api.post<{ id: string }>("/maps", { lang: lang.value, ...body })).data;
  forget("/maps");
  forget("/home");
  return made.id;
}

/** The persona of the workspace takes the place of the one the template brings. */
async function about(id: string, persona: Stored<Persona>): Promise<void> {
  const { map } = (await api.get<MapAnswer>("/maps/" + encodeURIComponent(id))).data;
  const gone = (map.personas ?? []).flatMap((p): Operation[] => (p.id ? [{ op: "delete", item: p.id }] : []));
  await sendOperations(id, [...gone, { op: "insert", at: "", list: "personas", value: { ...persona.body, id: persona.id } }]);
}

function NewMap({ first, done }: { first: Way; done: (id?: string) => void }) {
  const [way, setWay] = useState<Way>(first);
  const [title, setTitle] = useState("");
  const [template, setTemplate] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  const [copy, setCopy] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const templates = useApi<List<Template>>("/templates");
  const sources = useApi<List<Source>>("/sources");
  const maps = useApi<List<MapCard>>("/maps");
  const personas = useApi<List<Stored<Persona>>>("/personas");
  const [who, setWho] = useState("");
  const chosen = template || templates.data?.items[0]?.id || "";
  const other = maps.data?.items.find((m) => m.title === copy);
  const ready = { template: !!chosen, file: !!file || !!text.trim(), draft: !!sources.data?.items.length, copy: !!other }[way];

  const make = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError("");
    const named = title.trim() ? { title: title.trim() } : {};
    try {
      const persona = personas.data?.items.find((p) => p.id === who);
      const withPersona = async (id: string) => { if (persona) await about(id, persona).catch(toastProblem); return id; };
      if (way === "template") done(await withPersona(await createMap({ template: chosen, ...named })));
      else if (way === "copy") done(await createMap({ copy_of: other!.id, title: title.trim() || t("{title}, copy", { title: other!.title }) }));
      else if (way === "draft") done(await withPersona(await createMap({ draft: { filter: "" }, ...named })));
      else done(await createMap({ text: file ? await fileText(file) : text, name: file?.name ?? pastedName(text), ...named }));
    } catch (problem) {
      setError(problemText(problem));
    } finally {
      setBusy(false);
    }
  };
  const tabs = [
    { value: "template" as const, label: t("From a template") },
    { value: "file" as const, label: t("From a file") },
    { value: "draft" as const, label: t("From the evidence") },
    ...(maps.data?.items.length ? [{ value: "copy" as const, label: t("From another map") }] : []),
  ];
  return (
    <Dialog title={t("New map")} wide onClose={() => done()} onSubmit={() => void make()} footer={
      <>
        <Button onClick={() => done()}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!ready}>{way === "draft" ? t("Draft the map") : t("Make the map")}</Button>
      </>
    }>
      <Tabs label={t("Where it begins")} value={way} tabs={tabs} onChange={(w) => { setWay(w); setError(""); }}>
        {way === "template" && (templates.error ? <Trouble error={templates.error} onRetry={templates.reload} /> : !templates.data ? <Skeleton lines={4} height={44} /> : (
          <fieldset class="templates">
            <legend class="hidden">{t("Template")}</legend>
            {templates.data.items.map((x) => (
              <label key={x.id} class={x.id === chosen ? "on" : undefined}>
                <input type="radio" name="template" checked={x.id === chosen} onChange={() => setTemplate(x.id)} />
                <b>{x.title}</b><span class="note">{x.about}</span><span class="note">{tn(x.steps, "{n} step", "{n} steps")}</span>
              </label>
            ))}
          </fieldset>
        ))}
        {way === "file" && <FromFile file={file} setFile={setFile} text={text} setText={setText} />}
        {way === "draft" && (sources.data?.items.length ? (
          <p>{t("Viaggio looks at what customers did, puts the frequent steps in their order and cuts them into phases. It is a draft, to be discussed with those who know the customers.")}</p>
        ) : (
          <div class="stack">
            <p>{t("There is no evidence yet: bring in an Excel or CSV file of what customers did, and the draft comes from it.")}</p>
            <div><Button href="/evidence" icon={<Icon name="upload" />} onClick={() => done()}>{t("Import evidence")}</Button></div>
          </div>
        ))}
        {way === "copy" && <Combo label={t("The map to copy")} value={copy} onInput={setCopy} options={maps.data?.items.map((m) => m.title) ?? []} />}
      </Tabs>
      {error && <p class="field-error" role="alert">{error}</p>}
      <Field label={t("Title")} value={title} onInput={setTitle} maxLength={500} placeholder={way === "file" ? t("as the file says") : t("From the first need to the second order")} note={t("In the customer’s words. It can be changed later.")} />
      {(way === "template" || way === "draft") && !!personas.data?.items.length && <Select label={t("Whose journey it is")} value={who} onChange={setWho} options={[{ value: "", label: t("to be said later") }, ...personas.data.items.map((p) => ({ value: p.id, label: p.body.name ?? p.id }))]} />}
    </Dialog>
  );
}

function FromFile({ file, setFile, text, setText }: { file: File | null; setFile: (f: File | null) => void; text: string; setText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <div class="stack">
      <div class={"drop" + (over ? " over" : "")} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(e) => { e.preventDefault(); setOver(false); setFile(e.dataTransfer?.files[0] ?? null); }}>
        <p>{file ? <b>{file.name}</b> : t("Drop a file here: JSON of Viaggio, CSV, Mermaid.")}</p>
        <div class="row center">
          <Button onClick={() => input.current?.click()} icon={<Icon name="upload" />}>{file ? t("Another file") : t("Choose a file")}</Button>
          {file && <Button kind="quiet" onClick={() => setFile(null)}>{t("Take it away")}</Button>}
        </div>
        <input ref={input} type="file" class="hidden" tabIndex={-1} aria-label={t("File of the map")} accept=".json,.csv,.tsv,.txt,.mmd,.mermaid,.md" onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)} />
      </div>
      {!file && <TextArea label={t("Or paste the text")} value={text} onInput={setText} rows={3} note={t("A table from Excel, a Mermaid journey, JSON.")} />}
    </div>
  );
}

/** Files dropped on the home page become maps. */
export async function mapsFromFiles(files: FileList | File[]): Promise<void> {
  for (const file of files)
    try {
      const id = await createMap({ text: await fileText(file), name: file.name });
      if (files.length === 1) await go("/map/" + encodeURIComponent(id));
    } catch (error) {
      toastProblem(error);
    }
}
