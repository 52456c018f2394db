// ---- Go to: the header's field suggests places while one types; the form searches without this ----
const goTo = document.getElementById("tools-search");
const places = document.getElementById("goto");
const PAUSE = 200; // ms after the last letter
let pause = 0;

const optionsOf = () => [...(places?.querySelectorAll("[role=option]") ?? [])];
const closePlaces = () => {
  clearTimeout(pause);
  places.replaceChildren();
  goTo.setAttribute("aria-expanded", "false");
  goTo.removeAttribute("aria-activedescendant");
};
const choose = (option) => {
  for (const other of optionsOf()) other.setAttribute("aria-selected", String(other === option));
  goTo.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};
const open = ({ dataset }) => {
  closePlaces();
  location.assign(dataset.url);
};

if (goTo && places) {
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "go-to"]])
    goTo.setAttribute(name, value);
  goTo.addEventListener("input", () => {
    clearTimeout(pause);
    if (goTo.value.trim().length < 2) return closePlaces();
    pause = setTimeout(() => {
      const address = new URLSearchParams(new FormData(goTo.form));
      window.htmx?.ajax("GET", `${goTo.dataset.goTo}?${address}`, { source: places, target: places, swap: "innerHTML" });
    }, PAUSE);
  });
  places.addEventListener("htmx:after:settle", () => {
    if (document.activeElement !== goTo || goTo.value.trim().length < 2) return closePlaces();
    goTo.setAttribute("aria-expanded", "true");
    goTo.removeAttribute("aria-activedescendant");
  });
  goTo.addEventListener("keydown", (event) => {
    const options = optionsOf();
    if (!options.length || event.isComposing) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const { length } = options;
    if (event.key === "ArrowDown") choose(options[(at + 1) % length]);
    else if (event.key === "ArrowUp") choose(options[at < 0 ? length - 1 : (at - 1 + length) % length]);
    else if (event.key === "Enter" && at >= 0) open(options[at]);
    else if (event.key === "Escape") closePlaces();
    else return;
    event.preventDefault();
  });
  goTo.addEventListener("blur", closePlaces);
  places.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where one types
  places.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) open(option);
  });
}

// ---- Keys: only outside of fields, and switched off in the display settings ----
const root = document.documentElement;
const listKeys = () => {
  const keys = document.getElementById("keys");
  if (!keys) return;
  keys.setAttribute("aria-labelledby", "keys-title");
  keys.showModal();
  if (!keys.childElementCount) window.htmx?.ajax("GET", keys.dataset.url, { source: keys, target: keys, swap: "innerHTML" });
};
const search = () => {
  if (!goTo.checkVisibility()) return document.querySelector(".header__search")?.click();
  goTo.focus();
  goTo.select();
};
document.addEventListener("keydown", (event) => {
  const act = goTo && { "/": search, "?": listKeys }[event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || root.dataset.shortcuts === "off") return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
  event.preventDefault();
  act();
});

const shortcuts = document.getElementById("shortcuts");
if (shortcuts) shortcuts.checked = root.dataset.shortcuts !== "off";
shortcuts?.addEventListener("change", () => {
  root.dataset.shortcuts = shortcuts.checked ? "on" : "off";
  try {
    localStorage.setItem("shortcuts", root.dataset.shortcuts);
  } catch {
    // Storage refused: until the next page.
  }
});
