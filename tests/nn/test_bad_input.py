"""Wrong input is a ValueError that says what was expected and what came; extreme input is no error.

Warnings are errors in this suite, so "no warning" needs no assertion of its own.
"""

import copy
import re

import numpy as np
import pytest
from nn_cases import ACTIVATIONS, LOSSES, OPTIMIZERS, rng, targets

from coursekit import nn

X = rng().normal(size=(6, 2))
T = np.array([0, 1, 0, 1, 1, 0])
COLUMN = T.reshape(-1, 1)
NAN = np.where(np.arange(12).reshape(6, 2) == 5, np.nan, X)


def net():
    return nn.Sequential(nn.Dense(2, 3, rng=rng()), nn.Tanh(), nn.Dense(3, 2, rng=rng()))


def one_output():
    return nn.Sequential(nn.Dense(2, 1, rng=rng()))


def train(x=X, t=T, net=None, loss=None, optimizer=None, **changes):
    settings = {"epochs": 1, "batch_size": 2, "rng": rng(), **changes}
    net = net or globals()["net"]()
    return nn.train(net, loss or nn.CrossEntropy(), optimizer or nn.SGD(0.1), x, t, **settings)


def fit(x=X, t=T, **changes):
    settings = {"epochs": 1, "batch_size": 2, "rng": rng(), **changes}
    return nn.fit(net(), nn.CrossEntropy(), nn.SGD(0.1), x, t, **settings)


def used_optimizer():
    optimizer = nn.Adam(0.1)
    optimizer.step(np.zeros(3), np.zeros(3))
    return optimizer


def shared(layer):
    nn.Sequential(layer)
    return nn.Sequential(layer, nn.Tanh())


def with_lr(lr):
    optimizer = nn.SGD(0.1)
    optimizer.lr = lr
    return optimizer


def assign(vector, value):
    setattr(net(), vector, value)


def assign_parameter(value):
    net().layers[0].params["W"] = value


twice = nn.Tanh()

