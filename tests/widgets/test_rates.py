"""The explorer of learning rates and loss curves."""

import numpy as np
import pytest

from coursekit import nn, widgets
from coursekit.widgets.explorers import rates_and_curves


def test_the_curve_is_that_of_a_training_of_the_tests_own():
    state = widgets.RatesAndCurves(method="Adam", lr=0.01).state
    x, t, x_validation, t_validation = rates_and_curves.digits()
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Dense(64, 16, rng=rng), nn.ReLU(), nn.Dense(16, 10, rng=rng))
    steps = list(
        nn.train(net, nn.CrossEntropy(), nn.Adam(0.01), x, t, epochs=10, batch_size=32, rng=rng)
    )
    last = [step for step in steps if step.epoch == 9]
    mean = sum(s.loss * s.samples for s in last) / sum(s.samples for s in last)
    assert state.loss[-1] == pytest.approx(mean)
    after = nn.evaluate(net, nn.CrossEntropy(), x_validation, t_validation)
    assert state.validation[-1] == pytest.approx(after)


def test_the_digits_for_validation_are_others():
    x, _, x_validation, _ = rates_and_curves.digits()
    both = {row.tobytes() for row in x} & {row.tobytes() for row in x_validation}
    assert len(x) == 500 and len(x_validation) == 400 and not both


def test_too_low_good_and_too_high():
    explorer = widgets.RatesAndCurves()
    last = [explorer.set(lr=lr).validation[-1] for lr in (1e-4, 0.3, 10)]
    assert last[1] < 0.5 < 2 < last[0] and last[2] > 2


def test_goal_and_its_words():
    explorer = widgets.RatesAndCurves(method="Adam", lr=0.0316)
    assert explorer.goal_reached and "Learning rate 0.0316." in explorer.text
    explorer.set(lr=0.0001)
    assert not explorer.goal_reached


def test_each_schedule_is_another_training():
    explorer = widgets.RatesAndCurves(lr=0.3)
    ends = {name: explorer.set(schedule=name).loss[-1] for name in rates_and_curves.SCHEDULES}
    assert len(set(ends.values())) == 3


def test_a_training_that_diverges_is_said(monkeypatch):
    def diverge(*args, **options):
        error = nn.Diverged("training diverged")
        error.history = nn.History(np.array([2.0]), np.array([3.0]), np.array([1.0]), None)
        raise error

    explorer = widgets.RatesAndCurves()
    monkeypatch.setattr(nn, "fit", diverge)
    state = explorer.set(lr=10.0)
    assert state.diverged and not explorer.goal_reached
    assert explorer.text == "Learning rate 10. The training diverged in epoch 2."
