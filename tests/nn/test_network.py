"""A network's vectors and views, its passes, and the parts that it is made of."""

import copy

import numpy as np
import pytest
from nn_cases import NETWORKS, half_mask, off_zero, rng, targets

from coursekit import nn


def small():
    return nn.Sequential(
        nn.Dense(2, 3, rng=rng()), nn.BatchNorm(3), nn.Tanh(), nn.Dense(3, 1, rng=rng(1))
    )


def test_dense_is_the_affine_map():
    layer = nn.Dense.from_weights([[1, 2, 3], [4, 5, 6]], [0.5, 0, -0.5])
    assert np.array_equal(
        layer([[1, 0], [0, 1], [1, -1]]), [[1.5, 2, 2.5], [4.5, 5, 5.5], [-2.5, -3, -3.5]]
    )


def test_maxout_is_the_largest_affine_map():
    layer = nn.Maxout(3, 2, rng=rng(), pieces=4)
    layer.params["b"] = rng(1).normal(size=(4, 2))
    x = rng(2).normal(size=(5, 3))
    pieces = [x @ W + b for W, b in zip(*layer.params.values(), strict=True)]
    assert np.allclose(layer(x), np.maximum.reduce(pieces))


def test_xor_of_the_lecture_by_hand():
    """OR and AND in the hidden layer, and [OR - AND - 1/2 > 0] on top of them."""
    hidden = nn.Dense.from_weights([[1, 1], [1, 1]], [-0.5, -1.5])
    output = nn.Dense.from_weights([[1], [-1]], [-0.5])
    net = nn.Sequential(hidden, nn.Step(), output, nn.Step())
    assert np.array_equal(net([[0, 0], [0, 1], [1, 0], [1, 1]]), [[0], [1], [1], [0]])


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())
def test_theta_holds_the_parameters_in_order(make):
    net = make()
    for vector, dicts in (
        (net.theta, [layer.params for layer in net.layers]),
        (net.grad, [layer.grads for layer in net.layers]),
        (net.statistics, [layer.statistics for layer in net.layers]),
    ):
        assert vector.dtype == np.float64
        vector[...] = np.arange(vector.size)
        packed = [a.ravel() for arrays in dicts for a in arrays.values()]
        assert np.array_equal(np.concatenate([np.empty(0), *packed]), vector)


def test_initial_parameters_survive_packing():
    layer = nn.Dense(4, 3, rng=rng())
    W = layer.params["W"].copy()
    net = nn.Sequential(nn.Dense(4, 4, rng=rng(1)), layer)
    assert np.array_equal(layer.params["W"], W)
    assert np.array_equal(net.theta[20:32], W.ravel())


def test_assignments_keep_the_views_alive():
    net = small()
    first, norm = net.layers[0], net.layers[1]
    arrays = [*first.params.values(), *first.grads.values(), *norm.statistics.values()]
    theta, grad, statistics = net.theta, net.grad, net.statistics
    first.params["W"] = np.full((2, 3), 7)
    first.params.update(b=[1, 2, 3])
    assert np.array_equal(net.theta[:9], [7, 7, 7, 7, 7, 7, 1, 2, 3])
    params = first.params
    params |= {"b": [4, 5, 6]}
    assert params is first.params
    assert np.array_equal(net.theta[6:9], [4, 5, 6])
    net.theta = np.arange(19)
    net.theta *= 2
    net.grad = np.ones(19)
    net.grad += 1
    net.statistics = np.full(6, 3)
    assert np.array_equal(first.params["W"], [[0, 2, 4], [6, 8, 10]])
    assert np.array_equal(first.grads["b"], [2, 2, 2])
    assert np.array_equal(norm.running_var, [3, 3, 3])
    assert net.theta is theta and net.grad is grad and net.statistics is statistics
    still = [*first.params.values(), *first.grads.values(), *norm.statistics.values()]
    assert all(a is b for a, b in zip(arrays, still, strict=True))
    for name in ("params", "grads"):
        with pytest.raises(AttributeError, match=f"{name} can't be replaced"):
            setattr(first, name, {})
    first.params |= {"b": [7, 8, 9]}
    assert np.array_equal(net.theta[6:9], [7, 8, 9])


def test_an_assigned_array_is_copied():
    net, W = small(), np.ones((2, 3))
    net.layers[0].params["W"] = W
    net.theta += 1
    assert np.array_equal(W, np.ones((2, 3)))


