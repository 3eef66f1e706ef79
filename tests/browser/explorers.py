"""The course's explorers, as cells that show them, and values that reach their goals."""

from functools import cache

from coursekit.widgets import Choice, Slider, Switch

SETUP = """\
from coursekit import data, nn, predict, widgets

x, t = data.gate("or")
hidden, output = nn.Dense.from_weights([[1, -2], [2, 1]]), nn.Dense.from_weights([[1], [0]])
net = nn.Sequential(hidden, nn.Tanh(), output)
thetas = [[1, -2, 2, 1, 0, 0, v1, v2, b] for v1, v2, b in ((1, -1, 1), (0, 1, 1), (1, 0, -0.5))]"""
EXPLORERS = {
    "LineAndGates": "widgets.LineAndGates()",
    "LiftXOR": "widgets.LiftXOR(w3=-1)",
    "Neuron": "widgets.Neuron(x1=0.5, activation='sigmoid')",
    "PerceptronSteps": "widgets.PerceptronSteps(x, t)",
    "Connections": "widgets.Connections()",
    "BendingPlane": "widgets.BendingPlane(net, thetas, [0, 5, 9], x, t, limits=(-0.5, 1.5))",
    "SoftStep": "widgets.SoftStep()",
    "Bumps": "widgets.Bumps(h1=-1.2)",
    "TenLayers": "widgets.TenLayers(activation='leaky ReLU')",
    "MomentumMap": "widgets.MomentumMap()",
    "RatesAndCurves": "widgets.RatesAndCurves()",
    "ScaleAndDepth": "widgets.ScaleAndDepth()",
    "NormalisedLayers": "widgets.NormalisedLayers()",
    "Penalties": "widgets.Penalties(kind='L1')",
    "ThinnedNetworks": "widgets.ThinnedNetworks()",
    "Backprop": "widgets.Backprop()",
    "Recipes": "widgets.Recipes({'': [[0.1, 0.2]], 'A': [[0.9, 0.98]]}, {'A': 'Adam'})",
}
GOALS = {
    "LineAndGates": {"w1": 1, "w2": 1, "threshold": 0.5},
    "LiftXOR": {"w3": -2},
    "Neuron": {"x1": -1, "x2": -1, "w1": -2, "w2": -2, "threshold": 0},
    "PerceptronSteps": {"step": 24},
    "Connections": {"x1_h2": False, "x2_h2": False, "h2_y": False},
    "BendingPlane": {"step": 2},
    "SoftStep": {"w": -40, "place": 0.7},
    "Bumps": {"h1": 0, "h2": 0.8, "h3": 0.4, "h4": -1.05, "h5": -0.7, "h6": 0.15, "steepness": 20},
    "TenLayers": {"gain": 1.4},
    "MomentumMap": {"alpha": 0.11, "rho": 0.5},
    "RatesAndCurves": {"method": "Adam", "lr": 0.0316},
    "ScaleAndDepth": {"activation": "ReLU", "scale": 2, "depth": 40},
    "NormalisedLayers": {"scale": 1.58},
    "Penalties": {"strength": 0.3},
    "ThinnedNetworks": {"networks": 60},
    "Backprop": {"w1": 4, "w2": -4, "v1": -6, "v2": 6, "step": 9},
    "Recipes": {"A": True},
}


def make(name):
    """An explorer of this name in this process, drawn as for the browser's screen."""
    names = {}
    exec(SETUP, names)
    explorer = eval(EXPLORERS[name], names)
    explorer.canvas.sharpen(1)
    return explorer


@cache
def twin(name):
    """The one that tells what the explorer in the browser should show; it stays as it was made."""
    return make(name)


def shown(view, control):
    """The value that a control shows."""
    field = view.field(control.label)
    if isinstance(control, Choice):
        chosen = field.evaluate("list => list.selectedOptions[0].textContent")
        return " ".join(chosen.split())  # ipywidgets puts other spaces between words
    if isinstance(control, Switch):
        return field.is_checked()
    return control.check(field.input_value())


def wait_agreement(view, model):
    """Wait until the words in the browser are the model's for the values in the browser."""
    sliders = [control for control in model.controls.values() if isinstance(control, Slider)]

    def agree():  # all of it at one time: a drag shows other values on its way
        values = {name: shown(view, control) for name, control in model.controls.items()}
        state, words = model.compute(**values), view.words()
        ticks = [control._to_tick(shown(view, control)) for control in sliders]
        held = [view.handle(n).get_attribute("aria-valuenow") for n in range(len(sliders))]
        return (
            " ".join(model.describe(state).split()) in words
            and model.goal(state) == ("Goal reached." in words)
            and [float(tick) for tick in held] == ticks
        )

    view.wait("its words or its sliders don't fit its values", agree)


def targets(model, k, move):
    """Values next to the present ones for what the k-th handle moves, and its place there.

    The place is in pixels of the page, from the picture's corner.
    """
    handle = model._handles[k]
    values = model.values
    for name in handle.bound:
        control = model.controls[name]
        steps = control.steps()
        here = int(abs(steps - values[name]).argmin())
        values[name] = control.check(
            steps[here + move if here + move < len(steps) else here - move]
        )
    return {name: values[name] for name in handle.bound}, handle._pixels(values)[0]
