"""The activations, optimizers and initialisers that students choose by name in the widgets."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from coursekit import nn
from coursekit.language import mark

FARTHEST = 6.0  # the largest score, up or down, in the picture of an activation


@dataclass(frozen=True)
class ActivationPart:
    """An activation as the widgets offer it."""

    make: Callable[[], nn.Activation]  # its class: layers are not shared between networks
    ylim: tuple[float, float]  # outputs that its picture shows for scores from -6 to 6


#: Every activation by the name that students read; a widget leaves out those that don't fit it.
ACTIVATIONS = {
    "tanh": ActivationPart(nn.Tanh, (-1.25, 1.25)),
    "ReLU": ActivationPart(nn.ReLU, (-1.0, FARTHEST)),
    mark("sigmoid"): ActivationPart(nn.Sigmoid, (-0.25, 1.25)),
    mark("identity"): ActivationPart(nn.Identity, (-FARTHEST, FARTHEST)),
    mark("leaky ReLU"): ActivationPart(nn.LeakyReLU, (-1.0, FARTHEST)),
    "ELU": ActivationPart(nn.ELU, (-1.25, FARTHEST)),
    "softplus": ActivationPart(nn.Softplus, (-1.0, FARTHEST)),
    mark("step"): ActivationPart(nn.Step, (-0.25, 1.25)),
}
OPTIMIZERS: dict[str, type[nn.Optimizer]] = {
    "SGD": nn.SGD,
    "Momentum": nn.Momentum,
    "Nesterov": nn.Nesterov,
    "AdaGrad": nn.AdaGrad,
    "RMSProp": nn.RMSProp,
    "Adam": nn.Adam,
}
#: Functions of the scale; only the uniform and the normal distribution depend on it.
INITIALIZERS: dict[str, Callable[[float], nn.initializers.Initializer]] = {
    mark("glorot uniform"): lambda scale: nn.glorot_uniform,
    mark("glorot normal"): lambda scale: nn.glorot_normal,
    mark("he uniform"): lambda scale: nn.he_uniform,
    mark("he normal"): lambda scale: nn.he_normal,
    mark("uniform"): nn.uniform,
    mark("normal"): nn.normal,
    mark("zeros"): lambda scale: nn.zeros,
}


def offer(
    parts: Collection[str], first: Collection[str] = (), *, without: Collection[str] = ()
) -> tuple[str, ...]:
    """The names of the parts that a widget offers: those in `first`, then the others in order.

    A part that is added to a table is thus offered by every widget that doesn't leave it out.

    Examples
    --------
    >>> offer(("tanh", "ReLU", "step"), ["ReLU"], without=["step"])
    ('ReLU', 'tanh')
    """
    return (*first, *(name for name in parts if name not in {*first, *without}))
