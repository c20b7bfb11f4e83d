// Sorts a table by the column that is clicked, and says what lies under the pointer in a strip.
// The page can be read without it.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, i) => {
    const text = row.cells[i].dataset.v ?? row.cells[i].textContent.trim();
    return table.tHead.rows[0].cells[i].classList.contains("n") ? (parseFloat(text) || (text[0] === "0" ? 0 : -2)) : text;
  };
  heads.forEach((head, i) => {
    if (head.dataset.fixed !== undefined) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numeric = head.classList.contains("n");
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : numeric;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) => numeric ? a[0] - b[0] : a[0].localeCompare(b[0], undefined, { numeric: true });
      const rows = [...body.rows].map((row) => [value(row, i), row]);
      rows.sort((a, b) => (down ? order(b, a) : order(a, b)));
      body.append(...rows.map((pair) => pair[1]));
    });
  });
}
const tip = document.querySelector(".tip");
const names = new Map([...document.querySelectorAll("[data-at]")].map((row) => [Number(row.dataset.at), row.dataset.title]));
const words = new Map([...document.querySelectorAll(".legend li")].map((li) => [li.dataset.kind, li.textContent.trim()]));
for (const table of document.querySelectorAll(".students")) {
  table.addEventListener("pointermove", (event) => {
    const strip = event.target.closest(".strip");
    const box = strip?.getBoundingClientRect();
    const view = strip?.viewBox.baseVal;
    const at = strip && Math.floor(view.x + (event.clientX - box.left) / box.width * view.width);
    const kind = event.target.tagName === "path" ? words.get(event.target.getAttribute("class")) : undefined;
    const row = strip?.closest("tr");
    tip.textContent = kind && row ? `${row.cells[0].textContent.trim()} · ${names.get(at) ?? ""} · ${kind}` : "";
  });
  table.addEventListener("pointerleave", () => { tip.textContent = ""; });
}
