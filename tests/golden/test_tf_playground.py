"""Four runs of TensorFlow Playground, reproduced with what our playground trains.

tf_playground.json holds what that program itself computed: an implementation that shares neither
a line, a language nor an author with this one. Our playground's model (points, targets, network,
loss and penalty) is trained here by TensorFlow Playground's rules, which `train_as_tf_playground`
spells out where they differ from those of `nn.train`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.model import make_penalty
from coursekit.widgets.playground.training.session import Session

RUNS = json.loads(Path(__file__).with_name("tf_playground.json").read_text(encoding="utf-8"))
EPOCHS = 40
LEARNING_RATE = 0.03

ACTIVATIONS = {"TANH": nn.Tanh, "RELU": nn.ReLU, "SIGMOID": nn.Sigmoid}


def build(run):
    """The run's network with its starting weights: hidden layers of `act`, a tanh at the end."""
    layers = []
    for stored in run["w0"]:
        dense = nn.Dense.from_weights(
            np.transpose(stored["W"]), stored["b"]
        )  # theirs: (n_out, n_in)
        layers += [dense, ACTIVATIONS[run["act"]]()]
    layers[-1] = nn.Tanh()
    return nn.Sequential(*layers)


def batches(n_samples, batch_size):
    """The samples that each update sees.

    Samples are taken in their order, and an update comes after every `batch_size` of them counted
    from the epoch's beginning. The samples left at an epoch's end wait: the next epoch's first
    update takes the mean over them and its own.
    """
    waiting = []
    for _ in range(EPOCHS):
        for sample in range(n_samples):
            waiting.append(sample)
            if (sample + 1) % batch_size == 0:
                yield np.array(waiting)
                waiting = []


def train_as_tf_playground(model, optimizer):
    """Plain gradient descent on ½(y - t)², with TensorFlow Playground's own way of penalising.

    - The step of the penalty follows that of the error, with the slope that the penalty had at
      the weights before both.
    - An L1 step that would carry a weight across zero leaves it at zero for good.
    - Biases are not penalised.

    Returns where in theta a connection or bias is still alive.
    """
    net, penalty_now = model.net, make_penalty(model.settings)
    alive = np.ones(net.theta.shape, dtype=bool)
    for batch in batches(len(model.x_train), model.settings.batch_size):
        y, caches = net.forward(model.x_train[batch])
        _, error = model.head.loss(y, model.t_train[batch])
        net.backward(error / 2, caches)  # nn.MSE has no factor ½
        net.grad[~alive] = 0.0
        slope = penalty_now(net.theta)[1] * net.decay_mask if penalty_now else 0.0
        optimizer.step(net.theta, net.grad)
        penalised = net.theta - optimizer.lr * slope
        if isinstance(penalty_now, nn.L1):
            cut = net.theta * penalised < 0  # never a bias: its slope is 0
            penalised[cut] = 0.0
            alive &= ~cut
        net.theta[:] = penalised
    return alive


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run['act']}-{run['reg']}-{run['batch']}")
def test_the_weights_after_forty_epochs(run):
    x = np.array([[point["x"], point["y"]] for point in run["data"]])
    t = np.array([point["label"] for point in run["data"]])
    settings = {"lr": LEARNING_RATE, "batch_size": run["batch"]}
    settings |= {"penalty": run["reg"], "strength": run["rate"]}
    session = Session(build(run), OwnPoints((x, t, x, t)), data="own", **settings)
    alive = train_as_tf_playground(session.model, session.optimizer)

    for stage, stored in zip(session.model.stages, run["w1"], strict=True):
        layer = stage.dense
        np.testing.assert_allclose(layer.params["W"].T, stored["W"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(layer.params["b"], stored["b"], rtol=0, atol=1e-12)
        assert np.array_equal(layer.params["W"].T == 0, stored["dead"])
    assert np.count_nonzero(~alive) == sum(np.sum(stored["dead"]) for stored in run["w1"])


def test_the_runs_exercise_every_quirk():
    """Were these not in the file, the reproduction above would prove less than it says."""
    assert {run["reg"] for run in RUNS} == {"none", "L1", "L2"}
    assert {run["act"] for run in RUNS} == {"TANH", "RELU", "SIGMOID"}
    assert any(len(run["data"]) % run["batch"] for run in RUNS)  # a partial batch
    assert any(np.any(stored["dead"]) for run in RUNS for stored in run["w1"])  # a cut link
