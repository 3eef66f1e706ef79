"""The playground's training, without a picture."""

import copy
from itertools import pairwise

import numpy as np
import pytest

from coursekit import data, nn
from coursekit.widgets.base.parts import ACTIVATIONS, INITIALIZERS, OPTIMIZERS
from coursekit.widgets.playground.training.choices import LOSSES, PENALTIES
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.model import make_penalty
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.settings import Settings


def theta(session):
    return session.model.net.theta.copy()


# one training, by hand


def test_it_trains_as_nn_train_does():
    session = Session(
        data="gauss", hidden=[3], optimizer="Adam", lr=0.01, penalty="L2", strength=0.02
    )
    net, optimizer = copy.deepcopy(session.model.net), nn.Adam(0.01)
    x, t = data.blobs(500, rng=0)
    x, t = x[:250], t[:250].reshape(-1, 1)
    session.advance(epochs=3)
    steps = nn.train(
        net,
        nn.BinaryCrossEntropy(),
        optimizer,
        x,
        t,
        epochs=3,
        batch_size=10,
        rng=np.random.default_rng([0, 0]),
        penalty=nn.L2(0.02),
    )
    assert len(list(steps)) == session.updates == 75
    np.testing.assert_array_equal(theta(session), net.theta)
    assert session.measures.train_loss == nn.evaluate(net, nn.BinaryCrossEntropy(), x, t)
    assert session.measures.train_accuracy == nn.accuracy(net(x), t)


def test_the_same_settings_train_to_the_same_weights():
    chosen = {"data": "moons", "noise": 10, "hidden": [4, 4], "dropout": 0.2, "batch_norm": True}
    one, other = Session(**chosen), Session(**chosen)
    one.advance(epochs=3)
    other.advance(updates=40)
    other.advance(updates=35)
    np.testing.assert_array_equal(theta(one), theta(other))
    assert one.epoch == other.epoch == 3


# everything that can be chosen


