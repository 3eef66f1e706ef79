"""Data made ready for training: parts to train and to test on, features of one scale."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coursekit.data.sampling import Floats, Seed, as_generator
from coursekit.language import say

Arrays = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


def split(x: ArrayLike, t: ArrayLike, *, test: float = 0.25, rng: Seed) -> Arrays:
    """Split data at random into a part to train on and a part to test on.

    If the targets are class labels (integers), the split is stratified: each class has the same
    share of the test part, to within one point. Both parts come shuffled, as copies.

    Parameters
    ----------
    x : array (N, ...)
        Inputs.
    t : array (N,) or (N, K)
        Targets.
    test : float
        Share of the points that goes to the test part, between 0 and 1.
    rng : int or Generator
        Seed, or the generator to draw from.

    Returns
    -------
    x_train, t_train, x_test, t_test : arrays
        The test part has ``round(test * N)`` points.

    Raises
    ------
    ValueError
        If the numbers of points differ, the share is out of range, or a part would be empty.
    """
    x, t = np.asarray(x), np.asarray(t)
    if x.ndim == 0 or t.ndim == 0 or len(x) != len(t):
        raise ValueError(
            say(
                "split expected as many targets as inputs, got x {x} and t {t}",
                x=x.shape,
                t=t.shape,
            )
        )
    if not 0 < test < 1:
        raise ValueError(say("test must be a share between 0 and 1, got {test!r}", test=test))
    n, n_test = len(x), round(test * len(x))
    if not 0 < n_test < n:
        raise ValueError(
            say(
                "test={test!r} of {n} points leaves a part empty; it needs more points",
                test=test,
                n=n,
            )
        )
    rng = as_generator(rng)
    order = rng.permutation(n)
    if t.ndim == 1 and np.issubdtype(t.dtype, np.integer):
        order = order[np.argsort(t[order], kind="stable")]
    # Every (n / n_test)-th point of the order, from a random start: of a run of equal labels
    # it takes the right share.
    chosen = np.zeros(n, dtype=bool)
    chosen[((np.arange(n_test) + rng.uniform()) * n / n_test).astype(np.int64)] = True
    train_part, test_part = rng.permutation(order[~chosen]), rng.permutation(order[chosen])
    return x[train_part], t[train_part], x[test_part], t[test_part]


def standardize(x_train: ArrayLike, *others: ArrayLike) -> list[Floats]:
    """Shift and scale every feature to mean 0 and standard deviation 1 on the training data.

    The statistics come from the training data alone and are used on all arrays, as they will be on
    data that nobody has seen yet. A feature that is constant in training becomes 0 there.

    Parameters
    ----------
    x_train : array (N, F)
        Training inputs.
    *others : arrays (M, F)
        Further inputs, such as those to test on.

    Returns
    -------
    list of arrays
        The standardised arrays, in the order given.

    Raises
    ------
    ValueError
        If an array is not two-dimensional with F features, is empty, or holds NaN or infinity.

    Examples
    --------
    >>> x_train, x_test = standardize([[1.0], [3.0]], [[5.0]])
    >>> x_test.tolist()
    [[3.0]]
    """
    arrays = [np.asarray(a, dtype=np.float64) for a in (x_train, *others)]
    train = arrays[0]
    for a in arrays:
        if a.ndim != 2 or a.shape[1] != train.shape[-1] or train.size == 0:
            shapes = ", ".join(str(a.shape) for a in arrays)
            raise ValueError(
                say("standardize expected arrays (N, features), got {shapes}", shapes=shapes)
            )
        if not np.isfinite(a).all():
            raise ValueError(say("standardize expected finite numbers, got NaN or infinity"))
    mean = train.mean(axis=0)
    # Not "std > 0": rounding gives a constant feature a tiny standard deviation.
    constant = np.ptp(train, axis=0) == 0
    mean = np.where(constant, train[0], mean)
    scale = np.where(constant, 1.0, train.std(axis=0))
    return [(a - mean) / scale for a in arrays]