def test_a_network_trained_further_leaves_its_copy_alone():
    net = small()
    kept = copy.deepcopy(net)
    x, t = off_zero((8, 2)), targets(nn.MSE(), 8, 1)
    before = kept(x)
    for _ in nn.train(net, nn.MSE(), nn.Adam(0.1), x, t, epochs=3, batch_size=4, rng=rng()):
        pass
    assert np.array_equal(kept(x), before)
    assert not np.allclose(net(x), before)


def test_a_layer_copied_out_of_a_network_can_go_into_another():
    net = small()
    other = nn.Sequential(copy.deepcopy(net.layers[0]), nn.ReLU())
    other.theta += 1
    assert np.array_equal(other.theta, net.theta[:9] + 1)
    nn.Sequential(net.layers[2])  # tanh has nothing that could be torn away


def test_widths_and_repr():
    net = nn.Sequential(
        nn.Dropout(0.1, rng=rng()), *small().layers[2:3], nn.BatchNorm(3), nn.ReLU()
    )
    assert (net.n_in, net.n_out) == (3, 3)
    assert (small().n_in, small().n_out) == (2, 1)
    assert nn.Sequential(nn.Tanh()).n_in is None
    assert repr(small()) == "Sequential(Dense(2, 3), BatchNorm(3), Tanh(), Dense(3, 1))"


def test_number_of_parameters_and_decay_mask():
    net = nn.Sequential(
        nn.Dense(2, 2, rng=rng(), mask=[[1, 0], [0, 1]]),
        nn.BatchNorm(2),
        nn.Maxout(2, 1, rng=rng()),
    )
    assert net.n_parameters == 4 + 4 + 6
    assert np.array_equal(net.decay_mask, [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0])
    assert nn.Sequential(nn.Tanh()).n_parameters == 0
    assert nn.Sequential(nn.Tanh()).decay_mask.shape == (0,)


def test_dense_from_weights_is_a_dense_layer_with_copies_of_them():
    W, b, mask = np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0]), np.array([[1, 0, 1]] * 2)
    layer = nn.Dense.from_weights(W, b, mask=mask)
    assert (layer.n_in, layer.n_out, repr(layer)) == (2, 3, "Dense(2, 3)")
    assert np.array_equal(layer.params["W"], W * mask) and np.array_equal(layer.params["b"], b)
    assert np.array_equal(nn.Sequential(layer).decay_mask, [1, 0, 1, 1, 0, 1, 0, 0, 0])
    for a in (W, b, mask):
        a[...] = 0
    assert np.array_equal(layer([[0, 1]]), [[4, 2, 8]])
    assert np.array_equal(nn.Dense.from_weights([[1, 2]]).params["b"], [0, 0])


def test_mask_is_copied():
    mask = half_mask(2, 3).astype(float)
    net = nn.Sequential(nn.Dense(2, 3, rng=rng(), mask=mask))
    y = net(np.ones((1, 2)))
    mask[...] = 0
    assert np.array_equal(net(np.ones((1, 2))), y)


def test_activations_and_errors_of_the_last_pass():
    net, loss = small(), nn.MSE()
    x, t = off_zero((5, 2)), targets(nn.MSE(), 5, 1)
    y, caches = net.forward(x)
    _, error = loss(y, t)
    dx = net.backward(error, caches)
    assert len(net.activations) == len(net.errors) == 5
    assert net.activations[0] is x and net.activations[-1] is y
    assert net.errors[0] is dx and net.errors[-1] is error
    for i, layer in enumerate(net.layers):
        h, h_cache = layer.forward(net.activations[i])
        assert np.allclose(h, net.activations[i + 1])
        assert np.allclose(layer.backward(net.errors[i + 1], h_cache), net.errors[i])


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())
def test_leaving_out_the_error_of_the_input_changes_nothing_else(make):
    net = make()
    y, caches = net.forward(off_zero((5, 4)))
    dx = net.backward(np.ones_like(y), caches)
    grad, errors = net.grad.copy(), net.errors
    net.grad = np.full_like(grad, np.nan)
    assert net.backward(np.ones_like(y), caches, needs_input_grad=False).size == 0
    assert dx.shape == (5, 4) and net.errors[0].size == 0
    assert all(np.array_equal(a, b) for a, b in zip(errors[1:], net.errors[1:], strict=True))
    assert np.array_equal(net.grad, grad)


