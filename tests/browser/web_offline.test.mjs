// Without a network, against the real server: what is typed is kept and sent later, also over a reload of the page; and a
// new version of the client comes by itself. Prints TAP.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { address, cell, kept, newMap, open, saved, server, small, stepsOf, wire } from "./editor.mjs";
import { build, comes, equal, holds, look, none, open as openAt, real, run, test, until } from "./web.mjs";

test("offline typing is kept, said, and sent when the connection is back; also by the next window", async () => {
  const id = await newMap(small);
  const { page, context, close } = await open(`/map/${id}`, { expected: [/ERR_INTERNET_DISCONNECTED/] });
  await context.setOffline(true);
  await page.click(cell("lane-doing", "trovo"));
  await page.keyboard.type("Scritto in galleria");
  await page.keyboard.press("Enter");
  await page.click(cell("lane-thinking", "trovo"));
  await page.keyboard.type("Che buio");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".ed-saved")?.dataset.state === "offline");
  await until(async () => /senza rete: \d+ modifich?e? resta/.test(await page.locator(".ed-saved").innerText()), () => page.locator(".ed-saved").innerText());
  await look(page, "offline");
  equal(stepsOf(await kept(id))[1].doing ?? "", "", "nothing can have arrived");
  await wire("POST", `/maps/${id}/operations`, { operations: [{ client: "another", op: { op: "set", at: "cerco", field: "doing", value: "Cambiato altrove" } }] });
  await context.setOffline(false);
  await saved(page);
  await comes(async () => (stepsOf(await kept(id)).slice(0, 2).map((one) => [one.doing, one.thinking ?? ""])), [["Cambiato altrove", ""], ["Scritto in galleria", "Che buio"]], "back");
  await page.waitForFunction((selector) => document.querySelector(selector)?.textContent.includes("Cambiato altrove"), cell("lane-doing", "cerco"));
  await context.setOffline(true);
  await page.click(cell("lane-doing", "ordino"));
  await page.keyboard.type("Rimasto nel cassetto");
  await page.keyboard.press("Enter");
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(`${address}/map/${id}`);
  await next.waitForSelector(cell("lane-doing", "ordino"));
  await until(async () => stepsOf(await kept(id))[2].doing === "Rimasto nel cassetto", "sent by the next window");
  await close();
});

const withoutNetwork = { expected: [/ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch/], workers: true };
/** Until the files of this version are kept. */
const ready = (page) => page.evaluate(async () => { await navigator.serviceWorker.ready; });

test("a map reloaded without a network opens as it was, and what is typed then arrives later", async () => {
  const id = await newMap(small);
  const { page, faults, context } = await open(`/map/${id}`, withoutNetwork);
  await ready(page);
  await page.click(cell("lane-doing", "trovo"));
  await page.keyboard.type("Scritto prima");
  await page.keyboard.press("Enter");
  await saved(page);
  await until(() => page.evaluate((id) => localStorage.getItem("viaggio.offline.map:" + id)?.includes("Scritto prima"), id), "the map is kept");
  await context.setOffline(true);
  await page.click(cell("lane-thinking", "trovo"));
  await page.keyboard.type("Senza rete");
  await page.keyboard.press("Enter");
  for (let again = 0; again < 2; again++) {
    await page.reload();
    await page.waitForSelector(cell("lane-doing", "trovo"));
    await comes(async () => ([await page.locator(cell("lane-doing", "trovo")).innerText(), (await page.locator(cell("lane-thinking", "trovo")).innerText()).trim()]), ["Scritto prima", "Senza rete"], () => "after reload " + again);
  }
  await page.getByText("Senza collegamento.").waitFor();
  await page.click(cell("lane-doing", "ordino"));
  await page.keyboard.type("Scritto dopo");
  await page.keyboard.press("Enter");
  await look(page, "offline-reloaded");
  await wire("POST", `/maps/${id}/operations`, { operations: [{ client: "meanwhile-" + id, op: { op: "set", at: "cerco", field: "doing", value: "Cambiato altrove" } }] });
  equal(stepsOf(await kept(id)).map((one) => [one.doing ?? "", one.thinking ?? ""]), [["Cambiato altrove", ""], ["Scritto prima", ""], ["", ""]], "nothing can have arrived");
  await context.setOffline(false);
  await comes(async () => stepsOf(await kept(id)).map((one) => [one.doing ?? "", one.thinking ?? ""]), [["Cambiato altrove", ""], ["Scritto prima", "Senza rete"], ["Scritto dopo", ""]], "all of it arrives");
  await until(async () => (await page.locator(cell("lane-doing", "cerco")).innerText()) === "Cambiato altrove", "what others did comes in");
  none(faults, "the page complains");
});

