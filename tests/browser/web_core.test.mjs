// The client's own pages before the real server: home, personas, actions, settings, sharing, and the doors. Prints TAP.
import { alike, comes, heard, holds, languageChanged, mock, newContext, none, open, real, run, settled, test, until, violations } from "./web.mjs";

const mocked = !!process.env.VIAGGIO_MOCK; // the same tests before the mock: for work on the client alone
const full = await (mocked ? mock() : real()), first = await (mocked ? mock("--first") : real({ first: true })), empty = await (mocked ? mock("--empty") : real({ empty: true }));

for (const address of ["/", "/personas", "/actions", "/settings/departments", "/settings/channels"])
  alike("empty", `${address} of an empty workspace says what to do first`, async () => {
    const { page, faults } = await open(empty.base, address, { width: 360 });
    await settled(page);
    await until(async () => await page.locator("main .button").count() > 0, "there is no button to begin with");
    none(await violations(page), "axe-core");
    none(faults, "faults");
  });

test("the findings and cards of the home page lead somewhere, and numbers are Italian", async () => {
  const { page } = await open(full.base, "/");
  await settled(page);
  await until(async () => await page.locator(".finding").count() === 3, "not three findings");
  const cards = page.locator(".tile");
  await until(async () => await cards.count() >= 3, "cards lack");
  await until(async () => /10\.539/.test(await page.locator(".sources").innerText()), "10.539 is not written the Italian way");
  await cards.first().locator("h2 a").click();
  await until(() => page.url().includes("/map/macchinari"), "the card does not lead to its map");
});

test("the home page weighs little and asks little until it can be used", async () => {
  await (await open(full.base, "/")).close(); // the server has answered before
  const times = [];
  let bytes = 0, asked = 0;
  for (let i = 0; i < 3; i++) {
    const context = await newContext(full.base), page = await context.newPage(), session = await context.newCDPSession(page);
    bytes = asked = 0;
    await session.send("Network.enable");
    session.on("Network.requestWillBeSent", () => asked++);
    session.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await page.goto(full.base + "/", { waitUntil: "commit" });
    // cards to be read, and the first press is answered
    times.push(await page.evaluate(() => new Promise((done) => {
      const look = () => {
        const button = [...document.querySelectorAll(".page-actions button")].at(-1);
        if (document.querySelector("dialog[open]")) return done(performance.now());
        if (document.querySelector(".tile") && button && !document.querySelector("dialog")) button.click();
        requestAnimationFrame(look);
      };
      look();
    })));
    await context.close();
  }
  console.log(`# home: ${times.map(Math.round).join(", ")} ms from nothing kept to a press that is answered (a second on a quiet machine); ${Math.round(bytes / 1000)} kB over the wire, ${asked} questions`);
  holds(bytes < 200_000 || mocked, `${bytes} bytes over the wire`);
  holds(asked <= 40, `${asked} questions to the server`);
});

test("a map is begun for a persona of the workspace", async () => {
  const { page, faults } = await open(full.base, "/", { lang: "en" });
  await settled(page);
  await page.getByRole("button", { name: "New map" }).click();
  await page.getByRole("radio", { name: /Shop/ }).check();
  await page.getByLabel("Whose journey it is").selectOption({ label: "Elena Bianchi" });
  await page.getByRole("button", { name: "Make the map" }).click();
  await page.getByRole("button", { name: "Elena Bianchi" }).waitFor(); // in the place of the template's own
  none(faults, "faults");
});

