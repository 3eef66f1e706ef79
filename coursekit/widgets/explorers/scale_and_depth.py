"""How far a signal and a gradient come, for every scale of the weights and every depth."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.language import mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.parts import ACTIVATIONS, offer
from coursekit.widgets.base.text import two_digits
from coursekit.widgets.explorers.ten_layers import make_activation

WIDTH, SAMPLES, DEPTH = 100, 4, 50
SCALES = np.arange(1, 21) / 5  # variance of a weight times the layer's inputs
FACTOR = 3.0  # of change that the goal allows
FARTHEST = 4.0  # powers of ten, up and down, that the colours tell apart
LEAK = 0.5  # of the leaky ReLU
OFFERED = offer(
    ACTIVATIONS,
    ("identity", "tanh", "ReLU", "leaky ReLU"),
    without=("ELU", "softplus", "step"),
)


@dataclass(frozen=True)
class ScaleState:
    """What a depth and a scale do, among all others."""

    activation: str
    scale: float
    depth: int
    signals: Array  # (50, 20): log10 of the signal's change, by depth and scale
    gradients: Array  # (50, 20): the same of the gradient, on the way back from that depth
    signal: float  # the change at the chosen depth and scale
    gradient: float


class ScaleAndDepth(Explorer[ScaleState]):
    """Two maps of the size of a signal and of a gradient, over scale and depth.

    Random networks of up to 50 layers of 100 units with weights from N(0, scale / 100). The size is
    the root of the mean square. The goal is a deep network that keeps both. The mark on a map can
    be dragged.

    Parameters
    ----------
    activation : str
        The activation chosen at first, such as ``"tanh"``; one of those in the list. The leaky ReLU
        has the slope 0.5 on the left.
    scale : float
        The variance of a weight times the number of a layer's inputs, from 0.2 to 4.
    depth : int
        Layers, from 1 to 50.
    """

    title = mark("Scale and depth")
    goal_text = mark(
        "signal and gradient both changed by less than a factor of 3 after 40 layers or more, and "
        "not by the identity"
    )
    size = (6.0, 3.9)
    played = ("scale", "depth")

    def __init__(self, *, activation: str = "tanh", scale: float = 0.4, depth: int = 10) -> None:
        super().__init__(
            activation=Choice(say("activation"), OFFERED, activation),
            scale=Slider(say("variance × n"), scale, 0.2, 4.0, 0.2),
            depth=Slider(say("layers"), depth, 1, DEPTH, 1),
        )

    def compute(self, *, activation: str, scale: float, depth: int) -> ScaleState:
        signals, gradients = signal_and_gradient_norms(activation)
        signal, gradient = (
            float(10 ** np.interp(scale, SCALES, table[depth - 1]))
            for table in (signals, gradients)
        )
        return ScaleState(activation, scale, depth, signals, gradients, signal, gradient)

    def goal(self, state: ScaleState) -> bool:
        kept = all(1 / FACTOR < change < FACTOR for change in (state.signal, state.gradient))
        return kept and state.depth >= 40 and state.activation != "identity"

    def describe(self, state: ScaleState) -> str:
        return say_n(
            state.depth,
            "{activation}, weights of variance {scale} / {width}. Through {n} layers the signal is "
            "multiplied by {signal}, on the way back the gradient by {gradient}.",
            "{activation}, weights of variance {scale} / {width}. Through {n} layers the signal is "
            "multiplied by {signal}, on the way back the gradient by {gradient}.",
            activation=say(state.activation),
            scale=format_number(state.scale),
            width=WIDTH,
            signal=two_digits(state.signal),
            gradient=two_digits(state.gradient),
        )

    def prepare(self, figure: Figure) -> None:
        axes = figure.subplots(1, 2, sharey=True)
        half = (SCALES[1] - SCALES[0]) / 2
        extent = (SCALES[0] - half, SCALES[-1] + half, 0.5, DEPTH + 0.5)
        self.maps, self.marks, self.axes = [], [], axes
        names = say("signal, forwards"), say("gradient, backwards")
        for ax, name in zip(axes, names, strict=True):
            image = ax.imshow(
                np.zeros((DEPTH, len(SCALES))), origin="lower", extent=extent, aspect="auto",
                cmap=plots.DIVERGING, vmin=-FARTHEST, vmax=FARTHEST, interpolation="nearest",
            )  # fmt: skip
            (dot,) = ax.plot([], [], "o", ms=9, mfc="white", mec=plots.INK, mew=2, zorder=5)
            dot.set(clip_on=False, in_layout=False)  # whole at the map's edge, too
            ax.set(xlabel=say("variance × n"), xticks=range(5), xlim=extent[:2])
            ax.set_title(name, loc="center")
            self.maps.append(image)
            self.marks.append(dot)
        axes[0].set(ylabel=say("layers"), yticks=[1, 10, 20, 30, 40, 50])
        bar = figure.colorbar(self.maps[0], ax=list(axes), location="bottom", aspect=40)
        bar.set_ticks(
            [-4, -2, 0, 2, 4],
            labels=[say("10⁻⁴ or less"), "10⁻²", say("kept"), "10²", say("10⁴ or more")],
        )
        bar.set_label(say("size multiplied by … (dashed line: a third, solid line: 3)"))

    def handles(self) -> list[Handle]:
        def at(scale: Any, depth: Any, **_: Any) -> tuple[Any, Any]:
            return scale, depth

        return [Handle(axes, ("scale", "depth"), at) for axes in self.axes]

    def draw(self, state: ScaleState) -> None:
        border = np.log10(FACTOR)
        for ax, image, dot, table in zip(
            self.axes, self.maps, self.marks, (state.signals, state.gradients), strict=True
        ):
            image.set_data(table)
            dot.set_data([state.scale], [state.depth])
            layers = np.arange(1, DEPTH + 1)
            for level, style in ((-border, "dashed"), (border, "solid")):
                if table.min() < level < table.max():
                    ax.contour(
                        SCALES, layers, table, [level],
                        colors=plots.INK, linestyles=style, linewidths=1,
                    )  # fmt: skip


@cache
def signal_and_gradient_norms(activation: str) -> tuple[Array, Array]:
    """log10 of the change of signal and gradient, (50, 20) each, by depth and scale.

    One set of random weights serves all: each scale multiplies it by a root of its own. A network
    of depth d is its first d layers, and its gradient starts behind the last of them.
    """
    rng, f = np.random.default_rng(0), make_activation(activation, LEAK)
    start, error = rng.normal(size=(2, SAMPLES, WIDTH))
    weights = rng.normal(size=(DEPTH, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    roots = np.sqrt(SCALES)[:, None, None]
    x, signals, slopes = start, [], []
    for W in weights:
        z = roots * (x @ W)
        x = f.infer(z)  # (scales, samples, width)
        signals.append(rms(x) / rms(start))
        slopes.append(f.slope(z, x))
    errors = np.tile(error, (DEPTH, len(SCALES), 1, 1))  # of the networks of all depths
    for layer in reversed(range(DEPTH)):
        deep = errors[layer:]  # those that have this layer
        errors[layer:] = roots * ((deep * slopes[layer]) @ weights[layer].T)
    return np.log10(signals), np.log10(rms(errors) / rms(error))


def rms(values: Array) -> Array:
    """The root of the mean square over samples and units."""
    root: Array = np.sqrt(np.mean(values**2, axis=(-2, -1)))
    return root
