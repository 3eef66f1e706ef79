"""The training loop: forward, loss, backward, step, again and again."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from coursekit.language import say
from coursekit.nn.losses import Loss
from coursekit.nn.network import Sequential
from coursekit.nn.optimizers import Optimizer
from coursekit.nn.penalties import Penalty
from coursekit.nn.schedules import Schedule
from coursekit.nn.validation import (
    Array,
    as_batch,
    check_count,
    check_instance,
    check_positive,
    check_rng,
)


class TrainingStep(NamedTuple):
    """One update of a training run; epoch and update count from 0.

    `loss` is the mean over the batch of `samples` samples before the update, without the penalty.
    """

    epoch: int
    update: int
    loss: float
    samples: int


@dataclass
class History:
    """What `fit` saw, one number for each epoch.

    Attributes
    ----------
    loss : array (epochs,)
        Mean over the epoch's samples, each taken just before the update that used it.
    validation_loss : array (epochs,) or None
        After the epoch, in inference; None without validation data.
    lr : array (epochs,)
        The learning rate of the epoch's last update.
    stopped_epoch : int or None
        The epoch in which early stopping ended the run; None if it did not.
    """

    loss: Array
    validation_loss: Array | None
    lr: Array
    stopped_epoch: int | None = None


class Diverged(ArithmeticError):
    """The numbers of a training run left the range of floats.

    Attributes
    ----------
    history : History or None
        The epochs before, if the run was one of `fit`.
    """

    history: History | None = None


def divergence(what: str, lr: float) -> Diverged:
    """Return the error that says what diverged and when, a whole sentence, and what to try."""
    advice = say(
        "Try a lower learning rate (it was {lr:g}), standardized inputs "
        "or smaller initial weights.",
        lr=lr,
    )
    return Diverged(f"{what} {advice}")


def check_samples(net: Sequential, loss: Loss, x: Any, t: Any) -> tuple[Array, Any]:
    """Return samples and targets as arrays that fit the network and the loss."""
    check_instance("net", net, Sequential, "nn.Sequential(...)")
    check_instance("loss", loss, Loss, "nn.MSE()")
    x = as_batch("Sequential", x, net.n_in)
    n_out = x.shape[1] if net.n_out is None else net.n_out
    return x, loss.check(np.zeros((len(x), n_out)), t)


def evaluate(net: Sequential, loss: Loss, x: Any, t: Any) -> float:
    """Return the mean loss of `net` in inference on samples `x`, (N, n_in), and targets `t`."""
    x, t = check_samples(net, loss, x, t)
    return loss(net.infer(x), t)[0]


def train(
    net: Sequential,
    loss: Loss,
    optimizer: Optimizer,
    x: Any,
    t: Any,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    penalty: Penalty | None = None,
    schedule: Schedule | None = None,
) -> Iterator[TrainingStep]:
    """Train by mini-batches, yielding after every update.

    Everything is checked at once; nothing is trained before the first ``next``.

    Parameters
    ----------
    net, loss, optimizer
        What is trained, by what measure and by which rule.
    x : array (N, n_in)
        Samples.
    t : array
        Targets, as `loss` wants them.
    epochs, batch_size : int
        An epoch goes through all samples once, in a new order, `batch_size` at a time. The last
        batch holds what is left.
    rng : np.random.Generator
        Source of the order.
    penalty : Penalty, optional
        Added to the gradient, at the weights only.
    schedule : function of the number of updates, optional
        Sets the optimizer's learning rate before every update.

    Raises
    ------
    ValueError
        If anything doesn't fit, at once.
    Diverged
        If the loss or a parameter stops being a finite number, from the generator.
    """
    x, t = check_samples(net, loss, x, t)
    check_count("epochs", epochs)
    check_count("batch_size", batch_size)
    check_instance("optimizer", optimizer, Optimizer, "nn.SGD(0.1)")
    check_positive("lr", optimizer.lr)
    optimizer.check(net.theta)
    check_rng(rng)
    smallest = len(x) % batch_size or min(batch_size, len(x))
    for layer in net.layers:
        if smallest < layer.min_batch:
            raise ValueError(
                say(
                    "{layer!r} expected batches of at least {least}, got {got}: "
                    "{n} samples in batches of {size}",
                    layer=layer,
                    least=layer.min_batch,
                    got=smallest,
                    n=len(x),
                    size=batch_size,
                )
            )

    def run() -> Iterator[TrainingStep]:
        theta, grad = net.theta, net.grad
        update = 0
        for epoch in range(epochs):
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch_size):
                rows = order[start : start + batch_size]
                if schedule is not None:
                    optimizer.lr = schedule(update)
                # an overflow is reported below; ends before the yield, or it would leak out
                with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                    y, caches = net.forward(x[rows])
                    value, error = loss(y, t[rows])
                    if not math.isfinite(value):
                        raise divergence(
                            say(
                                "training diverged in epoch {epoch}, update {update}: "
                                "the loss became {value}.",
                                epoch=epoch,
                                update=update,
                                value=value,
                            ),
                            optimizer.lr,
                        )
                    net.backward(error, caches, needs_input_grad=False)
                    if penalty is not None:
                        grad += penalty(theta * net.decay_mask)[1]
                    optimizer.step(theta, grad)
                last = start + batch_size >= len(x)
                if last and not np.isfinite(theta).all():  # tanh and the like hide it from the loss
                    raise divergence(
                        say(
                            "training diverged in epoch {epoch}, update {update}: "
                            "a parameter became infinite.",
                            epoch=epoch,
                            update=update,
                        ),
                        optimizer.lr,
                    )
                yield TrainingStep(epoch, update, value, len(rows))
                update += 1

    return run()
