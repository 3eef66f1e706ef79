"""How a gradient moves the parameters: small classes whose ``step(theta, grad)`` works in place.

All formulas are elementwise; α is `lr` and g the gradient ∇f. The letters are the lecture's: v is
an average of gradients, cache one of their squares. Adam alone has those of its paper, m and v.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.validation import Array, as_floats, check_fraction, check_positive


class Optimizer(ABC):
    """A rule for a step, and what it remembers from one step to the next.

    Attributes
    ----------
    lr : float
        Learning rate; may be set at any time.
    updates : int
        Steps taken so far.
    """

    def __init__(self, lr: float) -> None:
        self.lr = check_positive("lr", lr)
        self.updates = 0
        self.size: int | None = None  # of theta, known from the first step on

    def check(self, theta: Array) -> None:
        """Raise a ``ValueError`` if `theta`, (n,), is not as long as that of the steps before."""
        if self.size not in (None, theta.size):
            raise ValueError(
                say(
                    "this {optimizer} expected {size} parameters, got {got}: "
                    "a new network needs a new optimizer",
                    optimizer=type(self).__name__,
                    size=self.size,
                    got=theta.size,
                )
            )

    def step(self, theta: Array, grad: Array) -> None:
        """Move `theta` in place, given the gradient of the loss at `theta`; both (n,)."""
        if self.size != theta.size:
            self.check(theta)
            self.size = theta.size
        self.updates += 1
        self.update(theta, grad)

    @abstractmethod
    def update(self, theta: Array, grad: Array) -> None:
        """Move `theta` in place by the rule's formula; `updates` counts from 1."""


class SGD(Optimizer):
    """``θ ← θ - α g``."""

    def update(self, theta: Array, grad: Array) -> None:
        theta -= self.lr * grad


class Momentum(Optimizer):
    """``v ← ρ v + g``, ``θ ← θ - α v``: a heavy ball (Polyak 1964)."""

    def __init__(self, lr: float, rho: float = 0.9) -> None:
        super().__init__(lr)
        self.rho = check_fraction("rho", rho)
        self.v: Any = 0.0  # a vector from the first step on

    def update(self, theta: Array, grad: Array) -> None:
        self.v = self.rho * self.v + grad
        theta -= self.lr * self.v


class Nesterov(Momentum):
    """``v ← ρ v + g``, ``θ ← θ - α (g + ρ v)``: momentum that looks ahead (Nesterov 1983).

    The form that libraries use: θ is the shifted point ``x + ρv`` of the lecture's form, and
    at a constant rate the two are equal after that change of variable (Sutskever et al. 2013).
    """

    def update(self, theta: Array, grad: Array) -> None:
        self.v = self.rho * self.v + grad
        theta -= self.lr * (grad + self.rho * self.v)


class AdaGrad(Optimizer):
    """``cache ← cache + g²``, ``θ ← θ - α g / (√cache + ε)`` (Duchi et al. 2011).

    The root makes the step free of the gradient's units. The cache only grows, so steps shrink.
    """

    def __init__(self, lr: float, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = check_positive("eps", eps)
        self.cache: Any = 0.0

    def update(self, theta: Array, grad: Array) -> None:
        self.cache = self.cache + grad**2
        theta -= self.lr * grad / (np.sqrt(self.cache) + self.eps)


class RMSProp(AdaGrad):
    """``cache ← β cache + (1 - β) g²``, ``θ ← θ - α g / (√cache + ε)``.

    AdaGrad that forgets, so that its steps don't die out (Hinton, Coursera lecture 6e, 2012).
    """

    def __init__(self, lr: float, beta: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(lr, eps)
        self.beta = check_fraction("beta", beta)

    def update(self, theta: Array, grad: Array) -> None:
        self.cache = self.beta * self.cache + (1 - self.beta) * grad**2
        theta -= self.lr * grad / (np.sqrt(self.cache) + self.eps)


class Adam(Optimizer):
    """Momentum and RMSProp together, both averages corrected for their start at 0.

    ``m ← β₁ m + (1 - β₁) g``, ``v ← β₂ v + (1 - β₂) g²``, and in step t
    ``θ ← θ - α m̂ / (√v̂ + ε)`` with ``m̂ = m / (1 - β₁ᵗ)``, ``v̂ = v / (1 - β₂ᵗ)``.
    The letters are the paper's (Kingma & Ba 2015, algorithm 1): m is the lecture's v, and v is the
    lecture's cache.

    Parameters
    ----------
    lr, beta1, beta2, eps : float
        α, β₁, β₂ and ε.
    weight_decay : float or array (n,)
        Decoupled decay, ``θ ← θ - α · weight_decay · θ`` before the step, apart from the averages
        (Loshchilov & Hutter 2019). ``0.01 * net.decay_mask`` leaves biases, γ and β alone.
    """

    def __init__(
        self,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: Any = 0.0,
    ) -> None:
        super().__init__(lr)
        self.beta1, self.beta2 = check_fraction("beta1", beta1), check_fraction("beta2", beta2)
        self.eps = check_positive("eps", eps)
        self.weight_decay = as_floats("weight_decay", weight_decay)
        if self.weight_decay.min() < 0:
            raise ValueError(
                say("weight_decay must be at least 0, got {got}", got=self.weight_decay.min())
            )
        self.decays = bool(self.weight_decay.any())
        self.m: Any = 0.0
        self.v: Any = 0.0

    def check(self, theta: Array) -> None:
        super().check(theta)
        if self.weight_decay.shape not in ((), theta.shape):
            raise ValueError(
                say(
                    "weight_decay must be a number or have the shape {shape}, got {got}",
                    shape=theta.shape,
                    got=self.weight_decay.shape,
                )
            )

    def update(self, theta: Array, grad: Array) -> None:
        if self.decays:
            theta -= self.lr * self.weight_decay * theta
        self.m += (1 - self.beta1) * (grad - self.m)  # β₁ m + (1 - β₁) g, with fewer copies
        self.v += (1 - self.beta2) * (grad**2 - self.v)
        # kept until the next step: a C library that gets too much memory back at once passes it on
        # to the system, and a long vector's fresh memory costs more than its arithmetic
        self.rms = np.sqrt(self.v / (1 - self.beta2**self.updates)) + self.eps
        theta -= self.lr / (1 - self.beta1**self.updates) * self.m / self.rms
