// The playground's text: figures, goal, messages, and a summary for screen readers.
import { element, write } from "../../base/js/elements.js";
import { number, percent } from "./text.js";
import { say } from "../../base/js/words.js";

const QUIET = 8000; // ms at least between two announcements while it plays

export class Report {
  constructor() {
    this.cells = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"].map((name) => [name, element("td")]);
    const [trainLoss, testLoss, trainAccuracy, testAccuracy] = this.cells.map(([, cell]) => cell);
    const key = (dashed) =>
      element("span", { class: dashed ? "ck-key ck-dashed" : "ck-key", "aria-hidden": "true" });
    this.accuracyHead = element("th", { scope: "col" }, say("accuracy"));
    this.figures = element("table", { class: "ck-table" },
      element("thead", {},
        element("tr", {}, element("td"), element("th", { scope: "col" }, say("loss")), this.accuracyHead)),
      element("tbody", {},
        element("tr", {}, element("th", { scope: "row" }, key(false), say("training")), trainLoss, trainAccuracy),
        element("tr", {}, element("th", { scope: "row" }, key(true), say("test")), testLoss, testAccuracy)));
    this.goal = element("p");
    this.message = element("p", { class: "ck-message", role: "status" });
    this.refusal = element("p", { class: "ck-error", role: "alert" });
    this.summary = element("p", { class: "ck-unseen", role: "status", "aria-live": "polite" });
    this.node = element("div", { class: "ck-report" }, this.goal, this.refusal, this.message, this.summary);
    this.announced = -QUIET;
    this.lost = false;
  }

  /** Show a frame's figures, many times a second. */
  showFrame(header) {
    for (const [name, cell] of this.cells) {
      write(cell, name.endsWith("loss") ? number(header[name], 3) : percent(header[name]));
    }
    this.accuracyHead.hidden = header.kind_of_problem === "regression";
    this.cells[2][1].hidden = this.cells[3][1].hidden = this.accuracyHead.hidden;
    if (!this.lost) this.showMessage(header.message || "", header.diverged);
  }

  /** Show what was refused, and why. It can be read until a setting changes: training goes on meanwhile. */
  refuse(sentence) {
    write(this.refusal, sentence);
  }

  showMessage(text, wrong) {
    write(this.message, text);
    this.message.classList.toggle("ck-error", Boolean(wrong));
  }

  /** Show that no kernel answers any more. */
  showLost() {
    this.lost = true;
    this.showMessage(say("The kernel no longer knows this playground: run its cell again."), true);
  }

  /** Show a status's goal and summary. While it plays, the summary changes rarely, because it is read aloud. */
  showStatus({ goal, text, playing }, now) {
    const words = goal ? say("Goal: {goal}.", { goal: goal.text }) : "";
    write(this.goal, goal?.reached ? `${words} ✓ ${goal.reached}` : words);
    this.goal.className = goal?.reached ? "ck-reached" : "";
    if (playing && now - this.announced < QUIET) return;
    this.announced = now;
    write(this.summary, text ?? "");
  }
}