# what is tried, what the message says was expected, what it says came
CASES = {
    # construction of layers
    "no inputs": (lambda: nn.Dense(0, 2, rng=rng()), "n_in must be", "got 0"),
    "half an output": (lambda: nn.Dense(2, 1.5, rng=rng()), "n_out must be", "got 1.5"),
    "a width of True": (lambda: nn.Dense(True, 2, rng=rng()), "n_in must be", "got True"),
    "a seed": (lambda: nn.Dense(2, 2, rng=0), "np.random.Generator", "got 0"),
    "a seed for maxout": (lambda: nn.Maxout(2, 2, rng=7), "np.random.Generator", "got 7"),
    "a seed for dropout": (lambda: nn.Dropout(0.5, rng=None), "np.random.Generator", "got None"),
    "a mask of another shape": (
        lambda: nn.Dense(2, 3, rng=rng(), mask=np.ones((3, 2))),
        "mask must have the shape (2, 3)",
        "got (3, 2)",
    ),
    "a mask of halves": (
        lambda: nn.Dense(1, 2, rng=rng(), mask=[[0.5, 1]]),
        "zeros and ones",
        "got [0.5 1. ]",
    ),
    "weights turned": (
        lambda: nn.Dense(2, 3, rng=rng(), init=lambda n_in, n_out, rng: np.ones((n_out, n_in))),
        "the result of init must have the shape (2, 3)",
        "got (3, 2)",
    ),
    "weights of NaN": (
        lambda: nn.Maxout(2, 3, rng=rng(), init=lambda n_in, n_out, rng: np.full((2, 3), np.nan)),
        "the result of init must hold finite numbers",
        "got nan (6 of",
    ),
    "weights in a row": (
        lambda: nn.Dense.from_weights([1.0, 2.0]),
        "W must have the shape (n_in, n_out)",
        "got (2,)",
    ),
    "known weights of NaN": (
        lambda: nn.Dense.from_weights([[np.nan]]),
        "W must hold finite numbers",
        "got nan",
    ),
    "biases that don't fit": (
        lambda: nn.Dense.from_weights([[1.0, 2.0]], [0.0]),
        "b must have the shape (2,)",
        "got (1,)",
    ),
    "no pieces": (lambda: nn.Maxout(2, 2, rng=rng(), pieces=0), "pieces must be", "got 0"),
    "batch norm of nothing": (lambda: nn.BatchNorm(-1), "n must be", "got -1"),
    "a decay of 1": (lambda: nn.BatchNorm(2, decay=1.0), "decay must be", "got 1.0"),
    "an eps of 0": (lambda: nn.BatchNorm(2, eps=0), "eps must be", "got 0"),
    "all dropped": (lambda: nn.Dropout(1.0, rng=rng()), "p_drop must be", "got 1.0"),
    "p_drop below 0": (lambda: nn.Dropout(-0.1, rng=rng()), "p_drop must be", "got -0.1"),
    "p_drop in words": (lambda: nn.Dropout("half", rng=rng()), "p_drop must be", "got 'half'"),
    "a steep leak": (lambda: nn.LeakyReLU(1.5), "negative_slope must be", "got 1.5"),
    "a negative leak": (lambda: nn.LeakyReLU(-0.1), "negative_slope must be", "got -0.1"),
    "alpha 0": (lambda: nn.ELU(0.0), "alpha must be", "got 0.0"),
    "std 0": (lambda: nn.normal(0), "std must be", "got 0"),
    "limit infinite": (lambda: nn.uniform(np.inf), "limit must be", "got inf"),
    # construction of networks
    "no layers": (lambda: nn.Sequential(), "at least one layer", "got none"),
    "a list": (lambda: nn.Sequential([nn.Tanh()]), "expected layers", "got [Tanh()]"),
    "a class": (lambda: nn.Sequential(nn.Tanh), "expected layers", "got <class"),
    "a layer twice": (lambda: nn.Sequential(twice, twice), "that differ", "twice"),
    "a layer of another network": (
        lambda: shared(nn.Dense(2, 2, rng=rng())),
        "Dense(2, 2) is in another network",
        "copy.deepcopy",
    ),
    "a shallow copy": (lambda: copy.copy(net()), "Dense(2, 3) is in another network", "deepcopy"),
    "widths that don't fit": (
        lambda: nn.Sequential(nn.Dense(2, 3, rng=rng()), nn.Tanh(), nn.Dense(4, 1, rng=rng())),
        "layer 2, Dense(4, 1), expected 4 inputs",
        "got 3",
    ),
    "batch norm that doesn't fit": (
        lambda: nn.Sequential(nn.Dense(2, 3, rng=rng()), nn.BatchNorm(2)),
        "layer 1, BatchNorm(2), expected 2 inputs",
        "got 3",
    ),
    # assignment
    "theta too short": (
        lambda: assign("theta", np.zeros(3)),
        "theta must have the shape (17,)",
        "got (3,)",
    ),
    "grad a number": (lambda: assign("grad", 0.0), "grad must have the shape (17,)", "got ()"),
    "statistics": (
        lambda: assign("statistics", [1]),
        "statistics must have the shape (0,)",
        "got (1,)",
    ),
    "W turned": (
        lambda: assign_parameter(np.ones((3, 2))),
        "W must have the shape (2, 3)",
        "got (3, 2)",
    ),
    # inference
    "a layer's input": (
        lambda: nn.Dense(3, 2, rng=rng())(np.zeros((5, 2))),
        "Dense expected (N, 3)",
        "got (5, 2)",
    ),
    "a network's input": (lambda: net()(np.zeros((5, 3))), "expected (N, 2)", "got (5, 3)"),
    "one sample": (lambda: net()([1.0, 2.0]), "(N, 2)", "got (2,); one sample is a batch too"),
    "a number": (lambda: net()(1.0), "expected (N, 2)", "got ()"),
    "no width known": (lambda: nn.Sequential(nn.Tanh())([1.0]), "(N, features)", "got (1,)"),
    "an empty batch": (lambda: net()(np.zeros((0, 2))), "at least one sample", "(0, 2)"),
    "NaN": (lambda: net()(NAN), "finite numbers", "got nan (1 of them"),
    "infinity": (lambda: nn.ReLU()([1.0, -np.inf]), "x must hold finite numbers", "got -inf"),
    "NaN in a derivative": (lambda: nn.Tanh().derivative(np.nan), "finite numbers", "got nan"),
    "NaN in a trace": (lambda: net().trace(NAN), "finite numbers", "got nan"),
    "words": (lambda: net()([["a", "b"]]), "an array of numbers", "got [['a', 'b']]"),
    "ragged": (lambda: net()([[1, 2], [3]]), "an array of numbers", "got [[1, 2], [3]]"),
    "nothing": (lambda: net()(None), "finite numbers", "got nan"),
    # samples and targets
    "x too wide": (lambda: train(x=np.zeros((6, 3))), "Sequential expected (N, 2)", "got (6, 3)"),
    "x with NaN": (lambda: train(x=NAN), "x must hold finite numbers", "got nan"),
    "no samples": (lambda: train(x=np.zeros((0, 2)), t=[]), "at least one sample", "(0, 2)"),
    "too few labels": (lambda: train(t=T[:5]), "labels (6,)", "got (5,)"),
    "labels in a column": (lambda: train(t=COLUMN), "labels (6,)", "got (6, 1)"),
    "an unknown label": (lambda: train(t=T + 1), "labels 0 to 1", "got 1 to 2"),
    "a negative label": (lambda: train(t=T - 1), "labels 0 to 1", "got -1 to 0"),
    "a single logit": (
        lambda: train(net=one_output(), t=0 * T),
        "outputs (N, K) with K ≥ 2",
        "got (6, 1); BinaryCrossEntropy",
    ),
    "labels as floats": (lambda: train(t=T * 1.0), "whole-numbered labels", "got float64"),
    "targets in a row": (
        lambda: train(t=T, net=one_output(), loss=nn.MSE()),
        "MSE expected targets (6, 1)",
        "got (6,); t.reshape(-1, 1)",
    ),
    "targets too wide": (
        lambda: train(t=X, net=one_output(), loss=nn.MSE()),
        "targets (6, 1)",
        "got (6, 2)",
    ),
    "NaN among targets": (
        lambda: train(t=NAN, loss=nn.MSE()),
        "targets must hold finite numbers",
        "got nan",
    ),
    "probabilities over 1": (
        lambda: train(t=2 * COLUMN, net=one_output(), loss=nn.BinaryCrossEntropy()),
        "BinaryCrossEntropy expected targets in [0, 1]",
        "got 0.0 to 2.0",
    ),
    "0 and 1 for signs": (
        lambda: train(t=COLUMN, net=one_output(), loss=nn.Hinge()),
        "Hinge expected targets -1 and 1",
        "got [0. 1.]",
    ),
    "0 and 1 for the perceptron": (
        lambda: train(t=COLUMN, net=one_output(), loss=nn.PerceptronLoss()),
        "PerceptronLoss expected targets -1 and 1",
        "got [0. 1.]",
    ),
    "evaluation": (lambda: nn.evaluate(net(), nn.CrossEntropy(), X, T + 1), "0 to 1", "1 to 2"),
    "accuracy of columns and rows": (
        lambda: nn.accuracy(X[:, :1], T),
        "(N, 1) with (N, 1)",
        "got (6, 1) with (6,)",
    ),
    "accuracy of too few": (lambda: nn.accuracy(X, T[:3]), "(N, K) with labels", "got (6, 2) with"),
    "accuracy of NaN": (lambda: nn.accuracy(NAN, T), "outputs must hold finite", "got nan"),
    # training
    "a layer for a network": (
        lambda: train(net=nn.Dense(2, 2, rng=rng())),
        "net must be an object such as nn.Sequential",
        "got Dense(2, 2)",
    ),
    "the loss's class": (lambda: train(loss=nn.MSE), "such as nn.MSE()", "got <class"),
    "the optimizer's name": (lambda: train(optimizer="adam"), "such as nn.SGD(0.1)", "got 'adam'"),
    "whole numbers for a numerical gradient": (
        lambda: nn.numerical_gradient(np.sum, np.array([1, 2])),
        "an array of floats",
        "got array([1, 2])",
    ),
    "a list for a numerical gradient": (
        lambda: nn.numerical_gradient(np.sum, [1.0, 2.0]),
        "an array of floats",
        "got [1.0, 2.0]",
    ),
    "no epochs": (lambda: train(epochs=0), "epochs must be", "got 0"),
    "no batches": (lambda: train(batch_size=0), "batch_size must be", "got 0"),
    "a seed for the order": (lambda: train(rng=1), "np.random.Generator", "got 1"),
    "a rate set to 0": (lambda: train(optimizer=with_lr(0.0)), "lr must be", "got 0.0"),
    "another network's optimizer": (
        lambda: train(optimizer=used_optimizer()),
        "this Adam expected 3 parameters",
        "got 17",
    ),
    "a decay of another shape": (
        lambda: train(optimizer=nn.Adam(0.1, weight_decay=np.ones(3))),
        "weight_decay must be a number or have the shape (17,)",
        "got (3,)",
    ),
    "batches of one for batch norm": (
        lambda: train(net=nn.Sequential(nn.Dense(2, 2, rng=rng()), nn.BatchNorm(2)), batch_size=5),
        "BatchNorm(2) expected batches of at least 2",
        "got 1: 6 samples in batches of 5",
    ),
    "one sample for batch norm": (
        lambda: train(X[:1], T[:1], net=nn.Sequential(nn.BatchNorm(2)), batch_size=5),
        "batches of at least 2",
        "got 1: 1 samples",
    ),
    "validation data": (lambda: fit(validation=(X, T[:3])), "labels (6,)", "got (3,)"),
    "nothing to watch": (
        lambda: fit(stopping=nn.EarlyStopping(2)),
        "stopping needs validation=(x, t)",
        "None",
    ),
    "no patience": (lambda: nn.EarlyStopping(0), "patience must be", "got 0"),
    "a negative delta": (lambda: nn.EarlyStopping(1, -0.1), "min_delta must be", "got -0.1"),
    "a rate of 0 in the range test": (
        lambda: nn.lr_range_test(
            *(net(), nn.CrossEntropy(), nn.SGD(0.1), X, T), lrs=[0.1, 0], batch_size=2, rng=rng()
        ),
        "each of lrs must be",
        "got 0",
    ),
    "no rates in the range test": (
        lambda: nn.lr_range_test(
            *(net(), nn.CrossEntropy(), nn.SGD(0.1), X, T), lrs=[], batch_size=2, rng=rng()
        ),
        "the number of lrs must be",
        "got 0",
    ),
    # penalties, optimizers, schedules
    "negative l1": (lambda: nn.L1(-1), "strength must be", "got -1"),
    "negative l2": (lambda: nn.L2(-1), "strength must be", "got -1"),
    "negative elastic net": (lambda: nn.ElasticNet(0.1, -1), "l2 must be", "got -1"),
    "negative l1 of elastic net": (lambda: nn.ElasticNet(np.nan, 1), "l1 must be", "got nan"),
    "rho 1": (lambda: nn.Momentum(0.1, rho=1), "rho must be", "got 1"),
    "rho below 0": (lambda: nn.Nesterov(0.1, rho=-0.5), "rho must be", "got -0.5"),
    "adagrad's eps": (lambda: nn.AdaGrad(0.1, eps=0), "eps must be", "got 0"),
    "rmsprop's beta": (lambda: nn.RMSProp(0.1, beta=1.0), "beta must be", "got 1.0"),
    "adam's beta1": (lambda: nn.Adam(0.1, beta1=1.0), "beta1 must be", "got 1.0"),
    "adam's beta2": (lambda: nn.Adam(0.1, beta2=-1), "beta2 must be", "got -1"),
    "adam's eps": (lambda: nn.Adam(0.1, eps=-1), "eps must be", "got -1"),
    "adam's decay": (lambda: nn.Adam(0.1, weight_decay=-1), "weight_decay must be", "got -1"),
    "a constant of 0": (lambda: nn.constant(0), "lr must be", "got 0"),
    "a growing step decay": (lambda: nn.step_decay(0.1, 2.0, 5), "factor must be", "got 2.0"),
    "a step decay to 0": (lambda: nn.step_decay(0.1, 0.0, 5), "factor must be", "got 0.0"),
    "a step decay every 0": (lambda: nn.step_decay(0.1, 0.5, 0), "every must be", "got 0"),
    "a growing exponential": (lambda: nn.exponential_decay(0.1, -1), "rate must be", "got -1"),
    "a growing inverse": (lambda: nn.inverse_time(0.1, -1), "rate must be", "got -1"),
    "a cosine of no updates": (lambda: nn.cosine(0.1, 0), "updates must be", "got 0"),
    "a rising cosine": (lambda: nn.cosine(0.1, 9, 0.2), "at most lr = 0.1", "got 0.2"),
    "a warmup of no updates": (lambda: nn.warmup(nn.constant(0.1), 0), "updates", "got 0"),
}


