"""Ingredients of a recipe switched on and off, and how well each recipe does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from coursekit import plots
from coursekit.language import mark, say, say_n
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import Switch
from coursekit.widgets.base.explorer import Explorer


@dataclass(frozen=True)
class RecipesState:
    """A recipe and its runs."""

    recipe: str
    curves: Array  # (seeds, epochs), accuracy

    @property
    def mean(self) -> float:
        """Mean accuracy after the last epoch."""
        return float(self.curves[:, -1].mean())


class Recipes(Explorer[RecipesState]):
    """A switch for each ingredient; the curves are those of the recipe that is switched on.

    The goal is to reach the target with as few ingredients as any recipe needs.

    Parameters
    ----------
    curves : dict of str to array (seeds, epochs)
        Accuracy by epochs of each recipe. A recipe is the letters of its ingredients, in the order
        of `names`; all subsets are there, the empty one too.
    names : dict of str to str
        Each ingredient's letter and name.
    target : float
        The mean accuracy to reach.

    Raises
    ------
    ValueError
        If a recipe is missing, or none reaches the target.
    """

    title = mark("Recipes and their accuracy")
    size = (5.2, 4.0)

    def __init__(
        self, curves: Mapping[str, ArrayLike], names: Mapping[str, str], *, target: float = 0.97
    ) -> None:
        self.runs = {recipe: np.asarray(runs, np.float64) for recipe, runs in curves.items()}
        if len(self.runs) != 2 ** len(names):
            raise ValueError(
                say(
                    "curves must hold all {n} recipes of {ingredients} ingredients, got {got}",
                    n=2 ** len(names),
                    ingredients=len(names),
                    got=len(self.runs),
                )
            )
        self.target = target
        reached = [len(r) for r, runs in self.runs.items() if runs[:, -1].mean() >= target]
        if not reached:
            raise ValueError(say("no recipe reaches the target {target}", target=target))
        self.fewest = min(reached)
        self.goal_text = say(
            "a mean of {target:.0%} with as few ingredients as possible", target=target
        )
        super().__init__(**{letter: Switch(name, False) for letter, name in names.items()})

    def compute(self, **on: bool) -> RecipesState:
        recipe = "".join(letter for letter, chosen in on.items() if chosen)
        return RecipesState(recipe, self.runs[recipe])

    def goal(self, state: RecipesState) -> bool:
        return state.mean >= self.target and len(state.recipe) == self.fewest

    def describe(self, state: RecipesState) -> str:
        ends = state.curves[:, -1]
        ingredients = say_n(len(state.recipe), "{n} ingredient.", "{n} ingredients.")
        result = say_n(
            len(ends),
            "After the last epoch, over {n} seed: mean {mean:.1%}, lowest {lowest:.1%}, "
            "highest {highest:.1%}.",
            "After the last epoch, over {n} seeds: mean {mean:.1%}, lowest {lowest:.1%}, "
            "highest {highest:.1%}.",
            mean=state.mean,
            lowest=ends.min(),
            highest=ends.max(),
        )
        return f"{ingredients} {result}"

    def prepare(self, figure: Figure) -> None:
        axes = figure.subplots()
        seeds, epochs = self.runs[""].shape
        self.epochs = np.arange(1, epochs + 1)
        runs = np.zeros((epochs, seeds))
        self.each = axes.plot(self.epochs, runs, "-", color=plots.BLUE, lw=0.8, alpha=0.75)
        self.each[0].set_label(say("each seed"))
        (self.middle,) = axes.plot([], [], "-", color=plots.INK, lw=2.2, label=say("mean"))
        axes.axhline(self.target, color=plots.ORANGE, lw=1, ls="--", label=f"{self.target:.0%}")
        axes.set(xlabel=say("epoch"), ylabel=say("validation accuracy"), ylim=(0, 1.02))
        axes.set_xlim(0.5, epochs + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_title(say("the recipe's runs"), loc="center")
        plots.legend(figure)

    def draw(self, state: RecipesState) -> None:
        for line, curve in zip(self.each, state.curves, strict=True):
            line.set_ydata(curve)
        self.middle.set_data(self.epochs, state.curves.mean(axis=0))
