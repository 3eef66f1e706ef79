"""How colours look: contrast, lightness, and difference for eyes with other cones."""

import numpy as np
from matplotlib.colors import to_rgb

# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)


def linear(color):
    """A colour (a name, or red, green, blue from 0 to 255) without its gamma."""
    c = np.array(to_rgb(color)) if isinstance(color, str) else np.asarray(color)[:3] / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return float(TO_XYZ[1] @ linear(color))


def contrast(a, b):
    """WCAG's ratio, from 1 to 21."""
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def turned(color):
    """What ``invert(1) hue-rotate(180deg)`` makes of a colour (Filter Effects Module), 0 to 255."""
    c = np.array(to_rgb(color)) if isinstance(color, str) else np.asarray(color)[:3] / 255
    rotate = 2 * np.array([0.213, 0.715, 0.072]) - np.eye(3)  # by half a circle
    return 255 * np.clip(rotate @ (1 - c), 0, 1)


def lab(color, sight="usual"):
    ratio = TO_XYZ @ np.clip(SIGHT[sight] @ linear(color), 0, 1) / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a, b, sight="usual"):
    """ΔE 1976: 2.3 can just be noticed."""
    return float(np.linalg.norm(lab(a, sight) - lab(b, sight)))


def lightness(color):
    """As in black-and-white print, from 0 to 100."""
    return float(lab(color)[0])
