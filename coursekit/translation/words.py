"""What of a text is prose: without formulas, code, addresses, tags and fields."""

import re

#: A word of a formula, such as "if" in ``\\text{ if }``, is prose too.
FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$(?=\S)(?:\\.|[^$\\])+?(?<=\S)\$(?!\d)", re.DOTALL)
IN_FORMULA = re.compile(r"\\(?:text|mbox|textbf|textit)\{([^{}]*)\}")
CODE = re.compile(r"(?<!`)`[^`]+`(?!`)|``.+?``|<code>.*?</code>", re.DOTALL)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
ADDRESS = re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|https?://[^\s)>\]]+")
FIELD = re.compile(r"\{[^{}\s](?:[^{}]|\{[^{}]*\})*\}")
WORD = re.compile(r"[A-Za-z]{2,}")
_NAMES = re.compile(r"\w+(?:, ?\w+)+|lambda\b.*", re.DOTALL)
_RESULT = re.compile(r"\b(?:array|True|False|None|nan|inf)\b|^\(\w+(?:, \w+)+\)$")


def prose(text: str) -> str:
    """Replace what is not prose by a mark, so that words beside it don't grow together."""
    text = CODE.sub("¤", text)
    text = FORMULA.sub(lambda found: " ".join(["¤", *IN_FORMULA.findall(found[0])]), text)
    for pattern in (TAG, ADDRESS):
        text = pattern.sub("¤", text)
    return FIELD.sub("¤", text.replace("{{", "{").replace("}}", "}"))


def has_words(text: str) -> bool:
    """Whether a translation can differ from the text."""
    return count_words(text) > 0


def count_words(text: str) -> int:
    """Count the words of an English text."""
    return len(WORD.findall(prose(text)))


def is_names(text: str) -> bool:
    """Whether a string of the code holds names, such as "theta, v", or a function."""
    return bool(_NAMES.fullmatch(text))


def is_result(text: str) -> bool:
    """Whether a comment shows what a line of code returns, and has no word of a language."""
    return not has_words(_RESULT.sub("", text))
