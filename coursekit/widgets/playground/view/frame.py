"""Frames: the messages that the browser draws, each a header and arrays in one buffer."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.widgets.playground.training.choices import SEVERAL
from coursekit.widgets.playground.training.datasets import compute_features
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
    probe : tuple of two floats, or None
        The place of the plane at which the output is measured.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.frame = 0
        self.hover: tuple[int, int] | None = None
        self.probe: tuple[float, float] | None = None
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
            header["probe"] = self.probe and _probe(model, self.probe)
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
            "cuts": _cut_links(model),
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


def _cut_links(model: Model) -> list[int]:
    """The places of links that are cut among all weights."""
    masks = [stage.dense.mask for stage in model.stages]
    if not any(mask is not None for mask in masks):
        return []
    ones = (np.ones(stage.dense.params["W"].shape) for stage in model.stages)
    kept = [one if mask is None else mask for one, mask in zip(ones, masks, strict=True)]
    return np.flatnonzero(_flat(kept) == 0).tolist()


def _probe(model: Model, place: tuple[float, float]) -> list[float | None]:
    """A place, and what the network answers there: its output, or the classes' probabilities."""
    out = model.net.infer(compute_features(np.array([place]), model.settings.features))
    if model.problem.kind == SEVERAL:
        values = np.exp(out[0] - out[0].max())
        values /= values.sum()
    else:
        values = out[0]
    return [*place, *(float(v) if np.isfinite(v) else None for v in values)]


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
