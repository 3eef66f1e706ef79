"""Whether a translation fits its English text: what has to be equal, and how it is written.

A finding has a name. A translator who is right where a check is wrong writes the comment
``# except NAME: the reason`` above the entry; such comments are counted and listed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from coursekit.translation.language_data import LanguageData
from coursekit.translation.markdown_texts import PARSER
from coursekit.translation.words import (
    ADDRESS,
    CODE,
    FIELD,
    FORMULA,
    IN_FORMULA,
    TAG,
    is_names,
    prose,
)

_NUMBER = re.compile(r"\d+(?:\.\d+)*(?!s\b|\d)")  # but not the "1s" of several sizes
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:[,_ \u00a0\u2009\u202f]\d{3})+(?!\d)")
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|cf|al|Dr|[Ff]ig|approx|т\. ?[едп]|др|[Рр]ис|[Сс](?:м|тр)|[Гг]л|гг?|"
    r"б|вы?кл|ст|откл|наиб|мин)\."
    r"(?! [А-ЯЁA-Z«])|\b[A-ZА-ЯЁ]\.(?= ?[A-ZА-ЯЁ])"
)
END = re.compile(r"[.!?…]+(?=[»\"”’)\]*_¤]*(?:\s|$))")
_CODE_LIKE = re.compile(
    r"\.?\b[A-Za-z_]\w*(?:[_(=\[]|\.(?=\w))[^\s,;:»]*|\.[a-z]\w*(?:\([^()]*\))?"
)
_LATIN = re.compile(r"(?<!\w)(?=\w*?[A-Za-zÀ-ž]{2})[A-Za-zÀ-ž][0-9A-Z_a-zÀ-ž]*(?:['’-][A-Za-z]+)*")
_VALUES = {"True", "False", "None", "NaN", "bool", "int", "float", "str"}
_OF_FORMULAS = {"in", "out"}  # of n_in and n_out
_OPTION = re.compile(
    r"(?:upper|lower|center) (?:left|right|center)|(?:axes|figure) fraction|offset points"
)
_MIXED = re.compile(r"(?=[^\W\d_]*[A-Za-z])(?=[^\W\d_]*[А-Яа-яЁё])[^\W\d_]+")
_MARKDOWN = {"paragraph", "heading", "table", "formula", "html", "term", "explanation", "caption"}
_LONG = 8  # words; from here on the lengths are compared
_RATIOS = 0.5, 1.9  # letters of the translation to letters of the text
_TYPOGRAPHY = {
    r"[\"“”]": "quotation marks are « »",
    r"(?<=\S) --? (?=\S)|(?<=\w)--(?=\w)": "a dash is —",
    r"\.\.\.": "three dots are …",
    r"(?<=[\w»)]) [,;.!?](?=\s|$)": "there is a space before a punctuation mark",
    r"(?<=[а-яё,;] )(?:Вы|Вас|Вам|Вами|Ваш\w*)\b": "the reader is «вы», in lower case",
    r"\d,\d|\d_\d{3}|(?<![\w./:#-])\d{5,}(?![\w-])": "decimals have a point, thousands a space",
    r"(?<![\d.,] )(?<![\w.,-])\d \d{3}(?! ?\d)": "four digits stand without a space",
    "[\u00a0\u2009\u202f]": "spaces are plain: the edition sets those that don't break",
    r"\d%": "there is a space before %",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with an entry: the check's name, and a sentence."""

    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


def findings(
    kinds: set[str], english: str, new: str, data: LanguageData, names: Collection[str] = ()
) -> Iterator[Finding]:
    """Compare a translation with its text, and look at how it is written.

    Parameters
    ----------
    kinds : set of str
        Of the places where the text stands.
    english, new : str
        The text and its translation.
    data : LanguageData
        Terms and words of the language.
    names : collection of str, optional
        Of the code that the text belongs to; they stay as they are.
    """
    markdown = bool(kinds & _MARKDOWN)
    for name, of in (_OF_MARKDOWN if markdown else _OF_CODE).items():
        if (before := of(english)) != (after := of(new)):
            yield Finding(name, _difference(before, after))
    if not markdown and (before := _fields(english)) != (after := _fields(new)):
        same = Counter(before) == Counter(after)
        name = "order" if same else "fields"
        yield Finding(name, _difference(Counter(before), Counter(after)) or "in another order")
    symbols = set(re.findall(r"[a-z]+", " ".join(IN_FORMULA.findall(new)).lower()))
    if odd := symbols - set(re.findall(r"[a-z]+", english.lower())):
        yield Finding("formulas", f"not in English {', '.join(sorted(odd))}")
    old_words, words = prose(english), prose(new)
    ends = [len(END.findall(ABBREVIATION.sub("¤", text))) for text in (old_words, words)]
    if ends[0] != ends[1]:
        yield Finding("sentences", f"{ends[0]} in English, {ends[1]} here")
    letters = [sum(map(str.isalpha, text)) for text in (old_words, words)]
    if len(old_words.split()) >= _LONG and not _RATIOS[0] < letters[1] / letters[0] < _RATIOS[1]:
        yield Finding("length", f"{letters[0]} letters in English, {letters[1]} here")
    yield from _writing(english, new)
    code = kinds == {"word"} or is_names(english) or _OPTION.fullmatch(english)
    if not is_reference(english, new) and not (code and new == english):
        yield from _terms(old_words, words, data, names)
        yield from _left(english, new, data, names)


