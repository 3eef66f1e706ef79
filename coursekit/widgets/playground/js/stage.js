// The network's drawing: one canvas for links and maps, and native buttons over the units.
import { drawNetwork } from "./drawing.js";
import { button, element, write } from "../../base/js/elements.js";
import { nearest, place } from "./layout.js";
import { biasIndex, linksOf } from "./links.js";
import { MapPainter } from "./maps.js";
import { number, shortName, unitName } from "./text.js";
import { mark, say } from "../../base/js/words.js";

/** Where a click was made; for one by a key, the button's right side. */
function pointerOf({ detail, clientX, clientY, currentTarget }) {
  if (detail) return { x: clientX, y: clientY };
  const { right, top } = currentTarget.getBoundingClientRect();
  return { x: right, y: top };
}

export class Stage {
  /** actions: hover(unit or null), feature(key), open({layer, unit, from, at}) a unit's card, cut(link). */
  constructor(options, palette, actions) {
    this.options = options;
    this.actions = actions;
    this.colors = options.colors;
    this.featureMaps = Uint8Array.from(options.feature_maps);
    this.small = new MapPainter(20, palette);
    this.large = new MapPainter(100, palette);
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.units = element("div", { class: "ck-units", role: "group" });
    this.units.setAttribute(
      "aria-label",
      say("Units. Arrow keys go from unit to unit and show its map; Enter opens its weights, or switches a feature."),
    );
    this.heads = element("div", { class: "ck-heads" });
    this.tip = element("div", { class: "ck-tip", hidden: true, "aria-hidden": "true" });
    this.sheet = element("div", { class: "ck-sheet" }, this.canvas, this.heads, this.units, this.tip);
    this.node = element("div", { class: "ck-network" }, this.sheet);
    this.key = "";
    this.columns = [];
    this.links = [];
    this.pointed = null;
    this.cuts = new Set(); // the numbers of links that are cut
    this.sheet.addEventListener("mousemove", (event) => this.point(event));
    this.sheet.addEventListener("mouseleave", () => this.point(null));
    this.sheet.addEventListener("click", (event) => {
      if (event.target !== this.canvas && event.target !== this.units) return;
      const link = this.linkAt(event);
      if (!link) return;
      if (event.shiftKey) this.actions.cut(link);
      else this.actions.open({ layer: link.layer + 1, unit: link.j, from: link.i, at: pointerOf(event) });
    });
    this.units.addEventListener("keydown", (event) => this.move(event));
  }

  /** Place the boxes and buttons again, if the network or the width has changed. */
  build(shapes, settings, width) {
    const key = JSON.stringify([shapes, settings.features, Math.round(width)]);
    if (key === this.key) return false;
    this.key = key;
    const focused = this.units.contains(document.activeElement) ? document.activeElement.dataset.at : null;
    const names = this.options.choices.features;
    this.labels = names.filter(({ key: name }) => settings.features.includes(name)).map(({ label }) => label);
    this.active = names.flatMap(({ key: name }, k) => (settings.features.includes(name) ? [k] : []));
    this.shapes = shapes;
    this.plan = place([names.length, ...shapes.slice(1)], width);
    this.columns = this.plan.columns;
    this.links = linksOf(shapes, this.columns, this.active);
    this.sheet.style.width = this.canvas.style.width = `${this.plan.width}px`;
    this.sheet.style.height = `${this.plan.height}px`;
    this.buttons = this.columns.map((column, layer) => column.map((box) => this.unitButton(layer, box, names)));
    this.units.replaceChildren(...this.buttons.flat());
    const again = this.buttons.flat().find((node) => node.dataset.at === focused);
    (again ?? this.buttons[0][0]).tabIndex = 0;
    again?.focus();
    return true;
  }

