"""An activation, its slope, and what ten layers of it do to a signal and to a gradient."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from coursekit import nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Choice, Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.overlays import LeavingCurve
from coursekit.widgets.base.parts import ACTIVATIONS, offer
from coursekit.widgets.base.text import two_digits

LAYERS, WIDTH, SAMPLES = 10, 64, 200
FLAT = 0.05  # a slope below it counts as flat
FARTHEST = 5.0  # scores that the picture of the activation shows
FACTOR = 3.0  # of change through ten layers that the goal allows
# Sizes that the picture shows; at smaller and larger ones a curve leaves it.
SMALLEST, LARGEST = 1e-9, 1e5
OFFERED = offer(
    ACTIVATIONS, ("sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU"), without=("softplus", "step")
)


@dataclass(frozen=True)
class TenLayersState:
    """What ten layers with one activation do."""

    activation: str
    gain: float
    slopes: Array  # (3, 400): scores, the activation's values and its slopes there
    signal: Array  # (11,): spread over the samples, from the input to the last layer
    gradient: Array  # (11,): size relative to that at the last layer, in the same order
    flat: float  # share of the slopes in all layers that are below 0.05
    scores: Array  # (30,): share of all scores in each thirtieth from -5 to 5


class TenLayers(Explorer[TenLayersState]):
    """A random network of ten layers of 64 units, with one activation.

    The weights are drawn from N(0, gain² / 64). With gain 1 a linear layer would keep the size of
    a signal. The goal is an activation and a gain that keep the signal and the gradient.

    Parameters
    ----------
    activation : str
        The activation chosen at first, such as ``"tanh"``; one of those in the list.
    gain : float
        From 0.1 to 6.
    leak : float
        The slope of leaky ReLU on the left, from 0 to 0.9.
    """

    title = mark("Ten layers of one activation")
    goal_text = mark(
        "signal and gradient both changed by less than a factor of 3, and not by the identity"
    )
    size = (6.0, 3.5)
    played = ("gain",)

    def __init__(
        self, *, activation: str = "sigmoid", gain: float = 1.0, leak: float = 0.1
    ) -> None:
        self.x, self.backwards, self.weights = random_layers()
        super().__init__(
            activation=Choice(say("activation"), OFFERED, activation),
            gain=Slider(say("weight gain"), gain, 0.1, 6.0),
            leak=Slider(say("leak"), leak, 0.0, 0.9, 0.05),
        )

    def compute(self, *, activation: str, gain: float, leak: float) -> TenLayersState:
        net = build_network(gain * self.weights, activation, leak)
        signal, gradient = signal_and_gradient_norms(net, self.x, self.backwards)
        scores = np.stack(net.activations[1::2])
        f = make_activation(activation, leak)
        flat = float((f.derivative(scores) < FLAT).mean())
        counts = np.histogram(np.clip(scores, -FARTHEST, FARTHEST), 30, (-FARTHEST, FARTHEST))[0]
        z = np.linspace(-FARTHEST, FARTHEST, 400)  # none at 0, where some have a kink
        slopes = np.stack([z, f(z), f.derivative(z)])
        share = counts / scores.size
        return TenLayersState(activation, gain, slopes, signal, gradient, flat, share)

    def goal(self, state: TenLayersState) -> bool:
        changes = state.signal[-1] / state.signal[0], state.gradient[0]
        kept = all(1 / FACTOR < change < FACTOR for change in changes)
        return kept and state.activation != "identity"

    def describe(self, state: TenLayersState) -> str:
        signal = two_digits(state.signal[-1] / state.signal[0])
        gradient = two_digits(state.gradient[0])
        return say(
            "{activation}, gain {gain}. From the input to layer {layers} the signal is multiplied "
            "by {signal}, from there back to the input the gradient by {gradient}. {share:.0%} of "
            "the slopes are below {flat}.",
            activation=say(state.activation),
            gain=format_number(state.gain),
            layers=LAYERS,
            signal=signal,
            gradient=gradient,
            share=state.flat,
            flat=FLAT,
        )

    def prepare(self, figure: Figure) -> None:
        self.left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
        self.left.axhline(0, color=plots.INK, linewidth=0.8)
        edges = np.linspace(-FARTHEST, FARTHEST, 31)
        self.edges = np.stack([edges[:-1], edges[1:], edges[1:], edges[:-1]], axis=1)
        self.bars = PolyCollection(
            [], facecolor="0.85", edgecolor="0.55", linewidth=0.6, label=say("scores")
        )  # thirty bars as one thing to draw
        self.left.add_collection(self.bars, autolim=False)
        (self.values_,) = self.left.plot([], [], "-", color=plots.BLUE, label=say("activation"))
        (self.slope,) = self.left.plot([], [], "--", color=plots.GREEN, label=say("its slope"))
        self.left.set(xlabel=say("score"), xlim=(-FARTHEST, FARTHEST), ylim=(-1.2, 2.2))
        self.left.set_title(say("one unit"), loc="center")
        right.set(xlabel=say("layer (0: input)"), yscale="log", ylim=(SMALLEST, LARGEST))
        self.signal = LeavingCurve(right, "o-", color=plots.WINE, ms=4, label=say("signal"))
        self.gradient = LeavingCurve(right, "s--", color=plots.ORANGE, ms=4, label=say("gradient"))
        band = say("a factor of {factor:g}, up or down", factor=FACTOR)
        right.axhspan(1 / FACTOR, FACTOR, color="0.82", zorder=0, label=band)
        right.set(xlim=(-0.4, LAYERS + 0.4), xticks=range(0, LAYERS + 1, 2))
        right.set_title(say("size in each layer"), loc="center")
        plots.legend(figure)

    def draw(self, state: TenLayersState) -> None:
        z, values, slopes = state.slopes
        self.values_.set_data(z, values)
        jumps = np.append(np.abs(np.diff(slopes)) > 0.05, False)
        self.slope.set_data(z, np.where(jumps, np.nan, slopes))  # left open
        heights = 4 * np.outer(state.scores, [0, 0, 1, 1])
        self.bars.set_verts([*np.stack([self.edges, heights], axis=2)])
        layers = np.arange(LAYERS + 1.0)
        self.signal.update(layers, state.signal)
        self.gradient.update(layers, state.gradient)


def random_layers() -> tuple[Array, Array, Array]:
    """Inputs and errors at the last layer (samples, width), and weights (layers, width, width).

    The weights have variance 1 / width: a linear layer would keep the size of a signal.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(SAMPLES, WIDTH))
    backwards = rng.normal(size=(SAMPLES, WIDTH))
    return x, backwards, rng.normal(size=(LAYERS, WIDTH, WIDTH)) / np.sqrt(WIDTH)


