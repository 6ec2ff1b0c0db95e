// Picking values in the table of the audit: by its headings, by a stretch with Shift, by the arrow keys.

const form = document.querySelector(".audit-form");
const boxes = form ? [...form.querySelectorAll("tbody input[type=checkbox]")] : [];

if (boxes.length) {
  const columns = form.querySelectorAll("thead th").length - 1;
  const picked = form.querySelector(".picked");
  const act = form.querySelector(".audit-act");
  const value = form.querySelector(".value");
  let anchor = null;

  const at = (row, column) => boxes[row * columns + column];
  const place = (box) => {
    const index = boxes.indexOf(box);
    return [Math.floor(index / columns), index % columns];
  };

  const tell = () => {
    const number = boxes.filter((box) => box.checked).length;
    picked.textContent = number ? form.dataset.picked.replace("{n}", number) : "";
    act.classList.toggle("idle", !number);
    const action = form.querySelector("[name=action]:checked").value;
    value.hidden = action !== "correct" && action !== "object";
    value.querySelector("input").required = action === "correct";
  };

  const stretch = (from, to, checked) => {
    const [[rowA, columnA], [rowB, columnB]] = [place(from), place(to)];
    for (let row = Math.min(rowA, rowB); row <= Math.max(rowA, rowB); row += 1) {
      for (let column = Math.min(columnA, columnB); column <= Math.max(columnA, columnB); column += 1) {
        at(row, column).checked = checked;
      }
    }
  };

  /** A heading that picks all of `those`, or none where all are picked. */
  const heading = (cell, those) => {
    const button = document.createElement("button");
    button.type = "button";
    const label = cell.querySelector(".symbol") ?? cell.firstChild;
    label.replaceWith(button);
    button.append(label);
    button.addEventListener("click", () => {
      const all = those.every((box) => box.checked);
      for (const box of those) box.checked = !all;
      tell();
    });
  };

  form.querySelectorAll("thead th[data-item]").forEach((cell, column) => {
    heading(cell, boxes.filter((_, index) => index % columns === column));
  });
  form.querySelectorAll("tbody th").forEach((cell, row) => {
    heading(cell, boxes.slice(row * columns, (row + 1) * columns));
  });

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  form.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.target.name !== "cell") return;
    event.preventDefault();
    const [row, column] = place(event.target);
    const next = column + step[1] >= 0 && column + step[1] < columns ? at(row + step[0], column + step[1]) : null;
    if (!next) return;
    if (event.shiftKey) {
      event.target.checked = true;
      next.checked = true;
      tell();
    }
    next.focus();
  });
  form.addEventListener("click", (event) => {
    if (event.target.name !== "cell") return;
    if (event.shiftKey && anchor) stretch(anchor, event.target, event.target.checked);
    anchor = event.target;
    tell();
  });
  form.addEventListener("change", tell);
  form.querySelector(".how-to").hidden = false;
  tell();
}
