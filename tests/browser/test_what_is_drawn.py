"""What the explorers' pictures say, read from their colours in JupyterLab.

Places are those of the same explorer in this process; what should be there is worked out here.
"""

import re

import numpy as np
import pytest
from explorers import twin, wait_agreement
from matplotlib.colors import to_rgb

from coursekit import data, plots
from coursekit.widgets.explorers import thinned_networks

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
POINTS = 120 / 72  # pixels of one


class Drawn:
    """A picture whose places are given in the units of its axes."""

    def __init__(self, view, model):
        self.pixels = view.picture()
        figure = model.canvas.figure
        assert self.pixels.shape[:2] == (figure.bbox.height, figure.bbox.width)

    def place(self, axes, point):
        """Column and row of a pixel."""
        x, y = axes.transData.transform(point)
        return x, len(self.pixels) - 1 - y

    def color(self, axes, point, aside=(0, 0)):
        x, y = np.add(self.place(axes, point), aside)
        return self.pixels[round(y), round(x)]

    def ring(self, axes, point, radius=9.5):
        """Whether a dark ring is round the point."""
        angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        around = radius * POINTS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        dark = [self.color(axes, point, aside).max() < 120 for aside in around]
        return np.mean(dark) > 0.8


def is_like(color, name):
    return bool(np.abs(color - 255 * np.array(to_rgb(name))).max() < 12)


def tints(drawn, axes, places):
    """+1 where the map is bluish, -1 where it is like orange, 0 where something is drawn on it."""
    found = []
    for place in places:
        red, _, blue = drawn.color(axes, place)
        found.append(0 if max(red, blue) < 150 else np.sign(blue - red))
    return np.array(found)


def move(view, model, **values):
    """Type values into the boxes, and wait for the picture and for the words, which come after."""
    for name, value in values.items():
        if isinstance(value, str):
            continue  # of a list, which no test here moves
        box = view.field(model.controls[name].label)
        if float(box.input_value()) != value:
            before = view.pixels()
            box.fill(f"{value:g}")
            box.press("Enter")
            view.wait_pixels(other_than=before)
    wait_agreement(view, model)


@pytest.mark.parametrize("view", ["LineAndGates"], indirect=True)
@pytest.mark.parametrize("line", [(0.5, -1, -0.4), (-0.5, 1, 0.4), (1, 1, 1.5), (-1, -1, -0.5)])
def test_line_and_gates(view, line):
    model = twin("LineAndGates")
    move(view, model, **dict(zip(("w1", "w2", "threshold"), line, strict=True)))
    w, w0 = np.array(line[:2]), line[2]
    axes, drawn = model.map.image.axes, Drawn(view, model)
    places = np.stack(np.meshgrid(*[np.linspace(-0.55, 1.55, 15)] * 2), axis=-1).reshape(-1, 2)
    scores = places @ w - w0
    places, scores = places[np.abs(scores) > 0.15], scores[np.abs(scores) > 0.15]
    found = tints(drawn, axes, places)
    assert np.mean(found == np.sign(scores)) > 0.9
    assert not np.any(found == -np.sign(scores))
    for corner, target in zip(CORNERS, [0, 1, 1, 1], strict=True):
        assert is_like(drawn.color(axes, corner), plots.BLUE if target else plots.ORANGE)
        wrong = (corner @ w - w0 > 1e-9) != target
        assert drawn.ring(axes, corner) == wrong, corner


@pytest.mark.parametrize("view", ["PerceptronSteps"], indirect=True)
def test_perceptron_steps(view):
    model, targets, w = twin("PerceptronSteps"), [-1, 1, 1, 1], np.zeros(3)
    axes = model.map.image.axes
    for step in range(10):
        move(view, model, step=step)
        if step:
            now = (step - 1) % 4
            row = np.append(CORNERS[now], -1)
            if targets[now] * (w @ row) <= 0:
                w = w + targets[now] * row
        if said := re.search(r"w₁ = (\S+), w₂ = (\S+) and w₀ = (−?\d+)", view.words()):
            assert [float(v.replace("−", "-")) for v in said.groups()] == w.tolist()
        else:  # no mistake, no update
            assert "right. " in view.words()
        drawn = Drawn(view, model)
        for k, (corner, target) in enumerate(zip(CORNERS, targets, strict=True)):
            middle = drawn.color(axes, corner)
            if target * (w @ np.append(corner, -1)) <= 0:
                assert is_like(middle, plots.INK), (step, corner)  # a cross: a mistake
            else:
                assert is_like(middle, plots.BLUE if target > 0 else plots.ORANGE), (step, corner)
            assert drawn.ring(axes, corner) == (step > 0 and k == now), (step, corner)
        places = np.stack(np.meshgrid(*[np.linspace(-0.55, 1.55, 12)] * 2), axis=-1).reshape(-1, 2)
        scores = places @ w[:2] - w[2]
        sure = np.abs(scores) > 0.15
        found = tints(drawn, axes, places[sure])
        assert not np.any(found == -np.sign(scores[sure])), step
        assert not sure.any() or np.mean(found == np.sign(scores[sure])) > 0.8, step
    move(view, model, step=0)


