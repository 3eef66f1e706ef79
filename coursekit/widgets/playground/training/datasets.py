"""What the network learns: points of the plane with classes or heights, and their features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.language import say
from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.choices import (
    DATA,
    FEATURES,
    OWN,
    REGRESSION,
    SEVERAL,
    TWO,
)
from coursekit.widgets.playground.training.settings import Settings

N_CLASSES_POINTS, N_REGRESSION_POINTS = 500, 1200  # TensorFlow Playground's
EDGE = 6.0  # the map shows -6 to 6 along both axes
SHARED = -1  # of a point of which nobody has said whether it is for testing
REACH = 0.4  # units of the plane around a point: who wants to remove it points somewhere in there
MOST_CLASSES = 5  # as many as the palette has colours


@dataclass(frozen=True)
class Problem:
    """Points for training and for testing.

    Attributes
    ----------
    kind : str
        "two" or "several" classes, or "regression".
    outputs : int
        Units that the network's last layer needs.
    x_train, x_test : arrays (N, 2)
    t_train, t_test : arrays (N,)
        Classes, counted from 0, as floats; or heights.
    """

    kind: str
    outputs: int
    x_train: Array
    t_train: Array
    x_test: Array
    t_test: Array

    def fits(self, other: "Problem") -> bool:
        """Whether a network for one problem can be used for the other."""
        return (self.kind, self.outputs) == (other.kind, other.outputs)


def compute_features(x: Array, names: Sequence[str]) -> Array:
    """The named features of points (N, 2), (N, features)."""
    return np.stack([FEATURES[name][1](x[:, 0], x[:, 1]) for name in names], axis=1)


def make_problem(settings: Settings, own: "OwnPoints") -> Problem:
    """The points that the settings choose."""
    if settings.data == OWN:
        return own.split(1 - settings.train_percent / 100)
    x, t = generate(settings)
    n_train = len(x) * settings.train_percent // 100
    kind, outputs = _kind_of(t)
    t = t.astype(np.float64).reshape(-1)
    return Problem(kind, outputs, x[:n_train], t[:n_train], x[n_train:], t[n_train:])


def generate(settings: Settings, n: int | None = None) -> tuple[Array, NDArray[Any]]:
    """Draw a data set's points, in random order: n, or as many as TensorFlow Playground has."""
    chosen = DATA[settings.data]
    if chosen.make is None:
        raise ValueError(say("the data set {data!r} has no points to draw", data=settings.data))
    n = n or (N_REGRESSION_POINTS if chosen.kind == REGRESSION else N_CLASSES_POINTS)
    rng = np.random.default_rng(settings.data_seed)
    more = {"classes": settings.classes} if settings.data == "clouds" else {}
    points: tuple[Array, NDArray[Any]] = chosen.make(n, rng=rng, noise=settings.noise / 100, **more)
    return points


