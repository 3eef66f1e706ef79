"""The playground's settings as a line of JSON, which a reader can save, share and restore.

``{"data":"spiral","hidden":[8,8],"lr":0.1}`` holds what differs from the defaults, and the hidden
layers. Weights are not part of it: the seed draws the same ones again. The same as a line of code
is ``from coursekit import widgets; widgets.Playground(data='spiral', hidden=[8, 8], lr=0.1)``, for
any cell of any notebook.
"""

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from coursekit.language import say
from coursekit.nn.validation import check_count
from coursekit.widgets.playground.training.choices import OWN
from coursekit.widgets.playground.training.datasets import SHARED, OwnPoints
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings

Link = tuple[int, int, int]  # an affine layer, and the units from which and to which it leads


def to_text(settings: Settings, own: OwnPoints, cuts: Iterable[Link] = ()) -> str:
    """Write settings, links that are cut, and the reader's points, rounded to hundredths."""
    state = _differences(settings, Settings())
    plain = HiddenLayer(0, settings.activation)
    state["hidden"] = [
        layer.units if replace(layer, units=0) == plain else _differences(layer, plain)
        for layer in settings.hidden
    ]
    if settings.data == OWN and len(own.x):
        t = own.t.round(2).tolist() if own.regression else own.t.astype(int).tolist()
        tests = [[] if test == SHARED else [int(test)] for test in own.tests]
        rows = [
            [*x, label, *test]
            for x, label, test in zip(own.x.round(2).tolist(), t, tests, strict=True)
        ]
        state["heights" if own.regression else "points"] = rows
    if links := sorted(cuts):
        state["cuts"] = [list(link) for link in links]
    return json.dumps(state, separators=(",", ":"))


def to_code(text: str) -> str:
    """Write a text of `to_text` as a line of code that makes the same playground anywhere."""
    values = ", ".join(f"{name}={value!r}" for name, value in json.loads(text).items())
    return f"from coursekit import widgets; widgets.Playground({values})"


def from_text(text: str) -> dict[str, Any]:
    """Read a text of `to_text` or `to_code`, for `take_apart`.

    Raises
    ------
    ValueError
        If the text is neither.
    """
    try:
        state = _keywords(text) if text.strip().endswith(")") else json.loads(text)
    except (SyntaxError, ValueError):
        state = None
    if not isinstance(state, dict):
        raise ValueError(
            say(
                'a state must be JSON such as {{"data": "spiral", "hidden": [8, 8]}}, or code '
                'such as widgets.Playground(data="spiral", hidden=[8, 8]), got {got!r}',
                got=text.strip()[:60],
            )
        )
    return state


def _keywords(code: str) -> dict[str, Any]:
    """The keyword arguments of a call at the end of the code, all of them literals."""
    last = ast.parse(code.strip()).body[-1]
    call = last.value if isinstance(last, ast.Expr) else last
    if not isinstance(call, ast.Call) or call.args:
        raise ValueError(say("expected a call with keywords alone, got {code!r}", code=code))
    return {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}


def take_apart(
    state: Mapping[str, Any],
) -> tuple[dict[str, Any], OwnPoints | None, list[Link]]:
    """Take points and cut links out of a state; what is left is for `Settings.changed`.

    Raises
    ------
    ValueError
        If its points are not points or its links not links.
    """
    state = dict(state)
    cuts = [_link(link) for link in state.pop("cuts", [])]
    own = None
    for key in ("points", "heights"):
        if key in state:
            own = OwnPoints()
            own.regression = key == "heights"
            own.add(state.pop(key))
    return state, own, cuts


def _link(value: Any) -> Link:
    if not isinstance(value, Sequence) or len(value) != 3:
        raise ValueError(say("a cut link must be [layer, from, to], got {value!r}", value=value))
    layer, i, j = (check_count(say("a cut link's number"), number, 0) for number in value)
    return layer, i, j


def _differences(changed: Settings | HiddenLayer, usual: Settings | HiddenLayer) -> dict[str, Any]:
    before = asdict(usual)
    return {name: value for name, value in asdict(changed).items() if value != before[name]}
