"""The playground's frames: that each section holds what the model says."""

import json

import numpy as np
import pytest

from coursekit import nn, plots
from coursekit.widgets.base.parts import ACTIVATIONS
from coursekit.widgets.playground.training.choices import FEATURES
from coursekit.widgets.playground.training.datasets import compute_features
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.view.frame import Frames
from coursekit.widgets.playground.view.hidden_space import LINES, POINTS, HiddenSpace
from coursekit.widgets.playground.view.maps import map_palette, shade
from coursekit.widgets.playground.view.options import all_options


def unpack(frame):
    """The header, and the sections as arrays."""
    header, buffer = frame
    arrays = {}
    for name, dtype, shape, offset in header["sections"]:
        assert offset % 4 == 0
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(buffer, dtype, count, offset).reshape(shape)
    return header, arrays


def session_with(**values):
    session = Session(**values)
    session.advance(epochs=2)
    return session


def value_of(byte):
    return (byte.astype(float) - 128) / 127


# maps


def plane(n):
    """Points of a map, row by row from the top left, written as loops."""
    if n == 100:
        across = [-6 + 12 * k / 99 for k in range(100)]
    else:
        across = [-6 + 12 * (k + 0.5) / 20 for k in range(20)]
    return np.array([[x1, x2] for x2 in reversed(across) for x1 in across])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_output_map_of_two_classes(activation):
    session = session_with(hidden=[4, 3], activation=activation, batch_norm=True, dropout=0.2)
    net = session.model.net
    _, arrays = unpack(Frames(session).next_frame())
    probability = nn.sigmoid(net(plane(100)))
    expected = (2 * probability - 1).reshape(100, 100)
    np.testing.assert_allclose(value_of(arrays["output_map"]), expected, atol=0.5 / 127 + 1e-4)


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"data": "bumps"}, lambda y: np.clip(y, -1, 1)),
        ({"loss": "squared error"}, lambda y: y),
        ({"loss": "hinge"}, lambda y: np.clip(y, -1, 1)),
        ({"loss": "perceptron"}, lambda y: np.clip(y, -1, 1)),
    ],
)
def test_the_output_map_by_the_loss(values, read):
    session = session_with(**values)
    _, arrays = unpack(Frames(session).next_frame())
    expected = read(session.model.net(plane(100))).reshape(100, 100)
    np.testing.assert_allclose(value_of(arrays["output_map"]), expected, atol=0.5 / 127 + 1e-4)


def test_the_output_map_of_a_network_that_ends_in_a_sigmoid():
    rng = np.random.default_rng(0)
    net = nn.Sequential(nn.Dense(2, 1, rng=rng), nn.Sigmoid())
    _, arrays = unpack(Frames(Session(net)).next_frame())
    expected = 2 * net(plane(100)).reshape(100, 100) - 1
    np.testing.assert_allclose(value_of(arrays["output_map"]), expected, atol=0.5 / 127 + 1e-4)


def test_the_output_map_of_several_classes():
    session = session_with(data="clouds", classes=4)
    _, arrays = unpack(Frames(session).next_frame())
    expected = plots.class_colors(session.model.net(plane(100))).reshape(100, 100, 4)
    difference = np.abs(arrays["output_map"].astype(int) - expected)
    assert arrays["output_map"].dtype == np.uint8 and difference.max() <= 2


def test_the_maps_of_the_units():
    names = ["x1", "x1^2", "sin(x2)"]
    session = session_with(features=names, hidden=[3, 2], batch_norm=True)
    _, arrays = unpack(Frames(session).next_frame())
    x = plane(20)
    a = compute_features(x, names)
    trace = session.model.net.trace(a)
    columns = [a / np.abs(a).max(axis=0), trace[3], trace[6]]
    expected = np.clip(np.concatenate(columns, axis=1), -1, 1).T.reshape(8, 20, 20)
    np.testing.assert_allclose(value_of(arrays["unit_maps"]), expected, atol=0.5 / 127 + 1e-4)
    assert (arrays["unit_maps"][0, :, -1] > 240).all()  # x1 is largest at the right
    assert (arrays["unit_maps"][2, 2] < 128).all()  # sin(x2) at x2 = 4.5, near the top


def test_the_maps_of_features_that_are_off_are_those_that_they_have_when_on():
    _, arrays = unpack(Frames(session_with(features=list(FEATURES), hidden=[])).next_frame())
    maps = np.array(all_options()["feature_maps"]).reshape(-1, 20, 20)
    np.testing.assert_allclose(maps, arrays["unit_maps"][: len(FEATURES)], atol=1)  # single there


