"""What the page can have the playground do, by messages."""

from collections.abc import Callable
from typing import Any

from coursekit.language import say
from coursekit.nn.validation import check_count
from coursekit.widgets.playground.training.choices import LABELS
from coursekit.widgets.playground.view.commands import Commands
from coursekit.widgets.playground.view.export import curves_csv, weights_json

Message = dict[str, Any]


class Messages(Commands):
    """Commands that come as messages, ``{"do": "set", "values": {"lr": 0.1}}``.

    Attributes
    ----------
    send : function of a dict
        Sends a message to the page.
    """

    send: Callable[..., None]

    def handle(self, message: Message) -> None:
        """Run the command of a message. The page shows a refusal, and any other exception.

        Exceptions other than ValueError are raised as well: they are bugs, not the reader's errors.
        """
        command = message.get("do")
        try:
            if command not in _COMMANDS:
                raise ValueError(say("no such command: {command!r}", command=command))
            _COMMANDS[command](self, message)
        except ValueError as error:
            self.show(error=_in_the_page_s_words(str(error)))
        except Exception as error:
            self.show(error=f"{type(error).__name__}: {error}")
            raise

    def _hover(self, unit: Any) -> None:
        if unit is not None and not self.frames.has_unit(*unit):
            raise ValueError(say("there is no unit {unit}", unit=unit))
        self.frames.hover = None if unit is None else (unit[0], unit[1])
        self.show()

    def _probe(self, place: Any) -> None:
        self.frames.probe = None if place is None else (float(place[0]), float(place[1]))
        self.show()

    def _export(self, what: str) -> None:
        files = {"curves": ("curves.csv", curves_csv), "weights": ("weights.json", weights_json)}
        if what not in files:
            raise ValueError(
                say("only curves and weights can be exported, got {what!r}", what=what)
            )
        name, write = files[what]
        self.send({"kind": "file", "name": name, "text": write(self.session)})
        self.show()


def _in_the_page_s_words(refusal: str) -> str:
    """A refusal that begins with a setting's name, with the label that the page has for it."""
    name, _, rest = refusal.partition(" ")
    return f"{say(LABELS[name])} {rest}" if name in LABELS else refusal


_COMMANDS: dict[Any, Callable[[Messages, Message], None]] = {
    "drawn": lambda p, m: p.player.drawn(m["frame"]),
    "frame": lambda p, m: p.show(full=True),
    "set": lambda p, m: p.set(**m["values"]),
    "play": lambda p, m: p.play(),
    "pause": lambda p, m: p.pause(),
    "step": lambda p, m: p.run(1) if m["unit"] == "epoch" else p.step(1),
    "run": lambda p, m: p.play(check_count("epochs", m["epochs"])),
    "reset": lambda p, m: p.reset(m["same"]),
    "new_data": lambda p, m: p.new_data(),
    "weight": lambda p, m: p.set_weight(m["layer"], m["from"], m["to"], m["value"]),
    "bias": lambda p, m: p.set_bias(m["layer"], m["unit"], m["value"]),
    "cut": lambda p, m: p.toggle_link(m["layer"], m["from"], m["to"]),
    "points": lambda p, m: p.add_points(m["points"]),
    "clear_points": lambda p, m: p.clear_points(),
    "remove_point": lambda p, m: p.remove_point(*m["at"]),
    "undo_points": lambda p, m: p.undo_points(),
    "probe": lambda p, m: p._probe(m["at"]),
    "hover": lambda p, m: p._hover(m["unit"]),
    "restore": lambda p, m: p.restore(m["text"]),
    "preset": lambda p, m: p.load(m["name"]),
    "export": lambda p, m: p._export(m["what"]),
}
