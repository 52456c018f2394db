// A session that is typed live: each part is saved as soon as it changes, one save of a part after
// the other; what somebody else writes appears by itself; stopwatches run. Without this file the
// same form is sent whole by its button. Nothing of it is kept in the browser.
const form = document.querySelector("[data-session]");
const texts = form.dataset;
const PAUSE = 700; // ms after the last letter
const LOOK = 4000; // ms between two looks at what others wrote
const REST = 30 * 60 * 1000; // ms without a touch, after which nobody is looking
const AGAIN = 5000; // ms before a save that failed is tried again

const parts = () => [...form.querySelectorAll("[data-part]")];
const states = new WeakMap(); // part → { timer, saving, dirty, deeds: acts of buttons yet to be sent }
const stateOf = (part) => states.get(part) ?? states.set(part, { timer: 0, saving: false, dirty: false, deeds: [] }).get(part);
let touched = Date.now();
form.classList.add("is-live");

const say = (text) => {
  const status = document.getElementById("status");
  if (status && text) setTimeout(() => (status.textContent = text), 50);
};

const tell = (part, text, failed = false) => {
  const told = part.querySelector("[data-told]");
  if (!told) return;
  told.textContent = text;
  told.toggleAttribute("data-failed", failed);
};

// ---- Stopwatches ----
const begun = new WeakMap();
const shown = (seconds) => {
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};
const tick = () => {
  for (const clock of form.querySelectorAll("[data-clock]")) {
    if (!begun.has(clock)) begun.set(clock, performance.now() - Number(clock.dataset.clock) * 1000);
    clock.textContent = shown(Math.floor((performance.now() - begun.get(clock)) / 1000));
  }
};
setInterval(tick, 250);

// ---- Sending ----
const read = async (answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { ok: answer.ok, status: answer.status, page };
};

const ask = async (method, body) => {
  const answer = await fetch(form.action, { method, body, headers: { "HX-Request": "true" }, redirect: "follow" });
  return read(answer);
};

const fieldsOf = (part, deed, choice) => {
  const body = new URLSearchParams([["csrf_token", form.elements.csrf_token.value], ["only", part.dataset.part]]);
  for (const field of part.querySelectorAll("input, select, textarea")) {
    if (!field.name || (/radio|checkbox/.test(field.type) && !field.checked)) continue;
    body.append(field.name, field.value);
  }
  if (deed) body.append("deed", deed);
  if (choice) body.append(...choice); // both texts were compared
  return body;
};

// What stands in the page is what its author types: only what says how it is kept changes under them.
const refresh = (part, fresh, whole) => {
  if (whole) {
    const focused = document.activeElement?.id;
    const next = document.importNode(fresh, true);
    for (const was of next.querySelectorAll("[data-stored]")) was.value = was.dataset.stored;
    if (part.open) next.open = true;
    part.replaceWith(next);
    const again = focused && document.getElementById(focused);
    if (again && next.contains(again)) again.focus({ preventScroll: true });
    else if (document.activeElement === document.body) next.querySelector(".clock button")?.focus({ preventScroll: true });
    tick();
    return next;
  }
  const state = part.querySelector("[data-state]");
  const next = fresh.querySelector("[data-state]");
  if (state && next) state.replaceWith(document.importNode(next, true));
  return part;
};

const save = async (part, deed = "") => {
  const state = stateOf(part);
  clearTimeout(state.timer);
  if (deed) state.deeds.push(deed);
  if (state.saving) {
    state.dirty = true;
    return;
  }
  state.saving = true;
  state.dirty = false;
  const asked = state.deeds.shift() ?? ""; // one a save: each counts
  const { choice } = state;
  state.choice = "";
  tell(part, texts.waiting);
  let answer;
  try {
    answer = await ask("POST", fieldsOf(part, asked, choice));
  } catch {
    answer = { status: 0 };
  }
  state.saving = false;
  state.savedAt = performance.now();
  if (answer.status === 0 || answer.status >= 500 || answer.status === 429) return fail(part, state, asked, choice);
  if (answer.status === 401 || answer.status === 404) return tell(part, texts.gone, true);
  const fresh = answer.page.querySelector(`[data-part="${part.dataset.part}"]`);
  const why = answer.page.querySelector("[data-refused]")?.textContent.trim();
  const clean = answer.ok && fresh && !fresh.querySelector(".two-texts, .fr-message--error");
  const live = fresh ? refresh(part, fresh, Boolean(asked || choice) && clean && !state.dirty) : part;
  if (live !== part) states.set(live, state);
  if (clean) tell(live, texts.kept);
  else if (why) tell(live, why, true);
  if (clean && (asked || choice)) say(texts.kept);
  else if (!clean) say(live.querySelector("[data-state]")?.textContent.trim() ?? why);
  if (state.dirty || state.deeds.length) save(live);
};

