"""Dropout on a drawn network: thinned networks, one by one or averaged, and the whole one."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.language import mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Slider
from coursekit.widgets.base.explorer import Explorer

UNITS = 8
MOST = 200  # thinned networks
LIMITS = (-6.0, 6.0, -4.0, 4.0)
RESOLUTION = 60  # of the map
CLOSE = 0.02  # share of the map on which the goal allows the average to differ

# Trained on the half-moons with dropout of 0.3, and rounded.
W_HIDDEN = np.array(
    [
        [1.15, -0.08, 0.95, -1.34, -1.16, -0.08, -0.65, -1.38],
        [-0.71, 1.61, -0.94, 0.33, 1.08, -1.48, -0.97, 0.27],
    ]
)
B_HIDDEN = np.array([-2.65, -0.9, -2.11, -2.6, -2.56, -0.36, 0.78, -2.66])
W_OUTPUT = np.array([1.36, -1.5, 1.37, -1.49, -1.82, 1.37, 0.88, -1.65])
B_OUTPUT = np.array([-0.63])


@dataclass(frozen=True)
class ThinnedState:
    """The last of some thinned networks, and the average of all of them."""

    p_drop: float
    networks: int
    kept: NDArray[np.bool_]  # (8,), the units of the last one
    scores: Array  # (60 * 60,), the average's on the map
    differs: float  # share of the map on which the average and the whole network disagree
    right: float  # share of the points that the average classifies correctly
    last_right: float  # the same of the last network


class ThinnedNetworks(Explorer[ThinnedState]):
    """A network 2 – 8 – 1 whose hidden units are dropped at random, as in training.

    The units that stay are divided by the probability of staying. The diagram shows the
    last of the thinned networks, the map the average of their scores, beside the border of the
    whole network.

    Parameters
    ----------
    p_drop : float
        First value of the probability that a unit is dropped, from 0 to 0.9.
    networks : int
        First value of the number of thinned networks that are averaged, from 1 to 200.
    """

    title = mark("Dropout: thinned networks and their average")
    goal_text = mark(
        "with a probability of at least 0.5, an average that differs from the whole network on "
        "less than 2% of the map"
    )
    size = (6.0, 3.6)
    played = ("networks",)

    def __init__(self, *, p_drop: float = 0.5, networks: int = 1) -> None:
        self.x, self.t = data.moons(100, rng=0, noise=0.15)
        self.net = whole_network()
        self.draws = np.random.default_rng(0).random((MOST, UNITS))
        super().__init__(
            p_drop=Slider(say("probability p"), p_drop, 0.0, 0.9, 0.05),
            networks=Slider(say("networks"), networks, 1, MOST, 1),
        )

    def compute(self, *, p_drop: float, networks: int) -> ThinnedState:
        masks = self.draws[:networks] >= p_drop
        # The score is linear in the units: the average of the networks is that of the mean mask.
        average = whole_network(masks.mean(axis=0) / (1 - p_drop))
        scores = average(self.grid)[:, 0]
        return ThinnedState(
            p_drop,
            networks,
            masks[-1],
            scores,
            float(np.mean((scores > 0) != self.whole)),
            self.share_right(average),
            self.share_right(whole_network(masks[-1] / (1 - p_drop))),
        )

    def share_right(self, net: nn.Sequential) -> float:
        return float(np.mean((net(self.x)[:, 0] > 0) == self.t))

    def goal(self, state: ThinnedState) -> bool:
        return state.p_drop >= 0.5 and state.differs < CLOSE

    def describe(self, state: ThinnedState) -> str:
        kept = int(state.kept.sum())
        last = say(
            "Each unit is dropped with probability {p}; one that stays is multiplied by {factor}. "
            "Network {network} keeps {kept} of {all} units and has {right:.0%} of the points "
            "right.",
            p=format_number(state.p_drop),
            factor=format_number(1 / (1 - state.p_drop)),
            network=state.networks,
            kept=kept,
            all=UNITS,
            right=state.last_right,
        )
        average = say_n(
            state.networks,
            "The average of {n} thinned network has {right:.0%} right and differs from the whole "
            "network on {differs:.0%} of the map.",
            "The average of {n} thinned networks has {right:.0%} right and differs from the whole "
            "network on {differs:.0%} of the map.",
            right=state.right,
            differs=state.differs,
        )
        return f"{last} {average}"

    def prepare(self, figure: Figure) -> None:
        self.drawn: plots.Diagram | None = None
        self.diagram, flat = figure.subplots(1, 2, width_ratios=(1, 1.2))
        style = {"color": plots.ORANGE, "ms": 15, "mew": 2.5, "zorder": 5}
        (self.crosses,) = self.diagram.plot([], [], "x", **style)
        self.diagram.set_axis_off()
        self.diagram.set_title(say("the last thinned network"), loc="center")
        self.map = plots.decision_map(flat, self.net, limits=LIMITS, resolution=RESOLUTION)
        self.grid = self.map.grid.reshape(-1, 2)
        whole = self.net(self.grid)[:, 0]
        self.whole = whole > 0
        across, up = self.map.grid[0, :, 0], self.map.grid[:, 0, 1]
        style = {"colors": plots.GREEN, "linewidths": 2, "linestyles": "--"}
        flat.contour(across, up, whole.reshape(len(up), -1), levels=[0], **style)
        flat.plot([], [], "--", color=plots.GREEN, lw=2, label=say("border of the whole network"))
        plots.points(flat, self.x, self.t, size=14)
        flat.set_title(say("average of the networks"), loc="center")
        plots.legend(figure)

    def draw(self, state: ThinnedState) -> None:
        if self.drawn is None:  # as large as the axes, whose place is known now
            whole = drawn_network(np.ones(UNITS, dtype=bool))
            self.drawn = plots.network(
                self.diagram, whole, legend=False, values=False, biases=False
            )
            self.canvas.keep()
        self.drawn.update(drawn_network(state.kept))
        self.crosses.set_data(*np.asarray(self.drawn.units[1].get_offsets())[~state.kept].T)
        self.map.update(lambda _: state.scores)


def whole_network(factors: Array | None = None) -> nn.Sequential:
    """The network 2 – 8 – 1, its hidden units multiplied by the factors, (8,), if there are any."""
    hidden = nn.Dense.from_weights(W_HIDDEN, B_HIDDEN)
    weights = W_OUTPUT if factors is None else W_OUTPUT * factors
    return nn.Sequential(hidden, nn.ReLU(), nn.Dense.from_weights(weights[:, None], B_OUTPUT))


def drawn_network(kept: NDArray[np.bool_]) -> nn.Sequential:
    """The network with the connections of dropped units removed."""
    mask = kept.astype(np.float64)
    hidden = nn.Dense.from_weights(W_HIDDEN, B_HIDDEN, mask=np.tile(mask, (2, 1)))
    output = nn.Dense.from_weights(W_OUTPUT[:, None], B_OUTPUT, mask=mask[:, None])
    # Removed weights count for the widths of the lines, so that each unit keeps its own.
    hidden.params["W"], output.params["W"] = W_HIDDEN, W_OUTPUT[:, None]
    return nn.Sequential(hidden, nn.ReLU(), output)
