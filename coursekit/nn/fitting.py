"""Whole training runs: with a history, early stopping, and a search for the learning rate."""

import copy
import math
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from coursekit.language import say
from coursekit.nn.losses import Loss
from coursekit.nn.network import Sequential
from coursekit.nn.optimizers import Optimizer
from coursekit.nn.penalties import Penalty
from coursekit.nn.schedules import Schedule
from coursekit.nn.training import Diverged, History, check_samples, divergence, train
from coursekit.nn.validation import Array, check_count, check_non_negative, check_positive


class EarlyStopping:
    """Stop when the validation loss has not improved for `patience` epochs; go back to the best.

    Parameters
    ----------
    patience : int
        Epochs to wait for an improvement.
    min_delta : float
        The smallest decrease that counts as one.

    Attributes
    ----------
    best_loss, best_epoch, best_theta
        The best epoch of the last run.
    """

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.patience = check_count("patience", patience)
        self.min_delta = check_non_negative("min_delta", min_delta)
        self.start()

    def start(self) -> None:
        """Forget the last run."""
        self.best_loss, self.best_epoch = math.inf, -1
        self.best_theta, self.best_statistics = np.empty(0), np.empty(0)

    def watch(self, epoch: int, loss: float, net: Sequential) -> bool:
        """Note the validation loss after an epoch; return whether it is time to stop."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch = loss, epoch
            self.best_theta, self.best_statistics = net.theta.copy(), net.statistics.copy()
        return epoch - self.best_epoch >= self.patience

    def restore(self, net: Sequential) -> None:
        """Give `net` the parameters and running statistics of the best epoch."""
        net.theta, net.statistics = self.best_theta, self.best_statistics


def fit(
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
    validation: tuple[Any, Any] | None = None,
    stopping: EarlyStopping | None = None,
    progress: bool = False,
) -> History:
    """Run `train` to its end and return what it saw.

    Parameters
    ----------
    net, loss, optimizer, x, t, epochs, batch_size, rng, penalty, schedule
        As for `train`.
    validation : pair of arrays, optional
        Samples and targets that are never trained on.
    stopping : EarlyStopping, optional
        Needs `validation`. At the end the network has the parameters of the best epoch.
    progress : bool
        Print about ten lines on the way.

    Raises
    ------
    ValueError
        If anything doesn't fit, at once.
    Diverged
        As `train`; its `history` holds the epochs before.
    """
    run = train(
        net,
        loss,
        optimizer,
        x,
        t,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng,
        penalty=penalty,
        schedule=schedule,
    )
    if validation is not None:
        validation = check_samples(net, loss, *validation)
    if stopping is not None:
        if validation is None:
            raise ValueError(say("stopping needs validation=(x, t) to watch, got None"))
        stopping.start()
    losses: list[float] = []
    validation_losses: list[float] = []
    rates: list[float] = []
    stopped_epoch = None

    def history() -> History:
        watched = None if validation is None else np.array(validation_losses)
        return History(np.array(losses), watched, np.array(rates), stopped_epoch)

    try:
        for epoch in range(epochs):
            steps = list(islice(run, math.ceil(len(x) / batch_size)))
            value = sum(step.loss * step.samples for step in steps) / len(x)
            if validation is not None:
                with np.errstate(over="ignore", invalid="ignore"):
                    watched = loss(net.infer(validation[0]), validation[1])[0]
                if not math.isfinite(watched):
                    what = say(
                        "training diverged in epoch {epoch}, update {update}: "
                        "the validation loss became {value}.",
                        epoch=epoch,
                        update=steps[-1].update,
                        value=watched,
                    )
                    raise divergence(what, optimizer.lr)
                validation_losses.append(watched)
            losses.append(value)
            rates.append(optimizer.lr)
            if progress and ((epoch + 1) % math.ceil(epochs / 10) == 0 or epoch + 1 == epochs):
                number = f"{epoch + 1:>{len(str(epochs))}}"
                if validation is None:
                    print(say("epoch {number}: loss {loss:#.3g}", number=number, loss=value))
                else:
                    print(
                        say(
                            "epoch {number}: loss {loss:#.3g}, validation loss {watched:#.3g}",
                            number=number,
                            loss=value,
                            watched=watched,
                        )
                    )
            if stopping is not None and stopping.watch(epoch, validation_losses[-1], net):
                stopped_epoch = epoch
                break
    except Diverged as error:
        error.history = history()
        raise
    if stopping is not None:
        stopping.restore(net)
    return history()


def lr_range_test(
    net: Sequential,
    loss: Loss,
    optimizer: Optimizer,
    x: Any,
    t: Any,
    *,
    lrs: Sequence[float] | Array,
    batch_size: int,
    rng: np.random.Generator,
) -> Array:
    """Return the batch's loss at each of rising learning rates, one update after the other.

    Works on copies of the network and the optimizer. Where the loss falls fastest, the rate is
    about right; where it explodes, it is too high (Smith 2017).

    Parameters
    ----------
    net, loss, optimizer, x, t, batch_size, rng
        As for `train`.
    lrs : sequence of float (n,)
        The rates, such as ``np.geomspace(1e-5, 1, 100)``.

    Returns
    -------
    array (n,)
        ``losses[i]`` is the loss just before the update with ``lrs[i]``; infinite once the run has
        diverged.
    """
    rates = [check_positive(say("each of lrs"), lr) for lr in lrs]
    check_count(say("the number of lrs"), len(rates))
    run = train(
        copy.deepcopy(net),
        loss,
        copy.deepcopy(optimizer),
        x,
        t,
        epochs=len(rates),  # more than enough: an epoch has at least one update
        batch_size=batch_size,
        rng=rng,
        schedule=lambda update: rates[update],
    )
    losses = np.full(len(rates), np.inf)
    try:
        for step in islice(run, len(rates)):
            losses[step.update] = step.loss
    except Diverged:
        return losses  # the rest stays infinite
    return losses
