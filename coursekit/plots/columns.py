"""What a network diagram draws: its layers as columns of units with their incoming weights."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.language import say
from coursekit.nn import Sequential
from coursekit.nn.validation import Array


@dataclass
class Column:
    """A layer of units as it is drawn, with the connections that come into it."""

    width: int
    W: Array | None = None  # (pieces, n_in, n_out); None where only widths are known
    b: Array | None = None  # (pieces, n_out)
    mask: Array | None = None  # (n_in, n_out)
    notes: list[str] = field(default_factory=list)
    y: dict[int, float] = field(default_factory=dict)  # height of each unit that is drawn


def of_widths(widths: Sequence[int]) -> list[Column]:
    """Columns without weights."""
    if len(widths) < 2 or any(isinstance(n, bool) or int(n) != n or n < 1 for n in widths):
        raise ValueError(
            say("network expected at least two widths of at least 1, got {widths!r}", widths=widths)
        )
    return [Column(int(n)) for n in widths]


def of_network(net: Sequential) -> list[Column]:
    """A column for the inputs and one for each layer with weights; other layers are notes."""
    columns: list[Column] = []
    notes: list[str] = []  # of layers before the first one with weights
    for layer in net.layers:
        name = type(layer).__name__
        if "W" not in layer.params:
            (columns[-1].notes if columns else notes).append(name)
            continue
        W, b = layer.params["W"], layer.params.get("b")
        n_in, n_out = W.shape[-2:]
        if not columns:
            columns.append(Column(n_in, notes=notes))
        columns.append(
            Column(
                n_out,
                W=W.reshape(-1, n_in, n_out),
                b=None if b is None else b.reshape(-1, n_out),
                mask=layer.masks.get("W"),
                notes=[name] if W.ndim == 3 else [],
            )
        )
    if not columns:
        raise ValueError(say("network expected at least one layer with weights, got none"))
    return columns


def place(column: Column, most: int) -> None:
    """Choose the units to draw and their heights; a gap for the dots where some are left out."""
    n = column.width
    slots = {unit: unit for unit in range(n)}
    if n > most:
        first, last = most // 2, (most - 1) // 2
        slots = {unit: unit for unit in range(first)}
        slots |= {unit: unit - n + most for unit in range(n - last, n)}
    middle = (min(n, most) - 1) / 2
    column.y = {unit: middle - slot for unit, slot in slots.items()}


def texts_of(columns: list[Column], labels: Sequence[Sequence[str]] | None) -> list[Sequence[str]]:
    """Names in the units of each layer, by the index of the unit."""
    if labels is not None:
        if [len(names) for names in labels] != [c.width for c in columns]:
            raise ValueError(
                say(
                    "labels must have {widths} names, got {got}",
                    widths=[c.width for c in columns],
                    got=[len(names) for names in labels],
                )
            )
        return list(labels)
    last = len(columns) - 1
    names: list[Sequence[str]] = []
    for k, column in enumerate(columns):
        letter = "x" if k == 0 else "y" if k == last else "h" if last == 2 else f"h^{{({k})}}"
        names.append([f"${letter}_{{{unit + 1}}}$" for unit in range(column.width)])
        if column.width == 1 and k in (0, last):
            names[k] = [f"${letter}$"]
    return names


def top_of(column: Column) -> float:
    return max(column.y.values())


def bottom_of(columns: list[Column]) -> float:
    return min(min(c.y.values()) for c in columns)
