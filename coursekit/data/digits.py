"""Real data: handwritten digits, bundled with the package."""

from importlib.resources import files

import numpy as np

from coursekit.data.sampling import Floats, Ints


def digits() -> tuple[Floats, Ints]:
    """1,797 handwritten digits, 8 × 8 pixels each.

    Thirteen people wrote them; a pixel is the share of its square that is inked. The data are the
    test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (UCI
    Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49), under CC BY 4.0
    (https://creativecommons.org/licenses/by/4.0/). Changed here: the file format, and the values
    0 to 16 divided by 16.

    Returns
    -------
    x : array (1797, 64)
        Pixels row by row, from 0 (paper) to 1 (ink), in steps of 1/16. ``x[i].reshape(8, 8)`` is a
        picture.
    t : array of int (1797,)
        The digit, 0 to 9.
    """
    with (files("coursekit.data") / "digits.npz").open("rb") as file, np.load(file) as stored:
        return stored["pixels"] / 16.0, stored["labels"].astype(np.int64)
