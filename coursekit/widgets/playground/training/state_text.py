"""The playground's settings as a line of JSON, which a reader can save, share and restore.

``{"data":"spiral","hidden":[8,8],"lr":0.1}`` holds what differs from the defaults, and the hidden
layers. Weights are not part of it: the seed draws the same ones again.
"""

import json
from dataclasses import asdict, replace
from typing import Any

from coursekit.widgets.playground.training.choices import OWN
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings


def to_text(settings: Settings, own: OwnPoints) -> str:
    """Write the settings, and the reader's points if they are used, rounded to hundredths."""
    state = _differences(settings, Settings())
    plain = HiddenLayer(0, settings.activation)
    state["hidden"] = [
        layer.units if replace(layer, units=0) == plain else _differences(layer, plain)
        for layer in settings.hidden
    ]
    if settings.data == OWN and len(own.x):
        t = own.t.round(2).tolist() if own.regression else own.t.astype(int).tolist()
        rows = [[*x, label] for x, label in zip(own.x.round(2).tolist(), t, strict=True)]
        state["heights" if own.regression else "points"] = rows
    return json.dumps(state, separators=(",", ":"))


def from_text(text: str) -> tuple[dict[str, Any], OwnPoints | None]:
    """Read a text of `to_text`: the settings for `Settings.changed`, and the points if it has any.

    Raises
    ------
    ValueError
        If the text is not a JSON object, or its points are not points. `Settings.changed` refuses
        unknown settings.
    """
    try:
        state = json.loads(text)
    except json.JSONDecodeError:
        state = None
    if not isinstance(state, dict):
        raise ValueError(
            'a state must be JSON such as {"data": "spiral", "hidden": [8, 8]}, '
            f"got {text.strip()[:60]!r}"
        )
    own = None
    for key in ("points", "heights"):
        if key in state:
            own = OwnPoints()
            own.regression = key == "heights"
            own.add(state.pop(key))
    return state, own


def _differences(changed: Settings | HiddenLayer, usual: Settings | HiddenLayer) -> dict[str, Any]:
    before = asdict(usual)
    return {name: value for name, value in asdict(changed).items() if value != before[name]}
