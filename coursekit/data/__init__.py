"""The data sets of the course: made from a seed, or bundled. Nothing is downloaded.

Every function returns plain arrays ``x, t``. Points of a classification have their class, an
integer from 0, in ``t`` of shape (N,); those of a regression have a float target in ``t`` of shape
(N, 1). A made set asks for ``rng``, a seed or a generator, and gives the same points for the same
seed.
"""

from coursekit.data.digits import digits
from coursekit.data.gates import gate
from coursekit.data.planar import blobs, circles, moons, spirals, xor
from coursekit.data.preparation import split, standardize
from coursekit.data.surfaces import gaussians, plane

__all__ = [
    "blobs",
    "circles",
    "digits",
    "gate",
    "gaussians",
    "moons",
    "plane",
    "spirals",
    "split",
    "standardize",
    "xor",
]
