// What lines and places look like: a shape and dashes for each method beside its colour, in both themes.

const CORNERS = [
  [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  [[0, -1.3], [1.2, 0.9], [-1.2, 0.9]],
  [[0, -1.4], [1.2, 0], [0, 1.4], [-1.2, 0]],
  [[0, 1.3], [1.2, -0.9], [-1.2, -0.9]],
  [[-1.3, 0], [0.9, -1.2], [0.9, 1.2]],
];

/** Trace the outline of a method's marker. */
export function marker(pen, shape, x, y, r) {
  pen.beginPath();
  if (shape === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else {
    for (const [dx, dy] of CORNERS[shape - 1]) pen.lineTo(x + r * dx, y + r * dy);
    pen.closePath();
  }
}

/** A hollow marker: several at one place, and the star below them, can all be seen. */
export function drawMarker(pen, shape, x, y, r, color, halo) {
  marker(pen, shape, x, y, r);
  for (const [style, width] of [[halo, 4.2], [color, 2.2]]) {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    pen.stroke();
  }
}

/** A method's line with its marker, for the table. */
export function drawSample(pen, { dash }, shape, color, halo) {
  pen.clearRect(0, 0, 34, 16);
  pen.strokeStyle = color;
  pen.lineWidth = 2.2;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(0, 8);
  pen.lineTo(34, 8);
  pen.stroke();
  pen.setLineDash([]);
  drawMarker(pen, shape, 24, 8, 4.5, color, halo);
}

/** A star of five points. */
export function star(pen, x, y, r) {
  pen.beginPath();
  for (let k = 0; k < 10; k++) {
    const length = k % 2 ? 0.42 * r : r, angle = (k * Math.PI) / 5 - Math.PI / 2;
    pen.lineTo(x + length * Math.cos(angle), y + length * Math.sin(angle));
  }
  pen.closePath();
}

/** An arrow from a place in a direction. */
export function arrow(pen, x, y, dx, dy) {
  const angle = Math.atan2(dy, dx);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + dx, y + dy);
  for (const turn of [-2.6, 2.6]) {
    pen.moveTo(x + dx, y + dy);
    pen.lineTo(x + dx + 9 * Math.cos(angle + turn), y + dy + 9 * Math.sin(angle + turn));
  }
  pen.stroke();
}

/** Whether JupyterLab's theme is a dark one. */
export function isDark() {
  return document.body.dataset.jpThemeLight === "false";
}