def test_the_kept_pass_is_never_computed_from():
    net, x = small(), off_zero((5, 2))
    y, caches = net.forward(x)
    net.activations.clear()
    dy = np.ones_like(y)
    dx = net.backward(dy, caches)
    net.errors.clear()
    assert np.array_equal(net.backward(dy, caches), dx)


def test_trace_shows_every_layer():
    net, x = small(), off_zero((5, 2))
    net.forward(x)
    outputs = net.trace(x)
    assert len(outputs) == 5
    assert np.array_equal(outputs[0], x) and np.array_equal(outputs[-1], net(x))
    assert np.array_equal(outputs[3], np.tanh(outputs[2]))
    assert nn.Sequential(nn.Tanh()).trace([[1]])[0].dtype == np.float64


def test_training_pass_and_inference_cannot_be_mixed_up():
    net = small()
    with pytest.raises(AttributeError):
        net.forward(off_zero((5, 2))).sum()  # a tuple


class Scale(nn.Layer):
    """A layer as a student would write one."""

    def __init__(self):
        super().__init__(scale=[2.0])

    def forward(self, x):
        return self.params["scale"] * x, x

    def backward(self, dy, x):
        self.grads["scale"][...] = (dy * x).sum()
        return dy * self.params["scale"]


class Sine(nn.Activation):
    """An activation as a student would write one."""

    def infer(self, x):
        return np.sin(x)

    def slope(self, x, y):
        return np.cos(x)


def test_layers_of_ones_own():
    net = nn.Sequential(Scale(), nn.Dense(2, 1, rng=rng()), Sine(), Scale())
    assert net.decay_mask.sum() == 2
    x, t = off_zero((5, 2)), targets(nn.MSE(), 5, 1)
    y, caches = net.forward(x)
    net.backward(nn.MSE()(y, t)[1], caches, needs_input_grad=False)
    numerical = nn.numerical_gradient(lambda _: nn.evaluate(net, nn.MSE(), x, t), net.theta)
    assert nn.relative_error(net.grad, numerical) < 1e-7
    assert np.array_equal(Sine().derivative([0.0]), [1.0])


@pytest.mark.parametrize(
    ("init", "std"),
    [
        (nn.normal(0.3), 0.3),
        (nn.uniform(0.3), 0.3 / np.sqrt(3)),
        (nn.glorot_normal, np.sqrt(2 / 500)),
        (nn.glorot_uniform, np.sqrt(2 / 500)),
        (nn.he_normal, np.sqrt(2 / 200)),
        (nn.he_uniform, np.sqrt(2 / 200)),
    ],
    ids=["normal", "uniform", "glorot normal", "glorot uniform", "he normal", "he uniform"],
)
def test_initialiser(init, std):
    W = init(200, 300, rng())
    assert W.shape == (200, 300)
    assert abs(W.mean()) < 5 * std / np.sqrt(W.size)
    assert W.std() == pytest.approx(std, rel=0.015)  # five sigma; Glorot and He differ by a fifth
    assert np.array_equal(init(200, 300, rng()), W)
    assert not np.array_equal(init(200, 300, rng(1)), W)
    if init in (nn.glorot_uniform, nn.he_uniform):
        assert np.abs(W).max() <= std * np.sqrt(3)
        assert np.abs(W).max() > 0.999 * std * np.sqrt(3)
    assert np.array_equal(nn.zeros(2, 3, rng()), np.zeros((2, 3)))


def test_accuracy():
    y = [[2.0, 1.0, 0.0], [0.0, 5.0, 1.0], [0.0, 1.0, 1.5]]
    assert nn.accuracy(y, [0, 1, 2]) == 1.0
    assert nn.accuracy(y, [0, 0, 0]) == pytest.approx(1 / 3)
    logits = [[-1.0], [0.0], [0.1], [3.0]]  # above 0 is yes, and 0 is not above 0
    assert nn.accuracy(logits, [[0], [0], [1], [1]]) == 1.0
    assert nn.accuracy(logits, [[-1], [-1], [1], [1]]) == 1.0
    assert nn.accuracy(logits, [[1], [0], [0], [1]]) == 0.5


def test_sigmoid_and_softmax_of_lists():
    assert np.allclose(nn.sigmoid([0, np.log(3)]), [0.5, 0.75])
    assert np.allclose(nn.softmax([0, np.log(3)]), [0.25, 0.75])
