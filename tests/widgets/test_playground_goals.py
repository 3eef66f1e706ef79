"""The playground's goals and presets: out of reach at first, within reach, judged by numbers."""

import numpy as np
import pytest

from coursekit import widgets
from coursekit.widgets.playground import PRESETS, Goal
from coursekit.widgets.playground.training.session import Session

# What a reader may do to reach each goal: settings to change, and how long to train.
WAYS = {
    "few units": [({"hidden": [3]}, 100)],
    "width": [({"hidden": [8]}, 120)],
    "paralysis": [
        ({"init": "glorot uniform"}, 150),
        ({"loss": "cross-entropy", "lr": 0.3}, 150),
    ],
    "dead units": [
        ({"activation": "leaky ReLU"}, 40),
        ({"lr": 0.1}, 60),
        ({"lr": 0.1, "activation": "ELU"}, 60),
    ],
    "optimizers": [({"optimizer": name}, 15) for name in ("Momentum", "Nesterov", "Adam")],
    "batch norm": [({"batch_norm": True}, 50)],
    "overfitting": [
        ({"penalty": "L2", "strength": 0.01}, 220),
        ({"penalty": "L1", "strength": 0.01}, 220),
    ],
    "initialisation": [({"init": "glorot normal"}, 100)],
    "spiral": [({"hidden": [8, 8, 8], "activation": "ReLU", "optimizer": "Adam", "lr": 0.01}, 150)],
}
# What leaves the goal out of reach, however long one waits.
WRONG_WAYS = {
    "few units": [({"hidden": [2]}, 150), ({"hidden": [4]}, 100)],
    "width": [({"hidden": [4]}, 120), ({"hidden": [8, 8]}, 120)],
    "paralysis": [({"activation": "tanh", "init": "glorot uniform"}, 150)],
    "dead units": [({"hidden": [4, 4], "lr": 0.1}, 100)],
    "optimizers": [({"optimizer": "AdaGrad"}, 15), ({"optimizer": "Momentum", "lr": 0.3}, 15)],
    "batch norm": [({"lr": 1.0}, 50), ({"batch_norm": True, "hidden": [8] * 3}, 50)],
    "overfitting": [({"train_percent": 50}, 220)],
    "initialisation": [({"init": "normal", "init_scale": 10}, 100)],
    "spiral": [({"optimizer": "Adam"}, 100)],
}


EARLY = Goal("one or two epochs", lambda session: 1 <= session.epoch <= 2)


def reached(preset, change, epochs):
    playground = widgets.Playground(preset=preset)
    playground.set(**change)
    playground.run(epochs)
    return playground.goal_reached


def ways(table):
    return [(name, change, epochs) for name, each in table.items() for change, epochs in each]


def test_there_is_a_preset_for_every_lecture_from_the_third_on():
    titles = [preset.title[:10] for preset in PRESETS.values()]
    assert titles == [f"Lecture {number:02}" for number in range(3, 12)]
    assert WAYS.keys() == WRONG_WAYS.keys() == PRESETS.keys()


@pytest.mark.parametrize("name", PRESETS)
def test_a_goal_is_not_reached_by_waiting(name):
    playground = widgets.Playground(preset=name)
    assert not playground.goal_reached
    playground.run(220 if name == "overfitting" else 60)
    assert not playground.goal_reached and not playground.status["goal"]["reached"]


@pytest.mark.parametrize(("name", "change", "epochs"), ways(WAYS), ids=str)
def test_a_goal_can_be_reached(name, change, epochs):
    assert reached(name, change, epochs)


@pytest.mark.parametrize(("name", "change", "epochs"), ways(WRONG_WAYS), ids=str)
def test_a_goal_is_not_reached_by_a_way_round_it(name, change, epochs):
    assert not reached(name, change, epochs)


def test_a_goal_stays_reached_until_another_one_is_set():
    playground = widgets.Playground(data="gauss", hidden=[], goal=EARLY)
    playground.run(4)
    assert playground.goal_reached and playground.session.epoch == 4
    assert "Goal reached." in playground.still()[0]["text/plain"]
    playground.reset()
    playground.set(data="xor", hidden=[2])
    assert playground.goal_reached
    assert playground.status["goal"]["reached"] == "Goal reached before."
    assert "Goal reached before." in playground.still()[0]["text/plain"]
    playground.load("spiral")
    assert not playground.goal_reached
    assert "Goal reached" not in playground.still()[0]["text/plain"]


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({"data": "circle", "features": ("x1", "x2"), "lr": 0.03, "batch_size": 10}, True),
        ({"data": "xor"}, False),
        ({"features": ("x1", "x2", "x1*x2")}, False),
        ({"activation": "tanh", "data": "circle"}, True),
        ({"activation": "tanh", "data": "xor"}, False),
        ({"activation": "ReLU"}, False),
    ],
)
def test_settings_that_a_goal_demands(settings, kept):
    assert Goal("", lambda session: True, settings).reached(Session()) is kept


def test_the_activation_of_a_goal_is_that_of_every_hidden_layer():
    mixed = [{"units": 2, "activation": "tanh"}, {"units": 2, "activation": "ReLU"}]
    session = Session(hidden=mixed, activation="ReLU")
    for name in ("ReLU", "tanh"):
        assert not Goal("", lambda session: True, {"activation": name}).reached(session)


@pytest.mark.parametrize("name", PRESETS)
def test_a_measure_that_is_missing_reaches_nothing(name):
    session = Session(**{**PRESETS[name].settings, "data": "own"})
    assert np.isnan(session.measures.train_loss) and np.isnan(session.measures.test_accuracy)
    assert not PRESETS[name].goal.holds(session)


def test_a_goal_of_numpy_s_truth_can_be_sent():
    goal = Goal("a start", lambda session: np.bool_(session.epoch == 0))
    status = widgets.Playground(goal=goal).status
    assert status["goal"] == {"text": "a start", "reached": "Goal reached."}
    assert widgets.Playground(goal=goal).goal_reached is True


def test_a_goal_that_is_only_a_text_is_refused():
    with pytest.raises(ValueError, match="goal must be an object such as Goal"):
        widgets.Playground(goal="test accuracy ≥ 0.9")


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match="few units"):
        widgets.Playground(preset="few")
