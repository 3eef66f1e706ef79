// A number from a series, such as a learning rate: typed freely, or stepped through the series by keys and a slider.
import { element } from "./elements.js";
import { say } from "./words.js";

/** The next number of a list, up or down from any value. */
export function neighbour(list, value, up) {
  const sorted = [...list].sort((a, b) => a - b);
  if (up) return sorted.find((v) => v > value * (1 + 1e-9) + 1e-12) ?? value;
  return sorted.reverse().find((v) => v < value * (1 - 1e-9)) ?? value;
}

/** The place in a list of the number nearest to a value, by ratio. */
export function nearestPlace(list, value) {
  const distance = (v) => Math.abs(Math.log((v + 1e-9) / (value + 1e-9)));
  return list.reduce((best, v, k) => (distance(v) < distance(list[best]) ? k : best), 0);
}

/** What was typed as a number, with a point or a comma; null if it isn't one. */
export function parsed(text) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

export class SeriesField {
  /** moved(value): receives a number, or null for a text that is none. */
  constructor(series, name, moved, { slider = true } = {}) {
    this.series = series;
    this.moved = moved;
    // A text field: the steps of a number field are equal, and its arrows would add 1 to a rate of 0.003.
    const typed = { type: "text", inputMode: "decimal", autocomplete: "off", class: "ck-number" };
    this.input = element("input", { ...typed, role: "spinbutton" });
    this.input.setAttribute("aria-label", name);
    this.slider = element("input", { type: "range", min: 0, max: series.length - 1, step: 1, class: "ck-slide" });
    this.slider.setAttribute("aria-label", say("{name}, by slider", { name }));
    this.node = element("span", { class: "ck-series" }, this.input, ...(slider ? [this.slider] : []));
    this.typing = false;  // what has been typed and not yet taken is never replaced
    this.input.addEventListener("input", () => { this.typing = true; });
    this.input.addEventListener("blur", () => { this.typing = false; });
    this.input.addEventListener("change", () => {
      this.typing = false;
      this.moved(parsed(this.input.value));
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.take(neighbour(series, parsed(this.input.value) ?? series[0], event.key === "ArrowUp"));
    });
    this.slider.addEventListener("input", () => this.take(series[Number(this.slider.value)]));
  }

  take(value) {
    this.typing = false;
    this.show(value);
    this.moved(value);
  }

  show(value) {
    if (!this.typing) this.input.value = String(value);
    this.input.setAttribute("aria-valuenow", value);
    this.slider.value = nearestPlace(this.series, value);
    this.slider.setAttribute("aria-valuetext", String(value));
  }
}
