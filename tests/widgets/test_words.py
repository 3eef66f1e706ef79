"""No word of a widget is left in English when another language is spoken."""

import re

import ipywidgets
import matplotlib.text
import numpy as np
import pytest

from coursekit import nn, widgets
from coursekit.widgets.base.words import texts, words
from coursekit.widgets.playground.view import options as playground_options, png
from coursekit.widgets.race import race

# Names that are the same in each language: of methods and functions, as the code has them.
NAMES = {
    *("tanh", "ReLU", "ELU", "softplus", "Adam", "SGD", "Momentum", "Nesterov", "AdaGrad"),
    *(
        "Tanh",
        "RMSProp",
        "XOR",
        "OR",
        "AND",
        "NAND",
        "NOR",
        "or",
        "and",
        "nand",
        "nor",
        "xor",
        "sin",
    ),
}
RECIPES = {"": [[0.1, 0.2]], "A": [[0.9, 0.98]]}
X = [[0, 0], [0, 1], [1, 0], [1, 1]]
RNG = np.random.default_rng(0)
NET = nn.Sequential(nn.Dense(2, 2, rng=RNG), nn.Tanh(), nn.Dense(2, 1, rng=RNG))
MADE = {
    "BendingPlane": lambda: widgets.BendingPlane(
        NET, [NET.theta, NET.theta], [0, 5], X, [0, 1, 1, 0], limits=(-0.5, 1.5)
    ),
    "LineAndGates": lambda: widgets.LineAndGates("xor"),
    "PerceptronSteps": lambda: widgets.PerceptronSteps(X, [0, 1, 1, 0]),
    "Recipes": lambda: widgets.Recipes(RECIPES, {"A": "Adam"}),
}
EXPLORERS = [
    name
    for name, kind in vars(widgets).items()
    if isinstance(kind, type)
    and issubclass(kind, widgets.Explorer)
    and kind.__abstractmethods__ == frozenset()
]


def said(widget):
    """All that a widget and its children show or say."""
    for name in ("value", "description", "tooltip", "placeholder", "title", "names", "handles"):
        value = getattr(widget, name, None)
        if name == "value" and hasattr(widget, "_options_labels"):
            continue  # a choice's key, of which the page shows the label
        if isinstance(value, (str, list)):
            yield str(value) if isinstance(value, str) else " ".join(_strings(value))
    yield from getattr(widget, "_options_labels", ())
    for child in getattr(widget, "children", ()):
        yield from said(child)


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (
            text for key in ("name", "text", "note", "lit") for text in _strings(value.get(key))
        )
    elif isinstance(value, (list, tuple)):
        yield from (text for one in value for text in _strings(one))


@pytest.mark.parametrize("name", EXPLORERS)
def test_explorers(pseudo, name):
    explorer = MADE.get(name, getattr(widgets, name))()
    if "step" in explorer.controls:
        explorer.set(step=explorer.controls["step"].high)
    figure = explorer.canvas.figure.findobj(matplotlib.text.Text)
    everything = [*said(explorer.view), *(text.get_text() for text in figure)]
    everything.append(explorer.still()[0]["text/plain"])
    assert {word for text in everything for word in pseudo(text)} <= NAMES


def unfilled(sent):
    """The texts for a page without the names of their fields."""
    return [re.sub(r"\{\w+\}", "", text) for text in sent["texts"].values()]


def test_predictions(pseudo, capsys):
    guess = widgets.Prediction("?", ["1", "2"])
    guess.answer = "1"
    guess.reveal("2")
    shown = [*said(guess.view), guess.still()[0]["text/plain"], capsys.readouterr().out]
    assert {word for text in shown for word in pseudo(text)} <= {"display", "HTML"}


def test_the_race(pseudo):
    made = widgets.OptimizerRace()
    options = made.options
    shown = [
        made.still()[0]["text/plain"],
        options["goal"],
        options["reached"],
        made.outcome["text"],
    ]
    shown += unfilled(options["words"])
    assert {word for text in shown for word in pseudo(text)} <= NAMES
    assert {*options["surfaces"]} <= options["words"]["texts"].keys()


def test_the_playground(pseudo):
    playground_options.all_options.cache_clear()
    made = widgets.Playground(preset="width", hidden=[8, 8, 8], lr=50.0)
    made.run(3)
    options = made.options
    shown = [made.still()[0]["text/plain"], made.text, made.session.message]
    shown += [text.get_text() for text in png.figure(made.session).findobj(matplotlib.text.Text)]
    shown += [*options["labels"].values(), *unfilled(options["words"])]
    shown += [one["title"] for one in options["presets"]]
    shown += [one["label"] for one in options["choices"]["data"]]
    playground_options.all_options.cache_clear()
    assert {word for text in shown for word in pseudo(text)} <= {*NAMES, "L1", "L2", *KEYS}


# Keys of data sets: the page shows their labels.
KEYS = {"gauss", "spiral", "clouds", "own", "plane", "bumps", "moons", "circle"}


@pytest.mark.parametrize(
    "module", [race._MODULE, widgets.Playground._esm], ids=["race", "playground"]
)
def test_the_page_gets_each_word_that_it_shows(pseudo, module):
    sent = words(module)
    assert sent["texts"].keys() | sent["forms"].keys() == {text[0] for text in texts(module)}


def test_an_english_page_gets_none():
    assert widgets.OptimizerRace().options["words"] == {}
    assert isinstance(widgets.Playground(), ipywidgets.DOMWidget)
