// Drafts: what one types outlives a closed tab and a lapsed session.
// Kept in this browser under the person's key, for 14 days at most, never for passwords. A
// submitted draft is only marked; it goes when the next page proves that the form was taken.
const texts = () => document.getElementById("messages")?.dataset ?? {};

const say = (text) => {
  const status = document.getElementById("status");
  if (status && text) setTimeout(() => (status.textContent = text), 50);
};

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
};

const PREFIX = "portal.draft.";
const LIFETIME = 14 * 24 * 3600 * 1000;
const person = () => document.body.dataset.person;
const keyOf = (form) => `${PREFIX}${encodeURIComponent(person())}.${form.dataset.draft}`;

const store = {
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  },
  mine: () => store.keys().filter((key) => key.startsWith(`${PREFIX}${encodeURIComponent(person())}.`)),
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // Storage full or refused: the page works, only without drafts.
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
};

const draftOf = (form) => (person() && form?.dataset.draft ? store.read(keyOf(form)) : null);

const UNKEPT = new Set(["password", "hidden", "file", "submit", "button", "image", "reset"]);
const kept = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("input, select, textarea") && !UNKEPT.has(field.type) && !field.matches(".fr-password__input, [autocomplete*=password], [autocomplete=one-time-code]"));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const slot = (field) => (ticks(field) ? `${field.name}=${field.value}` : field.name);
const current = (field) => (ticks(field) ? field.checked : field.tagName === "SELECT" ? [...field.selectedOptions].map((option) => option.value).join("\n") : field.value);
const initial = (field) => {
  if (ticks(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  const chosen = [...field.options].filter((option) => option.defaultSelected);
  if (!chosen.length && !field.multiple && field.options.length) chosen.push(field.options[0]);
  return chosen.map((option) => option.value).join("\n");
};
const put = (field, value) => {
  if (ticks(field)) field.checked = value;
  else if (field.tagName === "SELECT") for (const option of field.options) option.selected = value.split("\n").includes(option.value);
  else field.value = value;
};

const keep = (form) => {
  if (!person()) return;
  const before = store.read(keyOf(form))?.fields ?? {};
  const fields = new Map();
  for (const field of kept(form)) {
    const name = slot(field);
    const base = before[name]?.base ?? initial(field);
    if (current(field) !== base) fields.set(name, { value: current(field), base, typed: !ticks(field) && field.tagName !== "SELECT" });
  }
  if (fields.size) store.write(keyOf(form), { at: Date.now(), fields: Object.fromEntries(fields) });
  else store.drop(keyOf(form));
};

// Another choice was saved since: the drafted one is not put over it, beside a reason of somebody else.
const isOvertaken = (form, field, draft) =>
  field.type === "radio" && kept(form).some((other) => other.name === field.name && other !== field && other.defaultChecked && !draft.fields[slot(other)]);

const restore = (form) => {
  const draft = person() && !form.dataset.restored && store.read(keyOf(form));
  if (!draft) return;
  form.dataset.restored = "true";
  const changed = [];
  const differing = [];
  for (const field of kept(form)) {
    const was = draft.fields[slot(field)];
    if (!was || current(field) !== initial(field) || was.value === current(field)) continue;
    if (isOvertaken(form, field, draft)) differing.push(field.labels[0]?.textContent.trim() ?? was.value);
    else if (!ticks(field) && initial(field) !== was.base && initial(field)) differing.push(was.value);
    else {
      put(field, was.value);
      changed.push(field);
    }
  }
  if (!changed.length && !differing.length) return;
  const notice = make("div", "draft-notice");
  if (changed.length) notice.append(make("p", "", texts().restored));
  if (differing.length) notice.append(make("p", "", texts().differs), ...differing.map((text) => make("p", "kept", text)));
  const discard = make("button", "fr-btn fr-btn--tertiary fr-btn--sm", texts().discard);
  discard.type = "button";
  discard.addEventListener("click", () => {
    for (const field of changed) put(field, initial(field));
    store.drop(keyOf(form));
    notice.remove();
    say(texts().discarded);
    (changed[0] ?? form.querySelector("input:not([type=hidden]), textarea, select"))?.focus();
  });
  notice.append(discard);
  form.prepend(notice);
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  say(texts().restored);
};

// Sent when the session was over, so that the sign-in came instead. The form itself will bring the
// text back: the sign-in need not carry it, but says so, and shows it where the server had none.
const remind = (draft) => {
  const carried = document.querySelectorAll("[data-kept]");
  for (const text of carried) text.disabled = true;
  const notice = document.querySelector("[data-lost]");
  if (carried.length || !notice) return;
  const typed = Object.values(draft.fields).filter((field) => field.typed);
  notice.append(...typed.map(({ value }) => make("p", "kept", value)));
  notice.hidden = false;
  say(notice.querySelector("p").textContent);
};

const settle = () => {
  const refused = document.querySelector("[data-form-refused]");
  const [visit] = performance.getEntriesByType("navigation");
  // Signed out, refused, or come back to: the submission was not taken, so the draft stays.
  const undone = !person() || refused || visit?.type === "back_forward";
  const landed = visit?.type === "navigate" && document.referrer.startsWith(location.origin);
  for (const key of store.keys()) {
    const draft = store.read(key);
    if (!draft?.fields || Date.now() - draft.at > LIFETIME) store.drop(key);
    else if (draft.sent && undone) {
      store.write(key, { ...draft, sent: false });
      if (!person()) remind(draft);
    }
  }
  if (undone || !landed) return;
  for (const key of store.mine()) if (store.read(key)?.sent) store.drop(key);
};

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.dataset.draft) keep(form);
});

