"""What an explorer's picture says, read from its colours in JupyterLab."""

import numpy as np
from matplotlib.colors import to_rgb


class Drawn:
    """A picture whose places are given in the units of its axes."""

    def __init__(self, view, model):
        self.pixels = view.picture()
        box = model.canvas.figure.bbox
        assert self.pixels.shape[:2] == (int(box.height), int(box.width))
        self.points = model.canvas.figure.dpi / 72  # pixels of one

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
        outwards = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        # A ring is moved to whole pixels, by half of one at most.
        lengths = radius * self.points + np.array([-1, 0, 1])
        dark = [
            min(self.color(axes, point, aside).max() for aside in np.outer(lengths, way)) < 120
            for way in outwards
        ]
        return np.mean(dark) > 0.8


def is_like(color, name):
    return bool(np.abs(color - 255 * np.array(to_rgb(name))).max() < 12)


def tints(drawn, axes, places):
    """+1 where the map is bluish, -1 where it is like orange, 0 where something is drawn on it."""
    found = []
    for place in places:
        red, _, blue = drawn.color(axes, place)
        found.append(0 if max(red, blue) < 190 else np.sign(blue - red))
    return np.array(found)
