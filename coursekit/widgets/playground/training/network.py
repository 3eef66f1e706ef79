"""Networks built from settings, and their stages.

A stage is a Dense layer with what follows it up to the next one: batch norm, activation, dropout.
The drawing has one column of units for each stage; the last stage holds the outputs.
"""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.language import say
from coursekit.widgets.base.parts import ACTIVATIONS, INITIALIZERS
from coursekit.widgets.playground.training.choices import MOST_LAYERS, MOST_UNITS
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings


@dataclass(frozen=True)
class Stage:
    """One column of units.

    Attributes
    ----------
    dense : nn.Dense
    end : int
        Number of layers up to the end of this stage: the units' values are ``net.trace(x)[end]``.
    activation : int
        Index of the activation among the network's layers; without one, that of the Dense layer.
    """

    dense: nn.Dense
    end: int
    activation: int

    @property
    def width(self) -> int:
        """Number of units."""
        return int(self.dense.params["b"].size)


def build_network(settings: Settings, outputs: int, last: nn.Activation | None) -> nn.Sequential:
    """A network with the features and hidden layers of the settings; it ends in `last`, if any."""
    rng = np.random.default_rng(settings.net_seed)
    init = INITIALIZERS[settings.init](settings.init_scale)
    layers: list[nn.Layer] = []
    width = len(settings.features)
    for hidden in settings.hidden:
        layers.append(nn.Dense(width, hidden.units, rng=rng, init=init))
        layers += [nn.BatchNorm(hidden.units)] if hidden.batch_norm else []
        layers.append(ACTIVATIONS[hidden.activation].make())
        layers += [nn.Dropout(hidden.dropout, rng=rng)] if hidden.dropout else []
        width = hidden.units
    layers.append(nn.Dense(width, outputs, rng=rng, init=init))
    layers += [last] if last else []
    return nn.Sequential(*layers)


def find_stages(net: nn.Sequential) -> list[Stage]:
    """Divide a network into its stages, the columns of the drawing.

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
                say(
                    "the playground draws Dense, activations, BatchNorm and Dropout, got {layer!r}",
                    layer=layer,
                )
            )
        elif dense is None:
            raise ValueError(
                say("the network must begin with a Dense layer, got {layer!r}", layer=layer)
            )
        elif isinstance(layer, nn.Activation):
            activation = i
    if dense is None:
        raise ValueError(say("the network has no Dense layer"))
    return [*found, Stage(dense, len(net.layers), activation)]


def hidden_layers(net: nn.Sequential) -> tuple[HiddenLayer, ...]:
    """The settings from which `build_network` would make the hidden layers of this network.

    Raises
    ------
    ValueError
        If there are more layers or units than the drawing has room for.
    """
    names: dict[object, str] = {part.make: name for name, part in ACTIVATIONS.items()}
    layers = []
    start = 0
    for stage in find_stages(net)[:-1]:
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
    if len(layers) > MOST_LAYERS or any(layer.units > MOST_UNITS for layer in layers):
        raise ValueError(
            say(
                "the playground draws at most {most_layers} hidden layers of {most_units} units, "
                "got layers of {got}",
                most_layers=MOST_LAYERS,
                most_units=MOST_UNITS,
                got=[layer.units for layer in layers],
            )
        )
    return tuple(layers)
