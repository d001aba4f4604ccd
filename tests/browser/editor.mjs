// editor: what the tests of the map editor share: one server, maps made for a test, and the server's own word on them.
import * as web from "./web.mjs";

export const server = await web.solo();
export const address = server.base, wire = server.wire;
export async function open(where, options = {}) {
  const opened = await web.open(address, where, { height: 860, ...options });
  await web.settled(opened.page);
  return opened;
}

let made = 0;
export async function newMap(document) {
  return (await wire("POST", "/maps", { document: { id: `prova-${++made}`, lang: "it", ...document } })).id;
}
export const kept = async (id) => (await wire("GET", `/maps/${id}`)).map;
export const stepsOf = (map) => map.phases.flatMap((phase) => phase.steps ?? []);
export const cell = (row, step) => `[data-row="${row}"][data-step="${step}"]`;
/** Until all that was done is on the server. */
export async function saved(page) {
  await web.painted(page);
  await page.waitForFunction(() => document.querySelector(".ed-saved")?.dataset.state === "saved");
}
export const small = { title: "Prova", phases: [{ id: "scopro", title: "Scopro", steps: [{ id: "cerco", title: "Cerco", doing: "Cerca sul web", feeling: { valence: 1 } }, { id: "trovo", title: "Trovo" }] }, { id: "decido", title: "Decido", steps: [{ id: "ordino", title: "Ordino" }] }] };
