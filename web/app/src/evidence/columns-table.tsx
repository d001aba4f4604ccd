// The first rows of a file with what each column was taken for; a wrong guess is put right in its head.
// On a narrow screen each column is a row of its own.
import { useWidth } from "../charts/width";
import { t, tn } from "../lang/lang";
import { Button, Check, Field, Select } from "../ui";
import { choices, type Choice, type Column, type FileReading, type Manner } from "./columns";

export function choiceLabel(choice: Choice): string {
  switch (choice) {
    case "customer": return t("who (customer)");
    case "activity": return t("what happened");
    case "time": return t("when");
    case "one-of-times": return t("one of several dates");
    case "channel": return t("channel");
    case "touchpoint": return t("touchpoint");
    case "actor": return t("who served");
    case "text": return t("what they wrote");
    case "score": return t("score");
    case "source_id": return t("number in its system");
    case "attribute": return t("kept as it is");
    case "ignore": return t("kept as it is");
  }
}

interface Props {
  file: FileReading; corrections: ReadonlyMap<number, Choice>; looking: boolean; manner: Manner;
  onChoose: (index: number, choice: Choice) => void; onManner: (manner: Manner) => void; onReset: () => void;
}

export function ColumnsTable(props: Props) {
  const { file, corrections } = props;
  const [ref, width] = useWidth<HTMLDivElement>(800);
  const value = (column: Column, index: number): Choice => {
    const said = corrections.get(index);
    return said === "one-of-times" ? said : column.role === "ignore" ? "attribute" : column.role;
  };
  const pick = (column: Column, index: number) => (
    <Select label={t("What “{column}” is", { column: column.name })} hideLabel value={value(column, index)} class="role"
      options={choices.map((choice) => ({ value: choice, label: choiceLabel(choice) }))} onChange={(choice) => props.onChoose(index, choice as Choice)} />
  );
  const sample = (index: number): string => [...new Set(file.sample.map((row) => row[index]).filter(Boolean))].slice(0, 3).join(" · ");
  const reason = (column: Column, index: number) => (corrections.has(index) ? t("as you said") : column.role === "ignore" || column.role === "attribute" ? t("kept as it is: filters can use it") : column.reason);
  const used = (column: Column) => column.role !== "ignore" && column.role !== "attribute";
  return (
    <div ref={ref} class={`columns${props.looking ? " asking" : ""}`} aria-busy={props.looking}>
      {width < 640 ? (
        <ul class="columns-list">
          {file.columns.map((column, index) => (
            <li key={index} class={used(column) ? "used" : undefined}>
              <b>{column.name}</b>
              <span class="note">{sample(index) || t("empty")}</span>
              {pick(column, index)}
              <span class="note">{reason(column, index)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <div class="columns-scroll" role="region" tabIndex={0} aria-label={t("The first rows of {file}", { file: file.path })}>
          <table>
            <thead>
              <tr>{file.columns.map((column, index) => <th key={index} scope="col" class={used(column) ? "used" : undefined}>{column.name || t("column {n}", { n: index + 1 })}</th>)}</tr>
              <tr>{file.columns.map((column, index) => <td key={index} class={used(column) ? "used" : undefined}>{pick(column, index)}</td>)}</tr>
              <tr class="reasons">{file.columns.map((column, index) => <td key={index} class={used(column) ? "used" : undefined}>{reason(column, index)}</td>)}</tr>
            </thead>
            <tbody>
              {file.sample.map((row, r) => <tr key={r}>{file.columns.map((column, index) => <td key={index} class={used(column) ? "used" : undefined} title={row[index] ?? ""}>{row[index]}</td>)}</tr>)}
            </tbody>
          </table>
        </div>
      )}
      <details class="manner">
        <summary>{t("More about how it is read")}</summary>
        <FillDown {...props} />
        <MannerForm manner={props.manner} onManner={props.onManner} />
      </details>
      {(corrections.size > 0 || Object.values(props.manner).some((said) => said.length > 0)) && <Button kind="link" small onClick={props.onReset}>{t("Back to the guess")}</Button>}
    </div>
  );
}

/** Merged cells stand only in their first row: which columns take what stands above? */
function FillDown({ file, manner, onManner }: Props) {
  return (
    <fieldset class="fill-down">
      <legend>{t("Empty cells take the value of the row above")}</legend>
      <p class="note">{t("for columns where cells were merged in Excel: the customer once, its rows below")}</p>
      <div class="row">{file.columns.map((column, i) => column.name && <Check key={i} label={column.name} checked={manner.fill.includes(i)} onChange={(on) => onManner({ ...manner, fill: on ? [...manner.fill, i] : manner.fill.filter((x) => x !== i) })} />)}</div>
    </fieldset>
  );
}
/** What the reader thinks, with the button that does it. */
export function FillHint({ file, manner, onManner }: Pick<Props, "file" | "manner" | "onManner">) {
  const at = file.columns.findIndex((column) => column.merged), column = file.columns[at];
  if (!column?.merged || manner.fill.includes(at)) return null;
  return (
    <div class="notice row between" role="status">
      <p>{tn(column.merged, "{n} row has no “{column}” and stands below one that has, as where cells were merged.", "{n} rows have no “{column}” and stand below one that has, as where cells were merged.", { column: column.name })}</p>
      <Button small onClick={() => onManner({ ...manner, fill: [...manner.fill, at] })}>{t("Take “{column}” from the row above", { column: column.name })}</Button>
    </div>
  );
}

function MannerForm({ manner, onManner }: { manner: Manner; onManner: (manner: Manner) => void }) {
  const set = (name: Exclude<keyof Manner, "fill">) => (value: string) => onManner({ ...manner, [name]: value });
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div class="manner-form">
      <CommitField label={t("Every row is this activity")} note={t("for files without such a column: Review")} value={manner["activity-name"]} onCommit={set("activity-name")} />
      <Select label={t("Scale of the scores")} value={manner.scale} onChange={set("scale")} options={[
        { value: "", label: t("guess") }, { value: "stars", label: t("stars, 1 to 5") }, { value: "nps", label: t("NPS, 0 to 10") }, { value: "csat", label: t("satisfaction (CSAT)") },
        { value: "ces", label: t("effort (CES), 1 to 7") }, { value: "valence", label: t("−2 to +2") },
      ]} />
      <Select label={t("03/04/2025 is")} value={manner["date-order"]} onChange={set("date-order")} options={[{ value: "", label: t("guess") }, { value: "dmy", label: t("3 April") }, { value: "mdy", label: t("4 March") }]} />
      <Select label={t("Times without a zone are of")} value={manner.zone} onChange={set("zone")} options={[{ value: "", label: "UTC" }, ...[...new Set([here, "Europe/Rome"])].filter((zone) => zone && zone !== "UTC").map((zone) => ({ value: zone, label: zone }))]} />
      <Select label={t("Between columns stands")} value={manner.delimiter} onChange={set("delimiter")} options={[{ value: "", label: t("guess") }, { value: ";", label: t("semicolon ;") }, { value: ",", label: t("comma ,") }, { value: "tab", label: t("tab") }]} />
      <Select label={t("Letters are written as")} value={manner.encoding} onChange={set("encoding")} options={[{ value: "", label: t("guess") }, { value: "utf-8", label: "UTF-8" }, { value: "windows-1252", label: "Windows-1252" }, { value: "utf-16", label: "UTF-16" }]} />
      <CommitField label={t("Sheet of the workbook")} note={t("empty: the first")} value={manner.sheet} onCommit={set("sheet")} />
    </div>
  );
}

/** A field whose text counts when it is left, so that each letter is not asked about. */
function CommitField({ label, note, value, onCommit }: { label: string; note: string; value: string; onCommit: (value: string) => void }) {
  return <Field key={value} label={label} note={note} value={value} onCommit={(text) => { if (text.trim() !== value) onCommit(text.trim()); }} />;
}
