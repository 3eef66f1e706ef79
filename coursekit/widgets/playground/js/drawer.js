// The bar above the picture holds what the task needs; all other controls are in a drawer beside the picture.
import { button, element, freshId } from "../../base/js/elements.js";
import { mark, say } from "../../base/js/words.js";

const GROUPS = [
  [mark("Data"), ["noise", "train_percent", "classes", "data_seed"]],
  [mark("Training"), ["lr", "activation", "optimizer", "loss", "batch_size", "penalty", "strength", "batch_norm",
    "dropout", "init", "init_scale", "net_seed", "pace"]],
  [mark("View"), ["show_test", "discretize", "gradients", "hidden_space"]],
];

export class Drawer {
  /** more: nodes with a title each, for the drawer's end; epochs: the field that can be in the bar, too. */
  constructor(controls, epochs, more) {
    this.controls = controls;
    this.epochs = epochs;
    this.groups = GROUPS.map(([title, names]) => ({ names, node: group(say(title)) }));
    this.steps = group(say("Steps"));
    this.bar = element("div", { class: "ck-row ck-chosen" });
    const named = { id: freshId(), role: "group", "aria-label": say("More settings") };
    this.node = element("div", { class: "ck-drawer", ...named, hidden: true },
      ...this.groups.map(({ node }) => node), this.steps, ...more.map(([title, ...nodes]) => group(title, ...nodes)));
    this.button = button(say("More"), () => this.toggle(), { "aria-expanded": "false" });
    this.button.setAttribute("aria-controls", this.node.id);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.toggle();
      this.button.focus();
    });
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    this.button.setAttribute("aria-expanded", String(!this.node.hidden));
  }

  /** Distribute the fields between the bar and the drawer. */
  place(chosen) {
    const field = (name) => (name === "epochs" ? this.epochs : this.controls.field(name));
    for (const { names, node } of this.groups) {
      const rest = names.filter((name) => !chosen.includes(name));
      node.append(...rest.map(field));
      node.hidden = rest.length === 0;
    }
    this.steps.append(this.epochs);
    this.steps.hidden = chosen.includes("epochs");
    this.bar.replaceChildren(...chosen.map(field));
  }
}

function group(title, ...nodes) {
  return element("fieldset", {}, element("legend", {}, title), ...nodes);
}
