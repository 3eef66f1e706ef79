"""Every analytic gradient against central differences, and what must hold around them."""

import copy
import pickle

import numpy as np
import pytest
from nn_cases import (
    ACTIVATIONS,
    LAYERS,
    LOSSES,
    NETWORKS,
    PENALTIES,
    Rewind,
    assert_off_kinks,
    off_zero,
    rng,
    targets,
)

from coursekit import nn

TOLERANCE = 1e-7

SHAPES = [(1, 4), (3, 4), (5, 4), (16, 4)]

LAYERS_AND_SHAPES = [
    pytest.param(make, shape, id=f"{name} {shape}")
    for name, make in LAYERS.items()
    for shape in SHAPES
    if shape[0] >= make().min_batch
] + [
    # at a small ε, two samples become -1 and 1 whatever they were, and every gradient is near 0
    pytest.param(lambda: nn.BatchNorm(4, eps=0.5), (2, 4), id="batch norm of two samples")
]

NETWORKS_AND_SIZES = [
    pytest.param(make, n, id=f"{name} {n}")
    for name, make in NETWORKS.items()
    for n in (1, 3, 7)
    if n >= max(layer.min_batch for layer in make().layers)
]


@pytest.mark.parametrize(("make", "shape"), LAYERS_AND_SHAPES)
def test_layer(make, shape):
    layer = make()
    for a in layer.params.values():  # γ = 1, β = 0 and zero biases would hide mistakes
        a += rng(1).normal(0, 0.5, a.shape)
    if layer.masks:
        layer.params["W"] *= layer.masks["W"]
    assert_off_kinks(nn.Sequential(layer), x := off_zero(shape))
    rewind = Rewind((layer,))
    y, cache = layer.forward(x)
    dy = rng(2).normal(size=y.shape)
    dx = layer.backward(dy, cache)

    def objective(_):
        rewind()
        return float((layer.forward(x)[0] * dy).sum())

    assert dx.shape == x.shape
    assert nn.relative_error(dx, nn.numerical_gradient(objective, x)) <= TOLERANCE
    for name, a in layer.params.items():
        numerical = nn.numerical_gradient(objective, a)
        assert layer.grads[name].shape == a.shape
        assert nn.relative_error(layer.grads[name], numerical) <= TOLERANCE, name


@pytest.mark.parametrize(("make", "shape"), LAYERS_AND_SHAPES)
def test_layer_leaves_its_input_alone_and_repeats_itself(make, shape):
    layer, x = make(), off_zero(shape)
    rewind = Rewind((layer,))
    x_before = x.copy()
    y, cache = layer.forward(x)
    dy = rng(2).normal(size=y.shape)
    dy_before = dy.copy()
    dx = layer.backward(dy, cache)
    grads = {name: a.copy() for name, a in layer.grads.items()}
    for a in layer.grads.values():
        a.fill(np.nan)  # what is left of the first pass must not enter the second
    rewind()
    y_again, cache_again = layer.forward(x)
    layer.backward_params(dy, cache_again)
    for name, a in layer.grads.items():
        assert np.array_equal(a, grads[name]), name
    assert np.array_equal(layer.backward(dy, cache_again), dx)
    assert np.array_equal(layer.backward(dy, cache), dx)  # a cache can be used twice
    assert np.array_equal(y, y_again)
    assert np.array_equal(x, x_before)
    assert np.array_equal(dy, dy_before)


@pytest.mark.parametrize("make", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
@pytest.mark.parametrize("shape", [(), (5,), (3, 2), (2, 3, 4)], ids=str)
def test_activation_of_any_shape(make, shape):
    activation, x = make(), np.asarray(off_zero(shape))
    numerical = nn.numerical_gradient(lambda _: float(activation(x).sum()), x)
    derivative = activation.derivative(x)
    assert activation(x).shape == derivative.shape == shape
    assert derivative.dtype == np.float64
    assert nn.relative_error(derivative, numerical) <= TOLERANCE


def test_every_activation_is_checked():
    exported = {value for value in vars(nn).values() if isinstance(value, type)}
    classes = {kind for kind in exported if issubclass(kind, nn.Activation)} - {nn.Activation}
    assert {type(make()) for make in ACTIVATIONS.values()} == classes


@pytest.mark.parametrize(
    ("activation", "at_zero"),
    [
        (nn.Step(), 0.0),
        (nn.ReLU(), 0.0),
        (nn.LeakyReLU(0.1), 0.1),
        (nn.ELU(0.5), 0.5),
    ],
    ids=repr,
)
def test_subgradient_taken_at_the_kink(activation, at_zero):
    assert activation(0.0) == 0.0
    assert activation.derivative(0.0) == at_zero


@pytest.mark.parametrize("make", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (6, 1), (5, 4)], ids=str)
def test_loss(make, shape):
    loss, y = make(), off_zero(shape)
    t = targets(loss, *shape)
    y_before, t_before = y.copy(), t.copy()
    value, error = loss(y, t)
    numerical = nn.numerical_gradient(lambda y: loss(y, t)[0], y)
    assert isinstance(value, float)
    assert error.shape == y.shape
    assert nn.relative_error(error, numerical) <= TOLERANCE
    assert np.array_equal(y, y_before)
    assert np.array_equal(t, t_before)
    assert loss(y, t)[0] == value
    assert np.array_equal(loss(y, t)[1], error)


