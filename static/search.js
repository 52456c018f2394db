// ---- Go to: the fields of the header and of the page of a search suggest places while one types; their forms search without this ----
const fields = [...document.querySelectorAll("[data-go-to]")];
const PAUSE = 200; // ms after the last letter

const suggest = (field) => {
  const places = field.form.querySelector(".go-to");
  let pause = 0;
  const optionsOf = () => [...places.querySelectorAll("[role=option]")];
  const close = () => {
    clearTimeout(pause);
    places.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    for (const other of optionsOf()) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const open = ({ dataset }) => {
    close();
    location.assign(dataset.url);
  };

  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "go-to"]])
    field.setAttribute(name, value);
  const ask = () => {
    const address = new URLSearchParams(new FormData(field.form));
    window.htmx?.ajax("GET", `${field.dataset.goTo}?${address}`, { source: places, target: places, swap: "innerHTML" });
  };
  field.addEventListener("input", () => {
    clearTimeout(pause);
    if (field.value.trim().length < 2) return close();
    pause = setTimeout(ask, PAUSE);
  });
  places.addEventListener("htmx:after:settle", () => {
    if (document.activeElement !== field || field.value.trim().length < 2) return close();
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  });
  field.addEventListener("keydown", (event) => {
    const options = optionsOf();
    if (event.isComposing) return;
    if (!options.length) {
      if (event.key !== "ArrowDown" || field.value.trim().length < 2) return;
      event.preventDefault(); // shut by Escape, it opens again
      return ask();
    }
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const { length } = options;
    if (event.key === "ArrowDown") choose(options[(at + 1) % length]);
    else if (event.key === "ArrowUp") choose(options[at < 0 ? length - 1 : (at - 1 + length) % length]);
    else if (event.key === "Enter" && at >= 0) open(options[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close); // one list is open at most: the ids of its options are unique
  places.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where one types
  places.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) open(option);
  });
};
fields.forEach(suggest);

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
  const field = fields.find((each) => each.checkVisibility()); // on a phone that of the page alone
  if (!field) return document.querySelector(".header__search")?.click();
  field.focus();
  field.select();
};
document.addEventListener("keydown", (event) => {
  const act = fields.length && { "/": search, "?": listKeys }[event.key];
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
