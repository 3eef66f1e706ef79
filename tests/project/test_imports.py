"""Imports point one way: nn ← data, plots ← widgets, and grading beside them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import coursekit

ROOT = Path(coursekit.__file__).parent
MODELS_AND_VIEWS = {"nn", "data", "plots", "widgets"}
MAY_IMPORT = {
    "nn": set(),
    "data": {"nn"},
    "plots": {"nn"},
    "widgets": {"nn", "data", "plots"},
    "grading": set(),
}


def part_of(file):
    """Return the part of coursekit that a file belongs to, such as nn."""
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(file):
    """Return the absolute names of all that a file imports, from anywhere in it."""
    package = ["coursekit", *file.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def parts_imported(file):
    for name in imports(file):
        first, *rest = name.split(".")
        if first == "coursekit" and rest and rest[0] != part_of(file):
            yield rest[0]


FILES = sorted(f for f in ROOT.rglob("*.py") if part_of(f) in MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_arrows(file):
    forbidden = MODELS_AND_VIEWS - MAY_IMPORT[part_of(file)] | {"grading"}
    assert not forbidden & set(parts_imported(file)), f"{file.name} imports against the arrows"


def test_arrows_are_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "nn").mkdir()
    for code in (
        "import coursekit.plots",
        "from coursekit import plots",
        "from coursekit.plots.show import show",
        "from ..plots import points",
        "from .. import plots",
        "def f():\n    import coursekit.plots as p",
    ):
        file = tmp_path / "nn" / "layers.py"
        file.write_text(code)
        assert list(parts_imported(file)) == ["plots"], code
    file.write_text("from . import layers\nfrom .layers import Dense\nimport coursekit.nn.layers")
    assert list(parts_imported(file)) == []


@pytest.mark.parametrize("file", sorted((ROOT / "nn").glob("*.py")), ids=lambda f: f.name)
def test_nn_imports_numpy_and_nothing_else(file):
    tops = {name.split(".")[0] for name in imports(file)} - sys.stdlib_module_names
    assert tops <= {"numpy", "coursekit"}


def test_importing_nn_loads_numpy_and_nothing_else():
    code = f"""if True:
        import sys
        import numpy.random

        sys.path.insert(0, {str(ROOT.parent)!r})
        before = set(sys.modules)
        import coursekit.nn

        print(*(set(sys.modules) - before))
        """
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()} - sys.stdlib_module_names
    assert loaded <= {"coursekit", "numpy"}
    assert "coursekit.nn.layers" in run.stdout.split()


def test_all_names_what_is_there():
    from coursekit import nn

    public = {name for name in vars(nn) if not name.startswith("_")}
    modules = {f.stem for f in (ROOT / "nn").glob("*.py")}
    assert set(nn.__all__) == public - modules