class OwnPoints:
    """The reader's own points: passed as arrays, or clicked onto the map one by one.

    A point is for training or for testing as its reader says. Of points of which nobody says it, a
    share of each class is for testing; it is decided once, when a point is added, so that further
    points move none from training to testing or back: of the points of a class, those at which the
    share of test points passes a whole number are for testing.

    Attributes
    ----------
    x, t : arrays (N, 2) and (N,)
    regression : bool
        Whether t are heights rather than classes.
    tests : array of int (N,)
        1 for a test point, 0 for a training point, `SHARED` for one that the share decides on.
    """

    def __init__(self, given: Any = None) -> None:
        self.x: Array = np.empty((0, 2))
        self.t: Array = np.empty(0)
        self.regression = False
        self.tests: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        if given is None:
            return
        parts = [np.asarray(part) for part in given]
        if len(parts) not in (2, 4):
            raise ValueError(
                say(
                    "data must be (x, t) or (x_train, t_train, x_test, t_test), got {n} arrays",
                    n=len(parts),
                )
            )
        self.regression = parts[1].dtype.kind not in "iub"
        for x, t in zip(parts[::2], parts[1::2], strict=True):
            self._append(x, t)
        if len(parts) == 4:
            self.tests = (np.arange(len(self.x)) >= len(parts[0])).astype(np.int8)

    def _append(self, x: NDArray[Any], t: NDArray[Any]) -> None:
        if x.ndim != 2 or x.shape[1] != 2 or t.size != len(x):
            raise ValueError(
                say(
                    "data must be points (N, 2) with N targets, got {x} and {t}",
                    x=x.shape,
                    t=t.shape,
                )
            )
        x, t = x.astype(np.float64), t.astype(np.float64).reshape(-1)
        if not (np.isfinite(x).all() and np.isfinite(t).all()):
            raise ValueError(say("data must be finite numbers, got NaN or infinity"))
        if x.size and np.abs(x).max() > EDGE:
            raise ValueError(
                say(
                    "points must lie between -6 and 6, got {largest:g}; "
                    "data.standardize brings them in",
                    largest=np.abs(x).max(),
                )
            )
        if not self.regression:
            if t.size and t.min() < 0:
                t = (t > 0).astype(np.float64)  # -1 and +1
            if not np.isin(t, range(MOST_CLASSES)).all():
                raise ValueError(
                    say(
                        "classes must be whole numbers from 0 to {last}, got {low:g} to {high:g}",
                        last=MOST_CLASSES - 1,
                        low=t.min(),
                        high=t.max(),
                    )
                )
        self.x, self.t = np.concatenate([self.x, x]), np.concatenate([self.t, t])
        self.tests = np.append(self.tests, np.full(len(x), SHARED, dtype=np.int8))

    def add(self, points: Sequence[Sequence[float]]) -> None:
        """Append ``[x1, x2, class]``, with a height in place of the class in regression.

        A fourth number says what the point is for: 1 for testing, 0 for training.

        Raises
        ------
        ValueError
            If the points are not of that form.
        """
        rows = [[*row, SHARED] if len(row) == 3 else [*row] for row in _rows(points)]
        a = np.asarray(rows, dtype=np.float64).reshape(-1, 4)
        if not np.isin(a[:, 3], (SHARED, 0, 1)).all():
            raise ValueError(
                say("a point's fourth number must be 0 or 1, got {got}", got=a[:, 3].tolist())
            )
        before = len(self.x)
        self._append(a[:, :2], a[:, 2])
        self.tests[before:] = a[:, 3]

    def remove(self, x1: float, x2: float) -> None:
        """Remove the point nearest to a place.

        Raises
        ------
        ValueError
            If none is within `REACH`.
        """
        distances = np.hypot(*(self.x - [x1, x2]).T)
        if not len(distances) or distances.min() > REACH:
            raise ValueError(say("there is no point to remove at ({x1:g}, {x2:g})", x1=x1, x2=x2))
        keep = np.arange(len(self.x)) != distances.argmin()
        self.x, self.t, self.tests = self.x[keep], self.t[keep], self.tests[keep]

    def split(self, test_share: float) -> Problem:
        """The points, with a share of each class for testing."""
        tests = self.tests == 1
        t = np.zeros_like(self.t) if self.regression else self.t
        shared = self.tests == SHARED
        for rows in [np.flatnonzero(shared & (t == k)) for k in np.unique(t)]:
            passed = np.floor(np.arange(len(rows) + 1) * test_share + 1e-9)
            tests[rows] = np.diff(passed) > 0
        kind, outputs = (REGRESSION, 1) if self.regression else _kind_of(self.t.astype(np.int64))
        x, t = self.x, self.t
        return Problem(kind, outputs, x[~tests], t[~tests], x[tests], t[tests])


def _rows(points: Any) -> list[Sequence[float]]:
    """Points as rows of three or four numbers."""
    try:
        rows = [np.asarray(row, dtype=np.float64).tolist() for row in points]
        fit = all(isinstance(row, list) and len(row) in (3, 4) for row in rows)
    except (TypeError, ValueError):
        fit = False
    if not fit:
        raise ValueError(
            say("points must be rows [x1, x2, class], got {got}", got=str(points)[:60])
        )
    return rows


def _kind_of(t: NDArray[Any]) -> tuple[str, int]:
    """The kind of a problem and the number of outputs that it needs."""
    if not np.issubdtype(t.dtype, np.integer):
        return REGRESSION, 1
    classes = int(t.max()) + 1 if t.size else 2
    return (TWO, 1) if classes <= 2 else (SEVERAL, classes)