@pytest.mark.parametrize(
    "values",
    [
        *({"activation": name} for name in ACTIVATIONS),
        *({"optimizer": name} for name in OPTIMIZERS),
        *({"penalty": name, "strength": 0.01} for name in PENALTIES),
        *({"init": name} for name in INITIALIZERS),
        *({"loss": name} for name in LOSSES["two"]),
        *({"data": name} for name in ("circle", "xor", "gauss", "spiral", "moons")),
        *({"data": name} for name in ("plane", "bumps")),
        {"data": "clouds", "classes": 5},
        {"batch_norm": True, "dropout": 0.3},
        {"hidden": []},
        {"features": ["x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]},
        {"batch_size": 250},
        {"batch_size": 1},
        {"noise": 50, "train_percent": 90},
    ],
    ids=str,
)
def test_every_choice_trains(values):
    session = Session(**{"optimizer": "Adam", "data": "gauss", **values})
    before, start = session.measures.train_loss, theta(session)
    assert session.advance(epochs=5) and session.epoch == 5
    assert np.isfinite(session.measures.train_loss)
    assert not np.array_equal(theta(session), start)
    dull = values.get("init") == "zeros" or values.get("activation") == "step"
    if not dull and values != {"noise": 50, "train_percent": 90}:
        assert session.measures.train_loss < before
    assert np.isnan(session.measures.train_accuracy) == (session.model.problem.kind == "regression")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimizer_is_the_one_of_its_name(name):
    session = Session(optimizer=name, lr=0.07)
    assert type(session.optimizer) is getattr(nn, name) and session.optimizer.lr == 0.07


@pytest.mark.parametrize(
    ("name", "expected"),
    [("L1", nn.L1(0.2)), ("L2", nn.L2(0.2)), ("elastic net", nn.ElasticNet(0.1, 0.1))],
)
def test_each_penalty_is_the_one_of_its_name(name, expected):
    w = np.array([1.5, -2.0, 0.0])
    value, gradient = make_penalty(Settings().changed(penalty=name, strength=0.2))(w)
    assert value == expected(w)[0]
    np.testing.assert_array_equal(gradient, expected(w)[1])
    assert make_penalty(Settings().changed(penalty=name, strength=0)) is None


@pytest.mark.parametrize(("init", "size"), [("normal", 0.5), ("uniform", 0.5 / np.sqrt(3))])
def test_the_scale_of_the_starting_weights(init, size):
    session = Session(hidden=[8] * 6, init=init, init_scale=0.5)
    weights = session.model.net.theta[session.model.net.decay_mask == 1]
    assert np.std(weights) == pytest.approx(size, rel=0.1)


def test_batch_norm_stands_before_the_activation_and_dropout_behind_it():
    session = Session(hidden=[{"units": 3, "batch_norm": True, "dropout": 0.4}])
    kinds = [type(layer) for layer in session.model.net.layers]
    assert kinds == [nn.Dense, nn.BatchNorm, nn.Tanh, nn.Dropout, nn.Dense]
    assert session.model.net.layers[3].p_drop == 0.4


# changes while it runs


@pytest.mark.parametrize(
    "change",
    [
        {"lr": 0.5},
        {"penalty": "L1", "strength": 0.3},
        {"batch_size": 50},
        {"optimizer": "Adam"},
    ],
    ids=str,
)
def test_what_acts_while_training_goes_on(change):
    session, same = Session(), Session()
    for each in (session, same):
        each.advance(updates=30)
    session.change(**change)
    assert (session.updates, session.builds) == (30, 1)
    np.testing.assert_array_equal(theta(session), theta(same))
    for each in (session, same):
        each.advance(updates=30)
    assert not np.allclose(theta(session), theta(same))


def test_a_new_rate_is_the_next_update_s():
    session = Session()
    session.advance(updates=3)
    before = theta(session)
    session.change(lr=2.0)
    session.advance(updates=1)
    np.testing.assert_allclose(theta(session), before - 2.0 * session.model.net.grad, atol=1e-15)


def test_a_penalty_that_comes_and_goes():
    session = Session(data="gauss", hidden=[], penalty="L2", strength=10.0, lr=0.05)
    session.advance(epochs=5)
    small = np.abs(theta(session)).max()
    session.change(penalty="none")
    session.advance(epochs=60)
    assert small < 0.1 < 0.5 < np.abs(theta(session)).max()


@pytest.mark.parametrize(
    "change",
    [
        {"data": "xor"},
        {"noise": 10},
        {"train_percent": 30},
        {"features": ["x1", "x2", "x1*x2"]},
        {"hidden": [4, 3]},
        {"activation": "ReLU"},
        {"init": "zeros"},
        {"loss": "hinge"},
        {"dropout": 0.1},
    ],
    ids=str,
)
def test_what_starts_training_afresh(change):
    session = Session()
    session.advance(epochs=2)
    session.change(**change)
    assert (session.epoch, session.updates, session.builds, session.curves.count) == (0, 0, 2, 1)
    fresh = Session(**change)
    np.testing.assert_array_equal(theta(session), theta(fresh))
    np.testing.assert_array_equal(session.model.x_train, fresh.model.x_train)


def test_the_loss_follows_the_kind_of_problem():
    session = Session(data="plane")
    assert session.settings.loss == "squared error"
    session.change(data="circle")
    assert session.settings.loss == "cross-entropy"
    session.change(loss="hinge")
    session.change(data="xor")
    assert session.settings.loss == "hinge"
    session.change(data="clouds")
    assert session.settings.loss == "cross-entropy"


def test_a_change_that_does_not_fit_changes_nothing():
    session = Session(data="clouds")
    session.advance(epochs=1)
    before, weights = session.settings, theta(session)
    for values in ({"loss": "hinge"}, {"lr": -1}, {"data": "plane", "loss": "hinge"}):
        with pytest.raises(ValueError, match=r"classes|lr"):
            session.change(**values)
        assert session.settings is before and session.epoch == 1
        np.testing.assert_array_equal(theta(session), weights)


def test_reset_draws_other_weights_or_the_same():
    session = Session()
    start = theta(session)
    session.advance(epochs=1)
    session.reset(same=True)
    np.testing.assert_array_equal(theta(session), start)
    session.reset()
    assert not np.array_equal(theta(session), start) and session.settings.net_seed == 1


def test_new_data_draws_other_points():
    session = Session()
    before = session.model.x_train
    session.new_data()
    assert not np.array_equal(session.model.x_train, before)
    assert session.points == 2


# what stands in the way


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"data": "plane", "lr": 10}, "a lower learning rate (it is 10); batch norm."),
        (
            {"data": "bumps", "lr": 3, "features": ["x1^2", "x2^2"], "hidden": []},
            "no squares and products among the features",
        ),
        (
            {"data": "plane", "lr": 10, "init": "normal", "init_scale": 5, "activation": "ReLU"},
            "smaller starting weights (their scale is 5)",
        ),
        ({"penalty": "L2", "strength": 50, "lr": 10}, "a weaker penalty (it is 50)"),
    ],
    ids=str,
)
def test_divergence_is_reported_with_what_to_try(values, advice):
    session = Session(**values)
    assert not session.advance(epochs=400)
    assert session.diverged and session.message.startswith("The training diverged in epoch ")
    assert advice in session.message
    assert not session.advance(updates=1)
    session.change(lr=0.01)
    assert session.diverged  # the weights are as they were
    session.reset()
    assert not session.message and session.advance(epochs=1)


