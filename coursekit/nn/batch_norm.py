"""Batch normalisation: every feature centred and scaled by the batch that it is in."""

from typing import Any

import numpy as np

from coursekit.nn.arrays import Arrays
from coursekit.nn.layers import Layer
from coursekit.nn.validation import Array, check_count, check_fraction, check_positive


class BatchNorm(Layer):
    """Batch normalisation, (N, n) -> (N, n), feature by feature.

    In training ``y = γ (x - μ) / sqrt(σ² + ε) + β`` with the batch's mean μ and biased variance σ²
    (divided by N). Inference uses the running averages instead,
    ``running = decay · running + (1 - decay) · batch``, whose variance is the unbiased one
    (divided by N - 1). Ioffe & Szegedy, "Batch Normalization", 2015, algorithms 1 and 2.

    Parameters
    ----------
    n : int
        Number of features.
    decay : float in [0, 1)
        How much of the running statistics each batch leaves in place.
    eps : float
        ε, which keeps a constant feature from a division by zero.
    """

    min_batch = 2

    def __init__(self, n: int, *, decay: float = 0.9, eps: float = 1e-5) -> None:
        self.n_in = self.n_out = check_count("n", n)
        super().__init__(gamma=np.ones(n), beta=np.zeros(n))
        self.statistics = Arrays(running_mean=np.zeros(n), running_var=np.ones(n))
        self.decay, self.eps = check_fraction("decay", decay), check_positive("eps", eps)

    def __repr__(self) -> str:
        return f"BatchNorm({self.n_in})"

    @property
    def running_mean(self) -> Array:
        return self.statistics["running_mean"]

    @property
    def running_var(self) -> Array:
        return self.statistics["running_var"]

    def infer(self, x: Array) -> Array:
        x_hat = (x - self.running_mean) / np.sqrt(self.running_var + self.eps)
        return self.params["gamma"] * x_hat + self.params["beta"]

    def forward(self, x: Array) -> tuple[Array, Any]:
        n_samples = len(x)
        mean = x.sum(axis=0) / n_samples
        x_hat = x - mean
        var = (x_hat * x_hat).sum(axis=0) / n_samples
        std = np.sqrt(var + self.eps)
        x_hat /= std
        running_mean, running_var = self.running_mean, self.running_var
        running_mean += (1 - self.decay) * (mean - running_mean)
        running_var += (1 - self.decay) * (var * n_samples / (n_samples - 1) - running_var)
        return self.params["gamma"] * x_hat + self.params["beta"], (x_hat, std)

    def backward(self, dy: Array, cache: Any) -> Array:
        """``dx = γ/sqrt(σ² + ε) · (dy - mean(dy) - x̂ · mean(dy · x̂))``.

        The two means are there because μ and σ² depend on every sample of the batch.
        """
        x_hat, std = cache
        d_beta = dy.sum(axis=0, out=self.grads["beta"])
        d_gamma = (dy * x_hat).sum(axis=0, out=self.grads["gamma"])
        dx: Array = dy - (d_beta + x_hat * d_gamma) / len(dy)
        dx *= self.params["gamma"] / std
        return dx