test("a new map is made from a template by the keyboard alone", async () => {
  const { page, faults } = await open(full.base, "/", { lang: "en" });
  await settled(page);
  await page.keyboard.press("Tab"); // skip link
  await page.getByRole("button", { name: "New map" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await page.locator(".templates").waitFor();
  await page.keyboard.type("From the first need");
  await page.keyboard.press("Enter");
  await until(() => /\/map\/./.test(page.url()), "no map was made: " + page.url());
  await page.goto(full.base + "/");
  await settled(page);
  await until(async () => await page.getByRole("link", { name: "From the first need" }).count() === 1, "the map is not on the home page");
  none(faults, "faults");
});

test("the focus stays in a dialog, Escape closes it, and the focus returns", async () => {
  const { page } = await open(full.base, "/", { lang: "en" });
  await settled(page);
  const button = page.getByRole("button", { name: "New map" });
  await button.click();
  await page.locator("dialog[open] .templates").waitFor();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    await until(() => page.evaluate(() => { const a = document.activeElement; return !a || a === document.body || !!a.closest("dialog"); }), "the focus left the dialog");
  }
  await page.keyboard.press("Escape");
  await until(async () => (await page.locator("dialog").count()) === 0, "Escape does not close it");
  await until(() => button.evaluate((b) => document.activeElement === b), "the focus is not on the button again");
});

test("every dialog is accessible", async () => {
  const { page, faults } = await open(full.base, "/", { lang: "it" });
  await settled(page);
  const check = async (what) => { await page.locator("dialog[open]").waitFor(); await settled(page); none(await violations(page), what); await page.keyboard.press("Escape"); await until(async () => (await page.locator("dialog").count()) === 0, what + " stays"); };
  await page.getByRole("button", { name: "Nuova mappa" }).click();
  await check("new map");
  await page.getByRole("button", { name: /Altro su «Il riv/ }).click();
  none(await violations(page), "menu");
  await page.getByRole("menuitem", { name: /Condividi/ }).click();
  await check("share");
  await page.goto(full.base + "/actions");
  await settled(page);
  await page.getByRole("button", { name: "Nuova azione" }).click();
  await check("action");
  await page.goto(full.base + "/personas");
  await settled(page);
  await page.getByRole("button", { name: "Nuova persona" }).click();
  await check("persona");
  await page.goto(full.base + "/settings/people");
  await settled(page);
  await page.getByRole("button", { name: "Invita" }).click();
  await check("invite");
  await page.goto(full.base + "/settings/tokens");
  await settled(page);
  await page.getByRole("button", { name: "Nuovo token" }).click();
  await check("token");
  none(faults, "faults");
});

test("a deleted map comes back with Undo, or from the bin", async () => {
  const { page, faults } = await open(full.base, "/", { lang: "en" });
  await settled(page);
  const remove = async () => {
    await page.getByRole("button", { name: "More about “Primo ordine online”" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await until(async () => (await page.getByRole("link", { name: "Primo ordine online" }).count()) === 0, "the card stays");
  };
  await remove();
  await page.getByRole("button", { name: "Undo" }).click();
  await until(async () => (await page.getByRole("link", { name: "Primo ordine online" }).count()) === 1, "Undo does not bring it back");
  await remove();
  await page.getByRole("button", { name: "Deleted maps" }).click();
  await page.getByRole("button", { name: "Put back" }).click();
  await page.keyboard.press("Escape");
  await until(async () => (await page.getByRole("link", { name: "Primo ordine online" }).count()) === 1, "the bin does not give it back");
  none(faults, "faults");
});

test("an action moves across the board by keyboard, keeps the focus, and is undone", async () => {
  const { page, faults } = await open(full.base, "/actions", { lang: "en" });
  await settled(page);
  const column = (name) => page.getByRole("region", { name, exact: true });
  const card = () => page.getByRole("button", { name: "Stato del reso visibile online", exact: true });
  await card().focus();
  await heard(page, () => page.keyboard.press("Alt+ArrowRight"));
  await until(async () => (await column("under way").getByText("Stato del reso").count()) === 1, "it did not move");
  await until(() => card().evaluate((c) => document.activeElement === c), "the focus was lost");
  await page.reload();
  await settled(page);
  await until(async () => (await column("under way").getByText("Stato del reso").count()) === 1, "the server does not know");
  await card().focus();
  await page.keyboard.press("Alt+ArrowRight");
  await until(async () => (await column("done").getByText("Stato del reso").count()) === 1, "it did not move on");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await until(async () => (await column("under way").getByText("Stato del reso").count()) === 1, "Undo does nothing");
  none(faults, "faults");
});

test("an action is dragged to another column", async () => {
  const { page } = await open(full.base, "/actions", { lang: "en", width: 1440 });
  await settled(page);
  await page.getByText("Referente unico e stato visibile").dragTo(page.getByRole("region", { name: "verified", exact: true }));
  await until(async () => (await page.getByRole("region", { name: "verified", exact: true }).getByText("Referente unico").count()) === 1, "it was not dropped");
});

test("a new action belongs to a map, its pains and a department, and the head of it answers", async () => {
  const { page, faults } = await open(full.base, "/actions", { lang: "en" });
  await settled(page);
  await page.getByRole("button", { name: "New action" }).click();
  await page.getByRole("button", { name: "Save" }).waitFor();
  await page.getByLabel("What will be done").fill("Name the technician before the visit");
  await page.getByRole("combobox", { name: "Department" }).last().fill("Marketing");
  await until(async () => (await page.getByRole("combobox", { name: "Who answers for it" }).inputValue()) === "Irene Testa", "the head is not proposed");
  await page.getByLabel("By when").fill("2030-01-31");
  await page.getByLabel("Attesa media 11 minuti, poi riaggancia").check();
  await page.getByRole("button", { name: "Save" }).click();
  await until(async () => (await page.getByRole("region", { name: "idea", exact: true }).getByText("Name the technician").count()) === 1, "the action is not there");
  await until(async () => (await page.getByRole("region", { name: "idea", exact: true }).innerText()).includes("Attesa media"), "its pain is not there");
  none(faults, "faults");
});

test("an address of filtered actions shows the same to whoever opens it", async () => {
  const { page } = await open(full.base, "/actions?view=list&department=Marketing", { lang: "en" });
  await settled(page);
  const rows = await page.locator("tbody tr").allInnerTexts();
  holds(rows.length >= 1 && rows.every((r) => r.includes("Marketing")), rows.join(" / "));
});

test("a persona is made, changed, and a change by somebody else is not written over", async () => {
  const { page, context } = await open(full.base, "/personas", { lang: "en", expected: [/412/] });
  await settled(page);
  await page.getByRole("button", { name: "New persona" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Sara Galli");
  await page.getByRole("combobox", { name: "Firm" }).fill("Pastificio Galli");
  await page.getByLabel("Needs").fill("- quick answers\n- one number to call");
  await page.getByRole("radio", { name: "reseller" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  const card = page.locator(".persona", { hasText: "Sara Galli" });
  await card.waitFor();
  await until(async () => (await card.locator("li").allInnerTexts()).join() === "quick answers,one number to call", "the needs are not two lines");
  await until(async () => (await card.innerText()).includes("reseller"), "not a reseller");
  const other = await open(full.base, "/personas", { lang: "en", context });
  await settled(other.page);
  await page.getByRole("button", { name: "Sara Galli", exact: true }).click();
  await page.getByLabel("Role").fill("owner of the mill");
  await other.page.getByRole("button", { name: "Sara Galli", exact: true }).click();
  await other.page.getByLabel("Role").fill("somebody else's words");
  await other.page.getByRole("button", { name: "Save" }).click();
  await other.page.locator(".persona", { hasText: "somebody else's words" }).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else has changed this persona meanwhile").waitFor();
});

test("the evidence behind a persona is counted while it is chosen", async () => {
  const { page, faults } = await open(full.base, "/personas", { lang: "en" });
  await settled(page);
  await page.getByRole("button", { name: "Elena Bianchi", exact: true }).click();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("Condition", { exact: true }).selectOption({ label: "Tipo cliente" });
  await page.getByRole("combobox", { name: "Value" }).fill("Rivenditore");
  await page.getByText(/^231 customers of 1,284$/).waitFor();
  none(faults, "faults");
});

test("a persona's picture is uploaded, shown on its card, changed and taken away", async () => {
  const { page, faults } = await open(full.base, "/personas", { lang: "en" });
  await settled(page);
  const edit = () => page.getByRole("button", { name: "Elena Bianchi", exact: true }).click();
  const picture = async () => page.evaluate(async () => {
    const image = [...document.querySelectorAll(".persona")].find((one) => one.textContent.includes("Elena Bianchi")).querySelector("img.avatar");
    if (!image) return null;
    await image.decode();
    const canvas = new OffscreenCanvas(1, 1), paint = canvas.getContext("2d");
    paint.drawImage(image, 0, 0, 1, 1);
    const [red, , blue] = paint.getImageData(0, 0, 1, 1).data;
    return [image.naturalWidth, red > 200 ? "red" : blue > 200 ? "blue" : "?"];
  });
  for (const colour of ["red", "blue"]) {
    await edit();
    const drawn = await page.evaluate(async (colour) => { // as a camera gives it: large, not square
      const canvas = new OffscreenCanvas(900, 600), paint = canvas.getContext("2d");
      paint.fillStyle = colour;
      paint.fillRect(0, 0, 900, 600);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer())];
    }, colour);
    await page.getByLabel("Picture", { exact: true }).setInputFiles({ name: colour + ".png", mimeType: "image/png", buffer: Buffer.from(drawn) });
    await page.locator("dialog img.avatar").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    await until(async () => JSON.stringify(await picture()) === JSON.stringify([512, colour]), `a ${colour} picture, 512 points wide`);
  }
  await edit();
  await page.getByLabel("Picture", { exact: true }).setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") });
  await page.getByText("This file is no picture").waitFor();
  await page.getByRole("button", { name: "Take the picture away" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
  await until(async () => (await picture()) === null, "a monogram again");
  none(faults, "faults");
});

test("departments are added, renamed in place, and a deletion is taken back", async () => {
  const { page, faults } = await open(full.base, "/settings/departments", { lang: "en" });
  await settled(page);
  await page.getByLabel("New department").fill("Purchasing");
  await page.keyboard.press("Enter");
  const row = (name) => page.getByRole("group", { name, exact: true });
  await row("Purchasing").waitFor();
  await row("Purchasing").getByLabel("Who leads it").fill("Ada Neri");
  await heard(page, () => page.keyboard.press("Enter"));
  await page.reload();
  await settled(page);
  await until(async () => (await row("Purchasing").getByLabel("Who leads it").inputValue()) === "Ada Neri", "the head is not kept");
  await page.getByRole("button", { name: "Delete “Purchasing”" }).click();
  await until(async () => (await row("Purchasing").count()) === 0, "it stays");
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Purchasing").waitFor();
  none(faults, "faults");
});

test("a deletion is carried out although the page is left before its time", async () => {
  const { page } = await open(full.base, "/settings/channels", { lang: "en" });
  await settled(page);
  await page.getByRole("button", { name: "Delete “Web”" }).click();
  await until(async () => (await page.getByRole("group", { name: "Web", exact: true }).count()) === 0, "it stays");
  await page.reload();
  await settled(page);
  await until(async () => (await page.getByRole("group", { name: "Web", exact: true }).count()) === 0, "it is there again");
});

test("an invitation, a token and a link to a map are shown once", async () => {
  const { page, faults } = await open(full.base, "/settings/people", { lang: "en" });
  await settled(page);
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.getByLabel("The link of the invitation").inputValue();
  holds(/\/invite#/.test(link), "no link");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("button", { name: "Copied.", exact: true }).waitFor();
  await comes(() => page.evaluate(() => navigator.clipboard.readText()), link, "what was copied");
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto(full.base + "/settings/tokens");
  await settled(page);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("What it is for").fill("nightly");
  await page.getByRole("button", { name: "Make the token" }).click();
  await until(async () => /^vgt_/.test(await page.getByLabel("The token").inputValue()), "no token");
  await page.keyboard.press("Escape");
  await page.getByText("nightly").waitFor();
  await page.goto(full.base + "/");
  await settled(page);
  await page.getByRole("button", { name: "More about “Dal problema in linea all’assistenza”" }).click();
  await page.getByRole("menuitem", { name: /Share/ }).click();
  await page.getByLabel("Ask for a password").check();
  await page.getByRole("button", { name: "Make the link" }).click();
  await until(async () => /\/s\//.test(await page.getByLabel("The link", { exact: true }).inputValue()), "no link");
  await until(async () => /^\w{4}-\w{4}-\w{4}$/.test(await page.getByLabel("The password", { exact: true }).inputValue()), "no password");
  await page.getByRole("button", { name: "Close the link" }).click();
  await until(async () => (await page.getByRole("button", { name: "Close the link" }).count()) === 0, "the link is not closed");
  none(faults, "faults");
});

test("the language changes everywhere without a reload, and is remembered", async () => {
  const { page, faults } = await open(full.base, "/settings", { lang: "it" });
  await settled(page);
  await page.getByRole("radio", { name: "English" }).check();
  languageChanged(full.base);
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  none(faults, "faults");
});

test("dark is chosen by hand and there at once the next time", async () => {
  const { page } = await open(full.base, "/settings", { lang: "en" });
  await settled(page);
  await page.getByRole("radio", { name: "Dark" }).check();
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await paper();
  holds(dark === "rgb(20, 23, 29)", dark);
  await page.reload();
  await until(async () => (await paper()) === dark, "it is light again");
});

test("without a connection the page says so, and goes on when it is back", async () => {
  const { page, context } = await open(full.base, "/", { lang: "en", expected: [/Failed to load|ERR_INTERNET|net::/] });
  await settled(page);
  await context.setOffline(true);
  await page.getByText("Not connected.").waitFor();
  await context.setOffline(false);
  await until(async () => (await page.getByText("Not connected.").count()) === 0, "it still says so");
});

test("what somebody else changes shows without a reload", async () => {
  const one = await open(full.base, "/actions", { lang: "en" }), two = await open(full.base, "/actions", { lang: "en" });
  await settled(one.page);
  await settled(two.page);
  const card = two.page.getByRole("region", { name: "done", exact: true }).getByRole("button", { name: "Richiamata entro 30 minuti", exact: true });
  await card.focus();
  await two.page.keyboard.press("Alt+ArrowRight");
  await until(async () => (await one.page.getByRole("region", { name: "verified", exact: true }).getByText("Richiamata").count()) === 1, "the other page does not know");
  none([...one.faults, ...two.faults], "faults");
});

test("the rail is walked by keyboard: the skip link first, then the pages, and the focus arrives at the title", async () => {
  const { page } = await open(full.base, "/settings/audit", { lang: "en" });
  await settled(page);
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press("Tab");
  const skips = await page.evaluate(() => document.activeElement?.className);
  holds(skips === "skip", "the first stop is " + skips);
  await page.getByRole("link", { name: "Actions" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Actions", level: 1 }).waitFor();
  await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), "the title has not the focus");
  await page.goBack();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
});

test("on a phone the bar at the foot opens every page", async () => {
  const { page, faults } = await open(full.base, "/", { lang: "en", width: 360, height: 740, phone: true });
  await settled(page);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.locator("dialog[open]").waitFor();
  none(await violations(page), "axe-core");
  await page.locator("dialog").getByRole("link", { name: "Personas" }).click();
  await page.getByRole("heading", { name: "Personas", level: 1 }).waitFor();
  await until(async () => (await page.locator("dialog").count()) === 0, "the drawer stays open");
  none(faults, "faults");
});

test("the first start makes the owner, says what lacks, and the link's secret leaves the address", async () => {
  const { page, faults } = await open(first.base, "/", { lang: "en", expected: [/401/] });
  await page.getByText("has no owner yet").waitFor();
  const link = first.link ?? first.base + "/setup#secret";
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("button", { name: "Begin" }).waitFor();
  await until(() => !page.url().includes("#"), "the secret stays in the address");
  none(await violations(page), "axe-core");
  await page.getByRole("button", { name: "Begin" }).click();
  await until(async () => (await page.locator(".field-error").count()) === 3, "not three faults");
  none(await violations(page), "axe-core with faults");
  await page.getByLabel("Name of the firm").fill("Officine Ferri");
  await page.getByLabel("Your name").fill("Giulia Rossi");
  await page.getByLabel("E-mail address").fill("giulia@ferri.example");
  await page.getByLabel("Password", { exact: true }).fill("quattro parole di fila");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("button", { name: "New map" }).waitFor();
  none(faults.filter((f) => !f.startsWith("request: about:")), "faults");
});

// Who logs in here is Paolo: the session of Giulia, which the other tests share, goes on.
const logIn = async (page, who, password = "quattro parole di fila") => {
  await page.getByLabel("E-mail address").fill(who + "@ferri.example");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
};
test("who is out logs in, is told when it does not fit, and arrives where they wanted", async () => {
  const { page } = await open(full.base, mocked ? "/actions" : "/login?next=%2Factions", { lang: "en", anonymous: true, expected: [/401/] });
  if (!mocked) {
    none(await violations(page), "axe-core");
    await logIn(page, "paolo");
    await page.getByRole("heading", { name: "Actions", level: 1 }).waitFor();
  }
  await page.getByRole("button", { name: mocked ? "Giulia Rossi" : "Paolo Ferri", exact: true }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  none(await violations(page), "axe-core");
  await page.goto(full.base + "/personas");
  await logIn(page, "paolo", "x");
  await page.locator(".trouble").waitFor();
  await logIn(page, "paolo");
  await page.getByRole("heading", { name: "Personas", level: 1 }).waitFor();
});

if (!mocked) test("a reader looks, and is offered nothing that is not allowed", async () => {
  const { page, faults } = await open(full.base, "/login", { lang: "en", anonymous: true, expected: [/401/] });
  await logIn(page, "irene");
  await page.locator(".tile").first().waitFor();
  await settled(page);
  for (const [address, names] of [["/", ["New map", "Import evidence", "Deleted maps"]], ["/actions", ["New action"]], ["/personas", ["New persona", "Marco Bianchi"]], ["/settings/people", ["Invite"]], ["/settings/departments", ["Add"]], ["/settings/emotions", ["Add"]], ["/settings/workspace", ["Save"]]]) {
    await page.goto(full.base + address);
    await page.locator("h1").waitFor();
    await settled(page);
    for (const name of names) await until(async () => (await page.getByRole("button", { name, exact: true }).count()) + (await page.locator("main").getByRole("link", { name, exact: true }).count()) === 0, () => `${address} offers "${name}"`);
  }
  await page.goto(full.base + "/settings/audit");
  await page.getByText("Only an owner can see this").waitFor();
  none(faults, "faults");
});

if (!mocked) test("who is locked out meanwhile is at the door at once", async () => {
  const owner = await open(full.base, "/settings/people", { lang: "en" });
  const { page } = await open(full.base, "/login", { lang: "en", anonymous: true, expected: [/401/] });
  await logIn(page, "paolo");
  await page.locator(".tile").first().waitFor();
  await owner.page.getByRole("button", { name: "More about Paolo Ferri" }).click();
  await owner.page.getByRole("menuitem", { name: /^Lock/ }).click();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await owner.page.getByRole("button", { name: "Undo" }).click();
  await owner.page.getByText("locked", { exact: true }).waitFor({ state: "detached" });
});

test("an invitation that was used says so; a good one lets in", async () => {
  const { page } = await open(first.base, "/invite#old", { lang: "en", expected: [/404|401/] });
  await page.getByLabel("Your name").fill("Paolo Ferri");
  await page.getByLabel("E-mail address").fill("paolo@ferri.example");
  await page.getByLabel("Password", { exact: true }).fill("quattro parole di fila");
  none(await violations(page), "axe-core");
  await page.getByRole("button", { name: "Come in" }).click();
  await page.getByText("does not open any more").waitFor();
});

await run(full, first, empty);
