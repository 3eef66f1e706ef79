// The map: the loss as bands of height, the star, the paths so far, and the start, which can be dragged.
import { element, fit } from "../../base/js/elements.js";
import { arrow, drawMarker, star } from "./markers.js";
import { say } from "../../base/js/words.js";

const BANDS = 15;
const DECADES = 4; // of heights between the lowest band and the top
const ARROW = 42; // length of the downhill arrow

/** The band of a height: 0 to 14. `root` is the square root of the height's share of the largest. */
export function bandOf(root) {
  const place = ((2 * Math.log10(root) + DECADES) * (BANDS - 1)) / DECADES;
  return place < 0 ? 0 : Math.min(BANDS - 1, Math.floor(place) + 1);
}

/** The value of a grid between its points; column and row may be fractions. */
export function between(grid, columns, rows, column, row) {
  const i = Math.min(Math.floor(column), columns - 2), j = Math.min(Math.floor(row), rows - 2);
  const u = column - i, v = row - j, at = j * columns + i;
  const above = grid[at] + u * (grid[at + 1] - grid[at]);
  const below = grid[at + columns] + u * (grid[at + columns + 1] - grid[at + columns]);
  return above + v * (below - above);
}

/** The point of the paths nearest to a place in pixels, within reach: its path and step, or null. */
export function nearestStep(paths, place, x, y, last, reach = 12) {
  let best = null, least = reach * reach;
  for (const path of paths) {
    for (let step = 0; step <= Math.min(path.end, last); step++) {
      const [px, py] = place(path.points[3 * step], path.points[3 * step + 1]);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [{ path, step }, distance];
    }
  }
  return best;
}

export class RaceMap {
  /** actions: drag(point), release(), begin(point), with points of the plane; over(pixels or null). */
  constructor(options, actions) {
    this.options = options;
    this.actions = actions;
    this.canvas = element("canvas", { role: "img" });
    this.handle = element("button", { type: "button", class: "ck-start" });
    this.node = element("div", { class: "ck-map" }, this.canvas, this.handle);
    this.width = 520;
    this.dragging = false;
    this.listen();
  }

  get height() {
    return Math.round((this.width * this.options.map[1]) / this.options.map[0]);
  }

