// The settings' controls: native fields with labels, filled with the kernel's settings.
import { element, freshId, labelled } from "./elements.js";

// name, label, kind; "rate" is any number, with a list of suggestions
export const FIRST = [
  ["lr", "learning rate", "rate"],
  ["activation", "activation", "choice"],
];
export const GROUPS = [
  ["Data", [
    ["noise", "noise, %", "number"],
    ["train_percent", "training data, %", "number"],
    ["classes", "classes of the clouds", "number"],
    ["data_seed", "seed of the data", "seed"],
  ]],
  ["Training", [
    ["optimizer", "optimizer", "choice"],
    ["loss", "loss", "choice"],
    ["batch_size", "batch size", "number"],
    ["penalty", "penalty", "choice"],
    ["strength", "its strength", "rate"],
    ["init", "initialisation", "choice"],
    ["init_scale", "its scale", "number"],
    ["net_seed", "seed of the weights", "seed"],
    ["pace", "a picture shows", "choice"],
  ]],
  ["View", [
    ["show_test", "test data (hollow)", "switch"],
    ["discretize", "output as classes only", "switch"],
    ["gradients", "gradients and dead units", "switch"],
    ["hidden_space", "hidden space", "switch"],
  ]],
];

/** The next number of a list, up or down from any value. */
export function neighbour(list, value, up) {
  const sorted = [...list].sort((a, b) => a - b);
  if (up) return sorted.find((v) => v > value * (1 + 1e-9) + 1e-12) ?? value;
  return sorted.reverse().find((v) => v < value * (1 - 1e-9)) ?? value;
}

/** A list of choices, preceded by the current value if it isn't one of them. */
export function withCurrent(choices, value) {
  return choices.includes(value) ? choices : [value, ...choices];
}

/** The activation of all hidden layers; "mixed" if they differ. */
export function commonActivation({ hidden, activation }) {
  const found = new Set(hidden.map((layer) => layer.activation));
  if (found.size > 1) return "mixed";
  return found.size ? [...found][0] : activation;
}

export class Controls {
  constructor(options, set) {
    this.options = options;
    this.set = set;
    this.fields = new Map();
    this.typing = null; // the field being typed in
    this.lists = element("div", { hidden: true }); // the suggestions of the rates' fields
  }

  /** Fields of a list of specifications. */
  build(specifications) {
    return specifications.filter(([name]) => name in this.settings).map(([name, label, kind]) => {
      const input = this[kind](name);
      input.dataset.setting = name;
      this.fields.set(name, { input, kind });
      return labelled(label, input);
    });
  }

  choice(name) {
    const input = element("select");
    input.addEventListener("change", () => this.set({ [name]: input.value }));
    return input;
  }

  switch(name) {
    const input = element("input", { type: "checkbox" });
    input.addEventListener("change", () => this.set({ [name]: input.checked }));
    return input;
  }

  number(name) {
    const [min, max, step] = this.options.limits[name];
    return this.typed(name, { min, max, step: step ?? "any" });
  }

  seed(name) {
    return this.typed(name, { min: 0, step: 1 });
  }

  rate(name) {
    const values = this.options.choices[name];
    const id = freshId();
    const input = this.typed(name, { min: 0, step: "any" });
    input.setAttribute("list", id);
    this.lists.append(element("datalist", { id }, ...values.map((value) => element("option", { value }))));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      input.value = neighbour(values, Number(input.value), event.key === "ArrowUp");
      this.set({ [name]: Number(input.value) });
    });
    return input;
  }

  typed(name, attributes) {
    const input = element("input", { type: "number", class: "ck-number", ...attributes });
    input.addEventListener("input", () => {
      this.typing = name;
    });
    input.addEventListener("blur", () => {
      this.typing = null;
    });
    input.addEventListener("change", () => {
      this.typing = null;
      if (input.value === "") this.show(this.settings, this.problem);
      else this.set({ [name]: Number(input.value) });
    });
    return input;
  }

  /** Show the kernel's settings. The kind of problem, "two", "several" or "regression", decides on the losses. */
  show(settings, problem) {
    this.settings = settings;
    this.problem = problem;
    for (const [name, { input, kind }] of this.fields) {
      const value = name === "activation" ? commonActivation(settings) : settings[name];
      if (kind === "choice") this.offer(input, this.choicesOf(name), value);
      if (kind === "switch") input.checked = value;
      else if (name !== this.typing) input.value = value;
    }
  }

  choicesOf(name) {
    if (name === "loss") return this.options.fitting_losses?.[this.problem] ?? this.options.choices.loss;
    return this.options.choices[name];
  }

  offer(input, choices, value) {
    const texts = withCurrent(choices, value);
    if (String(texts) === input.dataset.texts) return;
    input.dataset.texts = String(texts);
    input.replaceChildren(...texts.map((text) => element("option", { value: text }, text)));
  }
}