@pytest.mark.parametrize(("attempt", "expected", "came"), CASES.values(), ids=CASES.keys())
def test_value_error_says_what_must_be_and_what_came(attempt, expected, came):
    with pytest.raises(ValueError, match=re.escape(expected)) as caught:
        attempt()
    assert came in str(caught.value)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@pytest.mark.parametrize("lr", [0, -0.1, np.nan, np.inf, "fast", None])
def test_learning_rates(make, lr):
    with pytest.raises(
        ValueError, match=re.escape(f"lr must be a number greater than 0, got {lr!r}")
    ):
        type(make())(lr)


def test_an_unknown_parameter_is_a_key_error():
    with pytest.raises(KeyError, match=re.escape("'w': there are only ['W', 'b']")):
        net().layers[0].params["w"] = np.zeros((2, 3))


def test_a_failed_network_leaves_its_layers_free():
    free, taken = nn.Dense(2, 2, rng=rng()), nn.Dense(2, 2, rng=rng())
    nn.Sequential(taken)
    with pytest.raises(ValueError, match="another network"):
        nn.Sequential(free, taken)
    nn.Sequential(free, copy.deepcopy(taken))


def test_validation_is_at_the_entry_and_not_in_a_step():
    layer, loss = nn.Dense(2, 2, rng=rng()), nn.CrossEntropy()
    y, cache = layer.forward(NAN)
    assert np.isnan(y).any()
    assert np.isnan(layer.backward(y, cache)).any()
    assert np.isnan(loss(y, T)[0])


