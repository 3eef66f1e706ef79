"""A network is layers one after another, with all parameters in one vector."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.arrays import Arrays
from coursekit.nn.layers import Layer
from coursekit.nn.validation import Array, as_batch


class _Vector:
    """A vector of a network; assigning to it copies, so that the layers' views stay alive."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, net: "Sequential", owner: type | None = None) -> Array:
        return net._vectors[self._name]

    def __set__(self, net: "Sequential", value: Any) -> None:
        net._vectors[self._name] = value


class Sequential:
    """A chain of layers, (N, n_in) -> (N, n_out).

    The layers' dicts of parameters, gradients and running statistics become views of three vectors,
    so what works on a vector (an optimizer, a penalty, a gradient check) needs no loop over layers.
    The views survive `copy.deepcopy`, `pickle` and any assignment.

    Parameters
    ----------
    *layers : Layer
        Each one a layer of its own, widths fitting from one to the next.

    Attributes
    ----------
    layers : tuple of Layer
    theta, grad, statistics : array
        All parameters (n,), their gradients (n,) and the running statistics of the layers.
    decay_mask : array (n,)
        1 at the weights; 0 at biases, γ, β and connections that a mask removed.
    n_in, n_out : int or None
        Widths of input and output; None where no layer fixes them.
    activations, errors : list of arrays
        The last training pass for looking at, the lecture's x^l and ε^l: ``activations[0]`` is the
        input, ``activations[l]`` the output of ``layers[l - 1]``, and ``errors[l]`` the
        derivative of the loss with respect to ``activations[l]``. ``errors[0]`` is empty if the
        pass did not need it. Nothing is computed from them.

    Raises
    ------
    ValueError
        If there are no layers, one of them is not a layer, comes twice or is in another network
        already, or neighbours don't fit.
    """

    theta, grad, statistics = _Vector(), _Vector(), _Vector()

    def __init__(self, *layers: Layer) -> None:
        if not layers:
            raise ValueError(say("Sequential expected at least one layer, got none"))
        for layer in layers:
            if not isinstance(layer, Layer):
                raise ValueError(say("Sequential expected layers, got {layer!r:.60}", layer=layer))
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError(say("Sequential expected layers that differ, got one of them twice"))
        self.layers = layers
        self.n_in, self.n_out = _widths(layers)
        self.activations: list[Array] = []
        self.errors: list[Array] = []
        self._adopt()

    def _adopt(self) -> None:
        """Move the layers' arrays into vectors of the network and leave views in their place."""
        for layer in self.layers:
            if layer.params.owned:
                raise ValueError(
                    say(
                        "{layer!r} is in another network already; copy.deepcopy makes a free one, "
                        "and net.trace(x) shows the outputs of single layers",
                        layer=layer,
                    )
                )
        for layer in self.layers:
            layer.params.owned = bool(layer.params)  # a layer without any can be shared
        self._vectors = Arrays(
            theta=_pack(layer.params for layer in self.layers),
            grad=_pack(layer.grads for layer in self.layers),
            statistics=_pack(layer.statistics for layer in self.layers),
        )
        masks = [
            (np.broadcast_to(layer.masks.get(name, 1.0), a.shape).ravel(), name in layer.decayed)
            for layer in self.layers
            for name, a in layer.params.items()
        ]
        self.decay_mask = np.concatenate([np.empty(0), *(mask * decays for mask, decays in masks)])
        self.n_parameters = int(sum(mask.sum() for mask, _ in masks))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._adopt()

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"

    def __call__(self, x: Any) -> Array:
        """Check `x`, (N, n_in), and return the output, (N, n_out)."""
        return self.infer(as_batch("Sequential", x, self.n_in))

    def infer(self, x: Array) -> Array:
        """Return the output for an `x` that has been checked."""
        for layer in self.layers:
            x = layer.infer(x)
        return x

    def trace(self, x: Any) -> list[Array]:
        """Check `x` and return it and the inference output of every layer."""
        outputs = [as_batch("Sequential", x, self.n_in)]
        for layer in self.layers:
            outputs.append(layer.infer(outputs[-1]))
        return outputs

    def forward(self, x: Array) -> tuple[Array, list[Any]]:
        """Return the output in training, and what `backward` needs."""
        caches = []
        activations = self.activations = [x]
        for layer in self.layers:
            x, cache = layer.forward(x)
            caches.append(cache)
            activations.append(x)
        return x, caches

    def backward(self, dy: Array, caches: list[Any], *, needs_input_grad: bool = True) -> Array:
        """Write `grad` and return ``dL/dx``, given ``dy = dL/dy`` and the pass's caches.

        With ``needs_input_grad=False`` an empty array is returned: dL/dx, which no parameter
        needs, is not computed.
        """
        errors = [np.empty(0)] * len(self.layers) + [dy]
        for k in range(len(self.layers) - 1, 0, -1):
            errors[k] = self.layers[k].backward(errors[k + 1], caches[k])
        if needs_input_grad:
            errors[0] = self.layers[0].backward(errors[1], caches[0])
        else:
            self.layers[0].backward_params(errors[1], caches[0])
        self.errors = errors
        return errors[0]


def _widths(layers: tuple[Layer, ...]) -> tuple[int | None, int | None]:
    """Return the widths of input and output of a chain, or say where it doesn't fit."""
    n_in = width = None
    for i, layer in enumerate(layers):
        if layer.n_in is None:
            continue
        if width is None:
            n_in = layer.n_in
        elif layer.n_in != width:
            raise ValueError(
                say(
                    "layer {i}, {layer!r}, expected {n_in} inputs, got {width}",
                    i=i,
                    layer=layer,
                    n_in=layer.n_in,
                    width=width,
                )
            )
        width = layer.n_out
    return n_in, width


def _pack(dicts: Iterable[Arrays]) -> Array:
    """Copy the arrays of all dicts into one vector and put views of it in their place."""
    dicts = list(dicts)
    vector = np.concatenate([np.empty(0), *(a.ravel() for d in dicts for a in d.values())])
    start = 0
    for arrays in dicts:
        for name, a in arrays.items():
            view = vector[start : start + a.size].reshape(a.shape)
            dict.__setitem__(arrays, name, view)
            start += a.size
    return vector
