"""What the browser needs once: choices, limits, colours, and small pictures of the data sets."""

from functools import cache
from typing import Any

import numpy as np

from coursekit.language import ENGLISH, say
from coursekit.plots import palette
from coursekit.widgets.base.output import colors
from coursekit.widgets.base.words import words
from coursekit.widgets.playground.training import choices
from coursekit.widgets.playground.training.datasets import generate
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.training.settings import Settings
from coursekit.widgets.playground.view.maps import feature_maps, map_palette

THUMBNAIL_POINTS = 120


@cache
def all_options(module: str = "", language: str = ENGLISH) -> dict[str, Any]:
    """The widget's trait ``options``; the module is the text of its page."""
    offered: dict[str, Any] = {name: list(values) for name, values in choices.CHOICES.items()}
    offered["data"] = [
        {"key": key, "kind": data.kind, "label": say(data.label)}
        for key, data in choices.DATA.items()
    ]
    offered["features"] = [
        {"key": key, "label": label} for key, (label, _) in choices.FEATURES.items()
    ]
    offered["lr"], offered["strength"] = list(choices.RATES), list(choices.STRENGTHS)
    offered["init_scale"] = list(choices.SCALES)
    names = {str(name) for values in choices.CHOICES.values() for name in values}
    limits = {**choices.WHOLE, **choices.NUMBERS}
    return {
        "labels": {name: say(label) for name, label in choices.LABELS.items()},
        "choices": offered,
        "limits": {name: list(limit) for name, limit in limits.items()},
        "fitting_losses": {kind: list(losses) for kind, losses in choices.LOSSES.items()},
        "thumbnails": {
            key: np.column_stack(generate(Settings(data=key), THUMBNAIL_POINTS)).round(1).tolist()
            for key in choices.DATA
            if key != choices.OWN
        },
        "palette": map_palette(),
        "feature_maps": feature_maps().ravel().tolist(),
        "classes": [
            {"color": color, "marker": marker}
            for color, marker in zip(palette.COLORS, palette.MARKERS, strict=False)
        ],
        "colors": colors(),
        "words": words(module, names),
        "presets": [{"name": name, "title": say(preset.title)} for name, preset in PRESETS.items()],
    }