@pytest.mark.parametrize("batch_norm", [False, True])
def test_maps_follow_the_training(batch_norm):
    session = Session(hidden=[3], batch_norm=batch_norm)
    frames = Frames(session)
    before = unpack(frames.next_frame())[1]["output_map"]
    session.advance(epochs=3)
    arrays, fresh = unpack(frames.next_frame())[1], unpack(Frames(session).next_frame())[1]
    assert not np.array_equal(arrays["output_map"], before)
    np.testing.assert_array_equal(arrays["output_map"], fresh["output_map"])
    assert session.model.net.theta.dtype == np.float64


def test_maps_follow_a_change_of_features():
    session = Session()
    frames = Frames(session)
    frames.next_frame()
    session.change(features=["x1*x2", "sin(x1)"])
    arrays, fresh = unpack(frames.next_frame())[1], unpack(Frames(session).next_frame())[1]
    np.testing.assert_array_equal(arrays["unit_maps"], fresh["unit_maps"])
    np.testing.assert_array_equal(arrays["output_map"], fresh["output_map"])


def test_several_classes_have_maps_of_their_outputs():
    session = session_with(data="clouds", classes=3, hidden=[2])
    _, arrays = unpack(Frames(session).next_frame())
    assert arrays["unit_maps"].shape == (2 + 2 + 3, 20, 20)
    expected = np.tanh(session.model.net(plane(20)) / 2).T.reshape(3, 20, 20)
    np.testing.assert_allclose(value_of(arrays["unit_maps"][4:]), expected, atol=0.5 / 127 + 1e-4)


@pytest.mark.parametrize("place", [(0, 1), (1, 2), (2, 0), (3, 0)])
def test_the_unit_hovered_comes_large(place):
    session = session_with()
    frames = Frames(session)
    frames.hover = place
    _, arrays = unpack(frames.next_frame())
    x = plane(100)
    trace = session.model.net.trace(x)
    columns = [x / 6, trace[2], trace[4], np.tanh(trace[5] / 2)]
    expected = np.clip(columns[place[0]][:, place[1]], -1, 1).reshape(100, 100)
    np.testing.assert_allclose(value_of(arrays["hover"]), expected, atol=0.5 / 127 + 1e-4)


def test_hovering_ends_with_the_unit():
    session = session_with()
    frames = Frames(session)
    frames.hover = (2, 1)
    session.change(hidden=[4, 1])
    assert "hover" not in unpack(frames.next_frame())[1]


def test_a_discretised_map_has_two_values():
    session = session_with(discretize=True, hidden=[2])
    _, arrays = unpack(Frames(session).next_frame())
    assert set(np.unique(arrays["output_map"])) == {1, 255}
    right = (arrays["output_map"] == 255) == (session.model.net(plane(100)) > 0).reshape(100, 100)
    assert right.mean() > 0.999
    session = session_with(discretize=True, data="clouds")
    _, arrays = unpack(Frames(session).next_frame())
    colors = np.unique(arrays["output_map"].reshape(-1, 4), axis=0)
    assert len(colors) == 3


def test_the_palette_is_the_course_s():
    values = np.linspace(-1, 1, 255)
    colors = np.array(map_palette(), dtype=np.uint8)
    shown = colors[shade(values)]
    expected = plots.map_colors(2 * np.arctanh(np.clip(values, -0.9999, 0.9999)))
    np.testing.assert_array_equal(shown, expected)
    assert shade(np.array([np.nan, np.inf, -np.inf, 0.0])).tolist() == [128, 255, 1, 128]


# parameters


def test_weights_biases_and_gradients_in_the_drawing_s_order():
    session = session_with(hidden=[3, 2], batch_norm=True)
    _, arrays = unpack(Frames(session).next_frame())
    dense = [layer for layer in session.model.net.layers if isinstance(layer, nn.Dense)]
    offset = 0
    for layer in dense:
        n_in, n_out = layer.params["W"].shape
        for i in range(n_in):
            for j in range(n_out):
                place = offset + i * n_out + j
                assert arrays["weights"][place] == np.float32(layer.params["W"][i, j])
                assert arrays["gradients"][place] == np.float32(layer.grads["W"][i, j])
        offset += n_in * n_out
    biases = np.concatenate([layer.params["b"] for layer in dense])
    np.testing.assert_array_equal(arrays["biases"], biases.astype(np.float32))
    assert np.abs(arrays["gradients"]).max() > 0