def test_batch_norm_and_a_point_left_over():
    session = Session(batch_norm=True, batch_size=249)
    assert not session.advance(epochs=1)
    assert "250 points in batches of 249 leave one over" in session.message
    session.change(batch_size=250)
    assert session.advance(epochs=1)


# links


def test_a_cut_link_carries_nothing_and_stays_cut_in_training():
    session = Session(data="xor", hidden=[3], penalty="L2", strength=0.01, optimizer="Adam")
    session.advance(epochs=1)
    weight = session.model.dense(0).weights()[1, 2]
    session.toggle_link(0, 1, 2)
    assert session.model.is_cut(0, 1, 2) and session.epoch == 1
    session.model.net.infer(session.model.x_train)  # the network that is trained
    session.advance(epochs=2)
    W = session.model.net.layers[0].weights()
    assert W[1, 2] == 0 and np.count_nonzero(W) == W.size - 1
    with pytest.raises(ValueError, match="removed"):
        session.set_weight(0, 1, 2, 1.0)
    session.toggle_link(0, 1, 2)
    assert session.model.dense(0).weights()[1, 2] == weight and session.cuts == {}
    session.advance(epochs=1)
    assert session.model.dense(0).weights()[1, 2] != weight


def test_links_stay_cut_through_a_reset_but_not_in_another_network():
    session = Session(hidden=[3])
    session.toggle_link(0, 0, 1)
    session.reset()
    assert session.model.is_cut(0, 0, 1) and list(session.cuts) == [(0, 0, 1)]
    session.change(hidden=[4])
    assert session.cuts == {} and np.all(session.model.dense(0).weights() != 0)
    with pytest.raises(ValueError, match="to must be a whole number from 0 to 3"):
        session.toggle_link(0, 0, 4)
    assert session.cuts == {}


def test_a_connection_that_the_reader_s_mask_removed_can_be_mended():
    rng = np.random.default_rng(0)
    first = nn.Dense(2, 2, rng=rng, mask=[[1, 0], [1, 1]])
    session = Session(nn.Sequential(first, nn.Tanh(), nn.Dense(2, 1, rng=rng)))
    session.toggle_link(0, 0, 1)
    assert not session.model.is_cut(0, 0, 1)
    session.advance(epochs=1)
    assert session.model.dense(0).weights()[0, 1] != 0


# own points, own network


def test_own_points_one_by_one():
    session = Session(data="own")
    assert not session.advance(epochs=1) and "No points" in session.message
    assert np.isnan(session.measures.train_loss)
    session.add_points([[1, 1, 1], [2, 2, 1], [-1, -1, 0], [-2, -1, 0]])
    assert len(session.model.x_train) == len(session.model.x_test) == 2
    assert session.builds == 1 and session.advance(epochs=3)
    weights = theta(session)
    session.add_points([[3, 3, 1]])
    assert session.epoch == 3
    np.testing.assert_array_equal(theta(session), weights)
    session.add_points([[0, 5, 2]])  # a third class: another network
    assert session.epoch == 0 and session.model.widths[-1] == 3
    with pytest.raises(ValueError, match="between -6 and 6, got 7"):
        session.add_points([[7, 0, 0]])
    assert len(session.own.x) == 6
    session.clear_points()
    assert "No points" in session.message and session.model.widths[-1] == 1


def test_a_point_clicked_onto_a_made_data_set_begins_a_set_of_one_s_own():
    session = Session()
    session.add_points([[1, 1, 0]])
    assert session.settings.data == "own" and len(session.model.x_train) == 1


def test_another_point_moves_none_between_training_and_testing():
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.uniform(-5, 5, (40, 2)), rng.integers(0, 3, 40)])
    session = Session(data="own", train_percent=70)
    tests = set()
    for point in points:
        session.add_points([point])
        now = {tuple(x) for x in session.model.problem.x_test}
        assert tests <= now and len(now) <= len(tests) + 1
        tests = now
    for k in range(3):
        share = np.sum(session.model.problem.t_test == k) / np.sum(points[:, 2] == k)
        assert share == pytest.approx(0.3, abs=0.08)


