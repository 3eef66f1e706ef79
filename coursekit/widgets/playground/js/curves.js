// The curves of loss and accuracy over the epochs.
import { fit } from "./elements.js";

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

function drawPlot(pen, rows, box, columns, most, { ink, training, test }, title) {
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

/** Draw the losses, and below them the accuracies, if there are any. */
export function drawCurves(canvas, rows, width, colors) {
  const accuracy = rows.length > 0 && rows[0].length >= 5;
  const height = accuracy ? 156 : 100;
  const pen = fit(canvas, width, height);
  pen.clearRect(0, 0, width, height);
  if (!rows.length) return;
  const box = { left: 30, top: 4, width: width - 32, height: 82 };
  drawPlot(pen, rows, box, [1, 2], ceiling(rows, [1, 2], 1e-6), colors, { text: "loss" });
  const below = { ...box, top: 92, height: 46 };
  if (accuracy) drawPlot(pen, rows, below, [3, 4], 1, colors, { text: "accuracy", low: true });
  pen.fillStyle = colors.ink;
  pen.textAlign = "left";
  pen.fillText(`epoch ${rows[0][0]}`, box.left, height - 4);
  pen.textAlign = "right";
  pen.fillText(String(Math.round(rows.at(-1)[0] * 100) / 100), width - 2, height - 4);
}
