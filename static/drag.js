// Dragging is a quicker way to press buttons that are on the page: it fills one in and presses it.
const lists = "[data-drag]";
let dragged = null;

const prepare = (root) =>
  root.querySelectorAll(`${lists} [data-handle]`).forEach((item) => (item.draggable = true));

const unmark = () =>
  document.querySelectorAll(".drop-before, .drop-after, .drop-here").forEach((marked) =>
    marked.classList.remove("drop-before", "drop-after", "drop-here"));

// What is under the pointer: an item of the same list, or a column of the same board.
const target = ({ target: under, clientY }) => {
  const list = dragged?.closest(lists);
  if (!list) return null;
  if (list.dataset.drag === "state") {
    const column = under.closest?.("[data-state]");
    return column && list.contains(column) ? { column } : null;
  }
  const item = under.closest?.("[data-handle]");
  if (!item || item === dragged || !list.contains(item)) return null;
  const { top, height } = item.getBoundingClientRect();
  return { item, where: clientY < top + height / 2 ? "before" : "after" };
};

// Sent by the list's own form, as if one of its buttons had been pressed.
const press = (name, value) => {
  const form = dragged.closest("form");
  const button = document.createElement("button");
  Object.assign(button, { type: "submit", name, value, hidden: true });
  form.append(button);
  form.requestSubmit(button);
  button.remove();
};

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-handle]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.number);
  dragged.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const found = target(event);
  unmark();
  if (!found) return;
  event.preventDefault();
  if (found.column) found.column.classList.add("drop-here");
  else found.item.classList.add(`drop-${found.where}`);
});

document.addEventListener("drop", (event) => {
  const found = target(event);
  if (!found) return;
  event.preventDefault();
  const { handle } = dragged.dataset;
  if (found.item) press("place", `${handle}:${found.where}:${found.item.dataset.number}`);
  else if (found.column.dataset.state === dragged.dataset.stands) return;
  // A block needs a reason, which is asked on its own page.
  else if (found.column.dataset.state === "blocked") location.assign(dragged.dataset.block);
  else press("move", `${handle}:${found.column.dataset.state}`);
});

document.addEventListener("dragend", () => {
  unmark();
  dragged?.classList.remove("is-dragged");
  dragged = null;
});

document.addEventListener("htmx:after:settle", () => prepare(document));
prepare(document);
