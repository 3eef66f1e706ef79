"""Functions of two variables side by side, as colours on one scale."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from coursekit.language import say
from coursekit.plots.figures import figure_of, flatten
from coursekit.plots.palette import DIVERGING


def value_maps(
    axes: Sequence[Axes],
    pictures: Mapping[str, ArrayLike],
    *,
    limits: tuple[float, float] = (0.0, 1.0),
    largest: float = 1.0,
) -> list[AxesImage]:
    """Maps of a square, one in each axes: orange is negative, blue is positive, white is 0.

    Parameters
    ----------
    axes : sequence of Axes
    pictures : mapping of str to array (n, n) or (n * n,)
        The values by the maps' titles; a row is a line of equal x2, the lowest first.
    limits : (float, float)
        Of both variables.
    largest : float
        The value that has the darkest blue.

    Returns
    -------
    list of AxesImage

    Raises
    ------
    ValueError
        If there are not as many axes as maps, or one is not square.

    Examples
    --------
    >>> fig, axes = plots.subplots(1, 2)
    >>> maps = plots.value_maps(axes, {"the function": f(grid), "the network": net(grid)})
    """
    images, extent = [], (*limits, *limits)
    for ax, (name, given) in zip(flatten(axes), pictures.items(), strict=True):
        values = np.asarray(given, dtype=np.float64)
        side = round(values.size**0.5)
        if values.size != side**2 or values.shape not in ((side, side), (side**2,)):
            raise ValueError(
                say("value_maps expected (n, n) or (n * n,) values, got {got}", got=values.shape)
            )
        square = values.reshape(side, side)
        options: dict[str, Any] = {"vmin": -largest, "vmax": largest, "cmap": DIVERGING}
        images.append(ax.imshow(square, origin="lower", extent=extent, **options))
        ax.set(title=name, xlabel="$x_1$")
        ax.grid(False)
    first = flatten(axes)[0]
    first.set_ylabel("$x_2$")
    figure_of(first).colorbar(images[-1], ax=flatten(axes), label=say("value"), shrink=0.75)
    return images
