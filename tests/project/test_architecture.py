"""docs/architecture.md: the files that it names exist, and its pictures show the code as it is."""

import ast
import importlib.util
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STORED = ROOT / "docs" / "architecture"
TOOL = ROOT / "tools" / "draw_architecture.py"
NAMED = sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.]*|\w+\.(?:py|md|ipynb))`", PAGE)))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("draw_architecture", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_names_many_files():
    assert len(NAMED) > 40


@pytest.mark.parametrize("name", NAMED)
def test_what_the_page_names_is_there(name):
    places = [ROOT / name, ROOT / "coursekit" / name, ROOT / "coursekit" / "grading" / name]
    assert any(p.is_dir() if name.endswith("/") else p.is_file() for p in places)


def test_the_pictures_are_those_of_today_s_code(tool):
    drawn = tool.draw_all()
    assert set(drawn) == {path.name for path in STORED.iterdir()}
    old = [name for name in drawn if drawn[name] != (STORED / name).read_text(encoding="utf-8")]
    assert old == [], "run `python tools/draw_architecture.py`"


def test_the_page_shows_every_picture_with_a_description():
    shown = re.findall(r"!\[([^\]]+)\]\(architecture/([^)]+)\)", PAGE)
    assert sorted(name for _, name in shown) == sorted(path.name for path in STORED.iterdir())
    assert all(len(text) > 100 for text, _ in shown)


@pytest.mark.parametrize("path", sorted(STORED.glob("*.svg")), ids=lambda path: path.stem)
def test_no_box_covers_another_and_all_are_inside(path):
    picture = ElementTree.parse(path).getroot()
    width, height = float(picture.get("width")), float(picture.get("height"))
    boxes = [
        [float(box.get(name)) for name in ("x", "y", "width", "height")]
        for box in picture.iter(f"{SVG}rect")
        if box.get("rx") == "6"
    ]
    assert len(boxes) > 5
    for number, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
        for u, v, p, q in boxes[:number]:
            assert x >= u + p or u >= x + w or y >= v + q or v >= y + h


@pytest.fixture
def package(tool, tmp_path, monkeypatch):
    """A small package: top uses middle and bottom, middle uses bottom."""
    monkeypatch.setattr(tool, "PACKAGE", tmp_path)
    files = {
        "part/__init__.py": "from coursekit.part.bottom import one",
        "part/bottom.py": "one = 1",
        "part/middle.py": "from coursekit.part import one",
        "part/top.py": "from coursekit import part\nfrom coursekit.part import middle\npart.one",
        "part/other.py": "def f():\n    from coursekit.part.bottom import one\n    return one",
        "part/typed.py": "if TYPE_CHECKING:\n    from coursekit.part.bottom import one",
    }
    (tmp_path / "part").mkdir()
    for name, text in files.items():
        ast.parse(text)
        (tmp_path / name).write_text(text)
    return tool


def test_imports_lead_to_the_file_that_defines_a_name(package):
    found = package.all_imports()
    assert found["part/middle.py"] == {"part/bottom.py"}
    assert found["part/top.py"] == {"part/bottom.py", "part/middle.py"}
    assert found["part/other.py"] == {"part/bottom.py"}
    assert found["part/typed.py"] == set()


def test_an_arrow_that_a_longer_way_implies_is_left_out(package):
    imports = package.all_imports()
    arrows = package.graph(["part/top.py", "part/middle.py", "part/bottom.py"], imports)
    assert arrows["part/top.py"] == {"part/middle.py"}
    assert arrows["part/middle.py"] == {"part/bottom.py"}
    assert package.graph(["part/top.py", "part/bottom.py"], imports)["part/top.py"]


def test_a_row_is_above_all_that_it_imports_and_not_too_long(package):
    arrows = {"a": {"f"}, "b": {"a", "f"}, **{name: set() for name in "cdefgh"}}
    rows = package.rows_of(arrows)
    level = {name: number for number, row in enumerate(rows) for name in row}
    assert level["b"] < level["a"] < level["f"]
    assert max(sum(name in arrows for name in row) for row in rows) <= package.BOXES
    assert any(name.startswith("b>f") for name in rows[level["a"]])


@pytest.mark.parametrize("path", sorted(STORED.glob("*.svg")), ids=lambda path: path.stem)
def test_each_folder_has_a_colour_of_its_own_in_a_legend_that_can_be_read(path):
    picture = ElementTree.parse(path).getroot()
    signs = [box for box in picture.iter(f"{SVG}rect") if box.get("rx") == "3"]
    colours = [sign.get("fill") for sign in signs]
    assert len(signs) > 1 and len({*colours}) == len(colours)
    for text in picture.iter(f"{SVG}text"):
        if float(text.get("y")) >= float(signs[0].get("y")):
            assert float(text.get("x")) + 7 * len(text.text) <= float(picture.get("width"))
