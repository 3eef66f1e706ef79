// A unit's card, at the pointer: its formula, and its bias and weights to type, to drag or to cut.
import { button, element, labelled, write } from "../../base/js/elements.js";
import { incoming, weightIndex } from "./links.js";
import { number, shortName, unitName } from "./text.js";
import { say } from "../../base/js/words.js";

const REACH = 5; // of a weight's slider, to both sides

/** A weight as a field shows it. */
export function fieldText(value) {
  return value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(4)));
}

/** A unit's formula with its numbers. */
export function formula(to, names, weights, bias, { activation, batch_norm: norm } = {}) {
  const terms = [...names.map((name, k) => [weights[k], ` ${name}`]), [bias, ""]]
    .filter(([value]) => value !== undefined && value !== 0);
  const sum = terms.map(([value, name], k) => {
    const sign = value < 0 ? (k ? " − " : "−") : k ? " + " : "";
    return `${sign}${number(Math.abs(value))}${name}`;
  }).join("") || "0";
  const inner = norm ? `BN(${sum})` : sum;
  return activation && activation !== "identity" ? `${to} = ${say(activation)}(${inner})` : `${to} = ${inner}`;
}

export class Card {
  constructor(send, closed) {
    this.send = send;
    this.closed = closed;
    this.title = element("strong");
    this.formula = element("div", { class: "ck-formula" });
    this.fields = element("div", { class: "ck-fields" });
    this.head = element("div", { class: "ck-row ck-grip" }, this.title, button(say("Close"), () => this.close()));
    this.node = element("div", { class: "ck-card", role: "group", hidden: true }, this.head, this.formula, this.fields);
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.unit = null;
    this.waiting = this.next = null; // the change that the kernel has not answered, and the newest after it
    this.head.addEventListener("pointerdown", (event) => this.grip(event));
  }

  /** Show a unit; the field of one weight, or the bias, takes the focus. at: the pointer, in the window. */
  open(shapes, labels, picture, settings, { layer, unit, from, at }) {
    this.unit = [layer, unit];
    this.shapes = shapes;
    const name = unitName(shapes, labels, layer, unit);
    write(this.title, name);
    this.node.setAttribute("aria-label", say("Weights of {unit}", { unit: name }));
    this.to = shortName(shapes, labels, layer, unit);
    this.names = Array.from({ length: shapes[layer - 1] }, (_, i) => shortName(shapes, labels, layer - 1, i));
    this.bias = this.field(say("bias of {unit}", { unit: this.to }),
      (value) => ({ do: "bias", layer: layer - 1, unit, value }));
    this.weights = this.names.map((source, i) => this.field(`${source} → ${this.to}`,
      (value) => ({ do: "weight", layer: layer - 1, from: i, to: unit, value }),
      () => this.send({ do: "cut", layer: layer - 1, from: i, to: unit })));
    const rows = [this.bias, ...this.weights];
    if (from !== undefined) rows.unshift(...rows.splice(from + 1, 1)); // under the pointer
    this.fields.replaceChildren(...rows.map(({ row }) => row));
    this.node.hidden = false;
    this.fill(picture, settings);
    this.move(at.x + 14, at.y - 12);
    const first = from === undefined ? this.bias : this.weights[from];
    first.input.focus();
    first.input.select();
  }

  /** A row: number, slider, and for a weight a button that cuts its link. */
  field(text, message, cut) {
    const input = element("input", { type: "number", step: 0.1, class: "ck-number" });
    const slider = element("input", { type: "range", min: -REACH, max: REACH, step: 0.05, class: "ck-slide" });
    slider.setAttribute("aria-label", say("{name}, by slider", { name: text }));
    const change = (value) => this.change(message(value));
    input.addEventListener("change", () => {
      if (input.value !== "" && Number.isFinite(Number(input.value))) change(Number(input.value));
    });
    slider.addEventListener("input", () => {
      input.value = slider.value;
      change(Number(slider.value));
    });
    const scissors = cut && button(say("Cut"), cut, { "aria-label": say("cut {link}", { link: text }) });
    const row = labelled(text, input);
    row.append(slider, ...(scissors ? [scissors] : []));
    return { input, slider, scissors, row, text };
  }

  /** Send a change; while the kernel has one to answer, only the newest. */
  change(message) {
    if (this.waiting) this.next = message;
    else this.send(this.waiting = message);
  }

  /** Show the current values, except in the field that is in the hand. */
  fill(picture, settings) {
    const next = this.next;
    this.waiting = this.next = null;
    if (next) this.send(this.waiting = next);
    if (!this.unit) return;
    if (String(picture.header?.shapes) !== String(this.shapes)) {
      this.close(); // the network has been replaced
      return;
    }
    const { weights, bias } = incoming(this.shapes, ...this.unit, picture);
    const cuts = new Set(picture.header.cuts ?? []);
    [this.bias, ...this.weights].forEach(({ input, slider, scissors, text }, k) => {
      const value = k ? weights[k - 1] : bias;
      const cut = k > 0 && cuts.has(weightIndex(this.shapes, this.unit[0] - 1, k - 1, this.unit[1]));
      if (document.activeElement !== input && document.activeElement !== slider) input.value = fieldText(value);
      if (document.activeElement !== slider) slider.value = value ?? 0;
      input.disabled = slider.disabled = cut;
      if (!scissors) return;
      write(scissors, cut ? say("Mend") : say("Cut"));
      scissors.setAttribute("aria-label", cut ? say("mend {link}", { link: text }) : say("cut {link}", { link: text }));
    });
    const hidden = settings.hidden[this.unit[0] - 1];
    write(this.formula, formula(this.to, this.names, weights, bias, hidden));
  }

  /** Move the card to a place of the window, as far as it stays on the playground. */
  move(x, y) {
    const sheet = this.node.offsetParent;
    if (!sheet) return;
    const { left, top, width, height } = sheet.getBoundingClientRect();
    const within = (v, most) => Math.max(0, Math.min(v, most));
    this.node.style.left = `${within(x - left, width - this.node.offsetWidth)}px`;
    this.node.style.top = `${within(y - top, height - this.node.offsetHeight)}px`;
  }

  /** Drag the card by its head. */
  grip(event) {
    if (event.target.closest("button")) return;
    const { left, top } = this.node.getBoundingClientRect();
    const [dx, dy] = [event.clientX - left, event.clientY - top];
    const drag = (moved) => this.move(moved.clientX - dx, moved.clientY - dy);
    this.head.setPointerCapture(event.pointerId);
    this.head.addEventListener("pointermove", drag);
    const release = () => this.head.removeEventListener("pointermove", drag);
    this.head.addEventListener("lostpointercapture", release, { once: true });
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
