"""The playground's settings: what can be chosen, what goes together, and the text they become."""

import ast
import json
import math

import numpy as np
import pytest

from coursekit.widgets.playground.training.choices import CHOICES, FEATURES
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.settings import HiddenLayer, Settings
from coursekit.widgets.playground.training.state_text import from_text, take_apart, to_code, to_text


def restore(text):
    values, points, _ = take_apart(from_text(text))
    return Settings().changed(**values), points


def restored(settings, own=None):
    return restore(to_text(settings, own or OwnPoints()))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rate": 1}, "no setting 'rate'; there are activation, batch_size"),
        ({"data": "moon"}, "data must be one of circle, .*, got 'moon'"),
        ({"activation": "swish"}, "activation must be one of"),
        ({"lr": 0}, "lr must be a number from 1e-06 to 100, got 0"),
        ({"lr": math.nan}, "lr must be"),
        ({"lr": "fast"}, "lr must be"),
        ({"lr": True}, "lr must be"),
        ({"strength": -0.1}, "strength must be"),
        ({"noise": 51}, "noise must be a whole number from 0 to 50"),
        ({"noise": 12.5}, "noise must be"),
        ({"train_percent": 95}, "train_percent must be"),
        ({"batch_size": 0}, "batch_size must be"),
        ({"classes": 6}, "classes must be"),
        ({"features": []}, "at least one feature"),
        ({"features": 1}, "features must be one of"),
        ({"self": 1}, "no setting 'self'"),
        ({"features": ["x3"]}, "features must be one of"),
        ({"hidden": [4, 9]}, "units must be a whole number from 1 to 8, got 9"),
        ({"hidden": [0]}, "units must be"),
        ({"hidden": [1] * 7}, "at most 6 hidden layers, got 7"),
        ({"hidden": 4}, r"hidden must be a list such as \[4, 2\]"),
        ({"hidden": [{"activation": "tanh"}]}, "a hidden layer needs units"),
        ({"hidden": [{"units": 2, "colour": 1}]}, "a hidden layer needs"),
        ({"hidden": [{"units": 2, "dropout": 1.0}]}, "dropout must be"),
        ({"hidden": [{"units": 2, "batch_norm": 1}]}, "batch_norm must be True or False"),
        ({"discretize": "yes"}, "discretize must be True or False"),
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
    assert restore(to_code(text))[0] == settings
    assert "\n" not in text and len(text) < 200


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


def test_what_a_point_is_for_comes_back_too():
    own = OwnPoints()
    own.add([[1, 1, 0, 1], [2, 2, 1, 0], [3, 3, 1]])
    text = to_text(Settings().changed(data="own"), own, {(1, 0, 0), (0, 1, 2)})
    assert '"points":[[1.0,1.0,0,1],[2.0,2.0,1,0],[3.0,3.0,1]]' in text
    assert text.endswith('"cuts":[[0,1,2],[1,0,0]]}')
    for written in (text, to_code(text)):
        values, back, cuts = take_apart(from_text(written))
        assert back.tests.tolist() == [1, 0, -1] and cuts == [(0, 1, 2), (1, 0, 0)]
        assert "cuts" not in values and "points" not in values


def test_the_code_is_what_a_reader_would_write():
    settings = Settings().changed(data="spiral", hidden=[8, 8], lr=0.1, show_test=True)
    text = to_text(settings, OwnPoints())
    code = "widgets.Playground(data='spiral', hidden=[8, 8], lr=0.1, show_test=True)"
    assert to_code(text).endswith(code) and from_text(code) == from_text(to_code(text))
    names = {}  # of a notebook that has imported nothing
    first, last = ast.parse(to_code(text)).body
    exec(compile(ast.Module([first], []), "cell", "exec"), names)
    assert eval(ast.unparse(last), names).state == text


def test_the_text_is_json():
    assert to_text(Settings(), OwnPoints()) == '{"hidden":[4,2]}'
    assert from_text("{}") == {}
    settings = Settings().changed(data="spiral", hidden=[8, {"units": 2, "dropout": 0.2}], lr=0.1)
    text = '{"data":"spiral","hidden":[8,{"units":2,"dropout":0.2}],"lr":0.1}'
    assert to_text(settings, OwnPoints()) == text
    assert from_text(text.replace(":", " : ")) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a state must be JSON such as .*, got ''"),
        ("data=spiral&lr=0.1", "a state must be JSON such as .*, got 'data=spiral&lr=0.1'"),
        ("[1, 2]", "a state must be JSON such as"),
        ('{"lr": 0.1', "a state must be JSON such as"),
        ("widgets.Playground(hidden=[4", "a state must be JSON such as"),
        ("widgets.Playground('spiral')", "a state must be JSON such as"),
        ("widgets.Playground(lr=print(1))", "a state must be JSON such as"),
        ("widgets.Playground(rate=1)", "no setting 'rate'"),
        ('{"points": [[1, 2, 0, 2]]}', "fourth number must be 0 or 1"),
        ('{"cuts": [[1, 2]]}', r"a cut link must be \[layer, from, to\]"),
        ('{"cuts": [[0, -1, 2]]}', "number must be a whole number"),
        ('{"points": [[1, 2]]}', r"points must be rows \[x1, x2, class\], got \[\[1, 2\]\]"),
        ('{"points": [[1, 2, 0], [1]]}', "points must be rows"),
        ('{"points": {"a": 1}}', "points must be rows"),
        ('{"points": [[1, 2, 9]]}', "classes must be whole numbers"),
        ('{"heights": [[9, 2, 1]]}', "points must lie between -6 and 6, got 9"),
        ('{"lr": "x"}', "lr must be a number"),
        ('{"show_test": 1}', "show_test must be True or False"),
        ('{"net": 1}', "no setting 'net'"),
        ('{"hidden": {"units": 2}}', "hidden must be a list"),
        ('{"hidden": [{"units": 2, "drop": 1}]}', "a hidden layer needs units"),
    ],
)
def test_a_text_of_something_else_is_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        restore(text)


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
