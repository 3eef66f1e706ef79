import numpy as np
import pytest

from coursekit import data, nn, widgets
from coursekit.widgets import prediction
from coursekit.widgets.base import output

X, T_OR = data.gate("or")
T_XOR = data.gate("xor")[1]


def bending():
    """A network 2 – 2 – 1 at three times of a training that OR ends."""
    net = nn.Sequential(
        nn.Dense.from_weights([[1, -2], [2, 1]]), nn.Tanh(), nn.Dense.from_weights([[1], [0]])
    )
    thetas = np.random.default_rng(0).normal(size=(3, net.n_parameters))
    thetas[2] = [1, -2, 2, 1, 0, 0, 1, 0, -0.5]
    return widgets.BendingPlane(net, thetas, [0, 5, 9], X, T_OR, limits=(-0.5, 1.5))


def at_the_end(explorer):
    explorer.set(step=explorer.controls["step"].high)
    return explorer


EXPLORERS = {
    "LineAndGates": widgets.LineAndGates,
    "LineAndGates xor": lambda: widgets.LineAndGates("xor"),
    "LiftXOR": widgets.LiftXOR,
    "Neuron": widgets.Neuron,
    "PerceptronSteps": lambda: widgets.PerceptronSteps(X, T_OR),
    "PerceptronSteps xor": lambda: widgets.PerceptronSteps(X, T_XOR),
    "Connections": widgets.Connections,
    "BendingPlane": bending,
    "SoftStep": widgets.SoftStep,
    "Bumps": widgets.Bumps,
    "TenLayers": lambda: widgets.TenLayers(activation="leaky ReLU"),
    "NormalisedLayers": widgets.NormalisedLayers,
    "MomentumMap": widgets.MomentumMap,
    "RatesAndCurves": widgets.RatesAndCurves,
    "ScaleAndDepth": widgets.ScaleAndDepth,
    "Penalties": lambda: widgets.Penalties(kind="L1"),
    "ThinnedNetworks": widgets.ThinnedNetworks,
    "Recipes": lambda: widgets.Recipes({"": [[0.1, 0.2]], "A": [[0.9, 0.98]]}, {"A": "Adam"}),
    "Backprop": widgets.Backprop,
    "Backprop at the end": lambda: at_the_end(widgets.Backprop()),
}


@pytest.fixture(scope="module", params=EXPLORERS)
def explorer(request):
    """One for all tests of a file, which leave it as it was made."""
    return EXPLORERS[request.param]()


class Displayed:
    """The outputs of a notebook's cells: the forms of each, and what became of them."""

    def __init__(self):
        self.shown, self.updates = [], []

    def display(self, value, metadata=None, *, raw=False, display_id=False):
        forms = value if raw else {"text/plain": repr(value), "text/html": value._repr_html_()}
        self.shown.append(forms)
        return self if display_id else None

    def update(self, value, metadata=None, *, raw):
        self.updates.append(value)


class Shell:
    """An IPython shell as far as outputs need one: it has events."""

    def __init__(self):
        self.events = self
        self.callbacks = {"post_run_cell": []}

    def register(self, event, callback):
        self.callbacks[event].append(callback)


@pytest.fixture
def displayed(monkeypatch):
    """What a notebook would show."""
    outputs = Displayed()
    monkeypatch.setattr(output, "get_ipython", Shell)
    monkeypatch.setattr(output, "display", outputs.display)
    monkeypatch.setattr(prediction, "display", outputs.display)
    monkeypatch.setattr(output, "DELAY", 0.05)
    yield outputs
    output._running.clear()
