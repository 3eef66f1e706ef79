// The race in words, as far as it has come: what will happen is not said.
import { element, write } from "../../base/js/elements.js";
import { mark, say } from "../../base/js/words.js";

const HINT = mark("Press Play. Drag the cross to move the start, or click the map to start there.");

/** The losses at a step, those of the paths that have not ended before it. */
export function readout(paths, step, last) {
  const at = Math.min(step, last);
  const loss = ({ points, end }) => (at > end ? say("diverged") : shortLoss(points[3 * at + 2]));
  const losses = paths.map((path) => `${path.name} ${loss(path)}`).join(" · ");
  return paths.length ? say("step {step}: {losses}", { step: at, losses }) : "";
}

/** A loss in three digits. */
export function shortLoss(loss) {
  if (!Number.isFinite(loss)) return "∞";
  if (loss === 0 || (loss >= 0.001 && loss < 1e4)) return String(Number(loss.toPrecision(3)));
  return loss.toExponential(1).replace("-", "−");
}

export class Verdict {
  constructor(options) {
    this.options = options;
    this.text = element("p");
    this.goal = element("p", {}, say("Goal: {goal}.", { goal: options.goal }));
    this.node = element("div", { class: "ck-result", role: "status", "aria-live": "polite" }, this.text, this.goal);
    this.reached = false; // once reached, it stays reached
  }

  words(outcome, step) {
    if (!outcome.names.length || step >= this.options.steps) return outcome.text;
    return step === 0 ? say(HINT) : "";
  }

  show(outcome, step) {
    this.text.className = "";
    write(this.text, this.words(outcome, step));
    if (!this.reached && outcome.goal_step !== null && step >= outcome.goal_step) {
      this.reached = true;
      this.goal.className = "ck-reached";
      write(this.goal, `${say("Goal: {goal}.", { goal: this.options.goal })} ✓ ${this.options.reached}`);
    }
  }

  refuse(sentence) {
    this.text.className = "ck-error";
    write(this.text, sentence);
  }

  /** The map for a screen reader. */
  describe(outcome, step) {
    const seen = say("Step {step} of the race of {names} on the surface {surface}.",
      { step, names: outcome.names.join(", "), surface: say(outcome.surface) });
    return `${seen} ${this.words(outcome, step)}`;
  }
}
