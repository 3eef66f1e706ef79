"""An edition is a whole course in another language: its tests pass, and it can be handed out."""

import json

import pytest
from small_translation import LANGUAGE

from coursekit.cli import main
from coursekit.grading.course.notebook import source_of
from coursekit.grading.course.paths import CourseError
from coursekit.translation import catalogue
from coursekit.translation.edition import build, complete

NAME = "01_linear_limits"


def cells(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook, {cell["id"]: source_of(cell) for cell in notebook["cells"]}


def test_an_edition_is_a_course_whose_exercises_are_recorded(course, tmp_path, monkeypatch, capsys):
    (course.root / "docs" / "opening.md").write_text(
        "# One page\n\nSee [it](hub.md#each-week-and-after-a-correction).\n"
    )
    list(catalogue.update(course, LANGUAGE))
    with pytest.raises(CourseError, match="texts wait for their translation"):
        complete(course, LANGUAGE, tmp_path / "edition")
    assert not (tmp_path / "edition").exists()

    edition = build(course, LANGUAGE, tmp_path / "edition")
    begun, *_, recorded = capsys.readouterr().err.splitlines()
    assert begun == f"Writing the course to {edition.root}, which takes about a minute."
    assert recorded == f"recorded: {NAME}"
    for folder in ("notebooks", "solutions", "exercises"):
        notebook, sources = cells(edition.root / folder / f"{NAME}.ipynb")
        if folder != "exercises":
            assert notebook["metadata"]["coursekit"] == {"language": LANGUAGE}
        first = next(source for source in sources.values() if "from coursekit" in source)
        assert f'speak("{LANGUAGE}")' in first
        assert "⟦⟧" in "".join(sources.values())
    assert sources["task-01-1"].startswith("## Задание 01.1: One neuron")
    assert '"""Outputs ⟦⟧ 0 or 1' in sources["answer-01-1"]
    recording = json.loads(edition.recorded_file(NAME).read_text(encoding="utf-8"))
    assert recording["tasks"]["01.1"]["title"].startswith("One neuron")
    says = [mistake["says"][0] for mistake in recording["tasks"]["01.1"]["mistakes"]]
    assert says
    assert all("⟦⟧" in sentence for sentence in says)
    page = (edition.root / "docs/opening.md").read_text(encoding="utf-8")
    assert "# One page" in page  # waits
    assert "#each--week-and-after-a-correction" in page

    (tmp_path / "mine").mkdir()
    with pytest.raises(CourseError, match="holds no edition"):
        build(course, LANGUAGE, tmp_path / "mine")

    monkeypatch.chdir(course.root)
    assert main(["release", "--to", str(tmp_path / "out"), "--language", LANGUAGE]) == 2
    assert main(["release", "--to", str(tmp_path / "out"), "--language", "xx"]) == 2
    assert not (tmp_path / "out").exists()
    assert main(["release", "--to", str(tmp_path / "out")]) == 0  # in English nothing waits
    assert (tmp_path / "out" / "exercises" / f"{NAME}.ipynb").is_file()
