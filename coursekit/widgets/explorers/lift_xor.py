"""XOR lifted into space by the product of its inputs, and a plane between its classes."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
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
AXIS = 1.4  # length of the axes on the ground


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
        flat.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        flat.xaxis.set_label_coords(0.97, -0.03)  # beside the ticks, clear of the legend
        flat.set_title(say("in the plane of the inputs"), loc="center")

    def handles(self) -> list[Handle]:
        return [Handle(self.space, ("turn",), end), Handle(self.space, ("threshold",), crossing)]

    def draw(self, state: LiftState) -> None:
        scores = score_layer(state.weights, state.threshold)
        self.map.update(lambda x: soft_step(scores(lift(x))))
        self.rings.update(self.x[state.wrong])
        draw_space(self.space, self.x, self.t, scores, state)


def lift(x: Array) -> Array:
    """(x₁, x₂) -> (x₁, x₂, x₁·x₂), (N, 2) -> (N, 3)."""
    return np.column_stack([x, x[:, 0] * x[:, 1]])


def draw_space(
    axes: Axes, x: Array, t: NDArray[np.int64], score: nn.Layer, state: LiftState
) -> None:
    """Draw points and plane as seen from the side, the nearer ones over the farther ones."""
    towards, screen = view_from(np.deg2rad(state.turn))

    def flat(x: Array) -> Any:
        return on_screen(x, screen)

    grey: dict[str, Any] = {"color": "0.55", "linestyle": "-", "linewidth": 0.8, "zorder": 1}
    for s in np.linspace(0, 1, 6):  # the surface x₃ = x₁·x₂ is made of straight lines
        axes.plot(*flat(lift(np.array([[s, 0], [s, 1.0]]))).T, **grey)
        axes.plot(*flat(lift(np.array([[0, s], [1.0, s]]))).T, **grey)
    for k, name in enumerate(("$x_1$", "$x_2$", "$x_3$")):
        tip = np.eye(3)[k] * (1.3 if k == 2 else AXIS)
        axes.plot(*flat(np.array([np.zeros(3), tip])).T, "-", color=plots.INK, lw=1, zorder=1)
        # the first axis ends in a handle, which its name must leave free
        across, up = flat(tip)[0] - (0, 0.17) if k == 0 else flat(tip * 1.08)[0]
        axes.text(across, up, name, ha="center", va="center", zorder=6)

    polygon = cut(state.weights, -state.threshold)
    if len(polygon) > 2:
        face = Polygon(flat(polygon), closed=True, fc="#B9B9B9", ec=plots.INK, alpha=0.6)
        face.set_zorder(3)
        axes.add_patch(face)

    lifted = lift(x)
    scores = score(lifted)[:, 0]
    # nearer than the plane, if on the side of it that the viewer is on
    near = scores * (state.weights @ towards) > 0
    for points_x, label, wrong, is_near in zip(lifted, t, state.wrong, near, strict=True):
        above = 4 if is_near else 2
        (place,) = flat(points_x)
        foot = flat(points_x * [1, 1, 0])[0]
        axes.plot(*np.array([foot, place]).T, ":", color=plots.INK, lw=1.2, zorder=above)
        for drawn in plots.points(axes, place[None], np.array([label]), size=60):
            drawn.set_zorder(above + 0.5)
        if wrong:
            Rings(axes).update(place[None])


def on_screen(x: Array, screen: Array) -> Array:
    """Places in space, (3,) or (N, 3), as the projection (3, 2) shows them, (N, 2)."""
    seen: Array = (np.atleast_2d(x) - BOX.mean(axis=1)) @ screen
    return seen


def end(*, turn: Any, **_: Any) -> tuple[Any, Any]:
    """The end of the first axis, for each turn."""
    screens = [view_from(np.deg2rad(angle))[1] for angle in np.ravel(turn)]
    x, y = np.concatenate([on_screen(AXIS * np.eye(3)[0], screen) for screen in screens]).T
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