EXTREMES = np.array([[-1e308, 1e308, -1e4, 1e4], [-745.2, 709.8, -0.0, 5e-324]])


@pytest.mark.parametrize("make", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
def test_activations_at_the_ends_of_the_numbers(make):
    activation = make()
    y, cache = activation.forward(EXTREMES)
    for a in (y, activation.backward(np.ones_like(y), cache), activation.derivative(EXTREMES)):
        assert np.isfinite(a).all()


@pytest.mark.parametrize(
    ("activation", "left", "right"),
    [
        (nn.Identity(), -1e308, 1e308),
        (nn.Step(), 0, 1),
        (nn.Sigmoid(), 0, 1),
        (nn.Tanh(), -1, 1),
        (nn.ReLU(), 0, 1e308),
        (nn.LeakyReLU(0.5), -5e307, 1e308),
        (nn.ELU(2.0), -2, 1e308),
        (nn.Softplus(), 0, 1e308),
    ],
    ids=repr,
)
def test_what_activations_tend_to(activation, left, right):
    assert np.array_equal(activation([-1e308, 1e308]), [left, right])


@pytest.mark.parametrize("make", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize("scale", [0.0, 1.0, 1e4])
def test_losses_of_large_logits(make, scale):
    loss, y = make(), scale * np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
    for seed in range(8):
        value, error = loss(y, targets(loss, 3, 2, seed))
        assert np.isfinite(value) and np.isfinite(error).all()


def test_logarithm_of_zero():
    y = np.array([[1e4, -1e4]])  # the second class has probability 0 in floats
    value, error = nn.CrossEntropy()(y, np.array([1]))
    assert value == 2e4
    assert np.array_equal(error, [[1.0, -1.0]])
    for t in (0.0, 1.0):
        value, error = nn.BinaryCrossEntropy()(np.array([[-1e4], [1e4]]), np.full((2, 1), t))
        assert value == 5e3
        assert np.array_equal(error, [[0 - t / 2], [(1 - t) / 2]])


@pytest.mark.parametrize("value", [0.0, 0.1, -3.7, 1e6])
def test_constant_feature_in_batch_norm(value):
    layer, x = nn.BatchNorm(2), rng().normal(size=(7, 2))
    x[:, 1] = value
    for _ in range(200):
        y, cache = layer.forward(x)
    dx = layer.backward(rng().normal(size=y.shape), cache)
    assert np.allclose(y[:, 1], 0, atol=1e-6)
    for a in (dx, layer(x), *layer.grads.values(), *layer.statistics.values()):
        assert np.isfinite(a).all()


def test_training_on_nothing_to_learn():
    """All inputs and targets zero: every gradient is zero, and no optimizer divides by it."""
    for make in OPTIMIZERS.values():
        network = nn.Sequential(nn.Dense(2, 2, rng=rng(), init=nn.zeros))
        nn.fit(
            *(network, nn.MSE(), make(), np.zeros((4, 2)), np.zeros((4, 2))),
            epochs=3,
            batch_size=2,
            rng=rng(),
        )
        assert np.array_equal(network.theta, np.zeros(6))
