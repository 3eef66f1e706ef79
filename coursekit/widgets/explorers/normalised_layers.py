"""Ten layers with and without batch norm, for any scale of the initial weights."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from coursekit import plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import Choice
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.log_slider import LogSlider
from coursekit.widgets.base.overlays import LeavingCurve
from coursekit.widgets.base.parts import ACTIVATIONS, offer
from coursekit.widgets.base.text import two_digits
from coursekit.widgets.explorers.ten_layers import (
    LARGEST,
    LAYERS,
    SMALLEST,
    build_network,
    random_layers,
    signal_and_gradient_norms,
)

OFFERED = offer(
    ACTIVATIONS,
    ("ReLU", "tanh"),
    without=("identity", "leaky ReLU", "ELU", "softplus", "step"),
)
SHOWN = 2.0  # outputs that the histograms show; larger ones are counted at their edges
BINS = 41  # odd: one has 0 in its middle, where half of ReLU's outputs are
FACTOR = 3.0  # by which the two networks may differ at the goal


@dataclass(frozen=True)
class Depth:
    """What one of the two networks does."""

    signal: Array  # (11,): spread over the samples, from the input to the last layer
    gradient: Array  # (11,): size relative to that at the last layer, in the same order
    outputs: Array  # (41, 10): in each layer, the share of outputs in each bin from -2 to 2


@dataclass(frozen=True)
class NormalisedLayersState:
    """The same ten layers without and with batch norm."""

    activation: str
    scale: float
    plain: Depth
    normalised: Depth


class NormalisedLayers(Explorer[NormalisedLayersState]):
    """Ten random layers of 64 units, without and with batch norm before each activation.

    The weights are drawn from N(0, scale² / 64). The goal is a scale at which batch norm
    makes no difference.

    Parameters
    ----------
    activation : str
        The activation chosen at first, such as ``"tanh"``; one of those in the list.
    scale : float
        The first scale, from 0.001 to 100.
    """

    title = mark("Ten layers without and with batch norm")
    goal_text = mark(
        "a scale at which batch norm changes neither the last layer's spread nor the "
        "gradient at the input by a factor of 3"
    )
    size = (5.8, 5.0)
    played = ("scale",)

    def __init__(self, *, activation: str = "ReLU", scale: float = 1.0) -> None:
        self.x, self.backwards, self.weights = random_layers()
        super().__init__(
            scale=LogSlider(say("scale"), scale, 1e-3, 100.0, 20),
            activation=Choice(say("activation"), OFFERED, activation),
        )

    def compute(self, *, scale: float, activation: str) -> NormalisedLayersState:
        plain, normalised = (self._depth(scale, activation, on) for on in (False, True))
        return NormalisedLayersState(activation, scale, plain, normalised)

    def _depth(self, scale: float, activation: str, batch_norm: bool) -> Depth:
        net = build_network(scale * self.weights, activation, 0.1, batch_norm=batch_norm)
        signal, gradient = signal_and_gradient_norms(net, self.x, self.backwards)
        layers = net.activations[len(net.layers) // LAYERS :: len(net.layers) // LAYERS]
        edges = np.linspace(-SHOWN, SHOWN, BINS + 1)
        counts = [np.histogram(np.clip(y, -SHOWN, SHOWN), edges)[0] for y in layers]
        return Depth(signal, gradient, np.stack(counts, axis=1) / self.x.size)

    def goal(self, state: NormalisedLayersState) -> bool:
        plain, normalised = state.plain, state.normalised
        spread = plain.signal[-1] / normalised.signal[-1]
        gradient = plain.gradient[0] / normalised.gradient[0]
        return all(1 / FACTOR < ratio < FACTOR for ratio in (spread, gradient))

    def describe(self, state: NormalisedLayersState) -> str:
        plain, normalised = state.plain, state.normalised
        return say(
            "{activation}, scale {scale}. In layer {layers} the outputs vary over the inputs by "
            "{plain} without batch norm and by {normalised} with it. On the way back to the input "
            "the gradient is multiplied by {plain_gradient} without and by {gradient} with it.",
            activation=say(state.activation),
            scale=two_digits(state.scale),
            layers=LAYERS,
            plain=two_digits(plain.signal[-1]),
            normalised=two_digits(normalised.signal[-1]),
            plain_gradient=two_digits(plain.gradient[0]),
            gradient=two_digits(normalised.gradient[0]),
        )

    def prepare(self, figure: Figure) -> None:
        (without, with_it), (signal, gradient) = figure.subplots(2, 2)
        self.images = [
            histograms(without, say("outputs without batch norm")),
            histograms(with_it, say("outputs with batch norm")),
        ]
        spread, size = say("spread of the outputs"), say("size of the gradient")
        self.curves = []
        for axes, title in ((signal, spread), (gradient, size)):
            axes.set(xlabel=say("layer (0: input)"), yscale="log", ylim=(SMALLEST, LARGEST))
            self.curves += [
                LeavingCurve(axes, "s--", color=plots.ORANGE, ms=4, label=say("without")),
                LeavingCurve(axes, "o-", color=plots.BLUE, ms=4, label=say("with batch norm")),
            ]
            axes.set(xlim=(-0.4, LAYERS + 0.4), xticks=range(0, LAYERS + 1, 2))
            axes.set_title(title, loc="center")
        plots.legend(figure)

    def draw(self, state: NormalisedLayersState) -> None:
        both = (state.plain, state.normalised)
        for image, depth in zip(self.images, both, strict=True):
            image.set_data(np.sqrt(depth.outputs))  # the root: rare values are seen too
        values = [depth.signal for depth in both] + [depth.gradient for depth in both]
        for curve, sizes in zip(self.curves, values, strict=True):
            curve.update(np.arange(LAYERS + 1.0), sizes)


def histograms(axes: Axes, title: str) -> AxesImage:
    """A column for each layer, darker where more of its outputs are."""
    axes.set_title(title, loc="center")
    axes.set(xlabel=say("layer"), ylabel=say("output"), xticks=range(2, LAYERS + 1, 2))
    axes.grid(False)
    return axes.imshow(
        np.zeros((BINS, LAYERS)),
        cmap="gray_r",
        vmin=0,
        vmax=0.8,
        origin="lower",
        aspect="auto",
        extent=(0.5, LAYERS + 0.5, -SHOWN, SHOWN),
    )
