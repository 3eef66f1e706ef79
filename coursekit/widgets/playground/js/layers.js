// Adds and removes layers and units, and shows each layer's own settings.
import { button, element, write } from "../../base/js/elements.js";
import { mark, say, sayN } from "../../base/js/words.js";

/** The hidden layers after a change; null if the change isn't possible. */
export function changed(hidden, change, limits, fresh) {
  const [fewest, most] = limits.units;
  if (change.layers === 1) {
    return hidden.length < limits.hidden_layers[1] ? [...hidden, { ...fresh }] : null;
  }
  if (change.layers === -1) return hidden.length > limits.hidden_layers[0] ? hidden.slice(0, -1) : null;
  const units = hidden[change.layer].units + change.units;
  if (units < fewest || units > most) return null;
  return hidden.map((layer, k) => (k === change.layer ? { ...layer, units } : layer));
}

/** A layer's batch norm and dropout in a few letters. */
export function traits({ batch_norm: norm, dropout }) {
  return [norm ? "BN" : "", dropout ? say("drop {share}", { share: dropout }) : ""].filter(Boolean).join(", ");
}

/** The name of the focused element in a part of the page that is about to be rebuilt. */
function focusedName(part) {
  return part.contains(document.activeElement) ? document.activeElement.ariaLabel : null;
}

function refocus(part, name) {
  if (name) [...part.querySelectorAll("[aria-label]")].find((node) => node.ariaLabel === name)?.focus();
}

/** The layers as last requested, although the kernel may not have answered yet. */
export class WantedLayers {
  constructor(set) {
    this.set = set;
    this.requested = [];
    this.received = "";
    this.hidden = [];
  }

  request(hidden) {
    this.hidden = hidden;
    this.requested.push(JSON.stringify(hidden));
    this.set({ hidden });
  }

  /** Take the kernel's layers over, unless they are unchanged or answer an earlier request than the last. */
  update(hidden, refused) {
    const text = JSON.stringify(hidden);
    const news = refused || text !== this.received;
    this.received = text;
    if (!news) return;
    const at = this.requested.indexOf(text);
    if (!refused && at >= 0 && at < this.requested.length - 1) {
      this.requested.splice(0, at + 1);
      return;
    }
    this.requested = [];
    this.hidden = hidden;
  }
}

/** Buttons above the drawing, and above each layer of it. */
export class LayerButtons {
  constructor(options, wanted) {
    this.options = options;
    this.wanted = wanted;
    this.text = element("span", { class: "ck-count" });
    this.fewer = button("−", () => this.change({ layers: -1 }), { "aria-label": say("remove the last hidden layer") });
    this.more = button("+", () => this.change({ layers: 1 }), { "aria-label": say("add a hidden layer") });
    this.node = element("div", { class: "ck-row ck-layers" }, this.fewer, this.more, this.text);
    this.key = "";
  }

  change(change) {
    const fresh = { units: 2, activation: this.common(), batch_norm: false, dropout: 0 };
    const hidden = changed(this.wanted.hidden, change, this.options.limits, fresh);
    if (hidden) this.wanted.request(hidden);
  }

  common() {
    const { activation } = this.settings;
    return this.options.choices.activation.includes(activation) ? activation : this.wanted.hidden.at(-1)?.activation;
  }

  /** Show the settings; the heads stand at the columns' centres. */
  show(settings, heads, centres) {
    this.settings = settings;
    const { hidden } = settings;
    const [fewest, most] = this.options.limits.hidden_layers;
    write(this.text, sayN(hidden.length, "{n} hidden layer", "{n} hidden layers"));
    // aria-disabled, not disabled, so that the button keeps the focus at its limit
    this.fewer.setAttribute("aria-disabled", hidden.length <= fewest);
    this.more.setAttribute("aria-disabled", hidden.length >= most);
    const key = JSON.stringify([hidden, centres]);
    if (key === this.key) return;
    this.key = key;
    if (centres.length !== hidden.length + 2) {
      heads.replaceChildren(); // the drawing and the settings belong to different networks
      return;
    }
    const focused = focusedName(heads);
    heads.replaceChildren(...hidden.map((layer, k) => this.head(layer, k, centres[k + 1])));
    refocus(heads, focused);
  }

  head(layer, k, centre) {
    const { limits } = this.options;
    const step = (text, name, units) => {
      const label = { "aria-label": name };
      const node = button(text, () => this.change({ layer: k, units }), label);
      node.setAttribute("aria-disabled", !changed(this.settings.hidden, { layer: k, units }, limits));
      return node;
    };
    const head = element("div", { class: "ck-head" },
      element("div", { class: "ck-steps" },
        step("−", say("remove a unit from hidden layer {n}", { n: k + 1 }), -1),
        element("span", {}, String(layer.units)),
        step("+", say("add a unit to hidden layer {n}", { n: k + 1 }), 1)),
      element("div", {}, say(layer.activation)), element("div", {}, traits(layer)));
    head.style.left = `${centre}px`;
    return head;
  }
}

/** A row for each hidden layer: activation, batch norm, dropout. */
export class LayerTable {
  constructor(options, wanted) {
    this.options = options;
    this.wanted = wanted;
    this.body = element("tbody");
    const head = element("tr", {}, ...[say("layer"), say("activation"), say("batch norm"), say("dropout")].map((t) =>
      element("th", { scope: "col" }, t)));
    this.node = element("table", { class: "ck-table" }, element("thead", {}, head), this.body);
    this.key = "";
  }

  show({ hidden }) {
    const key = JSON.stringify(hidden);
    if (key === this.key) return;
    this.key = key;
    const focused = focusedName(this.body);
    this.body.replaceChildren(...hidden.map((layer, k) => this.row(layer, k)));
    refocus(this.body, focused);
  }

  row(layer, k) {
    const { wanted } = this;
    const put = (values) => wanted.request(wanted.hidden.map((l, n) => (n === k ? { ...l, ...values } : l)));
    const [low, high, step] = this.options.limits.dropout;
    const name = (text) => ({ "aria-label": say(text, { n: k + 1 }) });
    const activation = element("select", name(mark("activation of hidden layer {n}")),
      ...this.options.choices.activation.map((value) => element("option", { value }, say(value))));
    activation.value = layer.activation;
    activation.addEventListener("change", () => put({ activation: activation.value }));
    const normed = name(mark("batch norm of hidden layer {n}"));
    const norm = element("input", { type: "checkbox", checked: layer.batch_norm, ...normed });
    norm.addEventListener("change", () => put({ batch_norm: norm.checked }));
    const range = { min: low, max: high, step, value: layer.dropout };
    const dropout = element("input", { type: "number", ...range, ...name(mark("dropout of hidden layer {n}")) });
    dropout.addEventListener("change", () => put({ dropout: Number(dropout.value) }));
    return element("tr", {}, element("th", { scope: "row" }, String(k + 1)),
      ...[activation, norm, dropout].map((field) => element("td", {}, field)));
  }
}
