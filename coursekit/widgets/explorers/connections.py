"""A small network whose connections can be switched off, one by one."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.language import mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Switch
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.overlays import Rings
from coursekit.widgets.explorers.line_and_gates import HIGH, LOW

# Hidden units 1 and 3 are OR and AND; the second contributes, but XOR doesn't need it.
W_HIDDEN = np.array([[3.0, -2.0, 3.0], [3.0, 1.5, 3.0]])
B_HIDDEN = np.array([-1.5, 0.5, -4.5])
W_OUTPUT = np.array([[2.0], [0.7], [-2.0]])
B_OUTPUT = np.array([-2.0])
FEWEST = 10  # parameters with which the network still computes XOR


@dataclass(frozen=True)
class ConnectionsState:
    """What the network is with some of its connections removed."""

    masks: tuple[Array, Array]  # (2, 3) and (3, 1), 0 where there is no connection
    n_parameters: int
    scores: Array  # (4,), for the rows of XOR
    wrong: NDArray[np.bool_]  # (4,)
    grads: tuple[Array, Array]  # of the weights, for the mean cross-entropy on XOR

    @property
    def removed(self) -> int:
        return sum(int((mask == 0).sum()) for mask in self.masks)


class Connections(Explorer[ConnectionsState]):
    """A network of 2 inputs, 3 hidden units (tanh) and 1 output that computes XOR.

    Each of its nine weights has a switch, and can be clicked in the drawing. A removed
    connection doesn't count as a parameter, and its gradient is 0. The goal is the smallest network
    that still computes XOR.

    The values are named by the ends of the connection: ``x1_h2``, ``h3_y``.
    """

    title = mark("A network and its connections")
    goal_text = mark("XOR right with 10 parameters")
    size = (6.0, 3.4)
    columns = 3

    def __init__(self) -> None:
        self.x, self.t = data.gate("xor")
        ends = [(f"x{i}", f"h{j}") for i in (1, 2) for j in (1, 2, 3)]
        ends += [(f"h{j}", "y") for j in (1, 2, 3)]
        super().__init__(**{f"{a}_{b}": Switch(f"{_named(a)} → {_named(b)}") for a, b in ends})

    def compute(self, **on: bool) -> ConnectionsState:
        kept = np.array(list(on.values()), dtype=np.float64)
        masks = (kept[:6].reshape(2, 3), kept[6:].reshape(3, 1))
        net = masked_network(masks)
        y, caches = net.forward(self.x)
        net.backward(nn.BinaryCrossEntropy()(y, self.t[:, None].astype(float))[1], caches)
        grads = tuple(net.layers[k].grads["W"].copy() for k in (0, 2))
        wrong = (y[:, 0] > 0) != self.t
        return ConnectionsState(masks, net.n_parameters, y[:, 0], wrong, (grads[0], grads[1]))

    def goal(self, state: ConnectionsState) -> bool:
        return not state.wrong.any() and state.n_parameters <= FEWEST

    def describe(self, state: ConnectionsState) -> str:
        right = int((~state.wrong).sum())
        sentences = [
            say_n(
                state.n_parameters,
                "{n} parameter; {right} of 4 rows of XOR right.",
                "{n} parameters; {right} of 4 rows of XOR right.",
                right=right,
            )
        ]
        sizes = np.concatenate([np.abs(g).ravel() for g in state.grads])
        on = np.concatenate([mask.ravel() for mask in state.masks]) == 1
        if on.any():
            largest = format_number(sizes[on].max(), ".3f")
            sentences.append(say("Largest gradient of a weight: {size}.", size=largest))
        if state.removed:
            sentences.append(
                say_n(
                    state.removed,
                    "At the {n} removed connection: {size}.",
                    "At the {n} removed connections: {size}.",
                    size=format_number(sizes[~on].max(), ".3f"),
                )
            )
        return " ".join(sentences)

    def prepare(self, figure: Figure) -> None:
        self.drawn: plots.Diagram | None = None
        self.diagram, flat = figure.subplots(1, 2, width_ratios=(1.25, 1))
        self.diagram.set_axis_off()
        self.diagram.set_title(say("the network"), loc="center")
        self.map = plots.decision_map(flat, masked_network(None), limits=(LOW, HIGH))
        plots.points(flat, self.x, self.t, labels=[say("XOR is 0"), say("XOR is 1")], size=60)
        self.rings = Rings(flat, say("wrong"))
        plots.legend(figure)
        flat.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        flat.xaxis.set_label_coords(0.97, -0.03)  # beside the ticks, clear of the legend
        flat.set_title(say("its output"), loc="center")

    def handles(self) -> list[Handle]:
        """Each connection is a switch."""
        places = [(0, i, j) for i in range(2) for j in range(3)] + [(1, j, 0) for j in range(3)]
        return [
            Handle(self.diagram, (name,), partial(self._ends, *place))
            for name, place in zip(self.controls, places, strict=True)
        ]

    def _ends(self, layer: int, i: int, j: int, **_: bool) -> tuple[Array, Array]:
        """The ends of the connection from unit i of a layer to unit j of the next one."""
        assert self.drawn is not None
        units = [np.asarray(column.get_offsets()) for column in self.drawn.units]
        start, way = units[layer][i], units[layer + 1][j] - units[layer][i]
        x, y = (start + np.array([[0.25], [0.75]]) * way).T
        return x, y

    def draw(self, state: ConnectionsState) -> None:
        net = masked_network(state.masks)
        if self.drawn is None:  # as large as the axes, whose place is known now
            self.drawn = plots.network(self.diagram, masked_network(None), legend=False)
            self.canvas.keep()
        self.drawn.update(net)
        self.map.update(net)
        self.rings.update(self.x[state.wrong])


def masked_network(masks: tuple[Array, Array] | None) -> nn.Sequential:
    """The network, without the connections at which the masks are 0."""
    first, second = masks or (None, None)
    hidden = nn.Dense.from_weights(W_HIDDEN, B_HIDDEN, mask=first)
    output = nn.Dense.from_weights(W_OUTPUT, B_OUTPUT, mask=second)
    # Removed weights count for the widths of the lines, so that no switch changes the others.
    hidden.params["W"], output.params["W"] = W_HIDDEN, W_OUTPUT
    return nn.Sequential(hidden, nn.Tanh(), output)


def _named(unit: str) -> str:
    return unit.translate(str.maketrans("123", "₁₂₃"))
