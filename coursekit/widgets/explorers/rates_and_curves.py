"""What a learning rate does to the curve of a loss: too low, good, high or too high."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.plots.format_number import format_number
from coursekit.widgets.base.controls import Choice
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.log_slider import LogSlider
from coursekit.widgets.base.overlays import LeavingCurve
from coursekit.widgets.base.parts import OPTIMIZERS

EPOCHS = 10
BATCH = 32
LOW, HIGH = 1e-2, 30.0  # of the loss, on the axis
SCHEDULES = (mark("constant"), mark("halved twice"), mark("cosine to 0"))


@dataclass(frozen=True)
class RatesState:
    """A training, by epochs; shorter than ten of them if it diverged."""

    lr: float
    loss: Array  # of the mini-batches
    validation: Array
    diverged: bool


class RatesAndCurves(Explorer[RatesState]):
    """A learning rate, a method, a schedule, and the curves of a training on the digits.

    Ten epochs of a network 64 – 16 – 10 on 500 digits, from the same start each time; 400 others
    for validation.

    Parameters
    ----------
    method : str
        SGD, Momentum, Nesterov, AdaGrad, RMSProp or Adam at first.
    lr : float
        The rate at first, from 0.0001 to 10.
    schedule : str
        ``constant``, ``halved twice`` or ``cosine to 0`` at first.
    """

    title = mark("Learning rate and loss curves")
    goal_text = mark("a validation loss below 0.25 after ten epochs")
    size = (5.2, 4.0)
    played = ("lr",)

    def __init__(
        self, *, method: str = "SGD", lr: float = 0.01, schedule: str = "constant"
    ) -> None:
        super().__init__(
            method=Choice(say("method"), list(OPTIMIZERS), method),
            lr=LogSlider(say("learning rate"), lr, 1e-4, 10.0, 4),
            schedule=Choice(say("schedule"), SCHEDULES, schedule),
        )

    def compute(self, *, method: str, lr: float, schedule: str) -> RatesState:
        x, t, x_validation, t_validation = digits()
        rng = np.random.default_rng(0)
        net = nn.Sequential(nn.Dense(64, 16, rng=rng), nn.ReLU(), nn.Dense(16, 10, rng=rng))
        updates = EPOCHS * -(-len(x) // BATCH)
        schedules = {
            "constant": nn.constant(lr),
            "halved twice": nn.step_decay(lr, 0.5, -(-updates // 3)),
            "cosine to 0": nn.cosine(lr, updates),
        }
        optimizer, diverged = OPTIMIZERS[method](lr), False
        try:
            history: nn.History | None = nn.fit(
                net, nn.CrossEntropy(), optimizer, x, t, epochs=EPOCHS, batch_size=BATCH, rng=rng,
                schedule=schedules[schedule], validation=(x_validation, t_validation),
            )  # fmt: skip
        except nn.Diverged as error:
            history, diverged = error.history, True
        if history is None or history.validation_loss is None:  # diverged in the first epoch
            return RatesState(lr, np.empty(0), np.empty(0), diverged)
        return RatesState(lr, history.loss, history.validation_loss, diverged)

    def goal(self, state: RatesState) -> bool:
        return not state.diverged and bool(state.validation[-1] < 0.25)

    def describe(self, state: RatesState) -> str:
        if state.diverged:
            return say(
                "Learning rate {rate:.3g}. The training diverged in epoch {epoch}.",
                rate=state.lr,
                epoch=len(state.loss) + 1,
            )
        return say(
            "Learning rate {rate:.3g}. Training loss {first} in the first epoch, {last} in the "
            "tenth; validation loss {validation}.",
            rate=state.lr,
            first=format_number(state.loss[0]),
            last=format_number(state.loss[-1]),
            validation=format_number(state.validation[-1]),
        )

    def prepare(self, figure: Figure) -> None:
        axes = figure.subplots()
        axes.set(xlabel=say("epoch"), ylabel=say("loss"), yscale="log", ylim=(LOW, HIGH))
        self.training = LeavingCurve(axes, "o-", color=plots.BLUE, label=say("training"))
        self.watched = LeavingCurve(axes, "s--", color=plots.ORANGE, label=say("validation"))
        axes.axhline(0.25, color=plots.INK, lw=0.8, ls=":", label=say("goal"))
        axes.set(xlim=(0.5, EPOCHS + 0.5), xticks=range(1, EPOCHS + 1))
        axes.set_title(say("ten epochs on the digits"), loc="center")
        plots.legend(figure)

    def draw(self, state: RatesState) -> None:
        epochs = np.arange(1.0, len(state.loss) + 1)
        self.training.update(epochs, state.loss)
        self.watched.update(epochs, state.validation)


@cache
def digits() -> tuple[Array, NDArray[np.int64], Array, NDArray[np.int64]]:
    """500 digits to train on and 400 others, with their classes."""
    x, t, x_rest, t_rest = data.split(*data.digits(), test=0.25, rng=0)
    return x[:500], t[:500], x_rest[:400], t_rest[:400]
