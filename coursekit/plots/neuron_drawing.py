"""One neuron, drawn with the name of each part."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from coursekit.language import say
from coursekit.plots.network_diagram import BIAS_FILL, INPUT_FILL, UNIT_FILL
from coursekit.plots.palette import INK

INPUTS, SUM, ACTIVATION, ANSWER = 0.0, 2.2, 4.2, 5.8  # places from left to right
BOXES = {"square": "square,pad=0.35", "circle": "circle,pad=0.35"}


def neuron(
    ax: Axes,
    features: Sequence[str],
    weights: Sequence[str],
    threshold: str,
    *,
    score: str = "$s$",
    answer: str = "$a$",
) -> None:
    """A neuron: features, weights, the sum less a threshold, the activation, the answer.

    Parameters
    ----------
    ax : Axes
    features : sequence of str
        What comes in: symbols or numbers, from top to bottom.
    weights : sequence of str
        What is written on the connections, one for each feature.
    threshold : str
        What is written on the connection from the constant input -1.
    score, answer : str
        What is written before and behind the activation.

    Raises
    ------
    ValueError
        If there are not as many weights as features.

    Examples
    --------
    >>> fig, ax = subplots()
    >>> neuron(ax, ["$x_1$", "$x_2$"], ["$w_1$", "$w_2$"], "$w_0$")
    """
    if len(weights) != len(features):
        raise ValueError(
            say(
                "neuron expected a weight for each of {n} features, got {got}",
                n=len(features),
                got=len(weights),
            )
        )
    middle = len(features) / 2
    inputs = [*features, "−1"]
    for row, (text, weight) in enumerate(zip(inputs, [*weights, threshold], strict=True)):
        y = len(features) - row
        _arrow(ax, (INPUTS, y), (SUM, middle))
        share = 0.45
        ax.text(
            INPUTS + share * (SUM - INPUTS),
            y + share * (middle - y) + 0.16,
            weight,
            ha="center",
            va="bottom",
        )
        _node(ax, INPUTS, y, text, "square", INPUT_FILL if row < len(features) else BIAS_FILL)
    _arrow(ax, (SUM, middle), (ACTIVATION, middle), score)
    _arrow(ax, (ACTIVATION, middle), (ANSWER + 0.25, middle))
    _node(ax, SUM, middle, r"$\Sigma$", "circle", UNIT_FILL)
    _node(ax, ACTIVATION, middle, r"$\sigma$", "circle", UNIT_FILL)
    ax.text(ANSWER + 0.3, middle, answer, ha="left", va="center", fontsize=12)
    for x, name in {
        INPUTS: say("features"),
        (INPUTS + SUM) / 2: say("weights"),
        SUM: say("sum"),
        (SUM + ACTIVATION) / 2: say("score"),
        ACTIVATION: say("activation"),
        ANSWER + 0.5: say("answer"),
    }.items():
        ax.text(x, -0.75, name, ha="center", va="top", fontsize=9)
    ax.text(INPUTS, -0.36, say("constant"), ha="center", va="top", fontsize=7)
    ax.set(xlim=(-0.6, ANSWER + 1.2), ylim=(-1.15, len(features) + 0.5))
    ax.set_axis_off()


def _node(ax: Axes, x: float, y: float, text: str, shape: str, fill: str) -> None:
    box = {"boxstyle": BOXES[shape], "facecolor": fill, "edgecolor": INK, "linewidth": 1.2}
    ax.text(x, y, text, ha="center", va="center", fontsize=12, bbox=box, zorder=3)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], label: str = "") -> None:
    style = {"arrowstyle": "-|>", "color": INK, "shrinkA": 14, "shrinkB": 15, "linewidth": 1.2}
    ax.annotate("", end, start, arrowprops=style, zorder=1)
    ax.text((start[0] + end[0]) / 2, start[1] + 0.14, label, ha="center", va="bottom")
