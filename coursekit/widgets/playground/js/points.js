// Data points: a shape for each class beside its colour; test points are hollow.
import { toPixel } from "./maps.js";

const PAPER = "white";
const POLYGONS = {
  s: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  "^": [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  v: [[0, 1.2], [-1.1, -0.8], [1.1, -0.8]],
  D: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
};

/** Trace the outline of a marker; unknown ones are round. */
export function outline(pen, marker, x, y, r) {
  pen.beginPath();
  if (!POLYGONS[marker]) pen.arc(x, y, r, 0, 2 * Math.PI);
  else {
    for (const [dx, dy] of POLYGONS[marker]) pen.lineTo(x + r * dx, y + r * dy);
    pen.closePath();
  }
}

/** Colour and marker of a label: those of its class, or of a height by the palette. */
export function appearance(label, regression, options) {
  if (!regression) {
    const { color, marker } = options.classes[label % options.classes.length] ?? options.classes[0];
    return { color, marker };
  }
  const [r, g, b] = options.palette[128 + Math.round(127 * Math.max(-1, Math.min(1, label)))];
  return { color: `rgb(${r}, ${g}, ${b})`, marker: "o" };
}

/** One point. */
export function dot(pen, { color, marker }, x, y, r, test = false) {
  outline(pen, marker, x, y, r);
  pen.fillStyle = test ? PAPER : color;
  pen.fill();
  pen.strokeStyle = test ? color : PAPER;
  pen.lineWidth = test ? 1.6 : 0.8;
  pen.stroke();
}

/** All points, (n, 4): x1, x2, label, whether a test point. */
export function drawPoints(pen, data, size, { regression, options, tests, radius = 3 }) {
  for (let k = 0; k + 3 < data.length; k += 4) {
    const test = data[k + 3] > 0;
    if (test && !tests) continue;
    const [x, y] = toPixel(data[k], data[k + 1], size);
    dot(pen, appearance(data[k + 2], regression, options), x, y, radius, test);
  }
}
