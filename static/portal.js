// What the pages do beyond links and forms: submit once, say what happens (focus.js keeps the focus).
// Everything works without it.
const texts = () => document.getElementById("messages")?.dataset ?? {};

const say = (text) => {
  const status = document.getElementById("status");
  if (!status || !text) return;
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
};

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
};

// ---- Submitting: once, and seen to be under way ----
const pending = new WeakMap();
const DOUBLE_CLICK = 1000; // ms in which the same file is not asked for again

// An address that answers with a file, and so leaves the page as it is: what bears it says so.
const isDownload = (form, button) =>
  (button?.hasAttribute("formaction") ? button : form).hasAttribute("data-download");

const rest = (form) => {
  const held = form && pending.get(form);
  if (!held) return;
  clearTimeout(held.busy);
  clearTimeout(held.limit);
  held.button?.classList.remove("is-busy");
  held.button?.removeAttribute("aria-busy");
  pending.delete(form);
};

// ---- A file that is too large: said as it is chosen, and not sent for nothing ----
const MEGA = 2 ** 20;

const weigh = (field) => {
  const [file] = field.files;
  const tooLarge = Boolean(file) && file.size > Number(field.dataset.largest);
  const group = field.closest(".fr-upload-group");
  group.classList.toggle("fr-upload-group--error", tooLarge);
  field.setAttribute("aria-invalid", String(tooLarge));
  const messages = group.querySelector(".fr-messages-group");
  messages.replaceChildren();
  if (!tooLarge) return true;
  const unit = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 };
  const size = new Intl.NumberFormat(document.documentElement.lang, unit).format(file.size / MEGA);
  messages.append(make("p", "fr-message fr-message--error", field.dataset.tooLarge.replace("{size}", size)));
  return false;
};

const sized = "input[type=file][data-largest]";
document.addEventListener("change", ({ target }) => target.matches?.(sized) && weigh(target));

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const heavy = [...form.querySelectorAll(sized)].find((field) => !weigh(field));
    heavy?.focus();
    const button = event.submitter;
    const running = pending.get(form);
    const isOtherFile = running?.isDownload && running.button !== button;
    if (heavy || (running && !isOtherFile)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    rest(form);
    if (isDownload(form, button)) {
      pending.set(form, { button, isDownload: true, limit: setTimeout(() => rest(form), DOUBLE_CLICK) });
      return;
    }
    const showBusy = () => {
      button?.classList.add("is-busy");
      button?.setAttribute("aria-busy", "true");
      say(texts().busy);
    };
    // The button stays enabled: its name and value are part of what is sent.
    pending.set(form, { button, busy: setTimeout(showBusy, 300), limit: setTimeout(() => rest(form), 20000) });
  },
  true,
);

// A page that answers a form is come back to by its address; of the browser's own cache, nothing is under way.
if ("answersForm" in document.body.dataset) history.replaceState(history.state, "", location.href);
window.addEventListener("pageshow", ({ persisted }) => persisted && document.querySelectorAll("form").forEach(rest));

// ---- htmx: the words, the failures ----
document.addEventListener("htmx:before:request", (event) => {
  if (event.defaultPrevented) return fail(event.detail.ctx, texts().unsent);
  const status = document.getElementById("status");
  if (status) status.textContent = ""; // what went well before says nothing of what begins now
});

// Asked again for what is shown already: one step back leads to what was there before.
document.addEventListener("htmx:before:history:update", (event) => {
  const path = event.detail.history?.path;
  if (path && new URL(path, location.href).href === location.href) event.preventDefault();
});

// Said beside the button that was pressed, so that it is seen without scrolling.
const fail = (ctx, text) => {
  document.querySelectorAll(".request-error").forEach((old) => old.remove());
  const alert = make("div", "fr-alert fr-alert--error fr-alert--sm request-error");
  alert.append(make("p", "", text));
  const button = ctx.request?.submitter;
  const form = ctx.request?.form ?? ctx.sourceElement?.closest?.("form");
  if (button?.isConnected) (button.closest(".actions") ?? button).before(alert);
  else if (form?.isConnected) form.prepend(alert);
  else (document.querySelector("[data-form-refused]") ?? document.querySelector("#content > .fr-container"))?.prepend(alert);
  say(text);
};

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 400) document.querySelectorAll(".request-error").forEach((old) => old.remove());
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (status >= 500) fail(ctx, texts().failed);
  else if (status !== 409 && status !== 422) fail(ctx, texts().refused);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx) fail(ctx, ctx.response ? texts().failed : texts().offline);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => rest(ctx.request?.form));

const within = (node, selector) => (node.matches?.(selector) ? node : node.querySelector?.(selector));

document.addEventListener("htmx:after:settle", ({ detail: { newContent = [] } }) => {
  for (const node of newContent) {
    const told = within(node, "[data-announce]");
    if (told) say(told.dataset.announce || told.textContent.trim());
  }
});

// What an act says takes the place of the message before it; suggestions and filters leave it.
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks = [] } }) => {
  if (ctx.request?.method === "GET" || !tasks.some(({ fragment }) => fragment && within(fragment, "[data-announce]"))) return;
  document.querySelectorAll(".messages").forEach((earlier) => earlier.remove());
});

// ---- Small acts ----
document.addEventListener("click", ({ target }) => {
  target.closest?.("[data-close]")?.closest(".fr-alert, .fr-notice")?.remove();
});

