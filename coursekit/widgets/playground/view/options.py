"""What the browser needs once: choices, limits, colours, and small pictures of the data sets."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.colors import to_hex

from coursekit.plots import palette
from coursekit.widgets.playground.training.choices import (
    CHOICES,
    DATA,
    DROPOUT,
    FEATURES,
    HIDDEN_LAYERS,
    LOSSES,
    NUMBERS,
    OWN,
    RATES,
    STRENGTHS,
    UNITS,
    WHOLE,
)
from coursekit.widgets.playground.training.datasets import generate
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.training.settings import Settings
from coursekit.widgets.playground.view.maps import feature_maps, map_palette

THUMBNAIL_POINTS = 120


@cache
def all_options() -> dict[str, Any]:
    """The widget's trait ``options``."""
    choices: dict[str, Any] = {name: list(values) for name, values in CHOICES.items()}
    choices["data"] = [
        {"key": key, "kind": data.kind, "label": data.label} for key, data in DATA.items()
    ]
    choices["features"] = [{"key": key, "label": label} for key, label in FEATURES.items()]
    choices["lr"], choices["strength"] = list(RATES), list(STRENGTHS)
    return {
        "choices": choices,
        "limits": {
            **{name: list(limits) for name, limits in (WHOLE | NUMBERS).items()},
            "units": list(UNITS),
            "hidden_layers": list(HIDDEN_LAYERS),
            "dropout": list(DROPOUT),
        },
        "fitting_losses": {kind: list(losses) for kind, losses in LOSSES.items()},
        "thumbnails": {key: _thumbnail(key) for key in DATA if key != OWN},
        "palette": map_palette(),
        "feature_maps": feature_maps().ravel().tolist(),
        "classes": [
            {"color": color, "marker": marker}
            for color, marker in zip(palette.COLORS, palette.MARKERS, strict=False)
        ],
        "colors": colors(),
        "presets": [{"name": name, "title": preset.title} for name, preset in PRESETS.items()],
    }


def colors() -> dict[str, str]:
    """The colours that the page draws with; its style sheet has them as ``--ck-ink`` and so on."""
    return {
        "ink": palette.INK,
        "muted": palette.MUTED,
        "frame": palette.FRAME,
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
        "gradient": palette.GREEN,
        "training": palette.COLORS[1],
        "test": palette.COLORS[0],
        "accent": palette.COLORS[1],
        "accent-dark": to_hex(palette.DIVERGING(1.0)),
    }


def _thumbnail(key: str) -> list[list[float]]:
    x, t = generate(Settings(data=key), THUMBNAIL_POINTS)
    rows: list[list[float]] = np.column_stack([x, t]).round(1).tolist()
    return rows
