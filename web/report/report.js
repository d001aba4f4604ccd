// The report's own script: light or dark, print, the poster's size and lanes, a step's numbers, the
// flow's detail. Everything can be read without it.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const data = JSON.parse(one("#report-data").textContent);
  root.classList.add("scripted");
  all(".tools, .toolbar, .slider").forEach((e) => { e.hidden = false; });

  // ---- light or dark: as the system, light, dark; remembered where the browser lets us ----
  const themes = ["auto", "light", "dark"];
  const themeButton = one("#theme");
  let theme = "auto";
  try { theme = localStorage.getItem("viaggio-theme") || "auto"; } catch { /* a memory stick may not */ }
  function setTheme(next) {
    theme = themes.includes(next) ? next : "auto";
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    themeButton.textContent = data.text[theme];
    try { localStorage.setItem("viaggio-theme", theme); } catch { /* then it is for this visit */ }
  }
  setTheme(theme);
  themeButton.addEventListener("click", () => setTheme(themes[(themes.indexOf(theme) + 1) % 3]));

  // ---- print: light, and with every fold open but the lists of names ----
  one("#print").addEventListener("click", () => window.print());
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])").filter((d) => !d.closest(".people"));
    closed.forEach((d) => { d.open = true; });
    delete root.dataset.theme;
  });
  addEventListener("afterprint", () => {
    closed.forEach((d) => { d.open = false; });
    setTheme(theme);
  });

  // ---- the contents follow the reader ----
  const links = new Map(all(".rail nav a").map((a) => [a.hash.slice(1), a]));
  function follow() {
    let current = null;
    for (const id of links.keys())
      if (document.getElementById(id).getBoundingClientRect().top < innerHeight * 0.35) current = id;
    for (const [id, a] of links)
      if (id === current) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
  }
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();

  // ---- the poster ----
  const frame = one("#frame");
  if (frame) poster(frame, frame.querySelector("svg"));

  function poster(frame, svg) {
    const natural = svg.viewBox.baseVal.width || svg.getBoundingClientRect().width;
    const width = () => svg.getBoundingClientRect().width;
    function size(next) {
      const before = width();
      const at = (frame.scrollLeft + frame.clientWidth / 2) / before;
      const down = (frame.scrollTop + frame.clientHeight / 2) / before;
      next = Math.min(Math.max(next, 240), natural * 4);
      frame.classList.add("sized");
      svg.style.width = `${next}px`;
      frame.scrollLeft = at * width() - frame.clientWidth / 2;
      frame.scrollTop = down * width() - frame.clientHeight / 2;
    }
    const zoom = {
      in: () => size(width() * 1.25),
      out: () => size(width() / 1.25),
      fit: () => size(frame.clientWidth),
      one: () => size(natural),
    };
    all("[data-zoom]").forEach((b) => b.addEventListener("click", () => zoom[b.dataset.zoom]()));
    const keys = { "+": "in", "=": "in", "-": "out", "f": "fit", "F": "fit", "0": "one" };
    frame.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || !keys[e.key]) return;
      e.preventDefault();
      zoom[keys[e.key]]();
    });
    frame.addEventListener("wheel", (e) => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      size(width() * (e.deltaY < 0 ? 1.1 : 1 / 1.1));
    }, { passive: false });

    // Dragged by the mouse; fingers scroll it as they do everything.
    let from = null;
    frame.addEventListener("pointerdown", (e) => {
      if (e.pointerType !== "mouse" || e.button !== 0) return;
      from = { x: e.clientX + frame.scrollLeft, y: e.clientY + frame.scrollTop };
    });
    addEventListener("pointermove", (e) => {
      if (!from) return;
      frame.classList.add("dragging");
      frame.scrollLeft = from.x - e.clientX;
      frame.scrollTop = from.y - e.clientY;
    });
    addEventListener("pointerup", () => { from = null; frame.classList.remove("dragging"); });

    // Lanes.
    all("[data-shows]").forEach((box) => box.addEventListener("change", () => {
      all(`[data-lane="${CSS.escape(box.dataset.shows)}"]`, svg)
        .forEach((g) => g.classList.toggle("off", !box.checked));
    }));
    steps(frame, svg);
  }

  // ---- a step's numbers, under the mouse or the keyboard ----
  function steps(frame, svg) {
    const tip = one("#tip");
    let shown = null;
    function fill(id) {
      const step = data.steps[id];
      if (!step) return false;
      const title = document.createElement("b");
      title.textContent = step.title;
      tip.replaceChildren(title, ...step.lines.map((line) => {
        const p = document.createElement("div");
        p.textContent = line;
        return p;
      }));
      return true;
    }
    function light(id) {
      if (id === shown) return;
      shown = id;
      for (const column of all(".columns [data-step]", svg))
        column.classList.toggle("lit", column.dataset.step === id);
    }
    function show(group, x, y) {
      if (shown !== group.dataset.step && !fill(group.dataset.step)) return;
      light(group.dataset.step);
      tip.hidden = false;
      const { width, height } = tip.getBoundingClientRect();
      tip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - width - 8))}px`;
      tip.style.top = `${y + 18 + height > innerHeight ? y - height - 12 : y + 18}px`;
    }
    function hide() { tip.hidden = true; light(null); }
    const near = (e) => e.target.closest && e.target.closest("[data-step]");
    svg.addEventListener("pointermove", (e) => {
      const group = near(e);
      if (group) show(group, e.clientX, e.clientY);
      else hide();
    });
    svg.addEventListener("pointerleave", hide);
    // Under the mouse it goes when the page moves; for the keyboard it moves along.
    function beside(group) {
      const box = group.getBoundingClientRect();
      show(group, box.left, box.top + Math.min(box.height, 60));
    }
    addEventListener("scroll", () => {
      const group = document.activeElement;
      if (shown !== null && group.dataset.step === shown) beside(group);
      else hide();
    }, { passive: true, capture: true });
    addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
    // One stop a step: its first group takes the keyboard.
    const met = new Set();
    for (const group of all("[data-step]", svg)) {
      const id = group.dataset.step;
      if (met.has(id) || !data.steps[id] || group.closest("[aria-hidden=true]")) continue;
      met.add(id);
      const step = data.steps[id];
      group.setAttribute("tabindex", "0");
      group.setAttribute("role", "img");
      group.setAttribute("aria-label", [step.title, ...step.lines].join(". "));
      group.addEventListener("focus", () => {
        if (!group.matches(":focus-visible")) return;
        group.scrollIntoView({ block: "nearest", inline: "nearest" });
        beside(group);
      });
      group.addEventListener("blur", hide);
    }
  }

  // ---- the flow's detail ----
  const slider = one("#detail");
  const levels = all(".level");
  function detail(at) {
    levels.forEach((level, i) => level.classList.toggle("shown", i === at));
    if (!slider) return;
    const text = data.text.detail.replace("%1", at + 1).replace("%2", levels.length);
    one("#detail-out").textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }
  if (slider) slider.addEventListener("input", () => detail(Number(slider.value)));
  if (levels.length) detail(slider ? Number(slider.value) : 0);
})();