def test_a_removed_connection_has_the_weight_zero():
    rng = np.random.default_rng(0)
    first = nn.Dense(2, 2, rng=rng, mask=np.array([[1, 0], [1, 1]]))
    session = Session(nn.Sequential(first, nn.Tanh(), nn.Dense(2, 1, rng=rng)))
    session.model.stages[0].dense.params["W"] = np.ones((2, 2))
    assert unpack(Frames(session).next_frame())[1]["weights"][:4].tolist() == [1, 0, 1, 1]


def test_dead_units_are_marked():
    session = Session(hidden=[2, 2], activation="ReLU")
    session.set_bias(0, 1, -100)
    assert unpack(Frames(session).next_frame())[1]["dead"].tolist() == [0, 1, 0, 0]


# what comes only when it is new


def test_points_come_when_they_are_new():
    session = session_with(data="clouds", train_percent=20)
    frames = Frames(session)
    _, arrays = unpack(frames.next_frame())
    points, task = arrays["points"], session.model.problem
    assert points.shape == (500, 4)
    np.testing.assert_allclose(points[:100, :2], task.x_train, rtol=1e-6)
    assert (points[:, 3] == (np.arange(500) >= 100)).all()
    assert points[:100, 2].tolist() == task.t_train.tolist()
    session.advance(epochs=1)
    assert "points" not in unpack(frames.next_frame())[1]
    assert "points" in unpack(frames.next_frame(full=True))[1]
    session.new_data()
    assert "points" in unpack(frames.next_frame())[1]
    session.add_points([[1, 1, 0]])
    assert unpack(frames.next_frame())[1]["points"].tolist() == [[1, 1, 0, 0]]


def test_curves_come_bit_by_bit():
    session = Session(hidden=[], train_percent=10, batch_size=50)
    frames = Frames(session)
    header, arrays = unpack(frames.next_frame())
    assert header["curves"] == "all" and arrays["curves"].shape == (1, 5)
    session.advance(epochs=3)
    header, arrays = unpack(frames.next_frame())
    assert header["curves"] == "append" and arrays["curves"][:, 0].tolist() == [1, 2, 3]
    assert unpack(frames.next_frame())[1]["curves"].shape == (0, 5)
    header, arrays = unpack(frames.next_frame(full=True))
    assert header["curves"] == "all" and arrays["curves"].shape == (4, 5)
    session.advance(epochs=1000)
    header, arrays = unpack(frames.next_frame())
    assert header["curves"] == "all" and arrays["curves"][-1, 0] == 1002
    np.testing.assert_allclose(arrays["curves"], session.curves.rows(), rtol=1e-6)
    session.reset()
    header, arrays = unpack(frames.next_frame())
    assert header["curves"] == "all" and arrays["curves"][:, 0].tolist() == [0]


def test_the_header():
    session = session_with(data="plane", train_percent=40)
    header, _ = unpack(Frames(session).next_frame(playing=True, error="no"))
    assert header["kind"] == "frame" and header["frame"] == 1
    assert header["shapes"] == [2, 4, 2, 1] and header["kind_of_problem"] == "regression"
    assert (header["epoch"], header["updates"]) == (2, 96)
    assert header["train_loss"] == session.measures.train_loss
    assert header["train_accuracy"] is None and header["test_accuracy"] is None
    assert header["playing"] is True and header["error"] == "no" and header["diverged"] is False


def test_a_network_that_diverged_is_shown_without_a_warning():
    session = Session(data="plane", lr=10, activation="ReLU", hidden_space=True)
    session.advance(epochs=100)
    header, arrays = unpack(Frames(session).next_frame())
    assert header["diverged"] and header["message"] and header["train_loss"] is None
    assert np.isfinite(arrays["hidden_grid"]).all()
    session.set_weight(0, 0, 0, 1e300)  # more than single precision holds
    unpack(Frames(session).next_frame())


@pytest.mark.parametrize("hidden", [[1], [2], [4]])
def test_weights_beyond_all_bounds_are_shown_too(hidden):
    session = Session(hidden=hidden, activation="ReLU", hidden_space=True)
    for value in (1e155, 1e308):
        session.set_weight(0, 0, 0, value)
        header, arrays = unpack(Frames(session).next_frame())
        json.dumps(header, allow_nan=False)
        assert np.isfinite(arrays["hidden_grid"]).all()