  unitButton(layer, box, features) {
    const feature = layer === 0 ? features[box.unit] : null;
    const act = (event) => {
      if (feature) this.actions.feature(feature.key);
      else this.actions.open({ layer, unit: box.unit, at: pointerOf(event) });
    };
    const node = button("", act, { class: "ck-unit", tabIndex: -1 });
    node.dataset.at = `${layer},${box.unit}`;
    node.style.cssText = `left:${box.x}px;top:${box.y}px;width:${box.size}px;height:${box.size}px`;
    if (feature) {
      node.setAttribute("aria-pressed", this.active.includes(box.unit));
      node.setAttribute("aria-label", say("feature {name}", { name: feature.label }));
      node.append(element("span", { class: "ck-feature", "aria-hidden": "true" }, feature.label));
    } else {
      node.setAttribute("aria-label", unitName(this.shapes, this.labels, layer, box.unit));
    }
    const unit = feature ? this.active.indexOf(box.unit) : box.unit;
    const on = () => this.actions.hover(unit < 0 ? null : [layer, unit]);
    node.addEventListener("mouseenter", on);
    node.addEventListener("focus", on);
    node.addEventListener("mouseleave", () => this.actions.hover(null));
    node.addEventListener("blur", () => this.actions.hover(null));
    return node;
  }

  /** Arrow keys: up and down in a layer, left and right to the next layer. */
  move(event) {
    const at = event.target.dataset?.at;
    if (!at) return;
    let [layer, unit] = at.split(",").map(Number);
    if (event.key === "ArrowDown") unit += 1;
    else if (event.key === "ArrowUp") unit -= 1;
    else if (event.key === "ArrowRight") layer += 1;
    else if (event.key === "ArrowLeft") layer -= 1;
    else return;
    event.preventDefault();
    const column = this.buttons[layer];
    if (column) this.focus(layer, Math.max(0, Math.min(column.length - 1, unit)));
  }

  focus(layer, unit) {
    const node = this.buttons[layer]?.[unit];
    if (!node) return;
    for (const other of this.buttons.flat()) other.tabIndex = -1;
    node.tabIndex = 0;
    node.focus();
  }

  linkAt(event) {
    const { left, top } = this.sheet.getBoundingClientRect();
    return nearest(this.links, event.clientX - left, event.clientY - top);
  }

  /** Show the weight of the link under the mouse. */
  point(event) {
    const free = event && (event.target === this.canvas || event.target === this.units);
    const link = free ? this.linkAt(event) : null;
    if (link !== this.pointed) {
      this.pointed = link;
      if (this.picture) this.draw(this.picture, this.settings);
    }
    this.canvas.style.cursor = this.units.style.cursor = link ? "pointer" : "default";
    this.tip.hidden = !link;
    if (!link) return;
    const { left, top } = this.sheet.getBoundingClientRect();
    write(this.tip, this.describe(link));
    this.tip.style.left = `${Math.min(event.clientX - left + 12, this.plan.width - 150)}px`;
    this.tip.style.top = `${event.clientY - top + 12}px`;
  }

  describe({ layer, i, j, n }) {
    const from = shortName(this.shapes, this.labels, layer, i);
    const to = shortName(this.shapes, this.labels, layer + 1, j);
    const gradient = this.picture?.get("gradients")?.[n];
    if (this.cuts.has(n)) return say("{from} → {to}: cut", { from, to });
    const weight = number(this.picture?.get("weights")?.[n]);
    if (gradient === undefined) return say("{from} → {to}: {weight}", { from, to, weight });
    const slope = number(gradient, 4);
    return say("{from} → {to}: {weight}, gradient {slope}", { from, to, weight, slope });
  }

  draw(picture, settings) {
    this.picture = picture;
    this.settings = settings;
    this.cuts = new Set(picture.header?.cuts ?? []);
    if (this.plan) drawNetwork(this, picture, settings);
  }

  /** Update the units' names with their biases; rarely, because it changes the page. */
  refreshNames(picture) {
    const biases = picture.get("biases"), dead = picture.get("dead");
    let hidden = 0;
    for (let layer = 1; layer < this.columns.length; layer++) {
      this.columns[layer].forEach((_, unit) => {
        const gone = layer < this.shapes.length - 1 && dead?.[hidden++];
        const bias = biases ? number(biases[biasIndex(this.shapes, layer - 1, unit)]) : "";
        const unitsName = unitName(this.shapes, this.labels, layer, unit);
        const kind = bias && gone ? mark("{unit}, bias {bias}, dead") : bias ? mark("{unit}, bias {bias}")
          : gone ? mark("{unit}, dead") : mark("{unit}");
        const name = say(kind, { unit: unitsName, bias });
        const node = this.buttons[layer][unit];
        if (node.getAttribute("aria-label") !== name) node.setAttribute("aria-label", name);
      });
    }
  }
}
