"""What a cell says without running it."""

import pytest

from coursekit.grading.batch.sandbox.cell_analysis import read, without_commands


@pytest.mark.parametrize(
    ("source", "binds", "uses"),
    [
        ("x = 1", "x", ""),
        ("y = x", "y", "x"),
        ("x = 1\ny = x", "x y", ""),
        ("x = x + 1", "x", "x"),
        ("def f(a):\n    b = a\n    return g(b) + c", "f", "c g"),
        ("def f():\n    return h()\ndef h():\n    return 1", "f h", ""),
        ("class A(B):\n    z = q\n    def m(self):\n        return w", "A", "B q w"),
        ("@d\ndef f(a: h = e):\n    pass", "f", "d e h"),
        ("import a.b as c, d.e\nfrom f import g", "c d g", ""),
        ("def f():\n    global n\n    n = 1", "f n", ""),
        ("y = [k * s for k in range(3)]", "y", "k range s"),
        ("y = {k: i for i, k in s} | {i: {k for k in s} for i in s}", "y", "i k s"),
        ("k = 1\ny = [k for k in s]", "k y", "k s"),
        ("def f(i=k):\n    return [k for k in i]", "f", "k"),
        ("f = lambda i: i + u", "f", "i u"),
        ("for i in r:\n    pass", "i", "i r"),
    ],
)
def test_names(source, binds, uses):
    found = read(source)
    assert found["binds"] == binds.split()
    # names of a comprehension's and a lambda's own may be there too
    assert set(uses.split()) - set("ik") <= {*found["first"], *found["later"]} <= set(uses.split())
    assert found["commands"] == []


@pytest.mark.parametrize(
    ("source", "simple"),
    [
        ('"""Text."""\nimport numpy as np\n\n\ndef f(x):\n    return x', True),
        ("class A:\n    def f(self): return 1", True),
        ("f = 1", False),  # what it replaces may be used by other cells
        ("@d\ndef f(x): return x", False),
        ("def f(x): return x\nA.f = f", False),
        ("def f(x): return display(x)", False),
        ("print(1)", False),
        ("%time\ndef f(x): return x", False),
        ("def f(x:", False),
    ],
)
def test_a_cell_that_only_defines_things_is_simple(source, simple):
    assert read(source)["simple"] is simple


@pytest.mark.parametrize(
    ("source", "text", "commands"),
    [
        ("x = 5 % 3\n", "x = 5 % 3\n", []),
        ("%timeit f(x)\nx = 1", "pass\nx = 1", ["%timeit f(x)"]),
        ("%%time\nx = 1", "pass\nx = 1", ["%%time"]),
        ("def f(x):\n    !ls\n    return x", "def f(x):\n    pass\n    return x", ["    !ls"]),
        ("np.dot?\nx = 1", "pass\nx = 1", ["np.dot?"]),
        ("?np\n!pip install x", "pass\npass", ["?np", "!pip install x"]),
    ],
)
def test_commands_of_the_notebook_are_left_out(source, text, commands):
    assert without_commands(source) == (text, commands)


@pytest.mark.parametrize("source", ["def f(:\n%time", "%%bash\nfor f in *; do ls", "x = !ls"])
def test_what_is_no_python_without_them_stays_as_it_is(source):
    assert without_commands(source) == (source, [])
    assert read(source)["binds"] == []


@pytest.mark.parametrize("source", ["\0", "x = '\\ud800'", "(" * 300, "# -*- coding: utf-99 -*-"])
def test_any_text_can_be_read(source):
    assert read(source)["commands"] == []
