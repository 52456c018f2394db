// Where the focus goes when what had it leaves the page: with a swap, with a new page after a form, with a
// dialog that closes. It stays where one worked; without this file it falls to the top of the page.
const CONTROLS = "a[href], button, summary, textarea, select, input:not([type=hidden])";
const NEAR = 40; // controls that are remembered on each side
const KEY = "focus";

const isLost = () => !document.activeElement || document.activeElement === document.body;

// What is folded away or in a shut menu is stood for by the line that unfolds it.
const reachable = (element) => {
  if (!element || element.checkVisibility()) return element;
  const summary = element.closest("details:not([open])")?.querySelector("summary");
  return summary === element ? null : reachable(summary);
};

const nameOf = (control) => {
  const address = control.getAttribute("href") ?? control.getAttribute("formaction") ?? control.form?.getAttribute("action");
  const parts = [control.tagName, address ?? "", control.name ?? "", control.type === "submit" ? control.value : ""];
  return control.id ? `#${control.id}` : address || control.name ? parts.join(" ") : "";
};

// The controls of the page by name; a name that two of them have is none.
const readControls = () => {
  const controls = new Map();
  for (const control of document.querySelectorAll(`#content :is(${CONTROLS})`)) {
    const name = nameOf(control);
    if (name) controls.set(name, controls.has(name) ? null : control);
  }
  return controls;
};

// The control that has the focus, then those that follow it, then those before it, nearest first.
const remember = () => {
  const control = document.activeElement;
  if (isLost()) return null;
  const order = (other) => control.compareDocumentPosition(other);
  const others = [...readControls()].filter(([, other]) => other && other !== control);
  const names = (side) => others.filter(([, other]) => order(other) & side).map(([name]) => name);
  const before = names(Node.DOCUMENT_POSITION_PRECEDING).reverse().slice(0, NEAR);
  return { own: nameOf(control), near: [...names(Node.DOCUMENT_POSITION_FOLLOWING).slice(0, NEAR), ...before] };
};

// To the same control; else to where the outcome is told; else to the nearest control that is still there.
const resume = ({ own, near }, told, isSwap) => {
  const controls = readControls();
  const same = reachable(controls.get(own));
  if (!same && told) told.tabIndex = -1;
  const next = () => near.map((name) => reachable(controls.get(name))).find(Boolean);
  (same ?? told ?? next())?.focus({ preventScroll: isSwap && Boolean(same) });
};

// ---- A swap ----
let place = null;
let leaving = null; // of a form that is sent by the browser itself

document.addEventListener("htmx:before:request", () => {
  place = remember();
  leaving = null;
});

const within = (node, selector) => (node.matches?.(selector) ? node : node.querySelector?.(selector));

document.addEventListener("htmx:after:settle", ({ detail: { newContent = [] } }) => {
  for (const node of newContent) {
    within(node, "[data-focus]")?.focus();
    if (place && isLost()) resume(place, within(node, "[data-announce]"), true);
  }
});

// ---- A new page after a form: only for who works by keyboard, and only where it shows the same thing ----
document.addEventListener(
  "submit",
  ({ target: form }) => {
    leaving = form.method === "post" && document.activeElement?.matches(":focus-visible") ? remember() : null;
  },
  true,
);

window.addEventListener("pagehide", () => {
  try {
    if (leaving) sessionStorage.setItem(KEY, JSON.stringify({ ...leaving, path: location.pathname }));
  } catch {
    // Storage refused: the page begins at its top.
  }
});

const takeEarlier = () => {
  try {
    const earlier = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return earlier?.path === location.pathname ? earlier : null;
  } catch {
    return null;
  }
};

// A form in place is come to by its anchor: browsers leave `autofocus` out then, and give the focus to
// the anchor, before or after this.
const first = document.querySelector("[data-focus], .placed [autofocus]");
const anchor = first?.closest(".placed");
if (anchor !== document.activeElement) anchor?.addEventListener("focus", () => first.focus(), { once: true });
first?.focus();
// Browsers scroll to the anchor once more when all has come: a field further down stays above the bar.
const stay = () => document.activeElement === first && first.scrollIntoView({ block: "nearest" });
if (anchor) addEventListener("load", () => setTimeout(stay));

// The message of what was done stays in sight, however far below the work goes on.
const earlier = takeEarlier();
if (earlier && isLost() && !document.querySelector(":target")) {
  document.getElementById("content")?.setAttribute("data-resumed", "");
  resume(earlier, null, false);
}

// ---- A dialog that closes: back to what opened it, or to the menu where that is ----
let opener = null;
document.addEventListener("click", ({ target }) => (opener = target.closest?.("[data-fr-opened]") ?? opener), true);
const leave = (dialog) => (isLost() || dialog.contains(document.activeElement)) && reachable(opener)?.focus();
document.addEventListener("dsfr.conceal", ({ target }) => target.matches?.("dialog") && setTimeout(leave, 0, target), true);

// ---- Folds ----
// A form that one unfolds oneself has the focus in its first field; nothing moves for a fold that was open.
document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("details > summary");
  const fold = summary?.parentElement;
  if (!fold || fold.open) return;
  const field = [...fold.querySelectorAll(CONTROLS)].find((each) => each !== summary);
  if (!field?.matches("form[method=post] :is(textarea, select, input)")) return;
  fold.addEventListener("toggle", () => fold.open && field.focus(), { once: true });
});