  /** Draw the bands and the star at the screen's resolution; they stay through a race. */
  build(surface, grid, width, colors) {
    this.surface = this.options.surfaces[surface];
    this.width = width;
    this.colors = colors;
    fit(this.canvas, width, this.height);
    const [columns, rows] = this.options.map, { width: w, height: h } = this.canvas;
    this.relief = new OffscreenCanvas(w, h);
    const pen = this.relief.getContext("2d"), image = pen.createImageData(w, h);
    const bands = new Uint8Array(w * h), pixels = new Uint32Array(image.data.buffer);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const [column, row] = [(x * (columns - 1)) / (w - 1), (y * (rows - 1)) / (h - 1)];
        bands[y * w + x] = bandOf(between(grid, columns, rows, column, row));
      }
    }
    const words = colors.bands.map(([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
    for (let k = 0; k < bands.length; k++) {
      const edge = k >= w && k % w && (bands[k] !== bands[k - 1] || bands[k] !== bands[k - w]);
      pixels[k] = words[edge ? BANDS : bands[k]];
    }
    pen.putImageData(image, 0, 0);
  }

  /** From the plane to the picture, and back. A place far outside stays near the map. */
  place(x, y) {
    const [left, right, bottom, top] = this.surface.limits;
    const clip = (v) => Math.max(-3, Math.min(4, v));
    return [clip((x - left) / (right - left)) * this.width, clip((top - y) / (top - bottom)) * this.height];
  }

  plane(px, py) {
    const [left, right, bottom, top] = this.surface.limits;
    const within = (v) => Math.max(0, Math.min(1, v));
    const round = (v, span) => Number(v.toFixed(span > 5 ? 2 : 3));
    return [
      round(left + within(px / this.width) * (right - left), right - left),
      round(top - within(py / this.height) * (top - bottom), top - bottom),
    ];
  }

  /** race: paths, position (a step, with a fraction), the start, the downhill direction, and a step pointed at. */
  draw({ paths, position, start, downhill, pointed }) {
    const pen = fit(this.canvas, this.width, this.height), { colors } = this;
    pen.drawImage(this.relief, 0, 0, this.width, this.height);
    pen.lineJoin = "round";
    const begin = this.place(...start);
    if (position === 0 && !this.dragging) this.drawDownhill(pen, begin, downhill);
    for (const path of paths) this.drawPath(pen, path, this.dragging ? path.end : position, begin);
    this.drawStar(pen);
    const heads = !this.dragging && (pointed ?? (position > 0 ? position : null));
    if (heads !== false && heads !== null) {
      for (const path of paths) {
        drawMarker(pen, path.shape, ...this.place(...head(path, heads)), 5.5, path.color, colors.halo);
      }
      this.drawStar(pen, false); // its outline above those that have arrived
    }
    this.drawStart(pen, begin);
  }

  drawPath(pen, path, position, begin) {
    const { points, end, color, method } = path;
    const whole = Math.min(Math.floor(position), end);
    pen.beginPath();
    pen.moveTo(...begin);
    for (let t = 1; t <= whole; t++) pen.lineTo(...this.place(points[3 * t], points[3 * t + 1]));
    pen.lineTo(...this.place(...head(path, position)));
    pen.setLineDash([]);
    pen.globalAlpha = 0.85;
    pen.strokeStyle = this.colors.halo;
    pen.lineWidth = 4.4;
    pen.stroke();
    pen.globalAlpha = 1;
    pen.setLineDash(method.dash);
    pen.strokeStyle = color;
    pen.lineWidth = 2.2;
    pen.stroke();
    pen.setLineDash([]);
  }

  drawDownhill(pen, [x, y], downhill) {
    const [left, right, bottom, top] = this.surface.limits;
    const dx = (downhill[0] / (right - left)) * this.width, dy = (-downhill[1] / (top - bottom)) * this.height;
    const length = Math.hypot(dx, dy);
    if (!(length > 0)) return; // the ground is level here
    for (const [style, width] of [[this.colors.halo, 5], [this.colors.ink, 2]]) {
      pen.strokeStyle = style;
      pen.lineWidth = width;
      arrow(pen, x, y, (ARROW * dx) / length, (ARROW * dy) / length);
    }
    const far = (ARROW + 10) / length;
    pen.font = "12px sans-serif";
    pen.textAlign = dx < 0 ? "right" : "left";
    pen.fillStyle = this.colors.ink;
    pen.fillText(say("downhill"), x + far * dx, y + far * dy + 4);
  }

  drawStar(pen, filled = true) {
    for (const [x, y] of this.surface.minima) {
      star(pen, ...this.place(x, y), 11);
      pen.fillStyle = this.colors.halo;
      if (filled) pen.fill();
      pen.strokeStyle = this.colors.ink;
      pen.lineWidth = 1.5;
      pen.stroke();
    }
  }

  drawStart(pen, [x, y]) {
    for (const [style, width] of [[this.colors.halo, 5], [this.colors.ink, 2.2]]) {
      pen.strokeStyle = style;
      pen.lineWidth = width;
      pen.beginPath();
      for (const sign of [-1, 1]) {
        pen.moveTo(x - 6, y - 6 * sign);
        pen.lineTo(x + 6, y + 6 * sign);
      }
      pen.stroke();
    }
    pen.font = "12px sans-serif";
    const [left, right, bottom, top] = this.surface.limits;
    const texts = [
      [`x₁ = ${left}`, 5, this.height - 6, "left"], [`${right}`, this.width - 5, this.height - 6, "right"],
      [`x₂ = ${top}`, 5, 15, "left"], [`x₂ = ${bottom}`, 5, this.height - 22, "left"],
    ];
    pen.fillStyle = this.colors.ink;
    for (const [text, px, py, side] of texts) {
      pen.textAlign = side;
      pen.fillText(text.replace("-", "−"), px, py);
    }
    this.handle.style.transform = `translate(${x - 15}px, ${y - 15}px)`;
  }

  listen() {
    const here = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const { handle, canvas, actions } = this;
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      this.dragging = true;
    });
    handle.addEventListener("pointermove", (event) => {
      if (this.dragging) actions.drag(this.plane(...here(event)));
    });
    const release = () => {
      if (!this.dragging) return;
      this.dragging = false;
      actions.release();
    };
    handle.addEventListener("pointerup", release);
    handle.addEventListener("pointercancel", release);
    canvas.addEventListener("click", (event) => actions.begin(this.plane(...here(event))));
    canvas.addEventListener("pointermove", (event) => actions.over(here(event)));
    canvas.addEventListener("pointerleave", () => actions.over(null));
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? 2 : 10;
      const [x, y] = this.place(...this.start);
      actions.drag(this.plane(x + step * way[0], y + step * way[1]));
    });
  }
}

/** Where a path is at a step, which may have a fraction. */
export function head({ points, end }, position) {
  const step = Math.min(Math.floor(position), end), part = step < end ? position - step : 0;
  const [x, y] = [points[3 * step], points[3 * step + 1]];
  return part > 0 ? [x + part * (points[3 * step + 3] - x), y + part * (points[3 * step + 4] - y)] : [x, y];
}
