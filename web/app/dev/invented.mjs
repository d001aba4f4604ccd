// invented: what the mock begins with.
const day = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);
export const sources = [
  { name: "CRM, offerte e ordini", imports: 3, rows: 10544, rejected: 5, events: 10539, first: "2024-11-18T23:59:00Z", last: "2025-10-31T17:00:00Z", last_import: new Date(Date.now() - 864e5).toISOString(), freshness: "fresh" },
  { name: "Telefonate assistenza", imports: 1, rows: 2251, rejected: 0, events: 2251, first: "2024-12-01T08:00:00Z", last: "2025-10-30T17:00:00Z", last_import: new Date(Date.now() - 12 * 864e5).toISOString(), freshness: "fresh" },
  { name: "Recensioni", imports: 1, rows: 80, rejected: 0, events: 80, first: "2025-01-10T08:00:00Z", last: "2025-10-20T17:00:00Z", last_import: new Date().toISOString(), freshness: "review" },
];
export function mapOf(doc) {
  return { id: doc.id, head: 1, updated: new Date().toISOString(), map: doc, ops: [], past: [{ seq: 1, map: structuredClone(doc), at: new Date().toISOString() }], comments: [], deleted: false };
}
const steps = (names, valences) => names.map((title, i) => ({ id: title.toLowerCase().replace(/\W+/g, "-"), title, feeling: { valence: valences[i] } }));
export function begin({ map, first, empty }) {
  const actions = map.actions.map((a, i) => ({ ...a, due: a.state === "done" ? a.due : day([-6, 3][i] ?? 14) }));
  const one = mapOf({ ...map, actions });
  const two = mapOf({ format: 1, id: "resi", lang: "it", title: "Il rivenditore e i resi", state: "as-is", personas: [{ id: "anna", name: "Anna Conti", role: "rivenditore", relation: "reseller" }],
    phases: [{ id: "ordine", title: "Ordino", steps: steps(["Ordino la merce", "Ricevo il pacco", "Apro il pacco"], [0.6, 0.5, 0.1]) }, { id: "reso", title: "Rendo", steps: steps(["Chiedo il reso", "Aspetto il corriere", "Ricevo la nota di credito"], [-1.4, -0.9, 0.3]) }],
    actions: [{ id: "stato-reso", title: "Stato del reso visibile online", department: "Logistica", state: "planned", due: day(14), steps: ["chiedo-il-reso"] }] });
  two.freshness = { state: "review", days: 130 };
  const three = mapOf({ format: 1, id: "primo-ordine", lang: "it", title: "Primo ordine online", state: "as-is", personas: [{ id: "luca", name: "Luca Sala", role: "artigiano" }], phases: [{ id: "a", title: "Scelgo", steps: steps(["Cerco", "Confronto", "Metto nel carrello", "Pago", "Ricevo"], [0.8, 0.9, 0.4, -0.3, 1.2]) }] });
  three.freshness = { state: "stale", days: 214 };
  const record = (body, i) => ({ id: "r" + i, version: 1, body });
  const people = first ? [] : [{ id: "p1", name: "Giulia Rossi", email: "giulia@ferri.example", role: "owner", last_seen: new Date().toISOString() }, { id: "p2", name: "Paolo Ferri", email: "paolo@ferri.example", role: "editor", last_seen: new Date(Date.now() - 2 * 864e5).toISOString() }, { id: "p3", name: "Irene Testa", email: "irene@ferri.example", role: "reader", last_seen: null }];
  return {
    title: "Officine Ferri Srl", me: people[0] ?? null, people, maps: empty ? [] : [one, two, three], files: new Map(), uploads: new Map(), jobs: new Map(), imports: [], aliases: [], invitations: [], tokens: [], shares: [],
    departments: empty ? [] : ["Marketing", "Commerciale", "Servizio clienti", "Logistica", "Assistenza"].map((name, i) => record({ name, head: ["Irene Testa", "Paolo Ferri"][i] ?? "" }, "d" + i)),
    channels: empty ? [] : [["Web", "web"], ["Sito", "web"], ["Email", "mail"], ["Telefono", "phone"], ["Di persona", "person"]].map(([name, kind], i) => record({ name, kind }, "c" + i)),
    personas: empty ? [] : [{ ...map.personas[0], company: "Salumificio Bianchi", filter: "where=Tipo+cliente%3DCliente+finale" }, { id: "elena", name: "Elena Bianchi", role: "Responsabile produzione", company: "Salumificio Bianchi", aim: "Turni senza fermi", quote: "Mi basta sapere quando arriva il tecnico.", needs: ["tempi certi"], expectations: ["un tecnico che conosca la macchina"], relation: "end-customer", standing: "acquired", weight: "full" }, { id: "anna", name: "Anna Conti", role: "Titolare, ferramenta", relation: "reseller", standing: "acquired", weight: "light", quote: "I resi mi restano in magazzino." }].map((b, i) => record(b, "p" + i)),
    filters: [], settings: { workspace: { title: "Officine Ferri Srl", lang: "it" }, emotions: { it: [{ word: "delusione", valence: -2 }, { word: "insofferenza", valence: -1 }, { word: "perplessità", valence: 0 }, { word: "fiducia", valence: 1 }, { word: "entusiasmo", valence: 2 }], en: [{ word: "disappointment", valence: -2 }, { word: "trust", valence: 1 }] } },
    audit: [{ seq: 3, at: new Date().toISOString(), who: "p1", name: "Giulia Rossi", what: "login", about: "" }, { seq: 2, at: new Date(Date.now() - 36e5).toISOString(), who: "p2", name: "Paolo Ferri", what: "import", about: "i1" }, { seq: 1, at: new Date(Date.now() - 864e5).toISOString(), who: "p1", name: "Giulia Rossi", what: "person-role", about: "p3" }],
  };
}
export function templates(lang) {
  const it = lang === "it";
  return [
    { id: "b2b-machinery", title: it ? "Macchinari per aziende" : "Machinery for firms", about: it ? "Dal bisogno in reparto all’assistenza e al ricambio" : "From the need on the shop floor to service and spare parts", steps: 10 },
    { id: "shop", title: it ? "Negozio, anche online" : "Shop, online too", about: it ? "Scoprire, scegliere, pagare, ricevere, rendere" : "Discover, choose, pay, receive, return", steps: 8 },
    { id: "service-desk", title: it ? "Assistenza clienti" : "Service desk", about: it ? "Dal guasto alla soluzione, e a chi richiama" : "From the fault to its mending, and to who calls back", steps: 7 },
    { id: "coaching", title: it ? "Consulenza e coaching" : "Coaching", about: it ? "Un percorso con traguardi, dal primo colloquio al risultato" : "A path with milestones, from the first talk to the result", steps: 8 },
    { id: "blank", title: it ? "Mappa vuota" : "Blank map", about: it ? "Una fase e una tappa, il resto a mano" : "One phase and one step, the rest by hand", steps: 1 },
  ];
}
export function fromTemplate(id, lang) {
  const t = templates(lang).find((x) => x.id === id) ?? templates(lang).at(-1);
  return { format: 1, id: "m" + Math.random().toString(36).slice(2, 8), lang, title: t.title, state: "as-is", personas: [], phases: [{ id: "f1", title: lang === "it" ? "Scopro" : "I discover", steps: [{ id: "s1", title: lang === "it" ? "Sento il bisogno" : "I feel the need" }] }] };
}