def _difference(before: Counter[str], after: Counter[str]) -> str:
    missing, added = list((before - after).elements()), list((after - before).elements())
    sides = [f"missing {', '.join(missing)}"] * bool(missing)
    return "; ".join([*sides, *([f"not in English {', '.join(added)}"] * bool(added))])


def _formulas(text: str) -> Counter[str]:
    found = FORMULA.findall(CODE.sub("", text))
    return Counter("".join(IN_FORMULA.sub(r"\\text{}", one).split()) for one in found)


def _numbers(text: str) -> Counter[str]:
    plain = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), prose(text))
    return Counter(_NUMBER.findall(plain))


def _fields(text: str) -> list[str]:
    """Return the fields without their widths and separators of thousands, which may change."""
    fields = FIELD.findall(text.replace("{{", "").replace("}}", ""))
    return [
        re.sub(r"(:[^}]*?)[,_]?(?=[.\w%]*\}$)", r"\1", re.sub(r":([<>^]?)\d+", r":\1", f))
        for f in fields
    ]


def _markup(text: str) -> Counter[str]:
    blocks = PARSER.parse(text)
    tokens = [*blocks, *(token for block in blocks for token in block.children or ())]
    kinds = (t.type for t in tokens if t.type not in ("text", "softbreak", "inline"))
    return Counter(kind for kind in kinds if not kind.endswith("close"))


_OF_CODE = {"formulas": _formulas, "numbers": _numbers}
_OF_CODE |= {"code": lambda text: Counter(found[0] for found in CODE.finditer(text))}
_OF_CODE |= {"lines": lambda text: Counter({"line breaks": text.count("\n")})}
_OF_MARKDOWN = _OF_CODE | {
    "addresses": lambda text: Counter(ADDRESS.findall(text)),
    "tags": lambda text: Counter(TAG.findall(CODE.sub("", FORMULA.sub("", text)))),
    "markup": _markup,
    "table": lambda text: Counter(
        f"row {n} has {row.count('|')} bars"
        for n, row in enumerate(text.split("\n"))
        if row[:1] == "|"
    ),
}


def _terms(english: str, new: str, data: LanguageData, names: Collection[str]) -> Iterator[Finding]:
    """Look for the terms of the glossary; a longer term hides those that are inside it."""
    kept = {name for name in names if name in new}  # a name of the code is not a term
    for term in data.terms:
        found = set(term.pattern.findall(english))
        if found:
            english = term.pattern.sub("¤", english)
        if found - kept and not term.stem.search(new):
            yield Finding("glossary", f"{term.english} is {term.translation}")


def _plain(english: str, new: str) -> str:
    """Return the prose of a translation without what looks like code in the English text too."""
    code = set(_CODE_LIKE.findall(prose(english)))
    return _CODE_LIKE.sub(lambda found: "¤" if found[0] in code else found[0], prose(new))


def _left(english: str, new: str, data: LanguageData, names: Collection[str]) -> Iterator[Finding]:
    """Look for English words that are not names; in a formula a part of a name stays, too."""
    symbols = set(_LATIN.findall(" ".join(IN_FORMULA.findall(new))))
    parts = _OF_FORMULAS.union(*(name.split("_") for name in names)) & symbols
    latin = [
        word
        for word in _LATIN.findall(_plain(english, new))
        if not (word in data.latin or word in _VALUES or word in names or word in parts)
        and sum(map(str.isupper, word)) < 2
    ]
    if latin and data.latin:  # a language in Latin letters has no list of them
        yield Finding("latin", f"left in English: {', '.join(dict.fromkeys(latin))}")


def _writing(english: str, new: str) -> Iterator[Finding]:
    plain = _plain(english, new)
    for pattern, sentence in _TYPOGRAPHY.items():
        if re.search(pattern, plain) and not (sentence.startswith("a dash") and " -" in english):
            yield Finding("typography", sentence)
    if "  " in plain.strip() and "  " not in prose(english):
        yield Finding("typography", "there are two spaces")
    if plain.count("«") != plain.count("»"):
        yield Finding("typography", "« and » don't match")
    marks = [re.sub(r"[\s*_»\"”)\]]+$", "", text)[-1:] for text in (english, new)]
    marks = [mark if mark in ".:;?!…" else "" for mark in marks]
    if marks[0] != marks[1] and marks != ["", ":"]:  # a sentence that a formula ends
        yield Finding("typography", f"it ends in {marks[1] or 'no mark'}, not {marks[0] or 'none'}")
    if _margins(english) != _margins(new):
        yield Finding("typography", "spaces at the beginning or the end differ")
    if mixed := _MIXED.findall(plain):
        yield Finding("alphabets", f"letters of two alphabets in {', '.join(mixed)}")


def _margins(text: str) -> tuple[bool, bool]:
    """Whether there is space on both sides; how much may differ, in the columns of a table."""
    return text[:1].isspace(), text[-1:].isspace()


def is_reference(english: str, new: str) -> bool:
    """Whether a text names a publication, whose title stays as it is."""
    authors = re.match(r"[A-Z]\.", english)  # a title of two words needs them
    words = r"[^\s*]+ [^*]+" if authors else r"[^\s*]+ [^*]+ [^*]+"
    title = rf"(?<!\*)\*({words})\*(?!\*)"
    return bool(set.intersection(*(set(re.findall(title, text)) for text in (english, new))))
