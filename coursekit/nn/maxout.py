"""Maxout: several affine maps compete for every output, and the largest wins."""

from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.initializers import Initializer, he_normal
from coursekit.nn.layers import Layer
from coursekit.nn.validation import Array, as_shaped, check_count, check_rng


class Maxout(Layer):
    """The largest of several affine maps, ``y = max_k (x W_k + b_k)``, (N, n_in) -> (N, n_out).

    A layer, not an elementwise activation: k pieces have k times the parameters. Where pieces tie,
    the first one takes the gradient. Goodfellow et al., "Maxout Networks", 2013.

    Parameters
    ----------
    n_in, n_out : int
        Widths of input and output.
    rng : np.random.Generator
        Source of the initial weights; the biases start at 0.
    pieces : int
        How many affine maps compete for each output.
    init : function ``(n_in, n_out, rng) -> W``
        Called for each piece.
    """

    decayed = ("W",)

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        pieces: int = 2,
        init: Initializer = he_normal,
    ) -> None:
        self.n_in, self.n_out = check_count("n_in", n_in), check_count("n_out", n_out)
        check_rng(rng)
        pieces = check_count("pieces", pieces)
        shape = n_in, n_out
        W = [as_shaped(say("the result of init"), init(*shape, rng), shape) for _ in range(pieces)]
        super().__init__(W=W, b=np.zeros((pieces, n_out)))

    def forward(self, x: Array) -> tuple[Array, Any]:
        z = x @ self.params["W"] + self.params["b"][:, None, :]  # (pieces, N, n_out)
        wins = np.arange(len(z))[:, None, None] == z.argmax(axis=0)
        return z.max(axis=0), (x, wins)

    def backward_params(self, dy: Array, cache: Any) -> None:
        """Only the piece that won learns."""
        x, wins = cache
        np.matmul(x.T, dy * wins, out=self.grads["W"])
        (dy * wins).sum(axis=1, out=self.grads["b"])

    def backward(self, dy: Array, cache: Any) -> Array:
        """``dx = Σ_k dy_k W_kᵀ``, where dy_k is dy at the outputs that piece k won."""
        self.backward_params(dy, cache)
        _, wins = cache
        dx: Array = ((dy * wins) @ self.params["W"].transpose(0, 2, 1)).sum(axis=0)
        return dx
