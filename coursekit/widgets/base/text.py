"""Numbers, formulas and lists as an explorer writes them."""

from collections.abc import Mapping, Sequence

from coursekit.plots.format_number import format_number

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value: float, decimals: int) -> str:
    """A number times a power of ten: ``4.8·10⁻⁷``."""
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    return f"{mantissa.replace('-', '−')}·10{str(int(exponent)).translate(RAISED)}"


def two_digits(value: float) -> str:
    """Two significant digits of a positive number: ``0.27``, ``4.8·10⁻⁷``."""
    if value and not 0.01 <= value < 1000:
        return scientific(value, 1)
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"


def affine(terms: Mapping[str, float], constant: float) -> str:
    """A sum such as ``x₁ − 2·x₂ + 0.5``; zero terms are left out."""
    parts = [(coefficient, name) for name, coefficient in terms.items()] + [(constant, "")]
    text = ""
    for coefficient, name in parts:
        size = format_number(abs(coefficient))
        if size == "0":
            continue
        body = name if name and size == "1" else f"{size}·{name}" if name else size
        if text:
            text += f" {'−' if coefficient < 0 else '+'} {body}"
        else:
            text = f"−{body}" if coefficient < 0 else body
    return text or "0"


def point(x: Sequence[float]) -> str:
    """Coordinates such as ``(0, 1)``."""
    return f"({', '.join(format_number(value) for value in x)})"