def test_a_point_is_for_what_its_reader_says():
    session = Session(data="own", train_percent=50)
    session.add_points([[1, 1, 0, 0], [2, 2, 0, 0], [3, 3, 1, 0]])
    assert len(session.model.x_train) == 3 and len(session.model.x_test) == 0
    session.add_points([[-1, -1, 1, 1]])
    session.change(train_percent=90)
    assert session.model.problem.x_test.tolist() == [[-1, -1]]
    session.add_points([[4, 4, 1], [5, 5, 1]])  # and of the others a share
    session.change(train_percent=50)
    assert len(session.model.x_test) == 2


def test_a_point_can_be_removed_and_a_change_taken_back():
    session = Session(data="own")
    session.add_points([[1, 1, 0, 0], [2, 2, 1, 0], [3, 3, 1, 1]])
    session.remove_point(2.1, 1.9)
    assert session.own.x.tolist() == [[1, 1], [3, 3]] and session.own.tests.tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"no point to remove at \(-4, 0\)"):
        session.remove_point(-4, 0)
    session.clear_points()
    session.undo_points()
    assert session.own.x.tolist() == [[1, 1], [3, 3]]
    session.undo_points()
    assert session.own.x.tolist() == [[1, 1], [2, 2], [3, 3]]
    session.undo_points()
    session.undo_points()  # there is nothing left to take back
    assert len(session.own.x) == 0


def test_own_arrays():
    x, t = data.blobs(30, rng=0, classes=3)
    session = Session(None, OwnPoints((x, t)), data="own")
    assert session.model.problem.kind == "several" and len(session.model.x_train) == 15
    session = Session(None, OwnPoints((x[:20], t[:20], x[20:], t[20:])), data="own")
    np.testing.assert_array_equal(session.model.problem.x_test, x[20:])
    session = Session(None, OwnPoints((x, x[:, :1] / 5)), data="own")
    assert session.model.problem.kind == "regression" and session.advance(epochs=2)
    session = Session(None, OwnPoints((x, np.where(x[:, 0] > 0, 1, -1))), data="own")
    assert set(session.model.problem.t_train) == {0, 1}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((np.zeros((3, 2)),), "got 1 arrays"),
        ((np.zeros((3, 3)), np.zeros(3, dtype=int)), r"points \(N, 2\)"),
        ((np.zeros((3, 2)), np.zeros(4, dtype=int)), r"N targets, got \(3, 2\) and \(4,\)"),
        ((np.full((3, 2), np.nan), np.zeros(3, dtype=int)), "finite"),
        ((np.full((3, 2), 10.0), np.zeros(3, dtype=int)), "data.standardize"),
        ((np.zeros((3, 2)), np.array([0, 1, 5])), "whole numbers from 0 to 4"),
    ],
)
def test_own_arrays_that_do_not_fit(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        OwnPoints(given)


def network(*last, n_in=2, n_out=1):
    rng = np.random.default_rng(0)
    middle = [nn.Dense(3, 2, rng=rng), nn.BatchNorm(2), nn.ELU(), nn.Dropout(0.1, rng=rng)]
    return nn.Sequential(
        nn.Dense(n_in, 3, rng=rng), nn.ReLU(), *middle, nn.Dense(2, n_out, rng=rng), *last
    )


def network_of(*widths):
    rng = np.random.default_rng(0)
    pairs = pairwise([2, *widths, 1])
    return nn.Sequential(*(nn.Dense(n_in, n_out, rng=rng) for n_in, n_out in pairs))


def test_a_network_of_one_s_own():
    net = network()
    session = Session(net)
    start = net.theta.copy()
    assert session.model.widths == [2, 3, 2, 1]
    layers = [
        (layer.activation, layer.batch_norm, layer.dropout) for layer in session.settings.hidden
    ]
    assert layers == [("ReLU", False, 0.0), ("ELU", True, 0.1)]
    session.advance(epochs=2)
    np.testing.assert_array_equal(net.theta, start)  # the reader's is left alone
    session.change(lr=0.1)
    session.reset()
    np.testing.assert_array_equal(theta(session), start)
    session.new_data()
    np.testing.assert_array_equal(theta(session), start)
    session.change(hidden=[3, 3])
    assert session.model.widths == [2, 3, 3, 1]


@pytest.mark.parametrize(
    ("net", "loss", "targets"),
    [
        (network(), "cross-entropy", {0, 1}),
        (network(nn.Tanh()), "squared error", {-1, 1}),
        (network(nn.Sigmoid()), "squared error", {0, 1}),
    ],
)
def test_a_network_s_end_says_how_it_is_read(net, loss, targets):
    session = Session(net)
    assert session.settings.loss == loss and set(session.model.t_train.ravel()) == targets
    y = session.model.net(session.model.x_train)
    middle = 0.5 if isinstance(net.layers[-1], nn.Sigmoid) else 0.0
    right = (y[:, 0] > middle) == (session.model.problem.t_train == 1)
    assert session.measures.train_accuracy == np.mean(right)


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        (network(n_in=3), "2 inputs and 1 outputs, got one with 3 and 1"),
        (network(n_out=2), "got one with 2 and 2"),
        (nn.Sequential(nn.Maxout(2, 1, rng=np.random.default_rng(0))), "draws Dense"),
        (nn.Sequential(nn.Tanh()), "must begin with a Dense layer"),
        (network_of(9), r"6 hidden layers of 8 units, got layers of \[9\]"),
        (network_of(*[1] * 7), "6 hidden layers of 8 units"),
    ],
)
def test_a_network_that_does_not_fit(net, sentence):
    with pytest.raises(ValueError, match=sentence):
        Session(net)


