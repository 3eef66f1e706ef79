"""The playground's settings as a short text: to be saved, shared and restored.

``data=spiral&hidden=8,8:ReLU:norm:drop0.2&lr=0.1``: what differs from the defaults, in the manner
of TensorFlow Playground's address line. Weights are no part of it; a seed draws the same ones.
"""

from dataclasses import fields
from typing import Any

import numpy as np

from coursekit.widgets.playground.training.choices import OWN
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings

_PLAIN = Settings()


def to_text(settings: Settings, own: OwnPoints) -> str:
    """Write the settings, and the reader's points where they are used, rounded to hundredths."""
    parts = []
    for entry in fields(Settings):
        value = getattr(settings, entry.name)
        if value == getattr(_PLAIN, entry.name) and entry.name != "hidden":
            continue
        if entry.name == "hidden":
            if value != tuple(HiddenLayer(units, settings.activation) for units in (4, 2)):
                layers = ",".join(_layer_text(layer, settings.activation) for layer in value)
                parts.append(f"hidden={layers}")
        elif isinstance(value, tuple):
            parts.append(f"{entry.name}={','.join(value)}")
        elif isinstance(value, bool):
            parts.append(f"{entry.name}={'on' if value else 'off'}")
        else:
            text = value.replace(" ", "_") if isinstance(value, str) else f"{value:.12g}"
            parts.append(f"{entry.name}={text}")
    if settings.data == OWN and len(own.x):
        rows = np.column_stack([own.x, own.t]).tolist()
        points = ";".join(",".join(f"{round(v, 2):g}" for v in row) for row in rows)
        parts.append(f"{'heights' if own.regression else 'points'}={points}")
    return "&".join(parts) or "default"


def from_text(text: str) -> tuple[dict[str, Any], OwnPoints | None]:
    """Read a text of `to_text`: the settings for `Settings.changed`, and the points if it has any.

    Raises
    ------
    ValueError
        If the text is none of `to_text`. Settings that don't exist are `changed`'s to refuse.
    """
    values: dict[str, Any] = {}
    own = None
    text = text.strip().lstrip("#?")
    for part in [] if text in ("", "default") else text.split("&"):
        name, sign, value = part.partition("=")
        if not sign or name in values:
            raise ValueError(f"expected a playground's state, name=value&…, got {part!r}")
        if name in ("points", "heights"):
            own = _points(value, name == "heights")
        elif name == "hidden":
            values[name] = [_layer(layer) for layer in value.split(",") if layer]
        elif name == "features":
            values[name] = value.split(",")
        else:
            values[name] = _value(name, value)
    return values, own


def _layer_text(layer: HiddenLayer, usual: str) -> str:
    marks = [str(layer.units)]
    marks += [layer.activation.replace(" ", "_")] if layer.activation != usual else []
    marks += ["norm"] if layer.batch_norm else []
    marks += [f"drop{layer.dropout:g}"] if layer.dropout else []
    return ":".join(marks)


def _layer(text: str) -> dict[str, Any]:
    units, *marks = text.split(":")
    layer: dict[str, Any] = {"units": _number("hidden", units)}
    for mark in marks:
        if mark == "norm":
            layer["batch_norm"] = True
        elif mark.startswith("drop"):
            layer["dropout"] = _number("dropout", mark[4:])
        else:
            layer["activation"] = mark.replace("_", " ")
    return layer


def _value(name: str, value: str) -> Any:
    here = getattr(_PLAIN, name, None)
    if isinstance(here, bool):
        if value not in ("on", "off"):
            raise ValueError(f"{name} expected on or off, got {value!r}")
        return value == "on"
    return value.replace("_", " ") if isinstance(here, str | None) else _number(name, value)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} expected a number, got {text!r}") from None


def _points(text: str, heights: bool) -> OwnPoints:
    rows = [[_number("points", v) for v in row.split(",")] for row in text.split(";")]
    if any(len(row) != 3 for row in rows):
        raise ValueError("points expected x1,x2,class;…")
    a = np.array(rows)
    return OwnPoints((a[:, :2], a[:, 2:] if heights else a[:, 2].astype(np.int64)))
