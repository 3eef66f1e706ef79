"""Handles on the pictures: where they lie, what a move in the browser does, and what is drawn."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from coursekit import widgets
from coursekit.widgets import Switch
from coursekit.widgets.base.log_slider import LogSlider
from coursekit.widgets.base.overlays import LeavingCurve

WITH_HANDLES = (
    "LineAndGates", "LiftXOR", "Neuron", "Connections", "SoftStep", "Bumps", "ScaleAndDepth",
    "Penalties", "Backprop", "MomentumMap",
)  # fmt: skip


def pull(explorer, k, **move):
    """Move the k-th handle as the browser does."""
    n = 1 + explorer._layer.moved.get("n", 0)
    explorer._layer.moved = {"n": n, "moves": {str(k): move}}
    assert explorer._layer.answered == n


@pytest.mark.parametrize("name", WITH_HANDLES)
def test_each_handle_moves_what_it_is_bound_to_and_nothing_else(name):
    explorer = getattr(widgets, name)()
    for k, handle in enumerate(explorer._handles):
        before, shown = explorer.values, explorer._layer.handles[k]
        assert all(explorer.controls[bound].label in shown["name"] for bound in handle.bound)
        if isinstance(explorer.controls[handle.bound[0]], Switch):
            pull(explorer, k, on=not before[handle.bound[0]])
            assert explorer._layer.handles[k]["on"] is not before[handle.bound[0]]
        else:
            ticks = [tick + 1 if tick < last else tick - 1 for tick, last in shown["ticks"]]
            pull(explorer, k, ticks=ticks)
            assert [tick for tick, _ in explorer._layer.handles[k]["ticks"]] == ticks
        changed = {key for key, value in explorer.values.items() if value != before[key]}
        assert changed == set(handle.bound)
        for control in explorer.controls.values():  # the slider and the box agree
            if hasattr(control, "slider"):
                assert control.slider.value == control._to_tick(control.box.value)
        explorer.set(**before)
        assert explorer._layer.handles[k]["text"] == shown["text"]


def test_a_key_on_a_handle_leaves_alone_what_a_slider_has_moved_meanwhile():
    explorer = widgets.ScaleAndDepth()
    explorer.set(depth=50)  # by its slider; the handle in the browser is still at 10
    pull(explorer, 0, ticks=[4, None])
    assert explorer.values["depth"] == 50
    assert explorer.values["scale"] == explorer.controls["scale"].steps()[4]


def test_a_handle_says_the_number_that_the_box_shows():
    explorer = widgets.MomentumMap()
    explorer.set(alpha=0.005, rho=0.95)
    said = explorer._layer.handles[0]["text"]
    assert said == "learning rate α 0.005, momentum ρ 0.95"


@pytest.mark.parametrize("name", ["LineAndGates", "ScaleAndDepth", "MomentumMap"])
def test_a_handle_of_two_sliders_is_put_nearest_to_the_pointer(name):
    explorer = getattr(widgets, name)()
    k = next(k for k, handle in enumerate(explorer._handles) if len(handle.bound) == 2)
    first, second = (explorer.controls[bound] for bound in explorer._handles[k].bound)
    values = dict(
        zip(explorer._handles[k].bound, (first.steps()[7], second.steps()[3]), strict=True)
    )
    there = explorer._handles[k]._pixels(explorer.values | values, clip=False)[0]
    pull(explorer, k, to=(there + 0.4).tolist())
    assert {bound: explorer.values[bound] for bound in values} == values


@pytest.mark.parametrize("name", ["ScaleAndDepth", "MomentumMap"])
def test_the_chosen_point_is_whole_at_the_edges_too(name):
    explorer = getattr(widgets, name)()
    bound = explorer._handles[0].bound

    def ink(*places):
        """The dark pixels around the handle, with the sliders at these of their steps."""
        steps = [explorer.controls[each].steps() for each in bound]
        chosen = (s[int(p * (len(s) - 1))].item() for s, p in zip(steps, places, strict=True))
        explorer.set(**dict(zip(bound, chosen, strict=True)))
        x, y = explorer._layer.handles[0]["at"]
        scale = explorer.canvas.figure.dpi / 96
        top, bottom, left, right = (round(scale * v) for v in (y - 9, y + 9, x - 9, x + 9))
        red, _, _, alpha = imread(io.BytesIO(explorer.picture()))[top:bottom, left:right].T
        return ((red < 0.3) & (alpha > 0.5)).sum()

    whole = ink(0.45, 0.45)
    assert min(ink(x, y) for x in (0, 1) for y in (0, 1)) > 0.8 * whole > 20


def test_the_arrow_stands_on_the_line_and_is_as_long_as_the_weights():
    explorer = widgets.LineAndGates(w1=1, w2=1, threshold=1)
    foot, tip = (np.array(handle["at"]) for handle in explorer._layer.handles)
    # the middle of the picture lies on this line
    left, top = explorer._layer.handles[0]["frame"][0]
    right, bottom = explorer._layer.handles[0]["frame"][1]
    np.testing.assert_allclose(foot, [(left + right) / 2, (top + bottom) / 2])
    np.testing.assert_allclose(tip - foot, 0.3 * (right - left) / 2.2 * np.array([1, -1]))
    explorer.set(w1=0, w2=0)
    assert "at" not in explorer._layer.handles[0]  # no line
    assert "at" in explorer._layer.handles[1]  # from which the weights can be pulled out again


def test_a_curve_leaves_its_frame_with_an_arrow():
    axes = Figure().subplots()
    axes.set(yscale="log", ylim=(1e-2, 1e2))
    curve = LeavingCurve(axes, "-")
    curve.update(np.arange(5.0), np.array([1.0, 1e4, 1.0, 0.0, np.inf]))
    down, up = (exit.get_xdata().tolist() for exit in curve.exits)
    assert up == pytest.approx([0.5, 1.5, 3.51], abs=0.01)
    assert down == pytest.approx([2.02, 3.49], abs=0.01)
    np.testing.assert_allclose(curve.exits[1].get_ydata(), 100)
    curve.update(np.arange(2.0), np.array([1e3, 1e4]))  # outside everywhere
    assert curve.exits[1].get_xdata().tolist() == [0]
    curve.update(np.empty(0), np.empty(0))
    assert len(curve.line.get_xdata()) == len(curve.exits[0].get_xdata()) == 0


def test_a_picture_is_clear_and_as_sharp_as_the_screen():
    explorer = widgets.Bumps()
    for ratio, scale in ((1.0, 1.0), (2.0, 2.0), (3.0, 2.0), (1.5, 1.5)):
        explorer._layer.ratio = ratio
        pixels = imread(io.BytesIO(explorer.picture()))
        wanted = scale * np.array([explorer.canvas.height, explorer.canvas.width])
        assert np.abs(pixels.shape[:2] - wanted).max() <= 1
        assert pixels[0, 0, 3] == 0 and pixels[..., 3].max() == 1
    places = [handle["at"] for handle in explorer._layer.handles]
    explorer._layer.ratio = 1.0
    moved = [handle["at"] for handle in explorer._layer.handles]
    np.testing.assert_allclose(places, moved, atol=0.01)


def test_a_log_slider_has_equal_factors_and_free_entry():
    control = LogSlider("rate", 0.003, 1e-4, 10.0, 4)
    control.connect(lambda: None, lambda work: work())
    assert control.box.step == pytest.approx(0.0001)  # of which a key press adds one
    assert control.box.min == 0  # from which the browser counts them
    control.slider.value = -6
    control.sync_twin()
    assert control.value == control.box.value == 0.0316
    assert control.box.step == pytest.approx(0.001)
    control.box.value = 0.05
    control.sync_twin()
    assert (control.value, control.slider.value) == (0.05, -5)
    control.box.value = 0.0
    assert control.value == control.box.value == 1e-4
    assert control.steps()[[0, 4, -1]].tolist() == [1e-4, 1e-3, 10]
