"""What the browser needs once: choices, limits, colours, and small pictures of the data sets."""

from functools import cache
from typing import Any

import numpy as np

from coursekit.plots import palette
from coursekit.widgets.base.output import colors
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


def _thumbnail(key: str) -> list[list[float]]:
    x, t = generate(Settings(data=key), THUMBNAIL_POINTS)
    rows: list[list[float]] = np.column_stack([x, t]).round(1).tolist()
    return rows