@pytest.mark.parametrize("view", ["Neuron"], indirect=True)
def test_neuron(view):
    model = twin("Neuron")
    parts, curve = model.bars[0].axes, model.curve
    for x1, x2, w1, w2, w0 in [(0.5, -0.5, 1.6, 2, -1.5), (-1, 0.8, 1.8, -1.5, 1.2)]:
        move(view, model, x1=x1, x2=x2, w1=w1, w2=w2, threshold=w0)
        score = x1 * w1 + x2 * w2 - w0
        drawn = Drawn(view, model)
        for k, value in enumerate([x1 * w1, x2 * w2, -w0, score]):
            shades = [drawn.color(parts, (value * share, k)) for share in np.linspace(0.2, 0.8, 9)]
            inside = [is_like(shade, plots.BLUE if value > 0 else plots.ORANGE) for shade in shades]
            assert np.mean(inside) > 0.4, (k, value)  # a negative one is hatched
            assert is_like(drawn.color(parts, (-value / 2, k)), "white"), (k, value)
        sigmoid = 1 / (1 + np.exp(-score))
        assert is_like(drawn.color(curve, (score, sigmoid)), plots.ORANGE)
        assert f"sigmoid({score:.2f}".rstrip("0").replace("-", "−") in view.words()
        assert f"= {sigmoid:.3f}".rstrip("0") in view.words()
    move(view, model, **model.values)


@pytest.mark.parametrize("view", ["ThinnedNetworks"], indirect=True)
def test_thinned_networks(view):
    model = twin("ThinnedNetworks")
    axes = model.map.image.axes
    for networks in (1, 2, 3):
        move(view, model, networks=networks)
        kept = int(re.search(r"keeps (\d) of 8 units", view.words())[1])
        model.set(networks=networks)  # for the places of the units
        *_, units = (c for c in model.diagram.collections if len(c.get_offsets()) == 8)
        drawn = Drawn(view, model)
        middles = [drawn.color(model.diagram, unit) for unit in units.get_offsets()]
        assert sum(is_like(middle, plots.ORANGE) for middle in middles) == 8 - kept
    move(view, model, networks=1, p_drop=0)  # all units: the whole network
    places = np.stack(
        np.meshgrid(np.linspace(-5.8, 5.8, 24), np.linspace(-3.8, 3.8, 16)), axis=-1
    ).reshape(-1, 2)
    hidden = np.maximum(places @ thinned_networks.W_HIDDEN + thinned_networks.B_HIDDEN, 0)
    scores = hidden @ thinned_networks.W_OUTPUT + thinned_networks.B_OUTPUT
    found = tints(Drawn(view, model), axes, places)
    sure = np.abs(scores) > 0.3
    assert np.mean(found[sure] == np.sign(scores[sure])) > 0.75  # the points lie over the rest
    x, _ = data.moons(100, rng=0, noise=0.15)
    away = np.linalg.norm(places[:, None] - x, axis=-1).min(axis=1) > 0.4
    assert not np.any(found[sure & away] == -np.sign(scores[sure & away]))
    move(view, model, **twin("ThinnedNetworks").values)


@pytest.mark.parametrize("view", ["Backprop"], indirect=True)
def test_backprop(view):
    from coursekit.widgets.explorers import backprop

    model = twin("Backprop")
    ends = {
        "x1 h": (backprop.INPUTS[0], backprop.HIDDEN),
        "x2 h": (backprop.INPUTS[1], backprop.HIDDEN),
        "h y1": (backprop.HIDDEN, backprop.OUTPUTS[0]),
        "h y2": (backprop.HIDDEN, backprop.OUTPUTS[1]),
    }
    weights = {"x1 h": 0.5, "x2 h": -1.0, "h y1": 1.5, "h y2": -1.0}
    order = [None, "x1 h", "x2 h", "h y1", "h y2", None, "h y1", "h y2", "x1 h", "x2 h"]
    for step, walked in enumerate(order):
        move(view, model, step=step)
        drawn = Drawn(view, model)
        for name, (start, end) in ends.items():
            shares = np.linspace(0.2, 0.35, 30)  # before the numbers in the middle
            along = [np.add(start, share * np.subtract(end, start)) for share in shares]
            beside = [drawn.color(model.axes, place, (0, 6)) for place in along]
            band = np.mean([is_like(shade, "#E9D27A") for shade in beside]) > 0.8
            assert band == (name == walked), (step, name)
            sign = plots.BLUE if weights[name] > 0 else plots.ORANGE
            other = plots.ORANGE if weights[name] > 0 else plots.BLUE
            line = [drawn.color(model.axes, place) for place in along]
            assert any(is_like(shade, sign) for shade in line), (step, name)
            assert not any(is_like(shade, other) for shade in line), (step, name)
    # the numbers at the end of the walk, by the chain rule
    x, v, t = np.array([1, -0.5]), np.array([1.5, -1]), np.array([1, 0])
    h = np.tanh(x @ [0.5, -1])
    y = 1 / (1 + np.exp(-h * v))
    loss = np.sum((y - t) ** 2) / 2
    back = (y - t) * y * (1 - y)
    gradient = (back @ v) * (1 - h**2) * x[1]
    largest = np.abs([*back * h, *(back @ v) * (1 - h**2) * x]).max()
    for value in (gradient, loss, largest):
        assert f"{value:.3f}".rstrip("0").replace("-", "−") in view.words()
    move(view, model, step=0)
