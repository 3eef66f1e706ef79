// Play, pause, steps and reset, and the current epoch.
import { button, element, labelled, write } from "../../base/js/elements.js";
import { say } from "../../base/js/words.js";

/** A count with a comma before each group of three digits. */
export function grouped(count) {
  return String(count ?? 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

export class Playback {
  constructor(send) {
    this.playing = false;
    this.play = button(say("▶ Play"), () => send({ do: this.playing ? "pause" : "play" }), { class: "ck-go" });
    this.epoch = element("output", { class: "ck-epoch" }, "0");
    this.updates = element("output", { class: "ck-epoch" }, "0");
    this.first = element("div", { class: "ck-row" }, this.play,
      button(say("Step"), () => send({ do: "step", unit: "epoch", n: 1 }), { title: say("train for one epoch") }),
      button(say("Reset"), () => send({ do: "reset", same: false }), { title: say("draw new weights") }),
      labelled(say("epoch"), this.epoch), labelled(say("update"), this.updates));
    const epochs = element("input", { type: "number", min: 1, max: 100000, step: 1, value: 100, class: "ck-number" });
    const run = () => {
      const n = Math.round(Number(epochs.value));
      if (n >= 1) send({ do: "run", epochs: n });
    };
    epochs.addEventListener("keydown", (event) => {
      if (event.key === "Enter") run();
    });
    this.epochs = labelled(say("epochs to run"), epochs);
    this.epochs.append(button(say("Run"), run));
    this.more = element("div", { class: "ck-row" },
      button(say("Step by one update"), () => send({ do: "step", unit: "update", n: 1 })),
      button(say("Reset to the same weights"), () => send({ do: "reset", same: true })));
  }

  show({ playing, epoch, updates }) {
    this.playing = Boolean(playing);
    write(this.play, this.playing ? say("❚❚ Pause") : say("▶ Play"));
    write(this.epoch, grouped(epoch));
    write(this.updates, grouped(updates));
  }
}
