"""Four runs of TensorFlow Playground, reproduced with the objects of coursekit.nn.

tf_playground.json holds what that program itself computed: an implementation that shares neither
a line, a language nor an author with this one. Its quirks stand in `train_as_the_playground`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn

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


def train_as_the_playground(net, x, t, *, batch_size, penalty):
    """Plain gradient descent on ½(y - t)², with the Playground's own way of penalising.

    - The step of the penalty follows that of the error, with the slope that the penalty had at
      the weights before both.
    - An L1 step that would carry a weight across zero leaves it at zero for good.
    - Biases are not penalised.

    Returns where in theta a connection or bias is still alive.
    """
    loss, optimizer = nn.MSE(), nn.SGD(LEARNING_RATE)
    alive = np.ones(net.theta.shape, dtype=bool)
    for batch in batches(len(x), batch_size):
        y, caches = net.forward(x[batch])
        _, error = loss(y, t[batch])
        net.backward(error / 2, caches)  # nn.MSE has no factor ½
        net.grad[~alive] = 0.0
        slope = penalty(net.theta)[1] * net.decay_mask if penalty else 0.0
        optimizer.step(net.theta, net.grad)
        penalised = net.theta - LEARNING_RATE * slope
        if isinstance(penalty, nn.L1):
            cut = net.theta * penalised < 0  # never a bias: its slope is 0
            penalised[cut] = 0.0
            alive &= ~cut
        net.theta[:] = penalised
    return alive


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run['act']}-{run['reg']}-{run['batch']}")
def test_the_weights_after_forty_epochs(run):
    x = np.array([[point["x"], point["y"]] for point in run["data"]])
    t = np.array([[point["label"]] for point in run["data"]], dtype=float)
    net = build(run)
    penalty = {"none": None, "L1": nn.L1, "L2": nn.L2}[run["reg"]]
    penalty = penalty and penalty(run["rate"])
    alive = train_as_the_playground(net, x, t, batch_size=run["batch"], penalty=penalty)

    dense = [layer for layer in net.layers if isinstance(layer, nn.Dense)]
    for layer, stored in zip(dense, run["w1"], strict=True):
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
