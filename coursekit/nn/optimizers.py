"""How a gradient moves the parameters: small classes whose ``step(theta, grad)`` works in place.

Notation is the lecture's, α being `lr`: v is an average of gradients, cache one of their squares.
All formulas are elementwise.
"""

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from coursekit.nn.validation import Array, floats, fraction, positive

BLOCK = 2**15  # numbers that are moved together: five vectors of them fit into a processor's cache


class Optimizer(ABC):
    """A rule for a step, and what it remembers from one step to the next.

    Attributes
    ----------
    lr : float
        Learning rate; may be set at any time.
    updates : int
        Steps taken so far.
    n_memory : int
        How many vectors as long as theta the rule remembers.
    """

    n_memory = 0

    def __init__(self, lr: float) -> None:
        self.lr = positive("lr", lr)
        self.updates = 0
        self.size: int | None = None  # of the vectors, known from the first step on
        self.memory: list[Array] = []

    def prepare(self, theta: Array) -> None:
        """Allocate the memory for vectors like `theta` (n,), or check that it was for such."""
        if self.size is None:
            self.size = theta.size
            self.memory = [np.zeros_like(theta) for _ in range(self.n_memory)]
            self.work = np.empty_like(theta[:BLOCK])
        elif self.size != theta.size:
            name = type(self).__name__
            raise ValueError(
                f"this {name} expected {self.size} parameters, got {theta.size}: "
                "a new network needs a new optimizer"
            )

    def step(self, theta: Array, grad: Array) -> None:
        """Move `theta` in place, given the gradient of the loss at `theta`; both (n,)."""
        if self.size is None:
            self.prepare(theta)
        self.updates += 1
        if theta.size <= BLOCK:
            self.update(theta, grad, self.work, *self.memory)
            return
        for start in range(0, theta.size, BLOCK):
            part = slice(start, start + BLOCK)
            block, memory = theta[part], [kept[part] for kept in self.memory]
            self.update(block, grad[part], self.work[: block.size], *memory)

    @abstractmethod
    def update(self, *args: Any, **kwargs: Any) -> None:
        """``update(theta, grad, work, *memory)``: move theta; `work` is room to compute in.

        Long vectors come in blocks, the same block of each.
        """


class SGD(Optimizer):
    """``θ ← θ - α ∇f``."""

    def update(self, theta: Array, grad: Array, work: Array) -> None:
        theta -= np.multiply(grad, self.lr, out=work)


class Momentum(Optimizer):
    """``v ← ρ v + ∇f``, ``θ ← θ - α v``: a heavy ball (Polyak 1964)."""

    n_memory = 1

    def __init__(self, lr: float, rho: float = 0.9) -> None:
        super().__init__(lr)
        self.rho = fraction("rho", rho)

    def update(self, theta: Array, grad: Array, work: Array, v: Array) -> None:
        v *= self.rho
        v += grad
        theta -= np.multiply(v, self.lr, out=work)


class Nesterov(Momentum):
    """``v ← ρ v + ∇f``, ``θ ← θ - α (∇f + ρ v)``: momentum that looks ahead (Nesterov 1983).

    The form of the libraries: θ stands for the shifted point ``x + ρv`` of the lecture's form, and
    at a constant rate the two are equal after that change of variable (Sutskever et al. 2013).
    """

    def update(self, theta: Array, grad: Array, work: Array, v: Array) -> None:
        v *= self.rho
        v += grad
        np.multiply(v, self.rho, out=work)
        work += grad
        work *= self.lr
        theta -= work


class AdaGrad(Optimizer):
    """``cache ← cache + (∇f)²``, ``θ ← θ - α ∇f / (√cache + ε)`` (Duchi et al. 2011).

    The root makes the step free of the gradient's units. The cache only grows, so steps shrink.
    """

    n_memory = 1

    def __init__(self, lr: float, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = positive("eps", eps)

    def update(self, theta: Array, grad: Array, work: Array, cache: Array) -> None:
        cache += np.multiply(grad, grad, out=work)
        self.scaled_step(theta, grad, work, cache)

    def scaled_step(self, theta: Array, grad: Array, work: Array, cache: Array) -> None:
        """``θ ← θ - α ∇f / (√cache + ε)``."""
        np.sqrt(cache, out=work)
        work += self.eps
        np.divide(grad, work, out=work)
        work *= self.lr
        theta -= work


class RMSProp(AdaGrad):
    """``cache ← β cache + (1 - β) (∇f)²``, ``θ ← θ - α ∇f / (√cache + ε)``.

    AdaGrad that forgets, so that its steps don't die out (Hinton, Coursera lecture 6e, 2012).
    """

    def __init__(self, lr: float, beta: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(lr, eps)
        self.beta = fraction("beta", beta)

    def update(self, theta: Array, grad: Array, work: Array, cache: Array) -> None:
        np.multiply(grad, grad, out=work)
        work *= 1 - self.beta
        cache *= self.beta
        cache += work
        self.scaled_step(theta, grad, work, cache)


class Adam(Optimizer):
    """Momentum and RMSProp together, both averages corrected for their start at 0.

    ``v ← β₁ v + (1 - β₁) ∇f``, ``cache ← β₂ cache + (1 - β₂) (∇f)²``, and in step t
    ``θ ← θ - α v̂ / (√ĉache + ε)`` with ``v̂ = v / (1 - β₁ᵗ)``, ``ĉache = cache / (1 - β₂ᵗ)``.
    Kingma & Ba 2015, algorithm 1.

    Parameters
    ----------
    lr, beta1, beta2, eps : float
        α, β₁, β₂ and ε.
    weight_decay : float or array (n,)
        Decoupled decay, ``θ ← θ - α · weight_decay · θ`` before the step, apart from the averages
        (Loshchilov & Hutter 2019). ``0.01 * net.decay_mask`` leaves biases, γ and β alone.
    """

    n_memory = 2

    def __init__(
        self,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: Any = 0.0,
    ) -> None:
        super().__init__(lr)
        self.beta1, self.beta2 = fraction("beta1", beta1), fraction("beta2", beta2)
        self.eps = positive("eps", eps)
        self.weight_decay = floats("weight_decay", weight_decay)
        if self.weight_decay.min() < 0:
            raise ValueError(f"weight_decay expected at least 0, got {self.weight_decay.min()}")
        self.decays = bool(self.weight_decay.any())

    def prepare(self, theta: Array) -> None:
        super().prepare(theta)
        if self.weight_decay.shape not in ((), theta.shape):
            shape = self.weight_decay.shape
            raise ValueError(f"weight_decay expected a number or {theta.shape}, got {shape}")

    def step(self, theta: Array, grad: Array) -> None:
        if self.decays:
            theta *= 1.0 - self.lr * self.weight_decay
        super().step(theta, grad)

    def update(self, theta: Array, grad: Array, work: Array, v: Array, cache: Array) -> None:
        v *= self.beta1
        v += np.multiply(grad, 1 - self.beta1, out=work)
        np.multiply(grad, grad, out=work)
        work *= 1 - self.beta2
        cache *= self.beta2
        cache += work
        # the corrections, moved from the vectors into two numbers, as the paper does in section 2
        correction1 = 1 - self.beta1**self.updates
        correction2 = math.sqrt(1 - self.beta2**self.updates)
        np.sqrt(cache, out=work)
        work += self.eps * correction2
        np.divide(v, work, out=work)
        work *= self.lr * correction2 / correction1
        theta -= work
