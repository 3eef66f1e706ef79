"""The way from what a class hands in to the marks in a platform's table, with files as they are.

Moodle's tables are those of ``mod/assign/gradingtable.php`` with headings of its language packs,
and its zip is that of ``mod/assign/locallib.php``. Canvas's files are those of
``lib/content_zipper.rb`` and ``lib/gradebook_exporter.rb``.
"""

import csv
import json
import zipfile

import pytest

from coursekit.cli import main

from ..small_course import NAME
from .conftest import RIGHT, needs_sandbox, notebook_of
from .test_lms_table import CANVAS_NOW, LANGUAGES

pytestmark = needs_sandbox
HALF = {**RIGHT, "answer-01-2": ""}  # 2.5 of 4.5 points
PEOPLE = {"Ada Lovelace": RIGHT, "Alan Turing": HALF}


@pytest.fixture
def files(ready, tmp_path, monkeypatch):
    """Two hand-ins each at Moodle and at Canvas, and a roster of three."""
    monkeypatch.chdir(ready.root)
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        for number, (name, cells) in enumerate(PEOPLE.items(), 17):
            text = json.dumps(notebook_of(ready, cells))
            archive.writestr(f"{name}_{number}_assignsubmission_file/{NAME}.ipynb", text)
    with zipfile.ZipFile(tmp_path / "canvas.zip", "w") as archive:
        for number, (name, late, cells) in enumerate(
            (("lovelaceada", "", RIGHT), ("turingalan", "LATE_", HALF)), 77
        ):
            text = json.dumps(notebook_of(ready, cells))
            archive.writestr(f"{name}_{late}{number}_4567{number}_{NAME}.ipynb", text)
    (tmp_path / "class.csv").write_text(
        "First name,Last name,Email address,Groups\nAda,Lovelace,a@u.example,A\n"
        "Alan,Turing,t@u.example,A\nGrace,Hopper,g@u.example,B\n"
    )
    return tmp_path


def table(path):
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


def grade(files, *arguments):
    to = str(files / "marks")
    assert main(["grade", *map(str, arguments), "--to", to, "--jobs", "1"]) == 0
    return files / "marks"


def test_from_moodle_and_canvas_to_their_tables_and_totals(files, capsys):
    marks = grade(files, files / "moodle.zip", "--roster", files / "class.csv", "--pass", 60)
    said = capsys.readouterr().out
    assert "Nothing was submitted by Grace Hopper." in said
    assert "1 of 3 reach the pass mark of 60 percent." in said
    for language in ("en", "ru", "de"):
        head, row = LANGUAGES[language]
        other = row.replace("17", "18").replace("Ada Lovelace", "Alan Turing")
        (files / f"{language}.csv").write_text("\ufeff" + "\n".join((head, row, other)) + "\n")
        grade(files, "--fill", files / f"{language}.csv")
        filled = table(marks / f"{language}.csv")
        assert [row[4].replace(",", ".") for row in filled[1:]] == ["100", "55.56"]
        assert "2.5 of 4.5 points." in (marks / f"{language}.csv").read_text()  # the comment
    rows = {row[1]: row for row in table(marks / "totals.csv")[1:]}
    assert rows["Ada Lovelace"][4:] == ["4.5", "4.5", "4.5", "100", "yes"]
    assert rows["Alan Turing"][4:] == ["2.5", "2.5", "4.5", "55.56", "no"]
    assert rows["Grace Hopper"][4:] == ["", "0", "4.5", "0", "no"]
    with zipfile.ZipFile(marks / "upload" / "feedback-01.zip") as archive:
        assert archive.namelist() == [
            f"{name}_{number}_assignsubmission_file/feedback-01.html"
            for number, name in enumerate(PEOPLE, 17)
        ]
        page = archive.read(archive.namelist()[1]).decode()
    assert "np.add" not in page and "return np.mean(x)" in page  # the student's own code

    # The same class at Canvas: its ids become those of the same people.
    canvas = files / "canvas.csv"
    canvas.write_text(CANVAS_NOW.replace('",1', '",7'))  # other ids than Moodle's
    grade(files, files / "canvas.zip", "--fill", canvas, "--mark-column", "Exercise 01")
    assert "Already in the table with another mark" in capsys.readouterr().out
    assert [row[5] for row in table(marks / "canvas.csv")[3:]] == ["20", "EX", "12.50", ""]
    rows = {row[1]: row[4:8] for row in table(marks / "totals.csv")[1:]}
    assert rows["Alan Turing"][0] == "2.5"
    grade(files, "--late", "1/day")
    rows = {row[1]: row[4:8] for row in table(marks / "totals.csv")[1:]}
    assert rows["Alan Turing"][0] == "2.5"  # of two files the best counts, and one was in time


COLAB = {"colab": {"provenance": [], "collapsed_sections": ["x"]}, "accelerator": "GPU"}


def as_colab(notebook):
    """No cell ids, and metadata with an id of Colab's own, as in the files that it saves."""
    for number, cell in enumerate(notebook["cells"]):
        del cell["id"]
        cell["metadata"] |= {"id": f"Xy{number}_zQ", "colab": {"base_uri": "https://localhost/"}}
    return notebook | {"metadata": notebook["metadata"] | COLAB, "nbformat_minor": 0}


def as_vs_code(notebook):
    """New cell ids, and metadata of VS Code's own in place of those that it doesn't know."""
    for number, cell in enumerate(notebook["cells"]):
        cell |= {"id": f"{number:08x}", "metadata": {"vscode": {"languageId": "python"}}}
    return notebook


@pytest.mark.parametrize("saved", [as_colab, as_vs_code])
@pytest.mark.parametrize("end", [".ipynb", ".ipynb.txt"])
def test_what_colab_and_vs_code_save_is_graded(ready, files, saved, end):
    """Without nbgrader's metadata too: https://github.com/jupyter/nbgrader/issues/424."""
    (files / "in").mkdir()
    text = json.dumps(saved(notebook_of(ready, RIGHT)))
    (files / "in" / f"ada{end}").write_text(text, encoding="utf-8-sig")
    marks = grade(files, files / "in")
    (row,) = csv.DictReader((marks / "marks.csv").read_text().splitlines())
    assert (row["student_id"], row["score"]) == ("ada", "4.5")


def test_an_error_in_the_table_leaves_the_grades_and_pages(files, capsys):
    (files / "t.csv").write_text("Identifier,Full name,Grade\nParticipant 17,Ada Lovelace,\n")
    arguments = ["grade", str(files / "moodle.zip"), "--to", str(files / "marks"), "--jobs", "1"]
    assert main([*arguments, "--fill", str(files / "t.csv")]) == 2
    assert "--of 100" in capsys.readouterr().err
    assert (files / "marks" / "marks.csv").exists() and not (files / "marks" / "t.csv").exists()
