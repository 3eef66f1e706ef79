"""Imports point one way, between the parts of the package and inside them, and in no circle."""

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import coursekit

ROOT = Path(coursekit.__file__).parent
BELOW_BATCH = {"grading.course", "grading.judge"}
BATCH = {
    f"grading.batch.{name}"
    for name in ("base", "sandbox", "hand_ins", "marks", "grader", "exports")
}
# Part -> the other parts that it may import. A part is the longest of these names that fits.
MAY_IMPORT = {
    "nn": set(),
    "data": {"nn"},
    "plots": {"nn"},
    "widgets": {"nn", "data", "plots", "widgets.base"},  # the files that are in no folder
    "widgets.base": {"nn", "data", "plots"},
    "widgets.explorers": {"nn", "data", "plots", "widgets.base"},
    "widgets.race": {"nn", "data", "plots", "widgets.base"},
    "widgets.playground": {"widgets.playground.training", "widgets.playground.view"},
    "widgets.playground.training": {"nn", "data", "widgets.base"},
    "widgets.playground.view": {"nn", "plots", "widgets.base", "widgets.playground.training"},
    "translation": {"grading.course", "widgets.base"},
    "grading": set(),
    "grading.course": set(),
    "grading.judge": {"grading.course"},
    "grading.student": {"grading.course", "grading.judge"},
    "grading.authoring": {"grading.course", "grading.judge"},
    "grading.batch": BELOW_BATCH | BATCH,
    "grading.batch.base": {"grading.course"},
    "grading.batch.sandbox": BELOW_BATCH,
    "grading.batch.hand_ins": BELOW_BATCH | {"grading.batch.base"},
    "grading.batch.marks": BELOW_BATCH | {"grading.batch.base"},
    "grading.batch.grader": BELOW_BATCH
    | {"grading.batch.base", "grading.batch.hand_ins", "grading.batch.sandbox"},
    "grading.batch.exports": BELOW_BATCH
    | {"grading.batch.base", "grading.batch.hand_ins", "grading.batch.marks"},
}


def module_of(file):
    """Return the name of a module without the package's, such as nn.layers."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module):
    """Return the part that a module belongs to, such as widgets.base, or its first name."""
    names = module.split(".")
    found = [".".join(names[:n]) for n in range(len(names), 0, -1)]
    return next((name for name in found if name in MAY_IMPORT), names[0])


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
    """Return the other parts of coursekit that a file imports."""
    names = (name.partition(".")[2] for name in imports(file) if name.startswith("coursekit."))
    parts = {part_of(name) for name in names}
    return sorted(parts - {part_of(module_of(file))})


FILES = sorted(f for f in ROOT.rglob("*.py") if part_of(module_of(f)) in MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_arrows(file):
    module = module_of(file)
    if module == "widgets":  # it exports what its folders hold
        assert all(part.startswith("widgets.") for part in parts_imported(file))
        return
    forbidden = {p for p in parts_imported(file) if p in MAY_IMPORT} - MAY_IMPORT[part_of(module)]
    assert not forbidden, f"{module} imports against the arrows: {', '.join(sorted(forbidden))}"


def arrows(root):
    """Return for each module below a folder the modules there that it imports."""
    files = {module_of(file): file for file in root.rglob("*.py")}

    def known(name):
        while name and name not in files:
            name = name.rpartition(".")[0]
        return name

    return {
        module: {known(name.partition(".")[2]) for name in imports(file)} - {module, ""}
        for module, file in files.items()
    }


def floors(folder):
    """Count the floors of a folder: each of its files and folders is above all that it imports."""
    depth = len(folder.relative_to(ROOT).parts) + 1
    rooms = defaultdict(set)
    for module, imported in arrows(folder).items():
        room, *others = (".".join(name.split(".")[:depth]) for name in (module, *imported))
        rooms[room] |= set(others) - {room}
    placed = 0
    while rooms:
        ground = {room for room, below in rooms.items() if not below & rooms.keys()}
        assert ground, f"a circle: {', '.join(sorted(rooms))}"
        rooms = {room: below for room, below in rooms.items() if room not in ground}
        placed += 1
    return placed


@pytest.mark.parametrize("folder", ["grading", "grading/batch"])
def test_at_most_four_floors(folder):
    assert floors(ROOT / folder) <= 4


def test_floors_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    for name, code in {
        "command": "from coursekit.grading.marks.book import Book\nimport coursekit.grading.run",
        "run": "from coursekit.grading.marks import book",
        "marks/book": "import coursekit.grading.base.csv, coursekit.grading.marks.page",
        "marks/page": "import numpy",
        "base/csv": "import coursekit.language",
    }.items():
        file = tmp_path / "grading" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
    assert floors(tmp_path / "grading") == 4
    (tmp_path / "grading" / "base" / "csv.py").write_text("import coursekit.grading.command")
    with pytest.raises(AssertionError, match="a circle"):
        floors(tmp_path / "grading")


def circles(root):
    """Find the groups of modules that import each other, directly or by way of others."""
    imported = arrows(root)

    def reached_from(module):
        todo, seen = [module], set()
        while todo:
            new = imported[todo.pop()] - seen
            seen |= new
            todo += new
        return seen

    reached = {module: reached_from(module) for module in imported}
    return {
        tuple(sorted({module, *(o for o in reached[module] if module in reached[o])}))
        for module in imported
        if module in reached[module]
    }


def test_no_circle():
    assert not circles(ROOT)


def test_a_circle_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "nn").mkdir()
    for name, code in {
        "a": "from coursekit.nn.b import f",
        "b": "def f():\n    from coursekit.nn import c",
        "c": "import coursekit.nn.a",
        "d": "import coursekit.nn.a",
    }.items():
        (tmp_path / "nn" / f"{name}.py").write_text(code)
    assert circles(tmp_path) == {("nn.a", "nn.b", "nn.c")}


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
        assert parts_imported(file) == ["plots"], code
    file.write_text("from . import layers\nfrom .layers import Dense\nimport coursekit.nn.layers")
    assert parts_imported(file) == []


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
