// Before the first paint: the theme and the language of last time, so that nothing flashes.
try {
  const theme = localStorage.getItem("viaggio.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const lang = localStorage.getItem("viaggio.lang") ?? (navigator.language.startsWith("it") ? "it" : "en");
  document.documentElement.lang = lang;
} catch {
  // no storage: the system's theme, the page's language
}
