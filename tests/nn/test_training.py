"""Optimizers, schedules and the training loop."""

import math
import warnings

import numpy as np
import pytest
from nn_cases import OPTIMIZERS, rng

from coursekit import nn

X = rng().normal(size=(10, 2))
T = (X[:, 0] * X[:, 1] > 0).astype(int)


def classifier(seed=0):
    return nn.Sequential(
        nn.Dense(2, 8, rng=rng(seed)), nn.Tanh(), nn.Dense(8, 2, rng=rng(seed + 1))
    )


def run(net=None, optimizer=None, x=X, t=T, **changes):
    settings = {"epochs": 2, "batch_size": 4, "rng": rng(), **changes}
    return nn.train(
        net or classifier(), nn.CrossEntropy(), optimizer or nn.SGD(0.1), x, t, **settings
    )


# optimizers


def textbook(name):
    """The lecture's formulas, corrected, as they are written; state in a dict."""

    def step(theta, g, s, t):
        if name == "sgd":
            return theta - 0.1 * g
        if name in ("momentum", "nesterov"):
            s["v"] = 0.9 * s.get("v", 0) + g
            return theta - 0.05 * (s["v"] if name == "momentum" else g + 0.9 * s["v"])
        if name == "adagrad":
            s["cache"] = s.get("cache", 0) + g**2
            return theta - 0.2 * g / (np.sqrt(s["cache"]) + 1e-10)
        if name == "rmsprop":
            s["cache"] = 0.99 * s.get("cache", 0) + 0.01 * g**2
            return theta - 0.02 * g / (np.sqrt(s["cache"]) + 1e-8)
        s["v"] = 0.9 * s.get("v", 0) + 0.1 * g
        s["cache"] = 0.999 * s.get("cache", 0) + 0.001 * g**2
        v, cache = s["v"] / (1 - 0.9**t), s["cache"] / (1 - 0.999**t)
        decay = 0.01 if name == "adam with decay" else 0.0
        return theta - 0.05 * decay * theta - 0.05 * v / (np.sqrt(cache) + 1e-8)

    return step


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("size", [1, 3, 70_000])
def test_optimizer_is_the_textbook_in_place(name, size):
    optimizer, formula, state = OPTIMIZERS[name](), textbook(name), {}
    theta = rng().normal(size=size)
    expected, view = theta.copy(), theta
    for t in range(1, 7):
        grad = rng(t).normal(size=size) * 10.0 ** rng(t).integers(-3, 3, size)
        before = grad.copy()
        optimizer.step(theta, grad)
        expected = formula(expected, grad, state, t)
        assert np.array_equal(grad, before)
    assert theta is view
    assert optimizer.updates == 6
    assert np.allclose(theta, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_an_optimizer_refuses_a_network_of_another_size(make):
    optimizer = make()
    optimizer.step(np.zeros(4), np.ones(4))
    theta = np.zeros(5)
    sentence = "expected 4 parameters, got 5: a new network needs a new optimizer"
    with pytest.raises(ValueError, match=sentence):
        optimizer.step(theta, np.ones(5))
    assert optimizer.updates == 1 and not theta.any()


def test_first_step_of_adam_is_the_learning_rate():
    """Without bias correction it would be 3.2 times as long, by far the most common mistake."""
    theta = np.zeros(3)
    nn.Adam(0.1).step(theta, np.array([1e-3, -1.0, 1e3]))
    assert np.allclose(theta, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_decoupled_decay_of_some():
    theta = np.array([1.0, 1.0])
    nn.Adam(0.1, weight_decay=[0.5, 0.0]).step(theta, np.zeros(2))
    assert np.allclose(theta, [0.95, 1.0])


def test_learning_rate_can_be_set_at_any_time():
    optimizer, theta = nn.SGD(0.1), np.zeros(1)
    optimizer.step(theta, np.ones(1))
    optimizer.lr = 1.0
    optimizer.step(theta, np.ones(1))
    assert theta == pytest.approx(-1.1)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_every_optimizer_learns(make):
    net = classifier()
    before = nn.evaluate(net, nn.CrossEntropy(), X, T)
    nn.fit(net, nn.CrossEntropy(), make(), X, T, epochs=60, batch_size=5, rng=rng())
    assert nn.evaluate(net, nn.CrossEntropy(), X, T) < 0.7 * before


# schedules


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (nn.constant(0.1), [0.1, 0.1, 0.1, 0.1, 0.1]),
        (nn.step_decay(0.1, 0.5, 2), [0.1, 0.1, 0.05, 0.05, 0.025]),
        (nn.exponential_decay(0.1, math.log(2)), [0.1, 0.05, 0.025, 0.0125, 0.00625]),
        (nn.inverse_time(0.1, 1.0), [0.1, 0.05, 0.1 / 3, 0.025, 0.02]),
        (nn.cosine(0.3, 2, 0.1), [0.3, 0.2, 0.1, 0.1, 0.1]),
        (nn.warmup(nn.constant(0.1), 4), [0.025, 0.05, 0.075, 0.1, 0.1]),
        (nn.warmup(nn.step_decay(0.1, 0.5, 2), 2), [0.05, 0.1, 0.05, 0.05, 0.025]),
    ],
)
def test_schedule(schedule, expected):
    assert np.allclose([schedule(update) for update in range(5)], expected)


