"""The experiments whose results are stored: each script still computes what its file holds.

A script ``notebooks/experiments/NAME.py`` has its settings in ``SETTINGS`` and a function
``experiment(settings)`` that returns what ``NAME.json`` stores, the settings under "settings".
"""

import importlib.util
import json
from pathlib import Path

import nbformat
import pytest

EXPERIMENTS = Path(__file__).resolve().parents[2] / "notebooks" / "experiments"
#: Scripts that need libraries which are no part of the course.
PEERS = {"capstone_peers"}
#: Settings that make each experiment small.
TINY = {
    "activations": {
        "width": 4,
        "epochs": 1,
        "rates": [0.1],
        "tuning_seeds": [0],
        "seeds": [0],
    },
    "approximation": {
        "widths": [4],
        "rates": [0.01],
        "updates": [1, 2],
        "seeds": [0],
        "points": 5,
        "shapes": [[2, 1]],
        "spiral_seeds": [0],
        "spiral_epochs": 1,
        "rounds": 1,
    },
    "kolmogorov": {"rounds": 1, "points": 50, "grid": 3},
    "capstone": {
        "epochs": 1,
        "rates": {"SGD": [0.1], "Adam": [0.01]},
        "tuning_seeds": [0],
        "seeds": [0],
        "choice_seeds": [0],
        "choices": [{"depth": 1, "width": 8, "p_drop": 0.2, "standardize": True}],
        "strengths": {"none": [0.0], "dropout": [0.1], "L2 penalty": [0.1], "decoupled decay": [1]},
    },
    "initialisation": {
        "hidden_layers": 1,
        "width": 4,
        "epochs": 1,
        "rates": [0.01],
        "tuning_seeds": [0],
        "seeds": [0],
        "scales": [1.0],
    },
    "learnt_features": {
        "copies": [0],
        "epochs": [1],
        "rates": [0.001],
        "seeds": [0],
    },
    "optimizers": {
        "tasks": {"digits": 1, "digits in other units": 1, "half-moons": 1},
        "rates": [0.1],
        "tuning_seeds": [0],
        "seeds": [0],
        "schedule_epochs": 1,
        "schedule_rates": [0.1],
    },
    "normalisation": {
        "width": 4,
        "rates": [0.1],
        "seeds": [0],
        "epochs": 1,
        "most_epochs": 1,
        "together_rates": [0.1],
        "amounts": [0.5],
        "shaken_epochs": 1,
        "start_seeds": [0],
    },
    "regularisation": {
        "digits": 20,
        "width": 4,
        "updates": {"0.0": 2, "0.2": 2},
        "measured_every": 1,
        "lengths": [1, 2],
        "tuning_seeds": [0],
        "seeds": [0, 1],
    },
}


def script(name):
    spec = importlib.util.spec_from_file_location(name, EXPERIMENTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stored(name):
    return json.loads((EXPERIMENTS / f"{name}.json").read_text(encoding="utf-8"))


def shape(value):
    """Names and kinds of a result; of a list its first entry, for its length may differ."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number or none" if value is None or isinstance(value, int | float) else type(value)


def test_every_script_is_tested_and_has_its_result():
    assert {path.stem for path in EXPERIMENTS.glob("*.py")} == set(TINY) | PEERS
    assert {path.stem for path in EXPERIMENTS.glob("*.json")} == set(TINY) | PEERS


@pytest.mark.parametrize("name", TINY)
def test_the_result_records_the_script_s_settings(name):
    assert stored(name)["settings"] == script(name).SETTINGS


@pytest.mark.parametrize("name", TINY)
def test_a_small_run_gives_what_is_stored(name):
    module = script(name)
    result = module.experiment(module.SETTINGS | TINY[name])
    assert shape(json.loads(json.dumps(result))) == shape(stored(name))


def test_the_capstone_s_peers_had_the_same_task():
    ours, peers = stored("capstone"), stored("capstone_peers")
    assert peers["settings"].items() <= ours["settings"].items()
    assert peers["shapes"] == [played["chosen"] for played in ours["rounds"]]
    seeds = len(ours["settings"]["choice_seeds"])
    assert {len(mistakes) for mistakes in peers["mistakes"].values()} == {seeds}


def test_lecture_01_moves_digits_as_the_script_does():
    book = nbformat.read(EXPERIMENTS.parent / "01_linear_limits.ipynb", as_version=4)
    (source,) = (c.source for c in book.cells if c.id == "digits-moved")
    body = source.partition("def move(x, columns):\n")[2].partition("\n\n\n")[0]
    assert body and body in (EXPERIMENTS / "learnt_features.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("cell", ["network", "train", "quarters"])
def test_the_capstone_shows_the_script_s_own_functions(cell):
    book = nbformat.read(EXPERIMENTS.parent / "11_capstone.ipynb", as_version=4)
    (source,) = (c.source for c in book.cells if c.id == cell)
    function = source.partition("\n\n\n")[0]
    assert function in (EXPERIMENTS / "capstone.py").read_text(encoding="utf-8")
