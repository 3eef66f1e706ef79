"""Answers that come from a library are found out."""

import sys
from types import ModuleType

import pytest

from coursekit.grading.judge.forbidden_imports import refused_object, refused_source
from coursekit.grading.judge.local import new_namespace, run_cell


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import torch", "torch"),
        ("import numpy as np, torch.nn as nn", "torch"),
        ("def f():\n    from sklearn.linear_model import Perceptron", "sklearn"),
        ("from coursekit import nn", "coursekit"),
        ("from coursekit import check, nn", "coursekit"),
        ("from coursekit.nn import Dense", "coursekit"),
        ("import coursekit", "coursekit"),
        ("__import__('jax')", "jax"),
        ("import importlib\nimportlib.import_module('keras.layers')", "keras"),
        ("from importlib import import_module\nimport_module('tensorflow')", "tensorflow"),
        ("import numpy as np\nfrom math import exp", None),
        ("from coursekit import check, progress", None),
        ("from . import torch", None),
        ("torch = 1", None),
        ("# import torch\n'import torch'", None),
        ("def f(:", None),
        ("x = '\0'", None),
    ],
)
def test_imports_in_a_cell(source, module):
    assert refused_source(source) == module


@pytest.fixture
def torch(monkeypatch):
    module = ModuleType("torch")
    exec("def relu(x): return x", module.__dict__)
    monkeypatch.setitem(sys.modules, "torch", module)


@pytest.mark.usefixtures("torch")
@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import torch\ndef f(): return torch.relu(1)", "torch"),
        ("import torch as np\ndef f(): return np.relu(1)", "torch"),
        ("from torch import relu\ndef f(): return relu(1)", "torch"),
        ("from torch import relu as f", "torch"),
        ("def f():\n    import torch\n    return torch.relu(1)", "torch"),
        ("def f():\n    def g():\n        import torch\n    return g()", "torch"),
        ("import torch\ndef g(): return torch.relu(1)\ndef f(): return g()", "torch"),
        ("import torch\nf = lambda: torch.relu(1)", "torch"),
        ("import torch\nclass f:\n    def step(self): return torch.relu(1)", "torch"),
        ("import torch\nclass A:\n    def g(self): return torch\ndef f(): return A()", "torch"),
        ("import torch\ndef f(): return 1", None),
        ("import torch\ndef f(x): return x.torch", None),
        ("import torch\ndef f(torch): return torch.relu(1)", None),
        ("from coursekit import check\ndef f(): return check", None),
        ("def g(): return f()\ndef f(): return g()", None),
        ("import numpy as np\ndef f(): return np.sum([1])", None),
        ("f = 3", None),
    ],
)
def test_libraries_behind_a_function(source, module):
    space = new_namespace()
    run_cell(source, space, "a")
    assert refused_object(space["f"], space) == module
