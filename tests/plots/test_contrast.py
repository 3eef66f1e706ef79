"""Contrast by WCAG 2: 4.5 : 1 for words, 3 : 1 for lines and marks, on light and on dark pages."""

import itertools

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.colors import to_hex
from matplotlib.text import Text
from vision import contrast, turned

from coursekit import data, nn, plots, widgets
from coursekit.plots import connection_lines, palette
from coursekit.plots.show import STYLE

PAPER = palette.PAPER
DARK = {"JupyterLab": "#111111", "book": "#131416"}  # pages
X, T = data.gate("or")
RNG = np.random.default_rng(0)
NET = nn.Sequential(nn.Dense(2, 2, rng=RNG), nn.Tanh(), nn.Dense(2, 1, rng=RNG))
MADE_OF = {
    "BendingPlane": lambda: widgets.BendingPlane(
        NET, [NET.theta, 2 * NET.theta], [0, 5], X, T, limits=(-0.5, 1.5)
    ),
    "PerceptronSteps": lambda: widgets.PerceptronSteps(X, T),
    "Recipes": lambda: widgets.Recipes({"": [[0.1, 0.2]], "A": [[0.9, 0.98]]}, {"A": "Adam"}),
}
CLASSES = [public for public in vars(widgets).values() if isinstance(public, type)]
KINDS = [k for k in CLASSES if issubclass(k, widgets.Explorer) and k is not widgets.Explorer]
# Behind the line that it stresses; the words beside the picture name that line too.
BAND = "#e9d27a"


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def figure(request):
    """The explorer's figure, with all of a walk that has steps."""
    explorer = MADE_OF.get(request.param.__name__, request.param)()
    if step := explorer.controls.get("step"):
        explorer.set(step=step.high)
    return explorer.canvas.figure


def test_words(figure):
    words = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    assert words
    for text in words:
        color = to_hex(text.get_color())
        assert contrast(color, PAPER) >= 4.5, text.get_text()
        assert contrast(turned(color), DARK["book"]) >= 4.5, text.get_text()


def test_lines_and_marks(figure):
    for axes in figure.axes:
        for line in axes.lines:
            color = to_hex(line.get_color())
            if line.get_visible() and color != BAND:
                on_paper = palette.mix(color, PAPER, 1 - (line.get_alpha() or 1))
                assert contrast(on_paper, PAPER) >= 3, line
                assert contrast(turned(on_paper), DARK["book"]) >= 3, line
        for points in axes.collections:
            for color in points.get_edgecolor():
                assert contrast(to_hex(color), PAPER) >= 3, points
                assert contrast(turned(to_hex(color)), DARK["book"]) >= 3, points


@pytest.mark.parametrize("page", DARK.values(), ids=DARK)
def test_a_figure_on_a_dark_page(page):
    """It is turned round there. No single colour of words would do for both: of greys the best."""
    assert STYLE.count("filter: invert(1) hue-rotate(180deg);") == 2
    greys = [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in range(256)]
    assert max(min(contrast(g, page), contrast(g, PAPER)) for g in greys) < 4.5
    words = [rcParams[name] for name in ("text.color", "axes.labelcolor", "xtick.labelcolor")]
    for color in [*words, palette.MUTED]:
        assert contrast(turned(color), page) >= 4.5, color
    lines = [rcParams["axes.edgecolor"], rcParams["xtick.color"], connection_lines.REMOVED]
    for color in [*lines, *plots.COLORS, palette.FRAME]:
        assert contrast(turned(color), page) >= 3, color
    for tint in palette.SIDES:  # points and borders; words on a map have a halo
        assert contrast(turned(palette.INK), turned(tint)) >= 3


def test_words_on_a_map():
    """The digits and the border's sign lie on its tints."""
    for tint in palette.SIDES[:, :3]:
        assert contrast(palette.INK, tint) >= 4.5
        assert contrast(to_hex("0.35"), tint) >= 2  # the digits: a cue beside the colour


def test_orange_and_green_are_for_marks_and_not_for_words():
    fit = {color for color in (*plots.COLORS, palette.MUTED) if contrast(color, PAPER) >= 4.5}
    assert fit == {plots.BLUE, palette.MUTED, *plots.COLORS[3:]}


def test_classes_too_alike_in_luminance_have_a_second_cue():
    """Side by side few pairs have 3 : 1, so none may rely on colour."""
    alike = [
        (a, b)
        for a, b in itertools.combinations(range(len(plots.COLORS)), 2)
        if contrast(plots.COLORS[a], plots.COLORS[b]) < 3
    ]
    assert (0, 1) in alike  # orange and blue: 1.3 : 1
    for a, b in alike:
        assert plots.MARKERS[a] != plots.MARKERS[b]
        assert plots.LINESTYLES[a] != plots.LINESTYLES[b]
    assert palette.POSITIVE_STYLE != palette.NEGATIVE_STYLE
