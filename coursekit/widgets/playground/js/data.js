// The choice of a data set, with a small picture of each.
import { button, element, fit, freshId } from "../../base/js/elements.js";
import { toPixel } from "./maps.js";
import { appearance, outline } from "./points.js";
import { say } from "../../base/js/words.js";

const THUMB_SIZE = 44;

export class DataChoice {
  constructor(options, set, send) {
    this.options = options;
    this.list = element("div", { class: "ck-thumbs", role: "radiogroup", "aria-label": say("data") });
    this.inputs = new Map();
    const name = freshId();
    for (const { key, label, kind } of options.choices.data) {
      const input = element("input", { type: "radio", name, value: key, class: "ck-unseen" });
      input.addEventListener("change", () => set({ data: key }));
      const canvas = element("canvas", { "aria-hidden": "true" });
      this.inputs.set(key, input);
      const caption = element("span", {}, label);
      this.list.append(element("label", { class: "ck-thumb", title: label }, input, canvas, caption));
      this.thumbnail(canvas, options.thumbnails[key] ?? [], kind === "regression");
    }
    const fresh = button(say("New data"), () => send({ do: "new_data" }));
    this.node = element("div", { class: "ck-data" }, this.list, fresh);
  }

  thumbnail(canvas, points, regression) {
    const pen = fit(canvas, THUMB_SIZE, THUMB_SIZE, 2); // drawn once, for whatever screen comes
    if (!points.length) {
      pen.fillStyle = this.options.colors.muted; // a plus, because points are added here
      pen.fillRect(THUMB_SIZE / 2 - 8, THUMB_SIZE / 2 - 1, 16, 2);
      pen.fillRect(THUMB_SIZE / 2 - 1, THUMB_SIZE / 2 - 8, 2, 16);
    }
    for (const [x1, x2, label] of points) {
      const { color, marker } = appearance(label, regression, this.options);
      outline(pen, marker, ...toPixel(x1, x2, THUMB_SIZE), 1.4);
      pen.fillStyle = color;
      pen.fill();
    }
  }

  show({ data }) {
    const input = this.inputs.get(data);
    if (input) input.checked = true;
    else for (const other of this.inputs.values()) other.checked = false;
  }
}
