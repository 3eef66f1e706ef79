"""One notation: lecture 00, the book's page and the formulas of all lectures agree."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "book" / "notation.md"
LECTURES = sorted((ROOT / "notebooks").glob("[0-9][0-9]*_*.ipynb"))

#: How a letter of the table is found in a formula. Its lectures are the table's last column.
LETTERS = {
    "s": r"(?<![A-Za-z\\])s(?![A-Za-z])",
    "z": r"(?<![A-Za-z\\])z(?![A-Za-z])",
    "Z": r"(?<![A-Za-z\\])Z(?![A-Za-z])",
    r"\Sigma": r"\\Sigma(?![A-Za-z])",
    r"\varepsilon": r"\\varepsilon(?![A-Za-z])",
    r"\epsilon": r"\\epsilon(?![A-Za-z])",
    r"\lambda": r"\\lambda(?![A-Za-z])",
    "E": r"(?<![A-Za-z\\])E(?![A-Za-z])",
    "D": r"(?<![A-Za-z\\])D(?![A-Za-z])",
    "Q": r"(?<![A-Za-z\\])Q(?![A-Za-z])",
    "H_l": r"(?<![A-Za-z\\])H_",
    "s² as a variance": r"N\(0, s\^2\)",
}
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|tag|mathbf)\*?\{[^}]*\}")


def cells(path):
    book = nbformat.read(path, as_version=4)
    return [cell.source for cell in book.cells if cell.cell_type == "markdown"]


def rows(text):
    """The rows of all tables of symbols in a text, each with the heading above it."""
    found, heading, inside = [], "", False
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("| symbol "):
            inside = True
        elif inside and not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|:"):
            found.append((heading, tuple(part.strip() for part in line.strip("|").split(" | "))))
    return found


def table():
    (text,) = (source for source in cells(LECTURES[0]) if "| symbol " in source)
    return rows(text)


def numbers(text):
    """The lectures that an entry of the last column names."""
    if text == "all":
        return set(range(12))
    if text.startswith("from "):
        return set(range(int(text[5:]), 12))
    ends = [[int(number) for number in part.split("–")] for part in text.split(", ")]
    return {number for part in ends for number in range(part[0], part[-1] + 1)}


def lectures_of(letter):
    entries = [entry for _, entry in table() if found(LETTERS[letter], entry[0])]
    return set().union(*(numbers(entry[-1]) for entry in entries))


def found(pattern, text):
    formulas = (WORDS.sub(" ", formula) for formula in FORMULA.findall(text))
    return any(re.search(pattern, formula) for formula in formulas)


def strangers(number, text):
    """The letters of the table that a lecture uses although the table does not name it."""
    return {
        letter
        for letter, pattern in LETTERS.items()
        if found(pattern, text) and number not in lectures_of(letter)
    }


def test_the_book_has_the_table_of_lecture_00():
    ours = table()
    assert len(ours) > 40
    assert [letter for letter in LETTERS if not lectures_of(letter)] == ["s² as a variance"]
    assert rows(PAGE.read_text(encoding="utf-8")) == ours


@pytest.mark.parametrize("path", LECTURES[1:], ids=lambda path: path.stem)
def test_a_letter_means_what_the_table_says(path):
    text = "\n\n".join(cells(path))
    assert not strangers(int(path.stem[:2]), text)


def test_the_checker_sees():
    assert strangers(6, r"the score $z = wx$") == {"z"}
    assert strangers(6, r"$\sigma(s) = \frac{1}{1 + e^{-s}}$, z, $\text{size z}$") == set()
    assert strangers(7, r"$\sqrt{c} + \epsilon$, $\mathrm{E}[x]$, $\varepsilon$") == {
        r"\varepsilon"
    }
    assert strangers(10, "$N(0, s^2)$, $z_k$") == {"s² as a variance", "z"}
    assert strangers(10, r"$H = \frac2N Z^{\mathsf T} Z$, $H_l$, $\lambda\mu$") == {
        "Z",
        "H_l",
        r"\lambda",
    }
    assert strangers(5, r"$z \varepsilon \Sigma E D Q H_l \lambda s$") == set()
    assert numbers("01–03, 05") == {1, 2, 3, 5} and numbers("from 10") == {10, 11}