test("without a network other pages say so, and no answer of the API lies in the cache", async () => {
  const { page, context } = await open("/map/macchinari", withoutNetwork);
  await ready(page);
  const cached = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat());
  holds(cached.includes("/") && cached.length > 20, `hardly anything is kept: ${cached}`);
  none(cached.filter((path) => /^\/(api|s|metrics|health)(\/|$)/.test(path)), "answers are kept");
  await context.setOffline(true);
  await page.goto(address + "/actions");
  await page.getByText("Il server non risponde").waitFor();
  await context.setOffline(false);
  await page.getByRole("heading", { name: "Azioni", level: 1 }).waitFor();
});

test("what was kept for a reload is gone with whoever logs out", async () => {
  const team = await real();
  try {
    const { page } = await openAt(team.base, "/map/macchinari", { ...withoutNetwork, expected: [/401/] });
    const keys = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("viaggio.offline")));
    await until(async () => (await keys()).length === 2, "who and map are kept");
    await comes(() => page.evaluate(() => JSON.parse(localStorage.getItem("viaggio.offline.who")).csrf), "", "the token for writing");
    await page.getByRole("button", { name: "Giulia Rossi", exact: true }).click();
    await page.getByRole("menuitem", { name: "Esci" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await until(async () => (await keys()).length === 0, "nothing is kept");
  } finally {
    await team.stop();
  }
});

test("a new version of the client is there at the next load, and takes the place of the old one offline", async () => {
  const site = path.join(build, "web/out/site"), types = { ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
  let version = "one";
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://x"), file = path.join(site, pathname);
    if (pathname.startsWith("/api/")) return response.writeHead(503).end();
    const text = pathname.includes(".") ? fs.readFileSync(file) : fs.readFileSync(path.join(site, "index.html"), "utf8").replace("<title>", `<meta name="version" content="${version}"><title>`);
    response.writeHead(200, { "Content-Type": types[path.extname(pathname)] ?? "text/html", "Cache-Control": "no-cache" });
    response.end(pathname === "/sw.js" ? String(text).replace(/"viaggio-"\+"\w+"|"viaggio-\w+"/, `"viaggio-${version}"`) : text);
  });
  await new Promise((go) => server.listen(0, "127.0.0.1", go));
  const base = `http://127.0.0.1:${server.address().port}`;
  try {
    const { page, context } = await openAt(base, "/", { wait: ".starting", ...withoutNetwork });
    const seen = () => page.evaluate(() => document.querySelector("meta[name=version]").content), caches = () => page.evaluate(() => window.caches.keys());
    await page.evaluate(async () => { await navigator.serviceWorker.register("/sw.js"); await navigator.serviceWorker.ready; });
    await until(async () => (await caches()).join() === "viaggio-one", "the first version is kept");
    for (const next of ["two", "three"]) {
      version = next;
      await page.reload();
      await comes(() => seen(), next, "the page after the server was renewed");
      const active = () => page.evaluate(async () => { // asked again: a worker that is still taking over hears nothing
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        return registration.active?.state === "activated" && !registration.installing;
      });
      await until(async () => (await active()) && (await caches()).at(-1) === "viaggio-" + next, `${next} is kept`);
    }
    await until(async () => (await caches()).join() === "viaggio-two,viaggio-three", "only the version before is kept besides");
    await context.setOffline(true);
    await page.reload();
    await comes(() => seen(), "three", "the page without a network");
  } finally {
    server.close();
    server.closeAllConnections?.();
  }
});

await run(server);
