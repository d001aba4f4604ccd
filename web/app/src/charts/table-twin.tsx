// The same numbers as a table: what a screen reader reads and a careful person checks.
import type { ComponentChildren } from "preact";
import { t } from "../lang/lang";

export interface TwinColumn<Row> {
  head: string;
  cell: (row: Row, index: number) => ComponentChildren;
  number?: boolean;
}

export function TableTwin<Row>(props: { caption: string; columns: TwinColumn<Row>[]; rows: readonly Row[]; open?: boolean; summary?: string }) {
  const { caption, columns, rows } = props;
  return (
    <details class="twin" open={props.open}>
      <summary>{props.summary ?? t("The same as a table")}</summary>
      <div class="twin-scroll" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>{columns.map((column) => <th key={column.head} scope="col" class={column.number ? "num" : undefined}>{column.head}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>
                {columns.map((column, c) =>
                  c === 0 ? <th key={c} scope="row">{column.cell(row, r)}</th>
                          : <td key={c} class={column.number ? "num" : undefined}>{column.cell(row, r)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** A number that opens the customers behind it. Its name is what stands there; `label` says the rest. */
export function Figure(props: { children: ComponentChildren; onOpen?: (() => void) | undefined; label: string; class?: string }) {
  if (!props.onOpen) return <span class={props.class}>{props.children}</span>;
  return (
    <button type="button" class={`figure ${props.class ?? ""}`} onClick={props.onOpen} title={props.label}>
      {props.children}
    </button>
  );
}
