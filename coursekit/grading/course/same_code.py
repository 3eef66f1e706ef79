"""Whether two cells hold the same code, in whatever language their comments and docstrings are."""

import io
import tokenize
from functools import lru_cache

_COMMENTS = {tokenize.COMMENT, tokenize.NL}
_BEFORE = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}  # a statement


def same_code(one: str, other: str) -> bool:
    """Whether two texts are the same but for comments, docstrings and empty lines.

    Nothing is parsed, since the texts may be anything.
    """
    one, other = one.strip(), other.strip()
    if one == other:
        return True
    if len(one) > 1_000 + 3 * len(other):  # which no translation is
        return False
    return _tokens(one) == _tokens(other)


@lru_cache(maxsize=500)
def _tokens(source: str) -> list[str]:
    """Return the tokens that count; of what is not Python, the text."""
    try:
        found = [
            token
            for token in tokenize.generate_tokens(io.StringIO(f"{source}\n").readline)
            if token.type not in _COMMENTS
        ]
    except (tokenize.TokenError, SyntaxError):
        return [source]
    kinds = [tokenize.NEWLINE, *(token.type for token in found), tokenize.NEWLINE]
    return [
        token.string
        for token, before, after in zip(found, kinds, kinds[2:], strict=False)
        if token.type != tokenize.STRING or before not in _BEFORE or after != tokenize.NEWLINE
    ]
