"""Numbers as text in figures and widgets."""


def format_number(value: float, spec: str = ".2f") -> str:
    """Write a number with a true minus sign, without trailing zeros and without a minus zero.

    Parameters
    ----------
    value : float
        The number.
    spec : str
        Python's format specification: ".2f" for at most two decimals, ".3g" for three significant
        digits, "+d" for a whole number with its sign.

    Examples
    --------
    >>> format_number(-0.5), format_number(-0.001), format_number(1234.5, ".2g")
    ('−0.5', '0', '1.2e+03')
    """
    text = f"{value:{spec}}"
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("0", "-0", "+0") else text.replace("-", "−")
