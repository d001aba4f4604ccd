// pages: an address of every page of the client, as the router of web/app/src/main.tsx knows them; where a page has
// views or parts, one of each. A page without its address here fails web_pages.test.mjs.
const people = "&people=" + encodeURIComponent("about=step&step=offerta&kind=lost");
const reality = (more = "") => "/reality?map=macchinari" + more;

/** {address, wait: what is there when it is whole, expected: faults that belong to it} for who is in. */
export const pages = [
  "/", "/personas", "/personas/marco", "/actions", "/actions?view=list", "/nowhere",
  "/settings", ...["people", "departments", "channels", "emotions", "workspace", "tokens", "webhooks", "backup", "audit"].map((part) => "/settings/" + part),
  { address: "/map/macchinari", wait: ".ed-phone, [role=grid]" }, { address: "/map/macchinari/step/offerta", wait: ".ed-figure" },
  "/map/macchinari/history", { address: "/map/macchinari/present", wait: ".ed-show h1" },
  "/results", "/whatif", "/paths", "/path/macchinari", "/path/macchinari/client?name=C00604", { address: "/client/nobody", expected: [/404/] },
  "/evidence", "/evidence?in=events&q=linea", "/customer?name=C00604", "/checks?map=macchinari",
  { address: reality(), wait: ".funnel-step" }, ...["match", "flow", "ways", "wait", "voices"].map((view) => reality(`&view=${view}`)),
  reality("&view=funnel&step=Ricerca&step=Offerta+inviata"), { address: reality(people), wait: "dialog .behind-one" },
].map((page) => ({ wait: "h1", ...(typeof page === "string" ? { address: page } : page) }));

/** For who is not in. */
export const doors = ["/login", "/setup", "/invite#old"].map((address) => ({ address, wait: "h1" }));

/** The patterns of the router that no address above belongs to. */
export function forgotten(router) {
  const patterns = [...router.matchAll(/pattern: "([^"]+)"/g)].map((found) => found[1]);
  const paths = [...pages, ...doors].map(({ address }) => new URL(address, "http://x").pathname);
  return patterns.filter((pattern) => {
    const wanted = new RegExp("^" + pattern.replace(/:\w+/g, "[^/]+") + "$");
    return !paths.some((path) => wanted.test(path));
  });
}