def test_an_activation_of_one_s_own():
    class Square(nn.Activation):
        def infer(self, x):
            return x * x

        def slope(self, x, y):
            return 2 * x

    rng = np.random.default_rng(0)
    session = Session(nn.Sequential(nn.Dense(2, 3, rng=rng), Square(), nn.Dense(3, 1, rng=rng)))
    assert session.settings.hidden[0].activation == "Square" and session.advance(epochs=1)


# edits


def test_edits_reach_the_model():
    session = Session(hidden=[3, 2])
    before = session.measures.train_loss
    session.set_weight(1, 2, 0, 1.25)
    session.set_bias(2, 0, -3)
    dense = [stage.dense for stage in session.model.stages]
    assert dense[1].params["W"][2, 0] == 1.25 and dense[2].params["b"][0] == -3
    assert session.measures.train_loss != before
    assert session.advance(epochs=1)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ((3, 0, 0, 1.0), "layer must be a whole number from 0 to 2"),
        ((0, 2, 0, 1.0), "from must be a whole number from 0 to 1"),
        ((0, 0, 4, 1.0), "to must"),
        ((0, -1, 0, 1.0), "from must"),
        ((0, 0, 0, float("inf")), "finite"),
        ((0, 0, 0, None), "finite"),
    ],
)
def test_an_edit_of_what_is_not_there(place, sentence):
    session = Session()
    with pytest.raises(ValueError, match=sentence):
        session.set_weight(*place)


def test_a_connection_that_a_mask_removed_stays_removed():
    rng = np.random.default_rng(0)
    mask = np.array([[1, 0], [1, 1]])
    net = nn.Sequential(nn.Dense(2, 2, rng=rng, mask=mask), nn.Tanh(), nn.Dense(2, 1, rng=rng))
    session = Session(net)
    with pytest.raises(ValueError, match="removed"):
        session.set_weight(0, 0, 1, 1.0)


def test_an_edit_can_end_a_divergence():
    session = Session(data="plane", hidden=[])
    session.set_weight(0, 0, 0, 1e200)
    assert not session.advance(epochs=1) and session.diverged
    session.set_weight(0, 0, 0, 0.1)
    assert not session.message and session.advance(epochs=1)


# units that stand still


def test_dead_units():
    session = Session(hidden=[3, 2], activation="ReLU")
    assert not session.model.dead_units.any()
    session.set_bias(0, 1, -100)
    assert session.model.dead_units.tolist() == [False, True, False, False, False]
    session.set_bias(1, 0, -1000)
    assert session.model.dead_units.tolist() == [False, True, False, True, False]
    for bias, dead in ((-100, True), (3, False)):
        session = Session(hidden=[2], activation="sigmoid")
        session.set_bias(0, 0, bias)
        assert session.model.dead_units[0] == dead
    session = Session(hidden=[2, 2], activation="leaky ReLU")
    session.set_bias(0, 0, -100)
    assert not session.model.dead_units.any()
    assert Session(hidden=[2], activation="step").model.dead_units.all()
    assert Session(hidden=[]).model.dead_units.shape == (0,)


# curves


def test_curves_hold_every_epoch_until_they_are_full():
    session = Session(hidden=[], train_percent=10, batch_size=50)
    session.advance(epochs=5)
    rows = session.curves.rows()
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(rows[-1, 1:], session.measures)
    session.advance(epochs=1200)
    rows = session.curves.rows()
    assert session.curves.thinned == 1 and rows.shape == (603, 5)
    assert (np.diff(rows[:, 0]) == 2).all() and rows[-1, 0] == 1204


def test_curves_without_an_accuracy():
    assert Session(data="plane").curves.rows().shape == (1, 3)
