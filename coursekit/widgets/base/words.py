"""The words that a widget's page needs in another language; the English ones are in the page."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from coursekit.language import ENGLISH, forms, language, say

_TEXT = r'("(?:[^"\\]|\\.)*")'
_SAID = re.compile(rf"\b(?:say|mark)\(\s*{_TEXT}")
_COUNTED = re.compile(rf"\bsayN\([^,\"]+,\s*{_TEXT},\s*{_TEXT}")


def texts(module: str) -> Iterator[tuple[str, ...]]:
    """Yield the texts of an ES module, and the pairs with a number in them."""
    for found in _SAID.findall(module):
        yield (ast.literal_eval(found),)
    for one, many in _COUNTED.findall(module):
        yield ast.literal_eval(one), ast.literal_eval(many)


def words(module: str, names: Iterable[str] = ()) -> dict[str, Any]:
    """Translate the texts of a module for its page.

    Parameters
    ----------
    module : str
        The text of the ES module; see ``js/words.js`` for how it is written.
    names : iterable of str
        What else the page shows, such as the names of choices.

    Returns
    -------
    dict
        For ``translate`` in ``js/words.js``; empty in English.
    """
    if language() == ENGLISH:
        return {}
    found = [*texts(module), *((name,) for name in names)]
    return {
        "language": language(),
        "texts": {text: say(text) for (text, *more) in found if not more},
        "forms": {pair[0]: forms(*pair) for pair in found if len(pair) == 2},
    }
