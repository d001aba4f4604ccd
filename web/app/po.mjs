// po: gettext's .po as the browser reads it: {"source": "text"} or {"source": ["one", "many"]};
// a context stands before the source, with U+0004 between, as gettext does it.
const unquote = (line) => JSON.parse(line.slice(line.indexOf('"')));

export function readPo(text) {
  const entries = [];
  let entry = {}, field = null;
  const close = () => { if (entry.id !== undefined) entries.push(entry); entry = {}; field = null; };
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "") { close(); continue; }
    if (line.startsWith("#")) { if (line.startsWith("#,") && line.includes("fuzzy")) entry.fuzzy = true; continue; }
    const key = /^(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?)\s+"/.exec(line);
    if (key) {
      if (key[1] === "msgctxt" || (key[1] === "msgid" && entry.id !== undefined)) { if (entry.id !== undefined) close(); }
      field = key[1] === "msgctxt" ? "context" : key[1] === "msgid" ? "id" : key[1] === "msgid_plural" ? "plural" : "text" + (key[2] ?? "");
      entry[field] = unquote(line);
    } else if (line.startsWith('"') && field) entry[field] += unquote(line);
    else throw new Error(`not a line of a .po: ${raw}`);
  }
  close();
  return entries.filter((e) => e.id !== "" && !e.fuzzy);
}

export function compilePo(text, file = "") {
  const out = {};
  try {
    for (const e of readPo(text)) {
      const key = e.context === undefined ? e.id : e.context + "\u0004" + e.id;
      const value = e.plural === undefined ? e.text : [e.text0, e.text1];
      if (Array.isArray(value) ? value.every(Boolean) : value) out[key] = value;
    }
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
  return out;
}
