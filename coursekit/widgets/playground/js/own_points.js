// The reader's own points, placed on the map by mouse or by keys: a class each, for training or for testing.
import { button, element, fit, freshId, labelled, write } from "../../base/js/elements.js";
import { DOMAIN, toPixel, toPlane } from "./maps.js";
import { dot } from "./points.js";
import { number } from "./text.js";
import { mark, say } from "../../base/js/words.js";

const PAD = mark(
  "map for own points: arrow keys move the cross, Enter puts a point, Delete removes one, digits choose the class",
);
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The cross after an arrow key: half a unit further, with Shift a tenth; null for other keys. */
export function moved([x1, x2], key, shift) {
  const direction = KEYS[key];
  if (!direction) return null;
  const step = shift ? 0.1 : 0.5;
  const within = (v) => Math.round(10 * Math.max(-DOMAIN, Math.min(DOMAIN, v))) / 10;
  return [within(x1 + step * direction[0]), within(x2 + step * direction[1])];
}

export class OwnPoints {
  /** size: the map's side in CSS pixels. */
  constructor(options, size, send) {
    this.size = size;
    this.send = send;
    this.cross = [0, 0];
    this.pad = element("div", { class: "ck-pad", tabIndex: 0, role: "application", hidden: true });
    this.mark = element("div", { class: "ck-cross", "aria-hidden": "true" });
    this.pad.append(this.mark);
    this.place = element("span", { class: "ck-unseen", role: "status" });
    this.pad.setAttribute("aria-label", say(PAD));
    const name = freshId();
    this.kinds = options.classes.slice(0, options.limits.classes[1]).map((kind, k) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      dot(fit(canvas, 14, 14), kind, 7, 7, 5);
      return this.choice(name, k, say("class {k}", { k }), canvas, ` ${k}`);
    });
    this.kinds[0].input.checked = true;
    this.remover = this.choice(name, "remove", say("remove a point"), "✕");
    this.test = element("input", { type: "checkbox" });
    this.node = element("div", { class: "ck-own", hidden: true },
      element("div", { class: "ck-row", role: "radiogroup", "aria-label": say("class of the next point") },
        element("span", {}, say("Click the map:")), ...[...this.kinds, this.remover].map(({ label }) => label)),
      element("div", { class: "ck-row" }, labelled(say("as test data"), this.test),
        button(say("Undo"), () => this.undo()), button(say("Remove all points"), () => send({ do: "clear_points" }))),
      this.place);
    this.pad.addEventListener("click", (event) => {
      const { left, top } = this.pad.getBoundingClientRect();
      this.cross = toPlane(event.clientX - left, event.clientY - top, size);
      if (event.ctrlKey || event.metaKey || this.remover.input.checked) this.remove();
      else this.put();
    });
    this.pad.addEventListener("keydown", (event) => this.key(event));
    this.follow();
  }

  choice(name, value, label, ...shown) {
    const input = element("input", { type: "radio", name, value, "aria-label": label });
    return { input, label: element("label", { title: label }, input, ...shown) };
  }

  get chosen() {
    return Math.max(0, this.kinds.findIndex(({ input }) => input.checked));
  }

  key(event) {
    const next = moved(this.cross, event.key, event.shiftKey);
    if (next) this.cross = next;
    else if (this.kinds[event.key]) this.kinds[event.key].input.checked = true;
    else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else if (event.key === "Enter" || event.key === " ") this.put();
    else return;
    event.preventDefault();
    this.follow();
    if (next) write(this.place, `x₁ ${number(next[0], 1)}, x₂ ${number(next[1], 1)}`);
  }

  put() {
    const [x1, x2] = this.cross.map((v) => Math.round(100 * v) / 100);
    const test = this.test.checked;
    const put = test ? mark("Test point of class {k} at x₁ {x1}, x₂ {x2}.")
      : mark("Training point of class {k} at x₁ {x1}, x₂ {x2}.");
    this.send({ do: "points", points: [[x1, x2, this.chosen, Number(test)]] });
    this.follow();
    write(this.place, say(put, { k: this.chosen, x1: number(x1, 1), x2: number(x2, 1) }));
  }

  remove() {
    this.send({ do: "remove_point", at: this.cross });
    this.follow();
    write(this.place, "");
  }

  undo() {
    this.send({ do: "undo_points" });
    write(this.place, say("Undone."));
  }

  follow() {
    const [x, y] = toPixel(...this.cross, this.size);
    this.mark.style.transform = `translate(${x}px, ${y}px)`;
  }

  show({ data }) {
    this.node.hidden = this.pad.hidden = data !== "own";
  }
}