// ---- @: who may be mentioned is suggested while one types, and chosen by keyboard or click ----
const MENTION = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,40})$/u;
const suggested = make("div", "mentions");
suggested.setAttribute("hx-sync", "this:queue last");
let passed = ""; // the text before the caret at which Escape was pressed

const people = (area) => (suggested.previousElementSibling === area ? [...suggested.querySelectorAll("[role=option]")] : []);

const closePeople = () => {
  const area = suggested.previousElementSibling;
  for (const name of ["aria-controls", "aria-activedescendant"]) area?.removeAttribute(name);
  suggested.replaceChildren();
  suggested.remove();
};

const pick = (area, option) => {
  for (const other of people(area)) other.setAttribute("aria-selected", String(other === option));
  area.setAttribute("aria-controls", "people");
  area.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};

const typedName = (area) => area.selectionStart === area.selectionEnd && area.value.slice(0, area.selectionEnd).match(MENTION)?.[1];

const mention = (area, { dataset }) => {
  const typed = typedName(area);
  closePeople();
  if (typeof typed !== "string") return;
  area.setRangeText(`@${dataset.mention} `, area.selectionEnd - typed.length - 1, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("input", ({ target: area }) => {
  if (!area.matches?.("textarea[data-people]")) return;
  const typed = typedName(area);
  if (typeof typed !== "string" || area.value.slice(0, area.selectionEnd - typed.length) === passed) return closePeople();
  passed = "";
  if (suggested.previousElementSibling !== area) area.after(suggested);
  window.htmx?.ajax("GET", `${area.dataset.people}?q=${encodeURIComponent(typed)}`, { source: suggested, target: suggested, swap: "innerHTML" });
});

suggested.addEventListener("htmx:after:settle", () => {
  const area = suggested.previousElementSibling;
  const [first] = area ? people(area) : [];
  if (first) {
    pick(area, first);
    suggested.scrollIntoView({ block: "nearest" }); // above the bar of a phone
  }
  else area?.removeAttribute("aria-activedescendant");
});

document.addEventListener(
  "keydown",
  (event) => {
    const area = event.target;
    const options = people(area);
    if (!options.length || event.isComposing) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const { length } = options;
    const typed = typedName(area);
    if (event.key === "ArrowDown") pick(area, options[(at + 1) % length]);
    else if (event.key === "ArrowUp") pick(area, options[(at - 1 + length) % length]);
    else if (event.key === "Enter" && at >= 0 && options[at].dataset.handle !== typed) mention(area, options[at]);
    else if (event.key === "Escape") {
      passed = area.value.slice(0, area.selectionEnd - (typed?.length ?? 0));
      closePeople();
    } else return event.key === "Enter" || event.key === "Tab" ? closePeople() : undefined;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

suggested.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where one types
suggested.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) mention(suggested.previousElementSibling, option);
});
document.addEventListener("focusout", ({ target }) => target === suggested.previousElementSibling && closePeople());

// ---- Folds: an address that points at one, or into one, unfolds it ----
const unfold = () => {
  const aim = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!aim) return;
  const before = aim.getBoundingClientRect().top;
  for (let fold = aim.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (aim.getBoundingClientRect().top !== before) aim.scrollIntoView();
  if (aim.matches("textarea")) aim.setSelectionRange(aim.value.length, aim.value.length); // one types on there
};
window.addEventListener("hashchange", unfold);
unfold();
// A message that stays in sight above such a part never lies over the title; where the window is too low for all
// three, the part is what one sees.
const clearTitle = () => {
  const messages = document.querySelector(".messages");
  messages?.classList.remove("messages--still");
  const places = [".messages", "h1", ":target"].map((what) => document.querySelector(what)?.getBoundingClientRect());
  const [message, title, part] = places;
  if (!message || !title || title.bottom <= 0 || title.top >= message.bottom) return;
  if (part && part.top + scrollY > innerHeight - 96) messages.classList.add("messages--still");
  else scrollTo(0, 0);
};
["load", "hashchange"].forEach((name) => window.addEventListener(name, clearTitle));

// A button that copies a field; without a script the field is there to be selected.
document.querySelectorAll("[data-copies]").forEach((holder) => (holder.hidden = !navigator.clipboard));
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.textContent = button.dataset.done;
});

// ---- Menus: shut by Escape, by a click elsewhere, by the focus that goes on ----
const shut = (isKept = () => false) =>
  document.querySelectorAll("details.menu[open]").forEach((menu) => isKept(menu) || (menu.open = false));
// A label or bare ground that is pressed gives the focus to what holds the menu: that is not beyond it.
const shutBeyond = ({ target, type }) =>
  shut((menu) => menu.contains(target) || (type === "focusin" && target.contains(menu)));
document.addEventListener("click", shutBeyond);
document.addEventListener("focusin", shutBeyond);
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  target.closest?.("details.menu[open]")?.querySelector("summary").focus();
  shut();
});

// Arrows walk in an open menu, and scroll nothing.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = step ? [...(event.target.closest?.("details.menu[open]")?.querySelectorAll("summary, a, button") ?? [])] : [];
  const at = stops.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  stops[(at + step + stops.length) % stops.length].focus();
});

// The design system keeps a dialog open when Escape is pressed on a radio or a checkbox.
document.addEventListener("keydown", ({ key }) => {
  const dialog = key === "Escape" && document.querySelector("dialog.fr-modal--opened");
  const typing = document.activeElement?.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (dialog && !typing) dialog.querySelector(".fr-btn--close")?.click();
});
