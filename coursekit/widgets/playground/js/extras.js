// The state as a line of code, files of curves and weights, and prepared settings.
import { button, element, labelled } from "../../base/js/elements.js";
import { say } from "../../base/js/words.js";

/** Save a text as a file in the browser's downloads. */
function download({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = element("a", { href: url, download: name });
  link.click();
  // later, because the browser is still reading it
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export class Extras {
  constructor(options, send) {
    this.send = send;
    this.expected = 0; // files that this view requested: all views of a playground receive them
    this.state = element("input", { type: "text", readOnly: true, class: "ck-state" });
    this.copied = element("span", { role: "status" });
    const text = element("input", { type: "text", class: "ck-state" });
    const restore = () => text.value.trim() && send({ do: "restore", text: text.value.trim() });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter") restore();
    });
    this.save = element("div", { class: "ck-save" },
      element("div", { class: "ck-row" },
        labelled(say("this playground"), this.state), button(say("Copy"), () => this.copy()), this.copied),
      element("div", { class: "ck-row" }, labelled(say("a copied line"), text), button(say("Restore"), restore)),
      element("div", { class: "ck-row" },
        button(say("Export the curves"), () => this.request("curves")),
        button(say("Export the weights"), () => this.request("weights"))));
    this.presets = element("select", {}, element("option", { value: "" }, say("choose")),
      ...(options.presets ?? []).map(({ name, title }) => element("option", { value: name }, title)));
    this.presets.addEventListener("change", () => {
      if (this.presets.value) send({ do: "preset", name: this.presets.value });
      this.presets.value = "";
    });
    this.prepared = element("div", { class: "ck-row" }, labelled(say("prepared settings"), this.presets));
    this.prepared.hidden = !options.presets?.length;
  }

  request(what) {
    this.expected += 1;
    this.send({ do: "export", what });
  }

  receive(file) {
    if (this.expected === 0) return;
    this.expected -= 1;
    download(file);
  }

  async copy() {
    this.state.select();
    try {
      await navigator.clipboard.writeText(this.state.value);
      this.copied.textContent = say("Copied.");
    } catch {
      // a page served without https has no clipboard: the text is selected
      this.copied.textContent = say("Selected: copy it with Ctrl+C.");
    }
  }

  show({ code }) {
    if (this.state.value !== (code ?? "")) {
      this.state.value = code ?? "";
      this.copied.textContent = "";
    }
  }
}
