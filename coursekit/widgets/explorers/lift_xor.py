"""XOR lifted into space by the product of its inputs, and a plane between its classes."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from coursekit import data, nn, plots
from coursekit.language import mark, say
from coursekit.nn.validation import Array
from coursekit.widgets.base.controls import Slider
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.base.handles import Handle
from coursekit.widgets.base.overlays import Rings, soft_step
from coursekit.widgets.base.text import affine
from coursekit.widgets.explorers.line_and_gates import HIGH, LOW, errors_of, score_layer

BOX = np.array([[-0.3, 1.3], [-0.3, 1.3], [-0.3, 1.3]])  # the part of space that is drawn
ELEVATION = np.deg2rad(20)
TIPS = np.diag([1.4, 1.4, 1.3])  # ends of the axes


@dataclass(frozen=True)
class LiftState:
    """What a plane makes of the lifted rows of XOR."""

    weights: Array  # (3,), of x₁, x₂ and x₁·x₂
    threshold: float
    wrong: NDArray[np.bool_]  # (4,), rows on the wrong side of the plane
    turn: float  # of the picture, in degrees

    @property
    def errors(self) -> int:
        return int(self.wrong.sum())


class LiftXOR(Explorer[LiftState]):
    """The plane ``x₁ + x₂ + w₃·x₃ = w₀`` in the space of x₁, x₂ and ``x₃ = x₁·x₂``.

    Beside it the same border in the plane of the inputs, where it is a curve. The goal is to
    separate the classes.

    The end of the first axis can be dragged round, and the plane by the place where it meets the
    ground over the diagonal.

    Parameters
    ----------
    w3, threshold, turn : float
        First values of the sliders: the weight of the product from -4 to 2, the threshold
        from -1 to 2, the turn of the picture from -180 to 180 degrees.
    """

    title = mark("XOR lifted by the product of its inputs")
    goal_text = mark("a plane that separates the classes of XOR")
    size = (6.0, 3.5)
    played = ("turn",)

    def __init__(self, *, w3: float = 0.0, threshold: float = 0.5, turn: float = -60) -> None:
        self.x, self.t = data.gate("xor")
        super().__init__(
            w3=Slider(say("weight w₃"), w3, -4.0, 2.0),
            threshold=Slider(say("threshold w₀"), threshold, -1.0, 2.0),
            turn=Slider(say("turn, degrees"), turn, -180, 180, 5),
        )

    def compute(self, w3: float, threshold: float, turn: float) -> LiftState:
        weights = np.array([1.0, 1.0, w3])
        answers = score_layer(weights, threshold)(lift(self.x))[:, 0] > 0
        return LiftState(weights, threshold, answers != self.t, turn)

    def goal(self, state: LiftState) -> bool:
        return state.errors == 0

    def describe(self, state: LiftState) -> str:
        terms = dict(zip(("x₁", "x₂", "x₁·x₂"), state.weights, strict=True))
        return errors_of(affine(terms, -state.threshold), "XOR", self.x[state.wrong])

    def prepare(self, figure: Figure) -> None:
        self.space, flat = figure.subplots(1, 2, width_ratios=(1.15, 1))
        self.space.set(xlim=(-1.12, 1.12), ylim=(-1.1, 1.24), aspect="equal")
        self.space.set_axis_off()
        self.space.set_title(say("lifted: $x_3 = x_1 x_2$"), loc="center")
        self.map = plots.decision_map(flat, lambda x: np.zeros(len(x)), limits=(LOW, HIGH))
        plots.points(flat, self.x, self.t, labels=[say("XOR is 0"), say("XOR is 1")], size=60)
        self.rings = Rings(flat, say("wrong"))
        plots.legend(figure)
        self.drawn = Space(self.space, self.x, self.t)  # after the legend, which names them once
        flat.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        flat.xaxis.set_label_coords(0.97, -0.03)  # beside the ticks, clear of the legend
        flat.set_title(say("in the plane of the inputs"), loc="center")

    def handles(self) -> list[Handle]:
        return [Handle(self.space, ("turn",), end), Handle(self.space, ("threshold",), crossing)]

    def draw(self, state: LiftState) -> None:
        scores = score_layer(state.weights, state.threshold)
        self.map.update(lambda x: soft_step(scores(lift(x))))
        self.rings.update(self.x[state.wrong])
        self.drawn.update(scores, state)


def lift(x: Array) -> Array:
    """(x₁, x₂) -> (x₁, x₂, x₁·x₂), (N, 2) -> (N, 3)."""
    return np.column_stack([x, x[:, 0] * x[:, 1]])


# The surface x₃ = x₁·x₂ is made of straight lines: their ends, one after the other.
_EVEN = np.linspace(0, 1, 6).repeat(2)
_ENDS = np.tile([0.0, 1.0], 6)
SURFACE = lift(np.concatenate([np.stack([_EVEN, _ENDS], 1), np.stack([_ENDS, _EVEN], 1)]))


class Space:
    """Points, surface and plane as seen from the side, the nearer ones over the farther ones."""

    def __init__(self, axes: Axes, x: Array, t: NDArray[np.int64]) -> None:
        self.lifted, self.t = lift(x), t
        self.surface = LineCollection([], colors="0.55", linewidths=0.8, zorder=1)
        self.axes = LineCollection([], colors=plots.INK, linewidths=1, zorder=1)
        middle: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 6}
        self.names = [axes.text(0, 0, f"$x_{k}$", **middle) for k in (1, 2, 3)]
        ends = np.zeros((3, 2))
        self.face = Polygon(ends, fc="#B9B9B9", ec=plots.INK, alpha=0.6, zorder=3)
        axes.add_patch(self.face)
        # far points, below the plane, and near ones
        dotted: dict[str, Any] = {"colors": plots.INK, "linewidths": 1.2, "linestyles": ":"}
        self.stems = [LineCollection([], zorder=z, **dotted) for z in (2, 4)]
        self.points = [plots.points(axes, x, t, size=60) for _ in self.stems]
        for stems, classes in zip(self.stems, self.points, strict=True):
            for marks in classes:
                marks.set_zorder(stems.get_zorder() + 0.5)
        for lines in (self.surface, self.axes, *self.stems):
            axes.add_collection(lines, autolim=False)
        self.rings = Rings(axes)

    def update(self, score: nn.Layer, state: LiftState) -> None:
        """Show another plane, or the same from another side."""
        towards, screen = view_from(np.deg2rad(state.turn))
        self.surface.set_segments([*on_screen(SURFACE, screen).reshape(-1, 2, 2)])
        tips, (origin,) = on_screen(TIPS, screen), on_screen(np.zeros(3), screen)
        self.axes.set_segments([np.stack([origin, tip]) for tip in tips])
        away = tips - origin
        names = tips + 0.12 * away / np.linalg.norm(away, axis=1, keepdims=True)
        names[0] = tips[0] - (0, 0.17)  # the first axis ends in a handle, which stays free
        for text, place in zip(self.names, names, strict=True):
            text.set_position(place)

        polygon = cut(state.weights, -state.threshold)
        self.face.set_visible(len(polygon) > 2)
        if len(polygon) > 2:
            self.face.set_xy(on_screen(polygon, screen))

        # nearer than the plane, if on the side of it that the viewer is on
        near = score(self.lifted)[:, 0] * (state.weights @ towards) > 0
        places, feet = (on_screen(self.lifted * axes, screen) for axes in (1, [1, 1, 0]))
        for is_near, stems, classes in zip((False, True), self.stems, self.points, strict=True):
            shown = near == is_near
            stems.set_segments([*np.stack([feet, places], axis=1)[shown]])
            for k, marks in enumerate(classes):
                marks.set_offsets(places[shown & (self.t == k)])
        self.rings.update(places[state.wrong])


def on_screen(x: Array, screen: Array) -> Array:
    """Places in space, (3,) or (N, 3), as the projection (3, 2) shows them, (N, 2)."""
    seen: Array = (np.atleast_2d(x) - BOX.mean(axis=1)) @ screen
    return seen


def end(*, turn: Any, **_: Any) -> tuple[Any, Any]:
    """The end of the first axis, for each turn."""
    screens = [view_from(np.deg2rad(angle))[1] for angle in np.ravel(turn)]
    x, y = np.concatenate([on_screen(TIPS[0], screen) for screen in screens]).T
    return x, y


def crossing(*, threshold: Any, turn: float, **_: Any) -> tuple[Any, Any]:
    """Where the plane meets the ground and x₁ is x₂, for each threshold."""
    half = np.ravel(threshold) / 2  # x₁ + x₂ is the threshold
    x, y = on_screen(np.stack([half, half, 0 * half], axis=1), view_from(np.deg2rad(turn))[1]).T
    return x, y


def view_from(turn: float) -> tuple[Array, Array]:
    """The direction to a viewer a little above, (3,), and the projection on the screen, (3, 2)."""
    c, s = np.cos(turn), np.sin(turn)
    ce, se = np.cos(ELEVATION), np.sin(ELEVATION)
    return np.array([ce * c, ce * s, se]), np.array([[-s, c, 0], [-se * c, -se * s, ce]]).T


def cut(weights: Array, bias: float) -> Array:
    """The corners, in order, of the polygon that a plane cuts out of the box; (n, 3), n from 0."""
    corners = np.stack(np.meshgrid(*BOX, indexing="ij"), axis=-1).reshape(-1, 3)
    edges = [(a, b) for a, b in combinations(corners, 2) if (a != b).sum() == 1]
    ends = [(a, b, a @ weights + bias, b @ weights + bias) for a, b in edges]
    found = np.array([a + (b - a) * s / (s - e) for a, b, s, e in ends if s * e < 0])
    if len(found) < 3:
        return np.empty((0, 3))
    offsets = found - found.mean(axis=0)
    along, across = offsets[0], np.cross(weights, offsets[0])
    angles = np.arctan2(
        offsets @ across / np.linalg.norm(across), offsets @ along / np.linalg.norm(along)
    )
    return np.array(found[np.argsort(angles)])
