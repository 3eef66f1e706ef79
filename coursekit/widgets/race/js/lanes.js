// The methods' table: which run, their rates and memories, and when each arrives.
import { element, fit, freshId, write } from "../../base/js/elements.js";
import { SeriesField, parsed } from "../../base/js/rate.js";
import { say } from "../../base/js/words.js";
import { drawSample } from "./markers.js";

/** What the table says of a method at a step, and nothing of the steps that come after it. */
export function fate({ arrivals, diverged }, name, step, last) {
  const arrival = arrivals[name], end = diverged[name];
  if (end !== undefined && step >= end) return say("diverged");
  if (arrival !== null && step >= arrival) return say("step {n}", { n: arrival });
  return step >= last ? say("not yet") : "…";
}

export class Lanes {
  /** changed(): a setting has been changed. */
  constructor(options, changed) {
    this.options = options;
    this.rows = new Map();
    const body = element("tbody");
    options.methods.forEach((method, shape) => {
      const on = element("input", { type: "checkbox", id: freshId() });
      on.addEventListener("change", changed);
      const lr = new SeriesField(options.rates, say("{method}: rate α", { method: method.name }), changed);
      const memory = new SeriesField(options.memories, `${method.name}: ${method.memory}`, changed, { slider: false });
      const sample = element("canvas", { "aria-hidden": "true" });
      const arrived = element("td", { class: "ck-fate" });
      this.rows.set(method.name, { method, shape, on, lr, memory, sample, arrived });
      body.append(element("tr", {},
        element("td", {}, on, element("label", { htmlFor: on.id }, sample, ` ${method.name}`)),
        element("td", {}, lr.node),
        element("td", {}, ...(method.memory ? [`${method.memory} `, memory.node] : [])), arrived));
    });
    const heads = [say("method"), say("rate α"), say("memory"), say("arrives")];
    const head = element("thead", {},
      element("tr", {}, ...heads.map((t) => element("th", { scope: "col" }, t))));
    this.node = element("table", {}, head, body);
  }

  /** The settings as they stand in the fields; null for what is no number. */
  get values() {
    const typed = (field) => parsed(field.input.value);
    return Object.fromEntries([...this.rows].map(([name, { on, lr, memory }]) =>
      [name, { on: on.checked, lr: typed(lr), memory: typed(memory) }]));
  }

  /** Show the settings, except in the field that has the focus: it may be being typed into. */
  show(lanes) {
    for (const [name, lane] of Object.entries(lanes)) {
      const row = this.rows.get(name);
      row.on.checked = lane.on;
      for (const field of ["lr", "memory"]) {
        if (lane[field] !== null && !row[field].node.contains(document.activeElement)) row[field].show(lane[field]);
      }
    }
  }

  paint(colors) {
    for (const { method, shape, sample } of this.rows.values()) {
      drawSample(fit(sample, 34, 16), method, shape, colors.methods[shape], colors.paper);
    }
  }

  showFates(outcome, step) {
    for (const [name, { arrived }] of this.rows) {
      write(arrived, outcome.names.includes(name) ? fate(outcome, name, step, this.options.steps) : "");
    }
  }
}
