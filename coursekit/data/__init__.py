"""The data sets of the course: made from a seed, or bundled. Nothing is downloaded.

Every function returns plain arrays ``x, t``. Points of a classification have their class, an
integer from 0, in ``t`` of shape (N,); those of a regression have a float target in ``t`` of shape
(N, 1). Sets that are drawn at random need ``rng``, a seed or a generator; the same seed gives the
same points.
"""

from coursekit.data.digits import digits as digits
from coursekit.data.gates import gate as gate
from coursekit.data.heights import gaussians as gaussians, plane as plane
from coursekit.data.planar import (
    blobs as blobs,
    circles as circles,
    moons as moons,
    spirals as spirals,
    xor as xor,
)
from coursekit.data.preparation import split as split, standardize as standardize
