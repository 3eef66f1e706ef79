"""The optimizer race: its walks, its choices, and what it shows without a browser."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from coursekit import nn, widgets
from coursekit.plots import palette
from coursekit.widgets.race.landscapes import LANDSCAPES, MAP_SIZE, relief
from coursekit.widgets.race.options import all_options
from coursekit.widgets.race.trajectories import METHODS, RATES, STEPS, arrival


@pytest.mark.parametrize("name", LANDSCAPES)
def test_each_gradient_is_the_slope_of_its_loss(name):
    land = LANDSCAPES[name]
    for point in np.random.default_rng(0).uniform(-1.5, 1.5, (5, 2)):
        measured = nn.numerical_gradient(lambda x: float(land.loss(x)), point)
        np.testing.assert_allclose(land.gradient(point), measured, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_each_minimum_is_the_lowest_point_of_its_map(name):
    land = LANDSCAPES[name]
    left, right, bottom, top = land.limits
    grid = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    lowest = land.loss(np.stack(grid, axis=-1)).min()
    for minimum in np.array(land.minima):
        np.testing.assert_allclose(land.gradient(minimum), 0, atol=1e-9)
        assert land.loss(minimum) <= lowest
        assert left < minimum[0] < right and bottom < minimum[1] < top


def test_a_walk_of_sgd_by_its_closed_form():
    race = widgets.OptimizerRace()
    race.set(surface="narrow valley", start=(-8, 2), methods=["SGD"], SGD=0.05)
    t = np.arange(STEPS + 1)
    expected = np.column_stack([-8 * 0.95**t, 2 * (1 - 25 * 0.05) ** t])
    np.testing.assert_allclose(race.paths_by_name["SGD"], expected, atol=1e-12)
    near = np.linalg.norm(expected, axis=1) <= 0.1
    first = int(np.argmax(near))
    assert near[first:].all() and race.arrivals == {"SGD": first}


def test_the_buffer_holds_the_paths_in_the_order_of_the_names():
    race = widgets.OptimizerRace(methods=("Adam", "SGD", "RMSProp"))
    names = race.outcome["names"]
    sent = np.frombuffer(race.paths, dtype=np.float32).reshape(len(names), STEPS + 1, 3)
    assert names == ["SGD", "RMSProp", "Adam"]
    for name, path in zip(names, sent, strict=True):
        np.testing.assert_allclose(path[:, :2], race.paths_by_name[name], rtol=1e-6)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_losses_that_are_sent_are_those_above_the_minimum(name):
    race, land = widgets.OptimizerRace(name, methods=("Adam",)), LANDSCAPES[name]
    sent = np.frombuffer(race.paths, dtype=np.float32).reshape(STEPS + 1, 3)
    lowest = min(land.loss(np.array(minimum)) for minimum in land.minima)
    expected = land.loss(race.paths_by_name["Adam"]) - lowest
    np.testing.assert_allclose(sent[:, 2], expected, rtol=1e-4, atol=1e-9)
    assert sent[:, 2].min() >= -1e-9


def test_what_is_shown_at_the_start():
    race = widgets.OptimizerRace("narrow valley")
    race.set(start=(-8, 2))
    assert race.outcome["start"] == [-8, 2] and race.outcome["downhill"] == [8, -50]


def test_passing_the_minimum_is_not_arriving():
    land = LANDSCAPES["narrow valley"]
    path = np.full((STEPS + 1, 2), 3.0)
    path[50:60] = 0
    assert arrival(path, land) is None
    path[70:] = 0
    assert arrival(path, land) == 70
    assert arrival(path[:100], land) is None  # broken off: diverged


def test_a_walk_that_diverges_ends_and_is_named():
    race = widgets.OptimizerRace()
    assert race.set(surface="narrow valley", methods=["SGD", "Adam"], SGD=1.0)["SGD"] is None
    assert race.outcome["diverged"].keys() == {"SGD"}
    assert "Diverged: SGD." in race.text
    sent = np.frombuffer(race.paths, dtype=np.float32).reshape(2, STEPS + 1, 3)
    assert np.isnan(sent[0, -1]).all() and np.isfinite(sent[1]).all()


def test_goal():
    race = widgets.OptimizerRace()
    assert not race.goal_reached and race.outcome["goal_step"] is None
    race.set(Adam=(0.75, 0.8))
    assert race.goal_reached and "Goal reached." in race.still()[0]["text/plain"]
    assert race.outcome["goal_step"] == race.arrivals["Adam"] == 31
    race.set(start=(1.1, 1.5))
    assert race.goal_reached  # it stays reached
    assert race.outcome["goal_step"] is None


@pytest.mark.parametrize(
    "settings",
    [
        {"start": (2.9, 0.5), "Adam": (0.75, 0.8)},  # next to the star: too easy
        {"methods": ["SGD"]},
        {"surface": "narrow valley", "Adam": (0.75, 0.8)},
    ],
)
def test_what_does_not_reach_the_goal(settings):
    race = widgets.OptimizerRace()
    race.set(**settings)
    assert not race.goal_reached and race.outcome["goal_step"] is None


def test_momentum_alone_can_reach_the_goal_with_look_ahead():
    race = widgets.OptimizerRace(methods=())
    assert race.set(Nesterov=(0.0095, 0.86))["Nesterov"] <= 40 and race.goal_reached


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": (50, 0)}, "start must lie on the map"),
        ({"start": (0, float("nan"))}, "start must lie on the map"),
        ({"SGD": 0}, "SGD: the rate"),
        ({"SGD": float("nan")}, "SGD: the rate"),
        ({"Adam": (0.1, 1)}, "Adam: β₁"),
        ({"surface": "the moon"}, "the moon"),
        ({"methods": ["SDG"]}, "SDG"),
        ({"Adagrad": 1}, "Adagrad"),
    ],
)
def test_what_cannot_be_run_is_said_and_changes_nothing(wrong, sentence):
    race = widgets.OptimizerRace()
    before = race.settings, race.paths
    with pytest.raises(ValueError, match=sentence):
        race.set(**wrong)
    assert (race.settings, race.paths) == before


def test_a_wrong_number_from_the_browser_is_shown_and_the_next_race_runs():
    race = widgets.OptimizerRace()
    races = race.race
    lanes = race.settings["lanes"]
    race.settings = {**race.settings, "start": [None, 1.5], "asked": 1}  # an empty field
    assert race.race == races + 1 and "start must lie" in race.outcome["error"]
    assert race.outcome["asked"] == 1  # the page knows what is refused
    race.settings = {**race.settings, "start": [1, 1.5], "lanes": lanes, "asked": 2}
    assert race.race == races + 2 and not race.outcome["error"]
    assert race.outcome["asked"] == 2


def test_nobody_runs():
    race = widgets.OptimizerRace()
    assert race.set(methods=[]) == {}
    assert race.text == "No method runs: switch one on."
    assert 'alt="The optimizer race. No method runs: ' in race.still()[0]["text/html"]


def test_all_six_run_on_every_surface_without_a_warning():
    race = widgets.OptimizerRace()
    for surface in LANDSCAPES:
        race.set(surface=surface, methods=METHODS)
        assert len(race.paths_by_name) == len(METHODS)
        assert race.picture().startswith(b"\x89PNG")


def test_in_the_still_a_method_looks_as_on_the_page(monkeypatch):
    drawn, race = [], widgets.OptimizerRace()
    race.set(methods=["Adam", "RMSProp"])  # neither is the first on the page
    monkeypatch.setattr("coursekit.widgets.race.race.small_png", lambda fig: drawn.append(fig))
    race.picture()
    (ax,) = drawn[0].axes
    on_page = dict(zip(METHODS, all_options()["themes"]["light"]["methods"], strict=True))
    named = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    for name, mark in (("RMSProp", "v"), ("Adam", "<")):
        assert to_rgb(named[name].get_color()) == to_rgb(on_page[name])
        assert named[name].get_marker() == mark
    colours = [line.get_color() for line in ax.get_legend().get_lines()]
    assert named["Adam"].get_color() in colours


def test_the_still_is_the_same_every_time():
    one, other = widgets.OptimizerRace(), widgets.OptimizerRace()
    assert repr(one) == repr(other) == 'OptimizerRace("Beale\'s function")'
    first, second = one.still()[0], other.still()[0]
    assert first["text/plain"] == second["text/plain"]
    assert first["text/plain"].startswith("The optimizer race. Arrived: ")


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_heights_that_are_sent(name):
    width, height = MAP_SIZE
    land = LANDSCAPES[name]
    sent = np.frombuffer(relief(name), dtype=np.float32).reshape(height, width)
    assert sent.min() >= 0 and sent.max() == 1
    left, right, bottom, top = land.limits
    for x1, x2 in land.minima:
        row = round((top - x2) / (top - bottom) * (height - 1))
        column = round((x1 - left) / (right - left) * (width - 1))
        assert sent[row, column] < 0.02
    corner = land.loss(np.array([left, top])) - land.lowest
    other = land.loss(np.array([right, bottom])) - land.lowest
    assert sent[0, 0] / sent[-1, -1] == pytest.approx(np.sqrt(corner / other), rel=1e-5)


def test_the_rates_that_the_keys_step_through_are_a_series_and_hold_the_first_ones():
    assert list(RATES) == sorted(RATES) and RATES[0] == 1e-4 and RATES[-1] == 10
    assert all(1.3 < b / a < 1.7 for a, b in pairwise(RATES))
    assert RATES[RATES.index(0.003) + 1] == 0.005


def luminance(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (
        0.2126,
        0.7152,
        0.0722,
    )


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_line_stands_out_from_its_edge_and_from_the_page_in_both_themes(name):
    theme = all_options()["themes"][name]
    page = {"light": "#ffffff", "dark": "#111111"}[name]  # JupyterLab's
    for color in (*theme["methods"], theme["ink"]):
        for ground in (theme["halo"], page):
            dark, light = sorted((luminance(color), luminance(ground)))
            assert (light + 0.05) / (dark + 0.05) >= 3, (color, ground)
    assert len(set(theme["methods"])) == len(METHODS)


def test_the_race_takes_its_colours_from_the_palette(monkeypatch):
    monkeypatch.setattr(palette, "INK", "#111111")
    assert widgets.OptimizerRace().options["colors"]["ink"] == "#111111"