def test_schedule_sets_the_rate_before_every_update():
    optimizer, seen = nn.SGD(9.0), []
    net = classifier()
    theta = net.theta.copy()
    for _ in run(net, optimizer, schedule=nn.step_decay(0.1, 0.5, 2)):
        seen.append(optimizer.lr)
        assert np.allclose(net.theta, theta - optimizer.lr * net.grad)
        theta = net.theta.copy()
    assert np.allclose(seen, [0.1, 0.1, 0.05, 0.05, 0.025, 0.025])


# train


def test_train_yields_after_every_update():
    net = classifier()
    steps = []
    theta = net.theta.copy()
    for step in run(net):
        assert not np.array_equal(net.theta, theta)
        theta = net.theta.copy()
        steps.append(step)
    assert [step.epoch for step in steps] == [0, 0, 0, 1, 1, 1]
    assert [step.update for step in steps] == [0, 1, 2, 3, 4, 5]
    assert [step.samples for step in steps] == [4, 4, 2, 4, 4, 2]
    assert all(isinstance(step.loss, float) for step in steps)


def test_an_epoch_sees_every_sample_once_in_a_new_order():
    x = np.arange(10.0).reshape(-1, 1)
    net = nn.Sequential(nn.Dense(1, 1, rng=rng()))
    seen = []
    for _ in nn.train(net, nn.MSE(), nn.SGD(1e-6), x, x, epochs=2, batch_size=3, rng=rng()):
        seen += net.activations[0].ravel().tolist()
    assert sorted(seen[:10]) == sorted(seen[10:]) == x.ravel().tolist()
    assert len({tuple(seen[:10]), tuple(seen[10:]), tuple(x.ravel())}) == 3


def test_loss_is_taken_before_the_update_and_targets_follow_their_samples():
    net, loss = classifier(), nn.CrossEntropy()
    label = {x.tobytes(): t for x, t in zip(X, T, strict=True)}
    before = classifier()
    for step in run(net):
        x = net.activations[0]
        t = np.array([label[row.tobytes()] for row in x])
        assert step.loss == pytest.approx(nn.evaluate(before, loss, x, t), rel=1e-12)
        before.theta = net.theta


def test_nothing_is_trained_before_the_first_step_is_asked_for():
    net = classifier()
    theta = net.theta.copy()
    steps = run(net)
    assert np.array_equal(net.theta, theta)
    next(steps)
    assert not np.array_equal(net.theta, theta)


def test_same_seed_same_run():
    first, second, third = classifier(), classifier(), classifier()
    for net, seed in ((first, 0), (second, 0), (third, 1)):
        list(run(net, rng=rng(seed)))
    assert np.array_equal(first.theta, second.theta)
    assert not np.array_equal(first.theta, third.theta)