const fail = (part, state, deed, choice) => {
  tell(part, texts.failed, true);
  say(texts.failed);
  state.dirty = true;
  if (deed) state.deeds.unshift(deed);
  state.choice = choice;
  state.timer = setTimeout(() => part.isConnected && save(part), AGAIN);
};

// The network is back: nobody waits for the next try.
addEventListener("online", () => {
  for (const part of parts()) {
    if (stateOf(part).dirty && !stateOf(part).saving) save(part);
  }
});

const partOf = (node) => node.closest?.("[data-part]");

form.addEventListener("input", ({ target }) => {
  touched = Date.now();
  const part = partOf(target);
  if (!part) return;
  const state = stateOf(part);
  state.dirty = true;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(part), /radio|checkbox/.test(target.type) ? 0 : PAUSE);
});

// A button that is being pressed stays where it is: the field that one leaves for it waits for its timer.
let pressed = null;
form.addEventListener("pointerdown", ({ target }) => (pressed = target.closest?.("button")));
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = null));

form.addEventListener("change", ({ target }) => {
  const part = partOf(target);
  if (part && !part.contains(pressed) && stateOf(part).dirty && !stateOf(part).saving) save(part);
});

// A button of a part acts on that part alone: the form itself is not sent.
form.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  const part = button && partOf(button);
  if (!part) return;
  event.preventDefault();
  touched = Date.now();
  if (/-(keep|stored)$/.test(button.name)) stateOf(part).choice = [button.name, button.value];
  save(part, button.name === "deed" ? button.value : "");
});

// The end sends every part: never over what a colleague wrote before both texts were compared.
document.querySelector("[data-end]")?.addEventListener("click", (event) => {
  const choice = form.querySelector("[name$='-keep']");
  if (!choice) return;
  event.preventDefault();
  say(choice.closest("[data-state]").querySelector(".fr-alert").textContent.trim());
  choice.focus();
});

// Before the page goes away: what waits is sent at once, as long as the browser lets it.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const part of parts()) {
    const state = stateOf(part);
    if (!state.dirty) continue; // also while an earlier save is under way: it does not hold what came after
    clearTimeout(state.timer);
    fetch(form.action, { method: "POST", body: fieldsOf(part), headers: { "HX-Request": "true" }, keepalive: true })
      .then(() => (state.dirty = true, save(part)))
      .catch(() => {});
  }
});

// ---- What the other observer writes ----
const marks = (part) => {
  const hidden = [...part.querySelectorAll("input[type=hidden]")].map(({ value }) => value).join("|");
  return `${hidden} ${part.querySelector(".clock__since")?.textContent ?? ""}`;
};
const busy = (part) => {
  const state = stateOf(part);
  const typing = part.contains(document.activeElement) && document.activeElement.matches("textarea, input:not([type=radio], [type=checkbox])");
  return state.dirty || state.saving || typing || part.querySelector(".two-texts, .fr-message--error");
};

const look = async () => {
  if (document.visibilityState === "hidden" || Date.now() - touched > REST) return;
  let answer;
  const asked = performance.now(); // what was saved after this is newer than the answer
  try {
    answer = await ask("GET");
  } catch {
    return;
  }
  if (!answer.ok) return;
  for (const fresh of answer.page.querySelectorAll("[data-part]")) {
    const part = form.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (part && !busy(part) && !(stateOf(part).savedAt > asked) && marks(part) !== marks(fresh)) refresh(part, fresh, true);
  }
  const scale = form.querySelector("#scale");
  const other = answer.page.querySelector("#scale");
  const items = (node) => node.querySelectorAll("[data-part]").length;
  if (scale && other && items(scale) !== items(other) && !parts().some((part) => scale.contains(part) && busy(part))) {
    scale.replaceWith(document.importNode(other, true)); // the participant answers alone, or has
  }
};
setInterval(look, LOOK);
tick();
