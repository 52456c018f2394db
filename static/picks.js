// How many items are ticked, and their points, beside the button that takes them.
const tell = () => {
  const line = document.querySelector("[data-picked]");
  if (!line) return;
  const picked = [...document.querySelectorAll("input[data-points]:checked")];
  line.querySelector("[data-picked-count]").textContent = picked.length;
  const points = picked.reduce((total, { dataset }) => total + Number(dataset.points), 0);
  line.querySelector("[data-picked-points]").textContent = points;
  const total = line.querySelector("[data-picked-sum]");
  const sum = Number(total.dataset.pickedSum) + points;
  total.textContent = sum;
  const over = document.querySelector("[data-picked-over]");
  if (over) over.hidden = sum <= Number(over.dataset.pickedOver);
  line.hidden = false;
};

document.addEventListener("change", tell);
document.addEventListener("htmx:after:settle", tell);
tell();
