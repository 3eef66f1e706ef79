// The settings' controls: native fields with labels, filled with the kernel's settings.
import { element, labelled } from "../../base/js/elements.js";
import { SeriesField } from "../../base/js/rate.js";
import { mark, say } from "../../base/js/words.js";

// a "series" is any number, with a list of values that the arrow keys and a slider step through
const KINDS = {
  lr: "series", activation: "choice",
  noise: "number", train_percent: "number", classes: "number", data_seed: "seed",
  optimizer: "choice", loss: "choice", batch_size: "number", penalty: "choice", strength: "series",
  batch_norm: "switch", dropout: "number",
  init: "choice", init_scale: "series", net_seed: "seed", pace: "choice",
  show_test: "switch", discretize: "switch", gradients: "switch", hidden_space: "switch",
};

/** A list of choices, preceded by the current value if it isn't one of them. */
export function withCurrent(choices, value) {
  return choices.includes(value) ? choices : [value, ...choices];
}

/** The activation of all hidden layers; "mixed" if they differ. */
export function commonActivation({ hidden, activation }) {
  const found = new Set(hidden.map((layer) => layer.activation));
  if (found.size > 1) return mark("mixed");
  return found.size ? [...found][0] : activation;
}

/** Batch norm or dropout of all hidden layers; null if they differ. */
export function commonTrait({ hidden }, name) {
  const found = new Set(hidden.map((layer) => layer[name]));
  return found.size === 1 ? [...found][0] : found.size ? null : 0;
}

export class Controls {
  constructor(options, set) {
    this.options = options;
    this.set = set;
    this.fields = new Map();
    this.typing = null; // the field being typed in
  }

  /** A setting's field with its label. */
  field(name) {
    if (!this.fields.has(name)) {
      const kind = KINDS[name], label = this.options.labels[name];
      const control = this[kind](name, label), input = control.input ?? control;
      input.dataset.setting = name;
      const node = labelled(label, input);
      if (control.slider) node.append(control.slider);
      this.fields.set(name, { node, input, kind, control });
    }
    return this.fields.get(name).node;
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

  series(name, label) {
    return new SeriesField(this.options.choices[name], label, (value) => this.set({ [name]: value }));
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
    for (const [name, { input, kind, control }] of this.fields) {
      const ofLayers = name === "batch_norm" || name === "dropout";
      const value = name === "activation" ? commonActivation(settings)
        : ofLayers ? commonTrait(settings, name) : settings[name];
      if (kind === "choice") this.offer(input, this.choicesOf(name), value);
      if (kind === "series") control.show(value);
      else if (kind === "switch") {
        input.checked = Boolean(value);
        input.indeterminate = value === null;
      } else if (name !== this.typing) input.value = value ?? "";
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
    input.replaceChildren(...texts.map((text) => element("option", { value: text }, say(text))));
  }
}
