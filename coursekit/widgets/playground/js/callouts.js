// Three notes for whoever sees a playground for the first time, and the legend of the drawing.
import { button, element } from "../../base/js/elements.js";
import { along } from "./layout.js";
import { mark, say } from "../../base/js/words.js";

const NOTES = [
  mark("A box is a unit: the map of its answer over the plane. Point at it to see it large, click it for its numbers."),
  mark("A line is a weight. The thicker it is, the larger the weight. Click it to change it or to cut it."),
  mark("This is the network's answer, with the data on it. Press Play and watch the border move."),
];
const SEEN = "coursekit-playground-seen"; // in the browser's memory: the notes come once

/** The browser's memory; a page without the right to one has none. */
function memory() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export class Callouts {
  constructor() {
    this.numbers = NOTES.map((_, k) => element("span", { class: "ck-badge", "aria-hidden": "true" }, String(k + 1)));
    this.node = element("div", { class: "ck-notes", role: "note", "aria-label": say("How to read the picture") },
      element("ol", {}, ...NOTES.map((text) => element("li", {}, say(text)))),
      button(say("Got it"), () => this.close()));
    for (const node of this.numbers.slice(0, 2)) node.style.visibility = "hidden"; // until they have a place
    if (memory()?.getItem(SEEN)) this.hide(true);
  }

  hide(hidden) {
    for (const node of [this.node, ...this.numbers]) node.hidden = hidden;
  }

  close() {
    memory()?.setItem(SEEN, "yes");
    this.hide(true);
  }

  /** Put the numbers of the first two notes at a unit and at a link of the drawing. */
  follow({ columns }, links) {
    const box = columns[1]?.[0], link = links.find(({ layer }) => layer === 0);
    if (!box || !link) return;
    const [x, y] = along(link.curve, 0.5);
    this.move(this.numbers[0], box.x + box.size, box.y);
    this.move(this.numbers[1], x, y);
  }

  move(node, x, y) {
    node.style.left = `${x - 8}px`;
    node.style.top = `${y - 8}px`;
    node.style.visibility = "";
  }
}

/** What the marks of the drawing mean; gradients and dead units only while they are shown. */
export class Legend {
  constructor() {
    const item = (kind, text) => element("span", {}, element("span", { class: `ck-mark ck-${kind}` }), ` ${text}`);
    this.gradients = [item("halo", say("gradient of the last update")), item("dead", say("dead unit"))];
    this.node = element("div", { class: "ck-row ck-legend ck-marks" },
      item("positive", say("positive weight")), item("negative", say("negative")), item("bias", say("bias")),
      ...this.gradients);
  }

  show({ gradients }) {
    for (const node of this.gradients) node.hidden = !gradients;
  }
}
