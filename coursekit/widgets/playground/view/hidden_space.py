"""The plane as the last hidden layer transforms it, where the output's border is a line."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.nn.validation import Array
from coursekit.widgets.playground.training.choices import FEATURES, SEVERAL
from coursekit.widgets.playground.training.datasets import EDGE, compute_features
from coursekit.widgets.playground.training.model import Model

LINES, POINTS = 13, 25  # lines of the plane's grid in each direction, and points of a line


def grid_lines() -> Array:
    """Lines ``x1 = const`` from left to right, then ``x2 = const``, (2 · LINES · POINTS, 2)."""
    at, along = np.linspace(-EDGE, EDGE, LINES), np.linspace(-EDGE, EDGE, POINTS)
    x1, x2 = np.meshgrid(at, along, indexing="ij")
    upright = np.stack([x1, x2], axis=-1).reshape(-1, 2)
    return np.concatenate([upright, upright[:, ::-1]])


class HiddenSpace:
    """Two coordinates of the last hidden layer: its two units, or its first principal components.

    Components keep their signs from one frame to the next.
    """

    def __init__(self) -> None:
        self._axes: Array | None = None

    def sections(self, model: Model) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
        """The frame's sections, and its header's entry ``hidden``."""
        names = model.settings.features
        points, lines = model.x_train, compute_features(grid_lines(), names)
        depth = model.stages[-2].end if len(model.stages) > 1 else 0
        for layer in model.net.layers[:depth]:
            points, lines = layer.infer(points), layer.infer(lines)
        points, lines = _bounded(points), _bounded(lines)
        width = lines.shape[1]
        if width <= 2:
            kind = "units" if depth else "features"
            axes, centre = np.eye(2, width), np.zeros(width)
            labels = ["h₁", "h₂"][:width] if depth else [FEATURES[name][0] for name in names]
        else:
            kind = "components"
            centre, axes = self._components(points if len(points) > 1 else lines)
            labels = ["1st component", "2nd component"]
        u, v = (points - centre) @ axes.T, (lines - centre) @ axes.T
        every = np.concatenate([u, v])
        low, high = every.min(axis=0), every.max(axis=0)
        margin = np.maximum(0.05 * (high - low), 1e-3)
        limits = np.stack([low - margin, high + margin], axis=1).ravel()
        marked = np.column_stack([u, model.problem.t_train])
        header = {
            "kind": kind,
            "axes": labels if len(labels) == 2 else [*labels, ""],
            "line": self._line(model, axes, centre),
            "limits": [float(value) for value in limits],
        }
        return {
            "hidden_points": marked.astype(np.float32),
            "hidden_grid": v.reshape(-1, POINTS, 2).astype(np.float32),
        }, header

    def _components(self, h: Array) -> tuple[Array, Array]:
        """Centre and first two principal axes, (2, width), of values (N, width)."""
        centre = h.mean(axis=0)
        _, vectors = np.linalg.eigh(np.cov(h.T))
        axes: Array = vectors[:, :-3:-1].T.copy()
        before = self._axes
        if before is not None and before.shape == axes.shape:
            axes[(axes * before).sum(axis=1) < 0] *= -1
        self._axes = axes
        return centre, axes

    @staticmethod
    def _line(model: Model, axes: Array, centre: Array) -> list[float] | None:
        """The line w1 u + w2 v + b = 0 on which the output layer's score is 0."""
        if model.problem.kind == SEVERAL:
            return None
        dense = model.stages[-1].dense
        w, b = dense.weights()[:, 0], float(dense.params["b"][0])
        line = [*(axes @ w), b + float(w @ centre)]
        return [float(value) for value in line] if np.isfinite(line).all() else None


def _bounded(h: Array) -> Array:
    """Values clipped to what squares and single precision can hold, if the network diverges."""
    return np.clip(np.nan_to_num(h), -1e30, 1e30)
