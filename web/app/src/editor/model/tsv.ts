// What spreadsheets put on the clipboard and take from it: tabs between cells, a line per row, and quotation
// marks around a cell that holds a tab, a line break or quotation marks.

export function readTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "", quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  const end = source.endsWith("\n") ? source.length - 1 : source.length;
  for (let i = 0; i < end; i++) {
    const c = source[i]!;
    if (quoted) {
      if (c === '"' && source[i + 1] === '"') { cell += '"'; i++; }
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === "" && closes(source, i, end)) quoted = true;
    else if (c === "\t" || c === "\n") {
      rows[rows.length - 1]!.push(cell);
      cell = "";
      if (c === "\n") rows.push([]);
    } else cell += c;
  }
  rows[rows.length - 1]!.push(cell);
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
}

/** A quotation mark opens a cell only when one at the cell's end closes it: "Ciao" he said is text. */
function closes(source: string, open: number, end: number): boolean {
  for (let i = open + 1; i < end; i++) {
    if (source[i] !== '"') continue;
    if (source[i + 1] === '"') i++;
    else return i + 1 >= end || source[i + 1] === "\t" || source[i + 1] === "\n";
  }
  return false;
}

export function writeTsv(rows: string[][]): string {
  return rows.map((row) => row.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
}
