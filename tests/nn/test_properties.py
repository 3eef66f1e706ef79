"""What holds for every input: finite results, symmetries, moments and masks."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays
from nn_cases import ACTIVATIONS, LAYERS, LOSSES, NETWORKS, OPTIMIZERS, Rewind, rng, targets

from coursekit import nn

check = settings(derandomize=True, deadline=None, max_examples=25)  # the same examples every time


def numbers(limit=None):
    low = None if limit is None else -limit
    return st.floats(low, limit, allow_nan=False, allow_infinity=False)


def batches(limit=None, rows=(1, 8), columns=4):
    shapes = st.integers(*rows).map(lambda n: (n, columns))
    return arrays(np.float64, shapes, elements=numbers(limit))


seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("make", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
@check
@given(x=batches())
def test_activation_is_finite_for_any_finite_input(make, x):
    activation = make()
    y, cache = activation.forward(x)
    assert np.isfinite(y).all()
    assert np.isfinite(activation.backward(np.ones_like(x), cache)).all()
    assert np.isfinite(activation.derivative(x)).all()
    assert np.array_equal(activation(x), y)


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS.keys())
@check
@given(x=batches(1e100, rows=(2, 8)))
def test_layer_is_finite(make, x):
    layer = make()
    y, cache = layer.forward(x)
    dx = layer.backward(np.ones_like(y), cache)
    for a in (y, dx, layer(x), *layer.grads.values(), *layer.statistics.values()):
        assert np.isfinite(a).all()


@pytest.mark.parametrize("make", LOSSES.values(), ids=LOSSES.keys())
@check
@given(y=batches(1e4), seed=seeds)
def test_loss_is_finite_and_not_negative(make, y, seed):
    loss = make()
    value, error = loss(y, targets(loss, *y.shape, seed))
    assert np.isfinite(value)
    assert value >= -1e-12
    assert np.isfinite(error).all()


@check
@given(y=batches(1e3), shift=numbers(1e3), seed=seeds)
def test_cross_entropy_ignores_a_shift_of_the_logits(y, shift, seed):
    loss = nn.CrossEntropy()
    t = targets(loss, *y.shape, seed)
    value, error = loss(y, t)
    shifted_value, shifted_error = loss(y + shift, t)
    assert shifted_value == pytest.approx(value, abs=1e-9)
    assert np.allclose(shifted_error, error, atol=1e-11)
    assert np.allclose(nn.softmax(y + shift), nn.softmax(y), atol=1e-11)


@check
@given(y=batches(1e4))
def test_softmax_is_a_distribution(y):
    p = nn.softmax(y)
    assert (p >= 0).all()
    assert np.allclose(p.sum(axis=1), 1.0)
    assert np.allclose(nn.CrossEntropy()(y, np.zeros(len(y), int))[1].sum(axis=1), 0, atol=1e-12)


@check
@given(y=batches(1e3, columns=1), seed=seeds)
def test_binary_cross_entropy_is_cross_entropy_of_two_classes(y, seed):
    t = rng(seed).integers(0, 2, len(y))
    binary, error = nn.BinaryCrossEntropy()(y, t.reshape(-1, 1))
    both, errors = nn.CrossEntropy()(np.hstack([np.zeros_like(y), y]), t)
    assert binary == pytest.approx(both, abs=1e-9)
    assert np.allclose(error, errors[:, 1:], atol=1e-12)


@check
@given(x=batches())
def test_sigmoid_is_symmetric(x):
    assert np.allclose(nn.sigmoid(-x), 1 - nn.sigmoid(x), atol=1e-15)


@pytest.mark.parametrize("make_loss", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize(
    "make",
    [make for name, make in NETWORKS.items() if name not in ("dropout", "everything")],
    ids=[name for name in NETWORKS if name not in ("dropout", "everything")],
)
@check
@given(seed=seeds)
def test_order_within_a_batch_does_not_matter(make, make_loss, seed):
    net, loss = make(), make_loss()
    x, t, order = rng(seed).normal(size=(6, 4)), targets(loss, 6, 3, seed), rng(seed).permutation(6)
    results = []
    for rows in (np.arange(6), order):
        y, caches = net.forward(x[rows])
        value, error = loss(y, t[rows])
        dx = net.backward(error, caches)
        results.append((value, y, dx, net.grad.copy()))
    (value, y, dx, grad), (value2, y2, dx2, grad2) = results
    assert value2 == pytest.approx(value, abs=1e-9)
    assert np.allclose(y2, y[order], atol=1e-9)
    assert np.allclose(dx2, dx[order], atol=1e-9)
    assert np.allclose(grad2, grad, atol=1e-9)


@check
@given(p_drop=st.integers(0, 90).map(lambda percent: percent / 100), seed=seeds)
def test_dropout_keeps_the_mean_and_drops_as_told(p_drop, seed):
    layer, x = nn.Dropout(p_drop, rng=rng(seed)), np.ones((100, 50))
    y, kept = layer.forward(x)
    six_sigma = 6 * np.sqrt(p_drop * (1 - p_drop) / x.size)
    assert abs((y == 0).mean() - p_drop) <= six_sigma
    assert abs(y.mean() - 1) <= six_sigma / (1 - p_drop)
    assert np.array_equal(layer(x), x)
    dy = rng(seed).normal(size=x.shape)
    assert np.array_equal(layer.backward(dy, kept) == 0, y == 0)  # what was dropped learns nothing
    assert np.array_equal(layer.backward(x, kept), y)


def test_dropout_draws_a_new_mask_each_time():
    layer, x = nn.Dropout(0.5, rng=rng()), np.ones((10, 10))
    assert not np.array_equal(layer.forward(x)[0], layer.forward(x)[0])


@check
@given(seed=seeds, n=st.integers(2, 50), shift=numbers(1e3), scale=st.floats(0.01, 1e3))
def test_batch_norm_moments(seed, n, shift, scale):
    layer, x = nn.BatchNorm(4, decay=0.7), shift + scale * rng(seed).normal(size=(n, 4))
    y, _ = layer.forward(x)
    var = x.var(axis=0)
    assert np.allclose(y.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(y.var(axis=0), var / (var + layer.eps), rtol=1e-9)
    assert np.allclose(layer.running_mean, 0.3 * x.mean(axis=0), rtol=1e-9)
    assert np.allclose(layer.running_var, 0.7 + 0.3 * x.var(axis=0, ddof=1), rtol=1e-9)
    statistics = {name: a.copy() for name, a in layer.statistics.items()}
    layer(x)
    assert all(np.array_equal(a, layer.statistics[name]) for name, a in statistics.items())


def test_batch_norm_infers_what_it_trained_on():
    layer, x = nn.BatchNorm(4), rng().normal(3, 2, (10_000, 4))
    layer.params["gamma"], layer.params["beta"] = np.full(4, 2.0), np.full(4, -1.0)
    for _ in range(200):  # 0.9 ** 200 is 7e-10
        y, _ = layer.forward(x)
    assert np.allclose(layer(x), y, atol=1e-3)  # the unbiased variance differs by 1 in 10,000
    assert np.allclose(y.std(axis=0), 2) and np.allclose(y.mean(axis=0), -1)
    assert np.allclose(nn.BatchNorm(2, eps=3.0)([[2, 4]]), [[1, 2]])  # divided by sqrt(1 + 3)


@check
@given(seed=seeds, mask=arrays(np.int8, (4, 3), elements=st.integers(0, 1)))
def test_mask_means_no_connection_and_no_gradient(seed, mask):
    layer = nn.Dense(4, 3, rng=rng(seed), mask=mask)
    net = nn.Sequential(layer)
    x, t = rng(seed).normal(size=(5, 4)), rng(seed).normal(size=(5, 3))
    assert (layer.params["W"][mask == 0] == 0).all()
    assert net.n_parameters == mask.sum() + 3
    assert net.decay_mask.sum() == mask.sum()
    y = net(x)
    layer.params["W"] += 5.0 * (1 - mask)  # a weight that is not there
    assert np.array_equal(net(x), y)
    y, caches = net.forward(x)
    net.backward(nn.MSE()(y, t)[1], caches)
    assert (layer.grads["W"][mask == 0] == 0).all()
    before = layer.params["W"].copy()
    optimizer = nn.Adam(0.1, weight_decay=0.1 * net.decay_mask)
    nn.fit(
        *(net, nn.MSE(), optimizer, x, t),
        epochs=3,
        batch_size=2,
        rng=rng(),
        penalty=nn.ElasticNet(0.1, 0.1),
    )
    assert np.array_equal(layer.params["W"][mask == 0], before[mask == 0])
    assert not np.isclose(layer.params["W"][mask == 1], before[mask == 1]).any()


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())
@check
@given(seed=seeds)
def test_inference_treats_each_sample_on_its_own_and_learns_nothing(make, seed):
    net, x = make(), rng(seed).normal(size=(5, 4))
    net.forward(x)
    rewind = Rewind(net.layers)
    theta, statistics = net.theta.copy(), net.statistics.copy()
    y = net(x)
    assert np.array_equal(net(x), y)
    assert np.allclose(np.vstack([net(row[None, :]) for row in x]), y)
    assert np.array_equal(net.theta, theta) and np.array_equal(net.statistics, statistics)
    states = [
        layer.rng.bit_generator.state for layer in net.layers if isinstance(layer, nn.Dropout)
    ]
    assert states == [state for _, state in rewind.generators]


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@check
@given(theta=arrays(np.float64, 5, elements=numbers(1e6)))
def test_nothing_moves_without_a_gradient(make, theta):
    optimizer = make()
    before = theta.copy()
    for _ in range(3):
        optimizer.step(theta, np.zeros(5))
    decay = (1 - 0.05 * 0.01) ** 3 if isinstance(optimizer, nn.Adam) else 1
    if getattr(optimizer, "decays", False):
        assert np.allclose(theta, before * decay, rtol=1e-12)
    else:
        assert np.array_equal(theta, before)


@check
@given(update=st.integers(0, 10**6), updates=st.integers(1, 1000))
def test_schedules_stay_between_zero_and_their_rate(update, updates):
    for schedule in (
        nn.constant(0.1),
        nn.step_decay(0.1, 0.5, updates),
        nn.exponential_decay(0.1, 1e-3),
        nn.inverse_time(0.1, 1e-3),
        nn.cosine(0.1, updates),
    ):
        assert 0 <= schedule(update) <= 0.1
        assert schedule(update + 1) <= schedule(update)
        assert nn.warmup(schedule, updates)(update) <= schedule(update)
        assert schedule(0) == pytest.approx(0.1)