def test_losses_at_their_kinks():
    y, t = np.array([[0.0], [0.0]]), np.array([[1.0], [-1.0]])
    value, error = nn.PerceptronLoss()(y, t)
    assert value == 0.0
    assert np.array_equal(error, [[-0.5], [0.5]])  # zero weights can learn
    value, error = nn.Hinge()(t, t)
    assert value == 0.0
    assert np.array_equal(error, [[0.0], [0.0]])


@pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES.keys())
@pytest.mark.parametrize("size", [1, 12])
def test_penalty(penalty, size):
    w = off_zero((size,))
    value, gradient = penalty(w)
    numerical = nn.numerical_gradient(lambda w: penalty(w)[0], w)
    assert isinstance(value, float)
    assert nn.relative_error(gradient, numerical) <= TOLERANCE
    assert penalty(np.zeros(size))[0] == 0.0
    assert np.array_equal(penalty(np.zeros(size))[1], np.zeros(size))


@pytest.mark.parametrize("make_loss", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize(("make", "n"), NETWORKS_AND_SIZES)
def test_network(make, n, make_loss):
    net, loss = make(), make_loss()
    net.theta += rng(1).normal(0, 0.1, net.theta.shape)
    x, t = off_zero((n, 4)), targets(loss, n, 3)
    assert_off_kinks(net, x)
    rewind = Rewind(net.layers)
    penalty = nn.ElasticNet(0.01, 0.02)

    def objective(_):
        rewind()
        return loss(net.forward(x)[0], t)[0] + penalty(net.theta * net.decay_mask)[0]

    rewind()
    y, caches = net.forward(x)
    dx = net.backward(loss(y, t)[1], caches)
    gradient = net.grad + penalty(net.theta * net.decay_mask)[1]
    assert nn.relative_error(gradient, nn.numerical_gradient(objective, net.theta)) <= TOLERANCE
    assert nn.relative_error(dx, nn.numerical_gradient(objective, x)) <= TOLERANCE


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())
@pytest.mark.parametrize(
    "clone",
    [
        copy.deepcopy,
        *(
            lambda net, p=protocol: pickle.loads(pickle.dumps(net, p))
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ],
    ids=["deepcopy", *(f"pickle {p}" for p in range(pickle.HIGHEST_PROTOCOL + 1))],
)
def test_gradients_of_a_copy(make, clone):
    net = make()
    x, t = off_zero((6, 4)), targets(nn.MSE(), 6, 3)
    net.forward(x)  # running statistics that are not the first ones
    twin = clone(net)
    before = net.theta.copy()
    for one in (net, twin):
        y, caches = one.forward(x)
        one.backward(nn.MSE()(y, t)[1], caches)
    assert np.array_equal(twin.grad, net.grad)
    assert np.array_equal(twin.statistics, net.statistics)
    assert np.array_equal(twin(x), net(x))
    twin.theta += 1.0
    twin.layers[-1].params.update({k: a * 2 for k, a in twin.layers[-1].params.items()})
    assert np.array_equal(net.theta, before)
    for one in (net, twin):
        for layer in one.layers:
            for arrays, vector in (
                (layer.params, one.theta),
                (layer.grads, one.grad),
                (layer.statistics, one.statistics),
            ):
                assert all(np.shares_memory(a, vector) for a in arrays.values())
        packed = [a.ravel() for layer in one.layers for a in layer.params.values()]
        assert np.array_equal(np.concatenate(packed), one.theta)


def test_numerical_gradient_of_a_known_function():
    theta = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = theta.copy()
    gradient = nn.numerical_gradient(lambda w: float((w**3).sum()), theta)
    assert np.allclose(gradient, 3 * theta**2, rtol=1e-9)
    assert np.array_equal(theta, before)


def test_relative_error():
    assert nn.relative_error([0.0, 0.0], [0.0, 0.0]) == 0.0
    assert nn.relative_error([3.0, 4.0], [0.0, 0.0]) == 1.0
    assert nn.relative_error([1.0], [3.0]) == 0.5