def make_activation(name: str, leak: float) -> nn.Activation:
    """A new layer with the activation of this name; the leak is that of leaky ReLU."""
    return nn.LeakyReLU(leak) if name == "leaky ReLU" else ACTIVATIONS[name].make()


def build_network(
    weights: Array, activation: str, leak: float, *, batch_norm: bool = False
) -> nn.Sequential:
    """A network of these weights, each followed by batch norm, if wanted, and the activation."""
    layers: list[nn.Layer] = []
    for W in weights:
        layers.append(nn.Dense.from_weights(W))
        layers += [nn.BatchNorm(W.shape[1])] if batch_norm else []
        layers.append(make_activation(activation, leak))
    return nn.Sequential(*layers)


def signal_and_gradient_norms(
    net: nn.Sequential, x: Array, backwards: Array
) -> tuple[Array, Array]:
    """Do a training pass; return the sizes of signal and gradient, the input's first.

    The signal's size is its spread over the samples, the gradient's is relative to that at the
    last layer.
    """
    _, caches = net.forward(x)
    net.backward(backwards, caches)
    each = len(net.layers) // LAYERS
    signal = np.array([y.std(axis=0).mean() for y in net.activations[::each]])
    gradient = np.array([np.sqrt(np.mean(error**2)) for error in net.errors[::each]])
    return signal, gradient / gradient[-1]
