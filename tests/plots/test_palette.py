"""Colours that everybody can tell apart, and a second cue for each."""

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from vision import SIGHT, contrast, difference, lightness

from coursekit import plots
from coursekit.plots import connection_lines, palette

PAPER = "#FFFFFF"
USED = [*plots.COLORS, palette.MUTED, connection_lines.REMOVED]


def test_the_measure_itself():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)  # WCAG's own example
    assert lightness("white") == pytest.approx(100, abs=0.01)
    # red and green of the same lightness: the pair that goes wrong
    assert difference("#B05050", "#608030") > 60
    assert difference("#B05050", "#608030", "deuteranopia") < 20


@pytest.mark.parametrize("color", USED)
def test_contrast_with_paper(color):
    assert contrast(color, PAPER) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_classes_differ_for_all_eyes(sight):
    for a, b in itertools.combinations(plots.COLORS, 2):
        assert difference(a, b, sight) > 20, (a, b)


def test_every_class_has_its_own_marker():
    assert len(set(plots.MARKERS)) == len(plots.MARKERS) >= 10
    assert palette.class_color(0) == plots.ORANGE and palette.class_marker(0) == "s"
    assert palette.class_color(1) == plots.BLUE and palette.class_marker(1) == "o"
    cues = {(palette.class_color(k), palette.class_marker(k)) for k in range(10)}
    assert len(cues) == 10
    assert len({str(style) for style in plots.LINESTYLES}) == len(plots.COLORS)


def test_the_style_file_has_the_same_colours():
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert {"#" + c.lstrip("#").upper() for c in cycle["color"]} == set(plots.COLORS)
    assert len({str(style) for style in cycle["linestyle"]}) == len(plots.COLORS)


def test_a_decision_map_has_the_sign_in_its_hue_and_its_lightness():
    scores = np.array([-30.0, -3, -1, -1e-9, 0, 1e-9, 1, 3, 30])
    shades = plots.map_colors(scores)
    assert shades.dtype == np.uint8 and shades.shape == (9, 4)
    assert np.all(shades[:, 3] == 255)
    red, blue = shades[:, 0].astype(int), shades[:, 2].astype(int)
    assert np.array_equal(np.sign(blue - red), np.sign(scores))
    light = [lightness(shade) for shade in shades]
    assert min(light[:4]) > light[4] > max(light[5:])  # in black-and-white print too
    # the more certain, the stronger
    assert light[0] < light[1] < light[2] < light[3]
    assert light[8] < light[7] < light[6] < light[5]


@pytest.mark.parametrize("sight", SIGHT)
def test_the_two_sides_differ_right_at_the_border(sight):
    below, above = plots.map_colors(np.array([-1e-12, 1e-12]))
    assert difference(below, above, sight) > 10
    assert lightness(below) - lightness(above) > 5


def test_points_stand_out_on_every_tint():
    for tint in plots.map_colors(np.linspace(-9, 9, 50)):
        assert contrast(plots.INK, tint) > 3  # the markers' edge and the border


def test_extreme_scores():
    with np.errstate(all="raise"):
        shades = plots.map_colors(np.array([-np.inf, -1e308, 1e308, np.inf]))
    assert np.array_equal(shades[0], shades[1]) and np.array_equal(shades[2], shades[3])
    logits = np.array([[1e4, -1e4, 0.0], [0, 0, 1e308]])
    assert plots.class_colors(logits).shape == (2, 4)


def test_a_map_of_classes_has_the_winners_hue():
    logits = 4 * np.eye(5)
    for k, shade in enumerate(plots.class_colors(logits)):
        distances = [difference(shade, pure[-1]) for pure in palette.CLASSES]
        assert np.argmin(distances) == k
    sure, unsure = plots.class_colors(np.array([[9.0, 0, 0], [0.1, 0, 0]]))
    assert lightness(sure) < lightness(unsure)
    # a sixth class takes the first colour again
    assert np.array_equal(
        plots.class_colors(9 * np.eye(6))[5],
        plots.class_colors(9 * np.eye(6))[0],
    )


@pytest.mark.parametrize("sight", SIGHT)
def test_weights_differ_from_zero_and_by_sign(sight):
    low, zero, high = (255 * np.array(plots.DIVERGING(v)) for v in (0.25, 0.5, 0.75))
    assert difference(low, high, sight) > 20
    assert difference(low, zero, sight) > 20 and difference(high, zero, sight) > 20
    assert np.allclose(zero, 255)


def test_heights_darken_steadily():
    light = [lightness(255 * np.array(palette.HEIGHTS(v))) for v in np.linspace(0, 1, 20)]
    assert np.all(np.diff(light) < 0)
    assert contrast(plots.INK, 255 * np.array(palette.HEIGHTS(1.0))) > 3
