"""Frames: the messages that the browser draws, each a header and arrays in one buffer."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.widgets.playground.training.model import Model
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.view.hidden_space import HiddenSpace
from coursekit.widgets.playground.view.maps import Maps

Sections = dict[str, NDArray[Any]]


class Frames:
    """Makes the frames of a session, and keeps track of what has been sent.

    Parameters
    ----------
    session : Session

    Attributes
    ----------
    frame : int
        The last frame's number.
    hover : tuple of two ints, or None
        The unit that is drawn large: its column, 0 for the features, and its place in it.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.frame = 0
        self.hover: tuple[int, int] | None = None
        self._maps = Maps()
        self._space = HiddenSpace()
        self._sent = (0, 0, 0, 0)  # builds, points, thinnings and curve rows up to the last frame

    def next_frame(self, *, full: bool = False, **header: Any) -> tuple[dict[str, Any], bytes]:
        """Return the next frame's header and buffer.

        Parameters
        ----------
        full : bool
            Whether the frame also holds the points and curves that were sent before.
        **header
            Further entries of the header.
        """
        session, model = self.session, self.session.model
        builds, points, thinned, count = self._sent
        full = full or builds != session.builds
        if self.hover and not self.has_unit(*self.hover):
            self.hover = None
        with np.errstate(all="ignore"):  # a network that has diverged is shown too
            arrays: Sections = {**self._maps.draw(model, self.hover), **_parameters(model)}
            if session.settings.hidden_space:
                space, header["hidden"] = self._space.sections(model)
                arrays |= space
            curves = session.curves
            all_rows = full or thinned != curves.thinned
            arrays["curves"] = curves.rows(0 if all_rows else count).astype(np.float32)
        if full or points != session.points:
            arrays["points"] = _points(model)
        self._sent = (session.builds, session.points, curves.thinned, curves.count)
        self.frame += 1
        sections, buffer = _pack(arrays)
        return {
            "kind": "frame",
            "frame": self.frame,
            **numbers(session),
            "kind_of_problem": model.problem.kind,
            "shapes": model.widths,
            "hover": self.hover,
            "curves": "all" if all_rows else "append",
            "sections": sections,
            **header,
        }, buffer

    def has_unit(self, layer: int, place: int) -> bool:
        """Whether the network drawn has this unit."""
        widths = self.session.model.widths
        return 0 <= layer < len(widths) and 0 <= place < widths[layer]


def numbers(session: Session) -> dict[str, Any]:
    """The state of training; None for a number that is missing or not finite."""
    measures = session.measures._asdict()
    return {
        "epoch": session.epoch,
        "updates": session.updates,
        **{name: value if np.isfinite(value) else None for name, value in measures.items()},
        "message": session.message,
        "diverged": session.diverged,
    }


def _parameters(model: Model) -> Sections:
    layers = [stage.dense for stage in model.stages]
    return {
        "weights": _flat(layer.weights() for layer in layers),
        "biases": _flat(layer.params["b"] for layer in layers),
        "gradients": _flat(layer.grads["W"] for layer in layers),
        "dead": model.dead_units.astype(np.uint8),
    }


def _flat(arrays: Iterable[NDArray[np.float64]]) -> NDArray[np.float32]:
    return np.concatenate([a.ravel() for a in arrays]).astype(np.float32)


def _points(model: Model) -> NDArray[np.float32]:
    """Rows x1, x2, class or height, and 1 for a test point."""
    task = model.problem
    train = np.column_stack([task.x_train, task.t_train, np.zeros(len(task.t_train))])
    test = np.column_stack([task.x_test, task.t_test, np.ones(len(task.t_test))])
    return np.concatenate([train, test]).astype(np.float32)


def _pack(arrays: Sections) -> tuple[list[Any], bytes]:
    """Join arrays into one buffer, each at a multiple of four bytes, and list their places."""
    sections: list[Any] = []
    parts: list[bytes] = []
    offset = 0
    for name, a in arrays.items():
        sections.append([name, a.dtype.name, list(a.shape), offset])
        data = a.tobytes()
        data += bytes(-len(data) % 4)
        parts.append(data)
        offset += len(data)
    return sections, b"".join(parts)
