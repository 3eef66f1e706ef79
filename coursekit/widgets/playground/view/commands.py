"""What the browser may ask for: a table of commands, each a message's fields to a call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coursekit.widgets.playground.view.export import curves_csv, weights_json

if TYPE_CHECKING:
    from coursekit.widgets.playground.view.widget import Playground

Message = dict[str, Any]


def obey(playground: "Playground", message: Message) -> None:
    """Do what a message asks for; a refusal is shown on the page.

    So is what else goes wrong, and it is raised: that is a mistake of ours, not the reader's.
    """
    command = message.get("do")
    try:
        if command not in _COMMANDS:
            raise ValueError(f"no such command: {command!r}")
        _COMMANDS[command](playground, message)
    except ValueError as error:
        playground.show(error=str(error))
    except Exception as error:
        playground.show(error=f"{type(error).__name__}: {error}")
        raise


def _run(playground: "Playground", epochs: Any) -> None:
    if not isinstance(epochs, int) or isinstance(epochs, bool) or epochs < 1:
        raise ValueError(f"epochs expected a whole number of at least 1, got {epochs!r}")
    playground.play(epochs)


def _step(playground: "Playground", unit: str, n: int) -> None:
    if unit == "epoch":
        playground.run(n)
    else:
        playground.step(n)


def _hover(playground: "Playground", unit: Any) -> None:
    if unit is not None:
        widths = playground.session.model.widths
        layer, place = unit
        if not (0 <= layer < len(widths) and 0 <= place < widths[layer]):
            raise ValueError(f"there is no unit {unit}")
    playground.frames.hover = None if unit is None else (unit[0], unit[1])
    playground.show()


def _export(playground: "Playground", what: str) -> None:
    files = {"curves": ("curves.csv", curves_csv), "weights": ("weights.json", weights_json)}
    if what not in files:
        raise ValueError(f"export expected curves or weights, got {what!r}")
    name, write = files[what]
    playground.send({"kind": "file", "name": name, "text": write(playground.session)})
    playground.show()


_COMMANDS: dict[Any, Callable[["Playground", Message], None]] = {
    "drawn": lambda p, m: p.player.drawn(m["frame"]),
    "frame": lambda p, m: p.show(full=True),
    "set": lambda p, m: p.set(**m["values"]),
    "layers": lambda p, m: p.set(hidden=m["hidden"]),
    "play": lambda p, m: p.play(),
    "pause": lambda p, m: p.pause(),
    "step": lambda p, m: _step(p, m["unit"], m.get("n", 1)),
    "run": lambda p, m: _run(p, m["epochs"]),
    "reset": lambda p, m: p.reset(m.get("same", False)),
    "new_data": lambda p, m: p.new_data(),
    "weight": lambda p, m: p.set_weight(m["layer"], m["from"], m["to"], m["value"]),
    "bias": lambda p, m: p.set_bias(m["layer"], m["unit"], m["value"]),
    "points": lambda p, m: p.add_points(m["points"]),
    "clear_points": lambda p, m: p.clear_points(),
    "hover": lambda p, m: _hover(p, m["unit"]),
    "restore": lambda p, m: p.restore(m["text"]),
    "preset": lambda p, m: p.load(m["name"]),
    "export": lambda p, m: _export(p, m["what"]),
}