def test_batches_larger_than_the_data_are_the_data():
    assert [step.samples for step in run(batch_size=64)] == [10, 10]


def test_lists_and_whole_numbers_will_do():
    net = nn.Sequential(nn.Dense(2, 1, rng=rng()))
    x, t = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [1]]
    nn.fit(net, nn.BinaryCrossEntropy(), nn.SGD(2), x, t, epochs=100, batch_size=4, rng=rng())
    assert nn.accuracy(net(x), t) == 1.0


def test_perceptron_learns_or_from_zero_weights():
    net = nn.Sequential(nn.Dense(2, 1, rng=rng(), init=nn.zeros))
    x, t = [[0, 0], [0, 1], [1, 0], [1, 1]], [[-1], [1], [1], [1]]
    losses = [
        step.loss
        for step in nn.train(
            net, nn.PerceptronLoss(), nn.SGD(1.0), x, t, epochs=20, batch_size=1, rng=rng()
        )
    ]
    assert nn.accuracy(net(x), t) == 1.0
    assert max(losses[-8:]) == 0.0
    assert np.array_equal(net.theta, np.round(net.theta))  # Rosenblatt's rule adds whole samples


def test_penalty_pulls_at_weights_only():
    plain, pulled = classifier(), classifier()
    plain.theta += 1
    pulled.theta += 1
    theta = plain.theta.copy()
    next(run(plain, nn.SGD(1.0)))
    step = next(run(pulled, nn.SGD(1.0), penalty=nn.L2(0.25)))
    assert np.allclose(plain.theta - pulled.theta, 0.25 * theta * plain.decay_mask)
    assert step.loss == next(run(net=_with(theta), optimizer=nn.SGD(1.0))).loss  # without penalty


def _with(theta):
    net = classifier()
    net.theta = theta
    return net


def test_l1_makes_small_weights_and_leaves_zero_at_zero():
    net = nn.Sequential(nn.Dense(2, 2, rng=rng(), init=nn.zeros))
    nn.fit(
        *(net, nn.MSE(), nn.SGD(0.1), np.zeros((4, 2)), np.zeros((4, 2))),
        epochs=2,
        batch_size=2,
        rng=rng(),
        penalty=nn.L1(1.0),
    )
    assert np.array_equal(net.theta, np.zeros(6))


def test_handling_of_overflow_does_not_leak_out_of_the_generator():
    before = np.geterr()
    steps = run()
    next(steps)
    assert np.geterr() == before
    with pytest.raises(RuntimeWarning, match="overflow"):
        np.exp(np.array([1000.0]))
    steps.close()
    assert np.geterr() == before


def test_a_second_run_goes_on_with_the_optimizer():
    net, optimizer = classifier(), nn.Momentum(0.1)
    list(run(net, optimizer, epochs=1))
    velocity = optimizer.v.copy()
    theta = net.theta.copy()
    next(run(net, optimizer, rng=rng(5)))
    assert np.allclose(net.theta, theta - 0.1 * (0.9 * velocity + net.grad))
    assert optimizer.updates == 4


# divergence


def line():
    """A regression that any large rate blows up."""
    return nn.Sequential(nn.Dense(2, 1, rng=rng()))


@pytest.mark.parametrize("lr", [10.0, 1e200])
def test_divergence_stops_with_a_sentence(lr):
    steps = nn.train(
        *(line(), nn.MSE(), nn.SGD(lr), X, X[:, :1]), epochs=1000, batch_size=5, rng=rng()
    )
    with pytest.raises(nn.Diverged) as caught:
        list(steps)
    sentence = str(caught.value)
    assert "training diverged in epoch" in sentence and "the loss became" in sentence
    assert f"a lower learning rate (it was {lr:g})" in sentence
    assert "standardized inputs" in sentence
    assert isinstance(caught.value, ArithmeticError)
    assert caught.value.history is None


