// The curves of loss and accuracy over the epochs.
import { fit } from "./elements.js";

export const TEST_COLOR = "#d55e00";
export const TRAIN_COLOR = "#0072b2";

/** The rows' largest value in two columns, numbers that are none left out; at least `least`. */
export function ceiling(rows, columns, least) {
  let most = least;
  for (const row of rows) for (const c of columns) if (row[c] > most && Number.isFinite(row[c])) most = row[c];
  return most;
}

/** The parts of a curve as points in a box; a value that is no number interrupts it. */
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

function drawPlot(pen, rows, box, columns, most, ink, title) {
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
  pen.fillText(most >= 1000 ? most.toExponential(0) : String(Number(most.toPrecision(2))), box.left - 3, box.top + 8);
  pen.fillText("0", box.left - 3, box.top + box.height);
  pen.fillText(title.text, box.left + box.width - 4, box.top + (title.low ? box.height - 5 : 11));
  pen.lineWidth = 1.6;
  pen.lineJoin = "round";
  columns.forEach((column, k) => {
    pen.strokeStyle = k ? TEST_COLOR : TRAIN_COLOR;
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

/** Draw losses, and below them accuracies where there are any. */
export function drawCurves(canvas, series, width, ink) {
  const rows = series.all();
  const accuracy = rows.length > 0 && rows[0].length >= 5;
  const height = accuracy ? 156 : 100;
  const pen = fit(canvas, width, height);
  pen.clearRect(0, 0, width, height);
  if (!rows.length) return;
  const box = { left: 30, top: 4, width: width - 32, height: 82 };
  drawPlot(pen, rows, box, [1, 2], ceiling(rows, [1, 2], 1e-6), ink, { text: "loss" });
  if (accuracy) drawPlot(pen, rows, { ...box, top: 92, height: 46 }, [3, 4], 1, ink, { text: "accuracy", low: true });
  pen.fillStyle = ink;
  pen.textAlign = "left";
  pen.fillText(`epoch ${rows[0][0]}`, box.left, height - 4);
  pen.textAlign = "right";
  pen.fillText(String(Math.round(rows.at(-1)[0] * 100) / 100), width - 2, height - 4);
}