// Marked in the capture phase, before htmx takes the event.
document.addEventListener(
  "submit",
  ({ target: form }) => {
    if (form.matches("[data-sign-out]")) for (const key of store.mine()) store.drop(key);
    const draft = draftOf(form);
    if (draft) store.write(keyOf(form), { ...draft, sent: true });
  },
  true,
);

// A part that is left for one of its own buttons: the button saves it, and stays where it is until pressed.
// A press that slides off, or becomes a scroll, presses nothing: the part is saved after all.
const SLIDES = 400; // ms after which no click follows any more
let pressed = null;
let waiting = null; // the part whose save the button holds back
document.addEventListener("pointerdown", ({ target }) => (pressed = target.closest?.("[data-draft-part] button")));
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("button") && waiting?.contains(target)) waiting = null;
}, true);
const release = () => {
  pressed = null;
  setTimeout(() => {
    if (pressed) return;
    waiting?.dispatchEvent(new Event("change", { bubbles: true }));
    waiting = null;
  }, SLIDES);
};
document.addEventListener("pointerup", release);
document.addEventListener("pointercancel", release);
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const source = ctx.sourceElement;
  if (!source?.matches?.("[data-draft-part]")) return;
  if (source.contains(pressed)) {
    event.preventDefault();
    waiting = source;
    return;
  }
  // It may have waited for the save before it: it sends what the part holds now, with the version that came back.
  ctx.request.body = new URLSearchParams(new FormData(ctx.request.form));
  ctx.target = document.querySelector(source.getAttribute("hx-target"));
});

const wasSent = (field, sent) => (ticks(field) ? sent.getAll(field.name).includes(field.value) === field.checked : sent.get(field.name) === field.value);

// A part of a form that is kept by itself: what was sent of it is no draft any more; what was typed since is.
const settlePart = (part, sent) => {
  const form = part.closest("form[data-draft]");
  const draft = draftOf(form);
  if (!draft) return;
  for (const field of kept(form)) {
    if (!part.contains(field) || !wasSent(field, sent)) continue;
    if (ticks(field)) field.defaultChecked = field.checked;
    else field.defaultValue = field.value;
    delete draft.fields[slot(field)];
  }
  if (Object.keys(draft.fields).length) store.write(keyOf(form), draft);
  else store.drop(keyOf(form));
};

// Sent from a list that another act has replaced meanwhile: the result is for the list of now, unless that
// act was refused, whose text the result would take away (portal.js says that it was not sent).
document.addEventListener(
  "htmx:before:request",
  (event) => {
    const { ctx } = event.detail;
    const list = ctx.target?.id && !ctx.target.isConnected && document.getElementById(ctx.target.id);
    if (!list) return;
    ctx.target = list;
    if (list.querySelector("[data-form-refused]")) event.preventDefault();
  },
  true,
);

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const part = ctx.sourceElement?.matches?.("[data-draft-part], button[hx-post]") && ctx.sourceElement.closest("[data-draft-part]");
  if (part) {
    if (ctx.response.status < 400) settlePart(part, ctx.request.body);
    return;
  }
  const form = ctx.request.form;
  const draft = draftOf(form);
  // Sent elsewhere (to sign in, perhaps): the page that comes decides.
  if (!draft?.sent || ctx.hx?.redirect) return;
  const taken = ctx.response.status < 400 && !ctx.text.includes("data-form-refused");
  if (!taken) return store.write(keyOf(form), { ...draft, sent: false });
  store.drop(keyOf(form));
  form.querySelector(".draft-notice")?.remove();
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const draft = draftOf(ctx?.request?.form);
  if (draft && !ctx.response) store.write(keyOf(ctx.request.form), { ...draft, sent: false });
});

document.addEventListener("htmx:after:settle", ({ detail: { newContent = [] } }) => {
  for (const node of newContent) {
    if (node.matches?.("form[data-draft]")) restore(node);
    node.querySelectorAll?.("form[data-draft]").forEach(restore);
  }
});

window.addEventListener("pageshow", ({ persisted }) => persisted && settle());

// Typed while this script was still on its way.
const catchUp = (form) => {
  if (!person() || store.read(keyOf(form))) return;
  if (kept(form).some((field) => current(field) !== initial(field))) keep(form);
};

settle();
for (const form of document.querySelectorAll("form[data-draft]")) {
  catchUp(form);
  restore(form);
}
