"""A layer owns parameters, maps a batch forward, and maps the error of its output back.

Batches come first: ``x`` is (N, n_in), one row for each sample. ``forward`` returns what
``backward`` will need, so that nothing is remembered in between.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.arrays import Arrays
from coursekit.nn.initializers import Initializer, he_normal
from coursekit.nn.validation import Array, as_batch, as_floats, as_shaped, check_count, check_rng


class Layer(ABC):
    """A differentiable map with parameters.

    A subclass defines `forward` and `backward`, and `infer` where inference differs.

    Parameters
    ----------
    **params
        The initial parameters by name.

    Attributes
    ----------
    params, grads : dict of arrays
        The parameters, and the gradients that the last `backward` wrote, by the same names.
    statistics : dict of arrays
        What the layer learns by watching the training batches, not by a gradient.
    masks : dict of arrays
        0 where a parameter is switched off for good, for the parameters that have such places.
    decayed : tuple of str
        Names of the parameters that penalties act on: weights, not biases.
    n_in, n_out : int or None
        Widths of input and output; None for a layer that takes any width and keeps it.
    min_batch : int
        The smallest batch that the layer can be trained on.
    """

    n_in: int | None = None
    n_out: int | None = None
    decayed: tuple[str, ...] = ()
    min_batch = 1

    def __init__(self, **params: Any) -> None:
        self.params = Arrays({name: np.array(a, dtype=float) for name, a in params.items()})
        self.grads = Arrays({name: np.zeros(a.shape) for name, a in self.params.items()})
        self.statistics = Arrays()
        self.masks: dict[str, Array] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("params", "grads") and vars(self).get(name, value) is not value:
            raise AttributeError(
                say("{name} can't be replaced, assign to its arrays: {name}['W'] = W", name=name)
            )
        super().__setattr__(name, value)

    def __call__(self, x: Any) -> Array:
        """Check `x` and infer."""
        if self.n_in is None:
            return self.infer(as_floats("x", x))
        return self.infer(as_batch(type(self).__name__, x, self.n_in))

    def __repr__(self) -> str:
        widths = "" if self.n_in is None else f"{self.n_in}, {self.n_out}"
        return f"{type(self).__name__}({widths})"

    def infer(self, x: Array) -> Array:
        """Return the output for `x` without learning anything from it."""
        return self.forward(x)[0]

    @abstractmethod
    def forward(self, x: Array) -> tuple[Array, Any]:
        """Return the output in training, and what `backward` needs."""

    @abstractmethod
    def backward(self, dy: Array, cache: Any) -> Array:
        """Write `grads` and return ``dx = dL/dx``, given ``dy = dL/dy`` and the pass's cache."""

    def backward_params(self, dy: Array, cache: Any) -> None:
        """Write `grads` alone: the first layer of a network needs no dx."""
        self.backward(dy, cache)


class Dense(Layer):
    """Affine map ``y = x W + b``, (N, n_in) -> (N, n_out).

    With the lecture's threshold ``w_0``, ``b = -w_0``.

    Parameters
    ----------
    n_in, n_out : int
        Widths of input and output.
    rng : np.random.Generator
        Source of the initial weights; the biases start at 0.
    init : function ``(n_in, n_out, rng) -> W``
        One of `coursekit.nn.initializers`.
    mask : array of 0 and 1, (n_in, n_out), optional
        0 removes a connection: its weight is taken as 0 and its gradient is 0.
    """

    decayed = ("W",)

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Initializer = he_normal,
        mask: Any = None,
    ) -> None:
        n_in, n_out = check_count("n_in", n_in), check_count("n_out", n_out)
        W = as_shaped(say("the result of init"), init(n_in, n_out, check_rng(rng)), (n_in, n_out))
        self._own(W, np.zeros(n_out), mask)

    @classmethod
    def from_weights(cls, W: Any, b: Any = None, *, mask: Any = None) -> "Dense":
        """Make a layer from known weights, with no generator.

        Parameters
        ----------
        W : array (n_in, n_out)
            Weights, copied.
        b : array (n_out,), optional
            Biases, copied; 0 by default.
        mask : array of 0 and 1, (n_in, n_out), optional
            As for the class.

        Raises
        ------
        ValueError
            If the shapes don't fit or a number is not finite.

        Examples
        --------
        >>> Dense.from_weights([[1.0], [1.0]], [-0.5])([[0.0, 1.0]])  # OR, positive for true
        array([[0.5]])
        """
        W = as_floats("W", W)
        if W.ndim != 2:
            raise ValueError(say("W must have the shape (n_in, n_out), got {got}", got=W.shape))
        n_out = W.shape[1]
        layer = cls.__new__(cls)
        layer._own(W, np.zeros(n_out) if b is None else as_shaped("b", b, (n_out,)), mask)
        return layer

    def _own(self, W: Array, b: Array, mask: Any) -> None:
        self.n_in, self.n_out = W.shape
        self.mask: Array | None = None
        if mask is not None:
            self.mask = as_shaped("mask", mask, W.shape).copy()
            if not np.isin(self.mask, (0, 1)).all():
                raise ValueError(
                    say("mask must hold zeros and ones, got {got}", got=np.unique(self.mask))
                )
            W = W * self.mask
        super().__init__(W=W, b=b)
        if self.mask is not None:
            self.masks["W"] = self.mask

    def weights(self) -> Array:
        """Return W with zeros at the removed connections, (n_in, n_out)."""
        return self.params["W"] if self.mask is None else self.params["W"] * self.mask

    def forward(self, x: Array) -> tuple[Array, Array]:
        y: Array = x.dot(self.weights())  # for small matrices twice as fast as @
        y += self.params["b"]
        return y, x

    def backward_params(self, dy: Array, x: Array) -> None:
        """``dW = xᵀ dy`` and ``db = Σ dy`` over the batch; dy holds the mean's 1/N already."""
        np.dot(x.T, dy, out=self.grads["W"])
        if self.mask is not None:
            self.grads["W"][...] *= self.mask
        dy.sum(axis=0, out=self.grads["b"])

    def backward(self, dy: Array, x: Array) -> Array:
        """``dx = dy Wᵀ``: the lecture's sum over the next layer's units."""
        self.backward_params(dy, x)
        dx: Array = dy.dot(self.weights().T)
        return dx
