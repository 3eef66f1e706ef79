// The hidden space: the plane as the last hidden layer transforms it, with the output's straight border.
import { fit } from "../../base/js/elements.js";
import { number } from "./text.js";
import { appearance, dot } from "./points.js";
import { say } from "../../base/js/words.js";

const SPACE_SIZE = 240;
const SPACE_MARGIN = 14;

/** A function from the hidden space's coordinates to the panel's pixels. */
export function scaler([uMin, uMax, vMin, vMax], size = SPACE_SIZE, margin = SPACE_MARGIN) {
  const room = size - 2 * margin;
  const u = uMax > uMin ? room / (uMax - uMin) : 0;
  const v = vMax > vMin ? room / (vMax - vMin) : 0;
  return (a, b) => [margin + (a - uMin) * u, size - margin - (b - vMin) * v];
}

/** The ends of the line w1 u + w2 v + b = 0 within the limits, null if it doesn't cross them. */
export function borderEnds([w1, w2, b], [uMin, uMax, vMin, vMax]) {
  const ends = [];
  if (Math.abs(w2) > 1e-12) {
    for (const u of [uMin, uMax]) {
      const v = -(w1 * u + b) / w2;
      if (v >= vMin && v <= vMax) ends.push([u, v]);
    }
  }
  if (Math.abs(w1) > 1e-12) {
    for (const v of [vMin, vMax]) {
      const u = -(w2 * v + b) / w1;
      if (u >= uMin && u <= uMax) ends.push([u, v]);
    }
  }
  if (ends.length < 2) return null;
  // a corner is found twice: take the two ends that are farthest apart
  const far = (p, q) => (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2;
  return [ends[0], ends.reduce((best, p) => (far(p, ends[0]) > far(best, ends[0]) ? p : best))];
}

/** The panel's content in words. */
export function describeSpace(hidden) {
  const [a, b] = hidden.axes;
  const [uMin, uMax, vMin, vMax] = hidden.limits.map((v) => number(v, 1));
  return say("Right: {a}, from {uMin} to {uMax}. Up: {b}, from {vMin} to {vMax}.", { a, b, uMin, uMax, vMin, vMax });
}

/** Draw the lattice, the border and the points that have arrived. */
export function drawHiddenSpace(canvas, picture, options, ink) {
  const pen = fit(canvas, SPACE_SIZE, SPACE_SIZE);
  pen.clearRect(0, 0, SPACE_SIZE, SPACE_SIZE);
  const hidden = picture.header?.hidden;
  if (!hidden?.limits) return false;
  const at = scaler(hidden.limits);
  const grid = picture.get("hidden_grid");
  if (grid) {
    const [lines, length] = picture.shape("hidden_grid");
    pen.strokeStyle = ink;
    pen.lineWidth = 0.8;
    for (let line = 0; line < lines; line++) {
      // the lines x1 = const are solid, the lines x2 = const dotted
      pen.globalAlpha = 0.45;
      pen.setLineDash(line < lines / 2 ? [] : [2, 2]);
      pen.beginPath();
      for (let k = 0; k < length; k++) {
        const n = 2 * (line * length + k);
        pen.lineTo(...at(grid[n], grid[n + 1]));
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }
  pen.setLineDash([]);
  const ends = hidden.line && borderEnds(hidden.line, hidden.limits);
  if (ends) {
    pen.strokeStyle = ink;
    pen.lineWidth = 2.4;
    pen.beginPath();
    for (const end of ends) pen.lineTo(...at(...end));
    pen.stroke();
  }
  const points = picture.get("hidden_points");
  if (points) {
    const regression = picture.header.kind_of_problem === "regression";
    for (let k = 0; k + 2 < points.length; k += 3) {
      dot(pen, appearance(points[k + 2], regression, options), ...at(points[k], points[k + 1]), 3);
    }
  }
  return true;
}
