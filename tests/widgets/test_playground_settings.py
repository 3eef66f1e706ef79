"""The playground's settings: what can be chosen, what goes together, and the text they become."""

import math

import numpy as np
import pytest

from coursekit.widgets.playground.training.choices import CHOICES, FEATURES
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings
from coursekit.widgets.playground.training.state_text import from_text, to_text


def restored(settings, own=None):
    values, points = from_text(to_text(settings, own or OwnPoints()))
    return Settings().changed(**values), points


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rate": 1}, "expected some of .*, got rate"),
        ({"data": "moon"}, "data expected one of circle, .*, got 'moon'"),
        ({"activation": "swish"}, "activation expected one of"),
        ({"lr": 0}, "lr expected a number from 1e-06 to 100, got 0"),
        ({"lr": math.nan}, "lr expected"),
        ({"lr": "fast"}, "lr expected"),
        ({"lr": True}, "lr expected"),
        ({"strength": -0.1}, "strength expected"),
        ({"noise": 51}, "noise expected a whole number from 0 to 50"),
        ({"noise": 12.5}, "noise expected"),
        ({"train_percent": 95}, "train_percent expected"),
        ({"batch_size": 0}, "batch_size expected"),
        ({"classes": 6}, "classes expected"),
        ({"features": []}, "at least one feature"),
        ({"features": ["x3"]}, "features expected one of"),
        ({"hidden": [4, 9]}, "units expected a whole number from 1 to 8, got 9"),
        ({"hidden": [0]}, "units expected"),
        ({"hidden": [1] * 7}, "at most 6 hidden layers, got 7"),
        ({"hidden": 4}, r"hidden expected a list such as \[4, 2\]"),
        ({"hidden": [{"activation": "tanh"}]}, "a hidden layer expected units, activation"),
        ({"hidden": [{"units": 2, "colour": 1}]}, "a hidden layer expected"),
        ({"hidden": [{"units": 2, "dropout": 1.0}]}, "dropout expected"),
        ({"hidden": [{"units": 2, "batch_norm": 1}]}, "batch_norm expected True or False"),
        ({"discretize": "yes"}, "discretize expected True or False"),
        ({"batch_norm": True, "batch_size": 1}, "batches of at least 2"),
    ],
)
def test_what_does_not_exist_or_fit_is_refused(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        Settings().changed(**values)


def test_a_layer_takes_the_activation_for_all_unless_it_says_otherwise():
    settings = Settings().changed(hidden=[4, {"units": 2, "activation": "ELU"}], activation="ReLU")
    assert [layer.activation for layer in settings.hidden] == ["ReLU", "ELU"]
    settings = settings.changed(hidden=[4, 3])
    assert [layer.activation for layer in settings.hidden] == ["ReLU", "ReLU"]
    settings = settings.changed(activation="sigmoid")
    assert [layer.activation for layer in settings.hidden] == ["sigmoid", "sigmoid"]
    assert restored(settings)[0] == settings
    settings = settings.changed(hidden=[{"units": 2, "activation": "tanh"}, 3])
    assert restored(settings)[0] == settings


def test_batch_norm_and_dropout_for_all_layers_at_once():
    settings = Settings().changed(hidden=[3, 3], batch_norm=True, dropout=0.2)
    assert settings.hidden == (HiddenLayer(3, "tanh", True, 0.2),) * 2
    assert settings.changed(dropout=0).hidden == (HiddenLayer(3, "tanh", True, 0.0),) * 2


def test_features_keep_their_order():
    assert Settings().changed(features=["sin(x1)", "x1"]).features == ("x1", "sin(x1)")


def test_whole_numbers_may_come_as_floats():
    settings = Settings().changed(noise=10.0, hidden=[{"units": 3.0}])
    assert settings.noise == 10 and isinstance(settings.noise, int)
    assert isinstance(settings.hidden[0].units, int)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"data": "spiral", "noise": 35, "train_percent": 70, "data_seed": 12},
        {"hidden": []},
        {"hidden": [8] * 6, "activation": "leaky ReLU"},
        {"hidden": [4, 2], "activation": "ReLU"},
        {
            "hidden": [
                {"units": 3, "activation": "ELU", "batch_norm": True},
                {"units": 1, "dropout": 0.25},
            ]
        },
        {"features": list(FEATURES), "init": "glorot normal", "net_seed": 7},
        {"init": "normal", "init_scale": 0.123456789, "optimizer": "RMSProp", "lr": 3e-5},
        {"penalty": "elastic net", "strength": 0.003, "batch_size": 30, "pace": "fast"},
        {"show_test": True, "discretize": True, "hidden_space": True},
        {"data": "clouds", "classes": 5, "gradients": True},
    ],
)
def test_settings_come_back_from_their_text(values):
    settings = Settings().changed(**values)
    text = to_text(settings, OwnPoints())
    assert restored(settings)[0] == settings
    assert " " not in text and len(text) < 200


@pytest.mark.parametrize("name", [name for name in CHOICES if name != "loss"])
def test_every_choice_comes_back_from_its_text(name):
    for choice in CHOICES[name]:
        settings = Settings().changed(**{name: choice})
        assert restored(settings)[0] == settings


def test_the_reader_s_points_come_back_rounded_to_hundredths():
    settings = Settings().changed(data="own")
    x = np.array([[1.234, -5.0], [0.0, 2.345], [0.5, 0.25]])
    back = restored(settings, OwnPoints((x, np.array([0, 2, 1]))))[1]
    np.testing.assert_allclose(back.x, x, atol=0.0051)
    assert back.t.tolist() == [0, 2, 1] and not back.regression
    back = restored(settings, OwnPoints((x, np.array([0.5, -1.0, 2.0]))))[1]
    assert back.t.tolist() == [0.5, -1, 2] and back.regression


def test_the_text_of_the_defaults_says_so():
    assert to_text(Settings(), OwnPoints()) == "default"
    assert from_text("default") == ({}, None) == from_text(" ")


@pytest.mark.parametrize(
    "text",
    ["lr", "lr=0.1&lr=0.2", "hidden=a", "hidden=3:drop", "show_test=1", "points=1,2", "lr=x"],
)
def test_a_text_of_something_else_is_refused(text):
    with pytest.raises(ValueError, match="expected"):
        from_text(text)


def test_as_json_holds_plain_values():
    plain = Settings().as_json()
    assert plain["hidden"][0] == {
        "units": 4,
        "activation": "tanh",
        "batch_norm": False,
        "dropout": 0.0,
    }
    assert plain["features"] == ["x1", "x2"]
    mixed = Settings().changed(hidden=[{"units": 2, "activation": "ELU"}, 3])
    assert Settings().changed(**plain) == Settings()
    assert Settings().changed(**mixed.as_json()) == mixed
