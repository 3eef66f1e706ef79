// The race in words, as far as it has come: what will happen is not said.
import { element, write } from "../../base/js/elements.js";

const HINT = "Press Play. Drag the cross to move the start, or click the map to start there.";

/** The losses at a step, those of the paths that have not ended before it. */
export function readout(paths, step, last) {
  const at = Math.min(step, last);
  const loss = ({ points, end }) => (at > end ? "diverged" : shortLoss(points[3 * at + 2]));
  return paths.length ? `step ${at}: ${paths.map((path) => `${path.name} ${loss(path)}`).join(" · ")}` : "";
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
    this.goal = element("p", {}, `Goal: ${options.goal}.`);
    this.node = element("div", { class: "ck-result", role: "status", "aria-live": "polite" }, this.text, this.goal);
    this.reached = false; // once reached, it stays reached
  }

  words(outcome, step) {
    if (!outcome.names.length || step >= this.options.steps) return outcome.text;
    return step === 0 ? HINT : "";
  }

  show(outcome, step) {
    this.text.className = "";
    write(this.text, this.words(outcome, step));
    if (!this.reached && outcome.goal_step !== null && step >= outcome.goal_step) {
      this.reached = true;
      this.goal.className = "ck-reached";
      write(this.goal, `Goal: ${this.options.goal}. ✓ ${this.options.reached}`);
    }
  }

  refuse(sentence) {
    this.text.className = "ck-error";
    write(this.text, sentence);
  }

  /** The map for a screen reader. */
  describe(outcome, step) {
    const seen = `Step ${step} of the race of ${outcome.names.join(", ")} on the surface ${outcome.surface}.`;
    return `${seen} ${this.words(outcome, step)}`;
  }
}
