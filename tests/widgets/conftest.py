import pytest

from coursekit import data, widgets

X, T_OR = data.gate("or")
T_XOR = data.gate("xor")[1]


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
    "Bumps": widgets.Bumps,
    "TenLayers": lambda: widgets.TenLayers(activation="leaky ReLU"),
    "NormalisedLayers": widgets.NormalisedLayers,
    "RatesAndCurves": widgets.RatesAndCurves,
    "ScaleAndDepth": widgets.ScaleAndDepth,
    "Penalties": lambda: widgets.Penalties(kind="L1"),
    "ThinnedNetworks": widgets.ThinnedNetworks,
    "Recipes": lambda: widgets.Recipes({"": [[0.1, 0.2]], "A": [[0.9, 0.98]]}, {"A": "Adam"}),
    "Backprop": widgets.Backprop,
    "Backprop at the end": lambda: at_the_end(widgets.Backprop()),
}


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return EXPLORERS[request.param]()
