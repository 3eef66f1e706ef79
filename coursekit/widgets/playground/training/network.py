"""The network: built from settings, or the reader's own, and seen as the drawing shows it.

A stage is a Dense layer with what follows it up to the next one: batch norm, activation, dropout.
The drawing has one column of units for each stage, the last of which are the outputs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit import nn
from coursekit.widgets.playground.training.choices import HIDDEN_LAYERS, UNITS
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings

Array = NDArray[np.float64]

ACTIVATIONS: dict[str, Callable[[], nn.Activation]] = {
    "identity": nn.Identity,
    "step": nn.Step,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "ReLU": nn.ReLU,
    "leaky ReLU": nn.LeakyReLU,
    "ELU": nn.ELU,
    "softplus": nn.Softplus,
}


@dataclass(frozen=True)
class Stage:
    """One column of units.

    Attributes
    ----------
    dense : nn.Dense
    end : int
        How many of the network's layers there are up to the end of this stage: the units' values
        are ``net.trace(x)[end]``.
    activation : int
        Which of the network's layers is the activation; without one, the Dense layer itself.
    """

    dense: nn.Dense
    end: int
    activation: int

    @property
    def width(self) -> int:
        """Number of units."""
        return int(self.dense.params["b"].size)


def initializer(settings: Settings) -> nn.initializers.Initializer:
    """The function that draws the starting weights."""
    if settings.init == "uniform":
        return nn.uniform(settings.init_scale)
    if settings.init == "normal":
        return nn.normal(settings.init_scale)
    return {
        "zeros": nn.zeros,
        "glorot uniform": nn.glorot_uniform,
        "glorot normal": nn.glorot_normal,
        "he uniform": nn.he_uniform,
        "he normal": nn.he_normal,
    }[settings.init]


def build(settings: Settings, outputs: int, last: nn.Activation | None) -> nn.Sequential:
    """A network for the settings' features and hidden layers, `last` behind its outputs."""
    rng = np.random.default_rng(settings.net_seed)
    init = initializer(settings)
    layers: list[nn.Layer] = []
    width = len(settings.features)
    for hidden in settings.hidden:
        layers.append(nn.Dense(width, hidden.units, rng=rng, init=init))
        layers += [nn.BatchNorm(hidden.units)] if hidden.batch_norm else []
        layers.append(ACTIVATIONS[hidden.activation]())
        layers += [nn.Dropout(hidden.dropout, rng=rng)] if hidden.dropout else []
        width = hidden.units
    layers.append(nn.Dense(width, outputs, rng=rng, init=init))
    layers += [last] if last else []
    return nn.Sequential(*layers)


def stages(net: nn.Sequential) -> list[Stage]:
    """Return the columns of the drawing.

    Raises
    ------
    ValueError
        If the network has other layers than Dense, activations, BatchNorm and Dropout, or does not
        begin with a Dense layer.
    """
    found: list[Stage] = []
    dense, activation = None, 0
    for i, layer in enumerate(net.layers):
        if isinstance(layer, nn.Dense):
            if dense is not None:
                found.append(Stage(dense, i, activation))
            dense, activation = layer, i
        elif not isinstance(layer, nn.Activation | nn.BatchNorm | nn.Dropout):
            raise ValueError(
                f"the playground draws Dense, activations, BatchNorm and Dropout, got {layer!r}"
            )
        elif dense is None:
            raise ValueError(f"the network must begin with a Dense layer, got {layer!r}")
        elif isinstance(layer, nn.Activation):
            activation = i
    if dense is None:
        raise ValueError("the network has no Dense layer")
    return [*found, Stage(dense, len(net.layers), activation)]


def hidden_layers(net: nn.Sequential) -> tuple[HiddenLayer, ...]:
    """The settings under which `build` would make the hidden layers of a network given.

    Raises
    ------
    ValueError
        If there are more layers or units than the drawing has room for.
    """
    names: dict[object, str] = {kind: name for name, kind in ACTIVATIONS.items()}
    layers = []
    start = 0
    for stage in stages(net)[:-1]:
        parts = net.layers[start : stage.end]
        start = stage.end
        activation = net.layers[stage.activation]
        kind = type(activation) if isinstance(activation, nn.Activation) else nn.Identity
        drops = [part.p_drop for part in parts if isinstance(part, nn.Dropout)]
        layers.append(
            HiddenLayer(
                stage.width,
                names.get(kind, kind.__name__),
                any(isinstance(part, nn.BatchNorm) for part in parts),
                drops[-1] if drops else 0.0,
            )
        )
    if len(layers) > HIDDEN_LAYERS[1] or any(layer.units > UNITS[1] for layer in layers):
        raise ValueError(
            f"the playground draws at most {HIDDEN_LAYERS[1]} hidden layers of {UNITS[1]} units, "
            f"got layers of {[layer.units for layer in layers]}"
        )
    return tuple(layers)


def trace32(net: nn.Sequential, x: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield the outputs of all layers in single precision: enough for a colour, and much faster."""
    for layer in net.layers:
        if isinstance(layer, nn.Dense):
            x = x.dot(layer.weights().astype(np.float32))
            x += layer.params["b"].astype(np.float32)
        elif isinstance(layer, nn.BatchNorm):
            scale = layer.params["gamma"] / np.sqrt(layer.running_var + layer.eps)
            shift = layer.params["beta"] - layer.running_mean * scale
            x = x * scale.astype(np.float32) + shift.astype(np.float32)
        elif isinstance(layer, nn.Sigmoid):
            x = 0.5 + 0.5 * np.tanh(0.5 * x)  # nn's own way computes in double precision
        else:
            x = layer.infer(x).astype(np.float32, copy=False)
        yield x
