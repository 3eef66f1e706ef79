// The curves of loss and accuracy over the epochs.
import { element, fit, write } from "../../base/js/elements.js";
import { number, percent } from "./text.js";
import { say } from "../../base/js/words.js";

const AXIS = 52; // room for the axis and its name
const LOSS_HEIGHT = 76; // height of the losses' plot
const ACCURACY_TOP = 86, ACCURACY_HEIGHT = 36; // top and height of the accuracies' plot

/** The rows' largest finite value in these columns; at least `least`. */
export function ceiling(rows, columns, least) {
  let most = least;
  for (const row of rows) for (const c of columns) if (row[c] > most && Number.isFinite(row[c])) most = row[c];
  return most;
}

/** The parts of a curve as points in a box; a value that is not finite interrupts it. */
export function strokes(rows, column, { left, top, width, height }, first, last, most) {
  const parts = [];
  let part = null;
  for (const row of rows) {
    if (!Number.isFinite(row[column])) {
      part = null;
      continue;
    }
    if (!part) parts.push((part = []));
    const x = left + (last > first ? (row[0] - first) / (last - first) : 0) * width;
    part.push([x, top + (1 - Math.min(1, row[column] / most)) * height]);
  }
  return parts;
}

function drawPlot(pen, rows, box, columns, most, { ink, training, test }, name) {
  const first = rows[0][0], last = rows.at(-1)[0];
  pen.globalAlpha = 0.35;
  pen.strokeStyle = ink;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  pen.globalAlpha = 1;
  pen.fillStyle = ink;
  pen.font = "10px sans-serif";
  pen.textAlign = "right";
  const top = most >= 1000 || most < 1e-3 ? most.toExponential(0) : String(Number(most.toPrecision(2)));
  pen.fillText(top, box.left - 3, box.top + 8);
  pen.fillText(name, box.left - 3, box.top + box.height / 2 + 4); // beside the frame no curve runs through it
  pen.fillText("0", box.left - 3, box.top + box.height);
  pen.lineWidth = 1.6;
  pen.lineJoin = "round";
  columns.forEach((column, k) => {
    pen.strokeStyle = k ? test : training;
    pen.setLineDash(k ? [5, 3] : []);
    for (const part of strokes(rows, column, box, first, last, most)) {
      pen.beginPath();
      for (const [x, y] of part) pen.lineTo(x, y);
      if (part.length === 1) pen.lineTo(part[0][0] + 2, part[0][1]);
      pen.stroke();
    }
  });
  pen.setLineDash([]);
}

/** The row of the curves whose epoch is nearest to a place along the axis, from 0 to 1. */
export function rowAt(rows, share) {
  const epoch = rows[0][0] + share * (rows.at(-1)[0] - rows[0][0]);
  return rows.reduce((best, row) => (Math.abs(row[0] - epoch) < Math.abs(best[0] - epoch) ? row : best));
}

/** What the curves show at a row. */
export function rowText([epoch, ...values]) {
  const [train, test] = values.map((value) => number(value, 3));
  const losses = { epoch: Math.round(epoch * 100) / 100, train, test };
  if (values.length < 4) return say("epoch {epoch}: loss {train} in training, {test} in test", losses);
  const shares = { right: percent(values[2]), rightTest: percent(values[3]) };
  return say("epoch {epoch}: loss {train} in training, {test} in test; right {right} and {rightTest}",
    { ...losses, ...shares });
}

/** The curves with a crosshair that follows the pointer. */
export class Curves {
  constructor(width, changed) {
    this.width = width;
    this.share = null; // of the axis, where the pointer is
    this.canvas = element("canvas", { role: "img", "aria-label": say("curves of the losses over the epochs") });
    this.tip = element("div", { class: "ck-tip ck-above", hidden: true, "aria-hidden": "true" });
    this.node = element("div", { class: "ck-curves" }, this.canvas, this.tip);
    this.node.addEventListener("pointermove", (event) => {
      const { left } = this.canvas.getBoundingClientRect();
      this.share = Math.max(0, Math.min(1, (event.clientX - left - AXIS) / (width - AXIS - 2)));
      changed();
    });
    this.node.addEventListener("pointerleave", () => {
      this.share = null;
      changed();
    });
  }

  draw(rows, colors) {
    drawCurves(this.canvas, rows, this.width, colors);
    const row = this.share !== null && rows.length ? rowAt(rows, this.share) : null;
    this.tip.hidden = !row;
    if (!row) return;
    write(this.tip, rowText(row));
    const last = rows.at(-1)[0], first = rows[0][0];
    const x = AXIS + (last > first ? (row[0] - first) / (last - first) : 0) * (this.width - AXIS - 2);
    const pen = this.canvas.getContext("2d");
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, 4);
    pen.lineTo(x, row.length >= 5 ? ACCURACY_TOP + ACCURACY_HEIGHT : 4 + LOSS_HEIGHT);
    pen.stroke();
  }
}

/** Draw the losses, and below them the accuracies, if there are any. */
export function drawCurves(canvas, rows, width, colors) {
  const accuracy = rows.length > 0 && rows[0].length >= 5;
  const height = accuracy ? 138 : 96;
  const pen = fit(canvas, width, height);
  pen.clearRect(0, 0, width, height);
  if (!rows.length) return;
  const box = { left: AXIS, top: 4, width: width - AXIS - 2, height: LOSS_HEIGHT };
  drawPlot(pen, rows, box, [1, 2], ceiling(rows, [1, 2], 1e-6), colors, say("loss"));
  const below = { ...box, top: ACCURACY_TOP, height: ACCURACY_HEIGHT };
  if (accuracy) drawPlot(pen, rows, below, [3, 4], 1, colors, say("accuracy"));
  pen.fillStyle = colors.ink;
  pen.textAlign = "left";
  pen.fillText(say("epoch {n}", { n: rows[0][0] }), box.left, height - 4);
  pen.textAlign = "right";
  pen.fillText(String(Math.round(rows.at(-1)[0] * 100) / 100), width - 2, height - 4);
}
