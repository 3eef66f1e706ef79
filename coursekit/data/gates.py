"""Truth tables of the logic gates."""

import numpy as np

from coursekit.data.sampling import Floats, Ints
from coursekit.nn.validation import check_choice

# outputs for the inputs 00, 01, 10, 11; for "not", for 0 and 1
_OUTPUTS = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xor": (0, 1, 1, 0),
    "not": (1, 0),
}


def gate(name: str) -> tuple[Floats, Ints]:
    """Truth table of a logic gate.

    Parameters
    ----------
    name : {"and", "or", "nand", "nor", "xor", "not"}
        The gate.

    Returns
    -------
    x : array (4, 2), or (2, 1) for "not"
        The inputs 0 and 1, in the order 00, 01, 10, 11.
    t : array of int (4,), or (2,) for "not"
        The gate's outputs.

    Raises
    ------
    ValueError
        If ``name`` is not one of these gates.

    Examples
    --------
    >>> x, t = gate("and")
    >>> t.tolist()
    [0, 0, 0, 1]
    """
    check_choice("name", name, _OUTPUTS)
    t = np.array(_OUTPUTS[name], dtype=np.int64)
    x = [[0], [1]] if name == "not" else [[0, 0], [0, 1], [1, 0], [1, 1]]
    return np.array(x, dtype=np.float64), t