def test_divergence_of_weights_that_the_loss_does_not_show():
    """tanh of an infinite sum is 1, so the loss stays finite; an infinite weight still stops it."""
    net = nn.Sequential(nn.Dense(1, 1, rng=rng()), nn.Tanh())
    net.theta = [1.0, 0.0]

    class Burst(nn.SGD):
        def update(self, theta, grad):
            theta *= 1e200

    steps = nn.train(
        net, nn.MSE(), Burst(1.0), [[1], [1]], [[0], [0]], epochs=9, batch_size=1, rng=rng()
    )
    with pytest.raises(nn.Diverged, match=r"in epoch 0, update 1: a parameter became inf"):
        list(steps)


def test_fit_that_diverges_has_the_history_so_far():
    with pytest.raises(nn.Diverged) as caught:
        nn.fit(
            *(line(), nn.MSE(), nn.SGD(10.0), X, X[:, :1]),
            epochs=1000,
            batch_size=5,
            rng=rng(),
            validation=(X, X[:, :1]),
        )
    history = caught.value.history
    assert 10 < len(history.loss) == len(history.validation_loss) == len(history.lr) < 1000
    assert np.isfinite(history.loss).all() and np.isfinite(history.validation_loss).all()
    assert history.stopped_epoch is None


def test_validation_loss_that_diverges():
    with pytest.raises(nn.Diverged, match="the validation loss became inf") as caught:
        nn.fit(
            *(line(), nn.MSE(), nn.SGD(0.1), X, X[:, :1]),
            epochs=5,
            batch_size=5,
            rng=rng(),
            validation=([[1e200, 1e200]], [[0]]),
        )
    assert caught.value.history.loss.shape == (0,)


# fit


def test_history():
    net, optimizer = classifier(), nn.SGD(0.1)
    history = nn.fit(
        *(net, nn.CrossEntropy(), optimizer, X, T),
        epochs=3,
        batch_size=4,
        rng=rng(),
        schedule=nn.step_decay(0.1, 0.5, 2),
        validation=(X[:4], T[:4]),
    )
    assert history.loss.shape == history.validation_loss.shape == history.lr.shape == (3,)
    assert np.allclose(history.lr, 0.1 * 0.5 ** np.array([1, 2, 4]))
    assert history.stopped_epoch is None
    assert history.validation_loss[-1] == nn.evaluate(net, nn.CrossEntropy(), X[:4], T[:4])
    steps = list(run(epochs=3, schedule=nn.step_decay(0.1, 0.5, 2)))
    means = [
        sum(s.loss * s.samples for s in steps if s.epoch == epoch) / len(X) for epoch in range(3)
    ]
    assert np.allclose(history.loss, means, rtol=1e-12)
    plain = nn.fit(net, nn.CrossEntropy(), nn.SGD(0.1), X, T, epochs=1, batch_size=4, rng=rng())
    assert plain.validation_loss is None


class Moving(nn.Loss):
    """Reports the losses it was given, one for each call in inference, and moves nothing."""

    def __init__(self, losses):
        self.losses = iter(losses)

    def __call__(self, y, t):
        return (next(self.losses) if len(y) == 3 else 1.0), np.ones_like(y)


def stopped(losses, patience, min_delta=0.0, stopping=None):
    net = nn.Sequential(nn.BatchNorm(2), nn.Dense(2, 1, rng=rng()))
    stopping = stopping or nn.EarlyStopping(patience, min_delta)
    after = []

    class Recorder(nn.SGD):
        def step(self, theta, grad):
            super().step(theta, grad)
            after.append((theta.copy(), net.statistics.copy()))

    history = nn.fit(
        *(net, Moving(losses), Recorder(0.1), X, X[:, :1]),
        epochs=len(losses),
        batch_size=10,
        rng=rng(),
        validation=(X[:3], X[:3, :1]),
        stopping=stopping,
    )
    return history, stopping, net, after


