"""The playground's made points, by the names and numbers of TensorFlow Playground, and features."""

import math

import numpy as np
import pytest

from coursekit import data
from coursekit.widgets.playground.training.datasets import OwnPoints, compute_features, make_problem
from coursekit.widgets.playground.training.settings import Settings

MAKERS = {
    "circle": (data.circles, 500),
    "xor": (data.xor, 500),
    "gauss": (data.blobs, 500),
    "spiral": (data.spirals, 500),
    "moons": (data.moons, 500),
    "plane": (data.plane, 1200),
    "bumps": (data.gaussians, 1200),
}


@pytest.mark.parametrize("percent", [10, 50, 70])
@pytest.mark.parametrize("key", MAKERS)
def test_points_noise_and_share_of_training_points(key, percent):
    make, n = MAKERS[key]
    settings = Settings().changed(data=key, noise=35, train_percent=percent, data_seed=4)
    task = make_problem(settings, OwnPoints())
    x, t = make(n, rng=4, noise=0.35)
    n_train = n * percent // 100
    np.testing.assert_array_equal(task.x_train, x[:n_train])
    np.testing.assert_array_equal(task.x_test, x[n_train:])
    np.testing.assert_array_equal(np.concatenate([task.t_train, task.t_test]), t.ravel())
    assert task.outputs == 1 and task.kind == ("two" if n == 500 else "regression")


def test_clouds_have_as_many_classes_as_asked_for():
    for classes, kind, outputs in ((2, "two", 1), (3, "several", 3), (5, "several", 5)):
        settings = Settings().changed(data="clouds", classes=classes)
        task = make_problem(settings, OwnPoints())
        assert (task.kind, task.outputs) == (kind, outputs)
        assert set(task.t_train) == set(range(classes))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("x1", lambda x1, x2: x1),
        ("x2", lambda x1, x2: x2),
        ("x1^2", lambda x1, x2: x1**2),
        ("x2^2", lambda x1, x2: x2**2),
        ("x1*x2", lambda x1, x2: x1 * x2),
        ("sin(x1)", lambda x1, x2: math.sin(x1)),
        ("sin(x2)", lambda x1, x2: math.sin(x2)),
    ],
)
def test_features(name, formula):
    x = np.array([[1.5, -2.0], [-0.5, 3.0]])
    values = compute_features(x, ["x2", name])
    np.testing.assert_allclose(values[:, 1], [formula(*point) for point in x], rtol=1e-14)
    np.testing.assert_array_equal(values[:, 0], x[:, 1])
