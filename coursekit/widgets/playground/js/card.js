// A unit's card: its bias and the weights into it as number fields.
import { button, element, labelled, write } from "./elements.js";
import { incoming } from "./links.js";
import { shortName, unitName } from "./text.js";

/** A weight as a field shows it. */
export function fieldText(value) {
  return value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(4)));
}

export class Card {
  constructor(send, closed) {
    this.send = send;
    this.closed = closed;
    this.title = element("strong");
    this.fields = element("div", { class: "ck-row" });
    this.node = element("div", { class: "ck-card", role: "group", hidden: true },
      element("div", { class: "ck-row" }, this.title, button("Close", () => this.close())), this.fields);
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.unit = null;
  }

  /** Show a unit; the field of one weight, or the bias, takes the focus. */
  open(shapes, labels, picture, layer, unit, from) {
    this.unit = [layer, unit];
    this.shapes = shapes;
    const name = unitName(shapes, labels, layer, unit);
    write(this.title, name);
    this.node.setAttribute("aria-label", `Weights of ${name}`);
    const to = shortName(shapes, labels, layer, unit);
    this.bias = this.field(`bias of ${to}`, (value) => ({ do: "bias", layer: layer - 1, unit, value }));
    this.weights = Array.from({ length: shapes[layer - 1] }, (_, i) =>
      this.field(`${shortName(shapes, labels, layer - 1, i)} → ${to}`,
        (value) => ({ do: "weight", layer: layer - 1, from: i, to: unit, value })));
    this.fields.replaceChildren(...[this.bias, ...this.weights].map(({ label }) => label));
    this.node.hidden = false;
    this.fill(picture);
    const first = (from === undefined ? this.bias : this.weights[from]).input;
    first.focus();
    first.select();
  }

  field(text, message) {
    const input = element("input", { type: "number", step: 0.1, class: "ck-number" });
    input.addEventListener("change", () => {
      if (input.value !== "" && Number.isFinite(Number(input.value))) this.send(message(Number(input.value)));
    });
    return { input, label: labelled(text, input) };
  }

  /** Show the current values, except in the field being typed in. */
  fill(picture) {
    if (!this.unit) return;
    if (String(picture.header?.shapes) !== String(this.shapes)) {
      this.close(); // the network has been replaced
      return;
    }
    const { weights, bias } = incoming(this.shapes, ...this.unit, picture);
    [this.bias, ...this.weights].forEach(({ input }, k) => {
      const text = fieldText(k ? weights[k - 1] : bias);
      if (document.activeElement !== input) input.value = text;
    });
  }

  close() {
    if (!this.unit) return;
    const unit = this.unit;
    const inside = this.node.contains(document.activeElement);
    this.unit = null;
    this.node.hidden = true;
    if (inside) this.closed(...unit);
  }
}