def test_early_stopping_waits_and_goes_back_to_the_best():
    history, stopping, net, after = stopped([5, 3, 4, 3, 3.5, 2, 1], patience=3)
    assert history.stopped_epoch == 4
    assert np.array_equal(history.validation_loss, [5, 3, 4, 3, 3.5])
    assert (stopping.best_epoch, stopping.best_loss) == (1, 3)
    assert len(after) == 5
    assert np.array_equal(net.theta, after[1][0])
    assert np.array_equal(net.statistics, after[1][1])  # batch norm goes back too
    assert not np.array_equal(after[1][1], after[4][1])


def test_early_stopping_that_does_not_stop_goes_back_too():
    history, stopping, net, after = stopped([5, 3, 4], patience=5)
    assert history.stopped_epoch is None and len(history.loss) == 3
    assert stopping.best_epoch == 1
    assert np.array_equal(net.theta, after[1][0])


def test_early_stopping_asks_for_the_least_improvement():
    assert stopped([5, 4.95, 4.9, 4.85], patience=2)[0].stopped_epoch is None
    history, stopping, *_ = stopped([5, 4.95, 4.9, 4.85], patience=2, min_delta=0.3)
    assert history.stopped_epoch == 2 and stopping.best_epoch == 0


def test_early_stopping_can_be_used_again():
    _, stopping, *_ = stopped([1, 2, 3], patience=2)
    history, *_ = stopped([9, 8, 7], patience=2, stopping=stopping)
    assert history.stopped_epoch is None and stopping.best_loss == 7


@pytest.mark.parametrize(("epochs", "lines"), [(1, 1), (7, 7), (10, 10), (25, 9), (100, 10)])
def test_progress_is_about_ten_lines(epochs, lines, capsys):
    settings = {"epochs": epochs, "batch_size": 5, "rng": rng(), "progress": True}
    history = nn.fit(classifier(), nn.CrossEntropy(), nn.SGD(0.1), X, T, **settings)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == lines
    assert printed[-1] == f"epoch {epochs}: loss {history.loss[-1]:#.3g}"


def test_progress_with_validation(capsys):
    settings = {"epochs": 20, "batch_size": 5, "rng": rng(), "progress": True}
    history = nn.fit(
        classifier(), nn.CrossEntropy(), nn.SGD(0.1), X, T, validation=(X, T), **settings
    )
    first = capsys.readouterr().out.splitlines()[0]
    assert first == (
        f"epoch  2: loss {history.loss[1]:#.3g}, validation loss {history.validation_loss[1]:#.3g}"
    )


def test_fit_is_silent_unless_asked(capsys):
    nn.fit(classifier(), nn.CrossEntropy(), nn.SGD(0.1), X, T, epochs=2, batch_size=5, rng=rng())
    assert capsys.readouterr().out == ""


# learning-rate range test


def test_range_test_works_on_copies():
    net, optimizer = classifier(), nn.Adam(0.5)
    theta = net.theta.copy()
    lrs = np.geomspace(1e-3, 1e-1, 7)
    losses = nn.lr_range_test(
        net, nn.CrossEntropy(), optimizer, X, T, lrs=lrs, batch_size=5, rng=rng()
    )
    assert np.array_equal(net.theta, theta)
    assert (optimizer.lr, optimizer.updates) == (0.5, 0)
    steps = run(optimizer=nn.Adam(0.5), epochs=4, batch_size=5, schedule=lambda u: lrs[min(u, 6)])
    assert np.array_equal(losses, [step.loss for step in steps][:7])


def test_range_test_of_a_rate_that_blows_up():
    lrs = np.geomspace(1e-3, 1e30, 30)
    losses = nn.lr_range_test(
        line(), nn.MSE(), nn.SGD(0.1), X, X[:, :1], lrs=lrs, batch_size=5, rng=rng()
    )
    assert losses.shape == (30,)
    finite = np.isfinite(losses)
    assert finite[:5].all() and not finite[-1]
    assert (losses[~finite] == np.inf).all()


def test_warnings_are_errors_here():
    with pytest.raises(UserWarning, match="seen"):
        warnings.warn("seen", stacklevel=1)
