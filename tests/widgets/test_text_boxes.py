"""No text of an explorer's figure is cut off or lies over another one, in any language.

On a dark page the same figure is shown with its colours turned round.
"""

import re
from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from test_words import EXPLORERS, MADE

from coursekit import widgets
from coursekit.language import languages, speaking
from coursekit.widgets.base.canvas import PIXELS_PER_INCH

FORMULA, WORD = re.compile(r"\$[^$]*\$"), re.compile(r"[^\W\d_]{2,}")


def boxes(figure):
    """Yield the texts of a figure that have words, with their places in pixels."""
    figure.draw_without_rendering()
    for text in figure.findobj(Text):
        axes = text.axes
        if (
            WORD.search(FORMULA.sub("", text.get_text()))
            and text.get_visible()
            and (not axes or axes.get_visible())
        ):
            yield text.get_text(), text.get_window_extent()


def covered(explorer):
    """The texts of any kind under an explorer's handles."""
    figure = explorer.canvas.figure
    for handle in explorer._handles:
        x, y = np.multiply(
            handle.shown(explorer.controls).get("at", (-99, -99)), figure.dpi / PIXELS_PER_INCH
        )
        ring = Bbox.from_extents(x, figure.bbox.height - y, x, figure.bbox.height - y).padded(9)
        for text in figure.findobj(Text):
            box = Text.get_window_extent(text)  # of an annotation without its arrow
            if text.get_visible() and text.get_text().strip() and ring.overlaps(box):
                yield text.get_text()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", EXPLORERS)
def test_texts_have_their_own_place(name, language):
    with speaking(language):
        explorer = MADE.get(name, getattr(widgets, name))()
        states = (
            [{}, {"step": explorer.controls["step"].high}] if "step" in explorer.controls else [{}]
        )
        for ratio, state in [(1, {}), *((2, state) for state in states)]:
            explorer.canvas.sharpen(ratio)  # letters of few pixels are wider
            explorer.set(**state)
            figure = explorer.canvas.figure
            found = list(boxes(figure))
            page = figure.bbox.padded(1)
            cut = [
                text
                for text, box in found
                if not page.contains(box.x0, box.y0) or not page.contains(box.x1, box.y1)
            ]
            over = [
                (a, b)
                for (a, one), (b, other) in combinations(found, 2)
                if one.padded(-2).overlaps(other.padded(-2))
            ]
            assert (cut, over, list(covered(explorer))) == ([], [], [])
