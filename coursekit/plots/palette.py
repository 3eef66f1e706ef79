"""Colours, marker shapes and line styles: how things are told apart, with and without colour.

The first three colours are Okabe and Ito's vermilion, blue and green (Color Universal Design,
2008), the others are darker. Each has a contrast of at least 3 : 1 with white paper, and any two
stay apart under protanopia and deuteranopia. A class has its own marker shape as well, a sign its
own line style, so that everything can be read in black and white.
"""

from typing import Literal

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from numpy.typing import NDArray

Colors = NDArray[np.uint8]  # (..., 4): red, green, blue, opacity
LineStyle = Literal["-", "--", "-.", ":"] | tuple[float, tuple[float, ...]]

INK = "#1A1A1A"
PAPER = "#FFFFFF"
MUTED = "#6E6E6E"
FRAME = "#71838F"  # around maps on a page

ORANGE, BLUE, GREEN, WINE = "#D55E00", "#0072B2", "#009E73", "#882255"

#: Colour of each class. Class 0, or a negative output, is orange; class 1, or a positive one, blue.
COLORS = (ORANGE, BLUE, GREEN, WINE, INK)
#: Marker shape of each class.
MARKERS = ("s", "o", "^", "D", "v", "P", "X", "<", ">", "*")
#: Line style of each curve or path in a figure.
LINESTYLES: tuple[LineStyle, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))

NEGATIVE, POSITIVE = ORANGE, BLUE
NEGATIVE_STYLE: LineStyle = "--"
POSITIVE_STYLE: LineStyle = "-"

# Tints of a decision map: from the strongest negative output to 0, and from 0 to the strongest
# positive. The palest blue is darker than the strongest orange, so black-and-white print keeps
# the sides apart, and they differ at once at the border.
_NEGATIVE_TINTS = ("#FBCDA2", "#FDEFE4")
_POSITIVE_TINTS = ("#B4D2E8", "#5A9BC9")
_ZERO_TINT = "#D2D2D2"

#: Weights and heights: orange for negative, white for 0, blue for positive.
DIVERGING = LinearSegmentedColormap.from_list(
    "coursekit.diverging",
    ["#8A3B00", ORANGE, "#F8C9A4", PAPER, "#A9CFE8", BLUE, "#00446B"],
    N=257,  # odd, so that 0 is white
)
#: Heights of a loss: pale where low, dark where high.
HEIGHTS = LinearSegmentedColormap.from_list(
    "coursekit.heights", ["#FDFEFE", "#E3EBEF", "#CAD6DD", "#B2C2CB"]
)

STEPS = 128  # shades on each side of a decision map's border


def _shades(start: str, end: str, count: int) -> NDArray[np.float64]:
    return np.linspace(to_rgb(start), to_rgb(end), count)


def _side_palette() -> Colors:
    rgb = np.vstack(
        [
            _shades(*_NEGATIVE_TINTS, STEPS),
            _shades(_ZERO_TINT, _ZERO_TINT, 1),
            _shades(*_POSITIVE_TINTS, STEPS),
        ]
    )
    return _opaque(rgb)


def _class_palette() -> Colors:
    """For each class, shades from unsure to sure, (classes, STEPS, 4)."""
    unsure, sure = 0.88, 0.5  # share of white in the tint
    tints = [(mix(color, PAPER, unsure), mix(color, PAPER, sure)) for color in COLORS]
    return np.stack([_opaque(_shades(*pair, STEPS)) for pair in tints])


def _opaque(rgb: NDArray[np.float64]) -> Colors:
    rgba: Colors = np.rint(255 * np.column_stack([rgb, np.ones(len(rgb))])).astype(np.uint8)
    return rgba


def mix(color: str, other: str, share: float) -> str:
    """The colour that lies the given share of the way from one to another, as ``#rrggbb``."""
    rgb = (1 - share) * np.array(to_rgb(color)) + share * np.array(to_rgb(other))
    return "#" + "".join(f"{round(255 * v):02x}" for v in rgb)


SIDES = _side_palette()
CLASSES = _class_palette()


def class_color(k: int) -> str:
    """Colour of class k; from the sixth class on colours repeat, with other marker shapes."""
    return COLORS[k % len(COLORS)]


def class_marker(k: int) -> str:
    """Marker shape of class k."""
    return MARKERS[k % len(MARKERS)]


def map_colors(scores: NDArray[np.float64]) -> Colors:
    """Colours of a decision map of two sides.

    Parameters
    ----------
    scores : array (...)
        A model's outputs. The sign is the side; the size is the certainty, shown as
        tanh(size / 2), which for a logit is how far its probability is from a half.

    Returns
    -------
    array of uint8 (..., 4)
        Red, green, blue and opacity.
    """
    certainty = np.tanh(scores / 2)
    shade = np.ceil(STEPS * np.abs(certainty)).astype(np.intp)
    rgba: Colors = SIDES[STEPS + np.sign(certainty).astype(np.intp) * shade]
    return rgba


def class_colors(logits: NDArray[np.float64]) -> Colors:
    """Colours of a decision map of K classes.

    Parameters
    ----------
    logits : array (..., K)
        The largest is the class; its probability (softmax) is the certainty.

    Returns
    -------
    array of uint8 (..., 4)
        Red, green, blue and opacity.
    """
    k = logits.shape[-1]
    largest = 1 / np.exp(logits - logits.max(axis=-1, keepdims=True)).sum(axis=-1)
    certainty = (largest - 1 / k) / (1 - 1 / k)  # 0 when all are equal
    shade = np.rint((STEPS - 1) * np.clip(certainty, 0, 1)).astype(np.intp)
    rgba: Colors = CLASSES[logits.argmax(axis=-1) % len(COLORS), shade]
    return rgba