# the hidden space


def hidden(session, x):
    """Outputs of the last hidden layer, by the whole network's trace."""
    end = len(session.model.net.layers) - 1
    return session.model.net.trace(compute_features(x, session.settings.features))[end]


def test_two_hidden_units_are_the_coordinates():
    session = session_with(hidden_space=True, hidden=[5, 2])
    header, arrays = unpack(Frames(session).next_frame())
    about, task = header["hidden"], session.model.problem
    assert about["kind"] == "units" and about["axes"] == ["h₁", "h₂"]
    h = hidden(session, task.x_train)
    np.testing.assert_allclose(arrays["hidden_points"][:, :2], h, rtol=1e-5, atol=1e-6)
    assert arrays["hidden_points"][:, 2].tolist() == task.t_train.tolist()
    w1, w2, b = about["line"]
    score = session.model.net(task.x_train)[:, 0]
    np.testing.assert_allclose(h @ [w1, w2] + b, score, atol=1e-9)
    assert arrays["hidden_grid"].shape == (2 * LINES, POINTS, 2)
    upright = np.column_stack([np.full(POINTS, -6 + 12 * 3 / 12), np.linspace(-6, 6, POINTS)])
    np.testing.assert_allclose(arrays["hidden_grid"][3], hidden(session, upright), atol=1e-5)
    level = upright[:, ::-1]
    np.testing.assert_allclose(arrays["hidden_grid"][LINES + 3], hidden(session, level), atol=1e-5)
    left, right, bottom, top = about["limits"]
    grid = arrays["hidden_grid"].reshape(-1, 2)
    assert left < grid[:, 0].min() and grid[:, 0].max() < right
    assert bottom < grid[:, 1].min() and grid[:, 1].max() < top


def test_more_hidden_units_are_seen_by_their_principal_components():
    session = session_with(hidden_space=True, hidden=[6])
    frames = Frames(session)
    header, arrays = unpack(frames.next_frame())
    assert header["hidden"]["kind"] == "components"
    h = hidden(session, session.model.problem.x_train)
    values = np.linalg.svd(h - h.mean(axis=0), compute_uv=False)
    shown = arrays["hidden_points"][:, :2].astype(float)
    np.testing.assert_allclose(np.sqrt((shown**2).sum(axis=0)), values[:2], rtol=1e-4)
    assert abs(shown[:, 0] @ shown[:, 1]) < 1e-3
    line = header["hidden"]["line"]
    assert line[2] == pytest.approx(session.model.net(session.model.problem.x_train).mean())


def test_principal_components_do_not_flip():
    session, space = session_with(hidden=[6]), HiddenSpace()
    before = space.sections(session.model)[0]["hidden_points"]
    space._axes = -space._axes  # as if they had come out the other way round
    after = space.sections(session.model)[0]["hidden_points"]
    np.testing.assert_allclose(after[:, :2], -before[:, :2], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("values", "kind", "axes"),
    [
        ({"hidden": []}, "features", ["x₁", "x₂"]),
        ({"hidden": [], "features": list(FEATURES)}, "components", None),
        ({"hidden": [3, 1]}, "units", ["h₁", ""]),
        ({"hidden": [2], "data": "clouds"}, "units", ["h₁", "h₂"]),
        ({"hidden": [3], "data": "own"}, "components", None),
    ],
)
def test_other_hidden_spaces(values, kind, axes):
    session = Session(hidden_space=True, **values)
    header, arrays = unpack(Frames(session).next_frame())
    assert header["hidden"]["kind"] == kind
    assert axes is None or header["hidden"]["axes"] == axes
    assert (header["hidden"]["line"] is None) == (session.model.problem.kind == "several")
    assert np.isfinite(arrays["hidden_grid"]).all()


def test_the_hidden_space_comes_only_when_asked_for():
    assert "hidden" not in Frames(Session()).next_frame()[0]


# what never changes


def test_options_hold_a_small_picture_of_every_data_set():
    options = all_options()
    keys = [entry["key"] for entry in options["choices"]["data"]]
    assert options["thumbnails"].keys() == set(keys) - {"own"}
    for rows in options["thumbnails"].values():
        assert 100 <= len(rows) <= 120 and np.abs(np.array(rows)[:, :2]).max() <= 6.5
    assert len(options["palette"]) == 256 and all(len(color) == 4 for color in options["palette"])
