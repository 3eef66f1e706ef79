// The output's map with the data on it, replaced by a unit's map while the pointer is on the unit.
import { element, fit, write } from "../../base/js/elements.js";
import { MapPainter, toPixel, toPlane } from "./maps.js";
import { dot, drawPoints } from "./points.js";
import { number, percent, unitName } from "./text.js";
import { say } from "../../base/js/words.js";

export const MAP_SIZE = 240;

/** The unit's index among the small maps: features, hidden layers, then outputs. */
export function mapIndex(shapes, [layer, unit]) {
  return shapes.slice(0, layer).reduce((sum, n) => sum + n, 0) + unit;
}

/** What the network answers at the place under the pointer: x1, x2, then its output or its classes' probabilities. */
export function answer(probe, several) {
  if (!probe) return say("output");
  const [x1, x2, ...values] = probe;
  const sure = Math.max(...values);
  const at = { x1: number(x1), x2: number(x2) };
  if (!several) return say("output {value} at x₁ {x1}, x₂ {x2}", { value: number(values[0]), ...at });
  const found = { k: values.indexOf(sure), share: percent(sure), ...at };
  return say("class {k} ({share}) at x₁ {x1}, x₂ {x2}", found);
}

export class OutputMap {
  /** probe(place or null): the place under the pointer, at which the output is wanted. */
  constructor(options, palette, pad, probe) {
    this.options = options;
    this.large = new MapPainter(100, palette);
    this.small = new MapPainter(20, palette);
    this.canvas = element("canvas", { role: "img", class: "ck-map" });
    this.title = element("div", { class: "ck-caption" });
    this.overlay = new OffscreenCanvas(1, 1);
    this.drawn = {};
    this.scale = element("canvas", { "aria-hidden": "true" });
    this.legend = element("div", { class: "ck-row ck-legend" });
    this.legendKey = "";
    this.node = element("div", { class: "ck-output" }, this.title,
      this.box(pad, probe), this.legend);
  }

  /** The map with ticks along its axes. */
  box(pad, probe) {
    const ticks = [-6, -3, 0, 3, 6].flatMap((value) => {
      const text = number(value, 0), [x, y] = toPixel(value, value, MAP_SIZE);
      const [low, left] = [0, 1].map(() => element("span", { class: "ck-tick", "aria-hidden": "true" }, text));
      low.style.cssText = `left:${x}px;top:${MAP_SIZE + 4}px;transform:translateX(-50%)`;
      left.style.cssText = `right:${MAP_SIZE + 3}px;top:${y}px;transform:translateY(-50%)`;
      return [low, left];
    });
    const box = element("div", { class: "ck-mapbox" }, this.canvas, pad, ...ticks);
    box.addEventListener("pointermove", (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const inside = x >= 0 && y >= 0 && x <= MAP_SIZE && y <= MAP_SIZE;
      probe(inside ? toPlane(x, y, MAP_SIZE).map((v) => Math.round(100 * v) / 100) : null);
    });
    box.addEventListener("pointerleave", () => probe(null));
    return box;
  }

  draw(picture, settings, hovered, labels) {
    const pen = fit(this.canvas, MAP_SIZE, MAP_SIZE);
    pen.clearRect(0, 0, MAP_SIZE, MAP_SIZE);
    const shapes = picture.header?.shapes ?? [];
    const several = picture.header?.kind_of_problem === "several";
    const lastOne = hovered && hovered[0] === shapes.length - 1 && shapes.at(-1) === 1;
    const unit = hovered && !lastOne ? hovered : null;
    if (unit) this.drawUnit(pen, picture, shapes, unit);
    else {
      const map = picture.get("output_map");
      if (map) this.large.paint(pen, map, 0, 0, 0, MAP_SIZE, map.length === 40000 ? 4 : 1);
    }
    write(this.title, unit ? unitName(shapes, labels, ...unit) : answer(picture.header?.probe, several));
    const points = picture.get("points");
    if (points) this.drawPoints(pen, points, picture.header, settings);
    this.drawLegend(several, shapes.at(-1));
  }

  drawUnit(pen, picture, shapes, unit) {
    const enlarged = picture.get("hover");
    const its = picture.header.hover;
    if (enlarged && (!its || String(its) === String(unit))) this.large.paint(pen, enlarged, 0, 0, 0, MAP_SIZE);
    else {
      const maps = picture.get("unit_maps"); // immediately, until the finer one arrives
      if (maps) this.small.paint(pen, maps, mapIndex(shapes, unit), 0, 0, MAP_SIZE);
    }
  }

  /** The points are drawn once onto a layer of their own, until they change. */
  drawPoints(pen, points, header, settings) {
    const ratio = window.devicePixelRatio || 1;
    const tests = settings.show_test || settings.data === "own"; // a point that is put down is seen
    const regression = header.kind_of_problem === "regression";
    const { drawn } = this;
    if (drawn.points !== points || drawn.tests !== tests || drawn.ratio !== ratio || drawn.regression !== regression) {
      this.drawn = { points, tests, ratio, regression };
      this.overlay.width = this.overlay.height = Math.round(MAP_SIZE * ratio);
      const over = this.overlay.getContext("2d");
      over.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawPoints(over, points, MAP_SIZE, { regression, options: this.options, tests });
    }
    pen.drawImage(this.overlay, 0, 0, MAP_SIZE, MAP_SIZE);
  }

  /** What the colours mean: a scale, or the classes. */
  drawLegend(several, outputs) {
    const key = several ? `classes ${outputs}` : "scale";
    if (key === this.legendKey) return;
    this.legendKey = key;
    if (several) {
      this.legend.replaceChildren(...this.options.classes.slice(0, outputs).map((kind, k) => {
        const canvas = element("canvas", { "aria-hidden": "true" });
        dot(fit(canvas, 14, 14), kind, 7, 7, 5);
        return element("span", {}, canvas, ` ${k}`);
      }));
      return;
    }
    const { palette } = this.options;
    const pen = fit(this.scale, 100, 10);
    for (let k = 0; k < 100; k++) {
      const [r, g, b] = palette[Math.round((k / 99) * (palette.length - 1))];
      pen.fillStyle = `rgb(${r}, ${g}, ${b})`;
      pen.fillRect(k, 0, 1.5, 10);
    }
    this.legend.replaceChildren(
      element("span", {}, say("negative −")), this.scale, element("span", {}, say("+ positive")));
  }
}
