"""A check, a page and a grade in the language of the notebook; the verdict is the same in each."""

import json
import os
import shutil
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.grading.authoring.bundle import write_bundle
from coursekit.grading.authoring.student_version import released
from coursekit.grading.batch.base.records import Settings, SubmittedFile
from coursekit.grading.batch.exports.reports import as_gradescope, feedback
from coursekit.grading.batch.exports.teachers_pages import summary, teachers_page
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.marks.entry import Entry
from coursekit.grading.batch.marks.keys import Keys
from coursekit.grading.course.submission import language_of
from coursekit.grading.judge.report import as_html
from coursekit.grading.student.progress import report
from coursekit.language import speaking

from .small_course import NAME, QUESTION, checked, solutions_notebook

RUSSIAN = {"language": "ru"}
WRONG = [
    "def mean(x):\n    return x.sum()\n\n\ndef spread(x):\n    return x[:1]",
    "def mean(x):\n    return None\n\n\ndef spread(x):\n    return [1, None]",
    "def mean(x):\n    return x.sum() / (len(x) - 1)",
    "def mean(x):\n    x[:] = 0\n    return 0.0\n\n\ndef spread(x):\n    raise NotImplementedError",
    "def mean(x):\n    return 'a'\n\n\ndef spread(x):\n    return {}",
]
PARTLY = (
    "def mean(x):\n    return x.sum() / len(x)\n\n\ndef spread(x):\n    return x.max() - x.min()"
)

PYTHON = "def return array NotImplementedError TypeError ValueError dict kind np"


@pytest.mark.parametrize("answer", WRONG)
def test_a_report_has_no_word_of_another_language(pseudo, ready, answer):
    own = f"{ready.test_file(NAME).read_text()} {ready.answers_file(NAME).read_text()}".split()
    verdict = checked(ready, "01.1", answer)
    page = " ".join(f"{verdict.sentence} {as_html(verdict)}".split())
    letters = {"".join(filter(str.isalpha, word)) for word in own}
    python = set(PYTHON.split())
    assert {*pseudo(page)} <= letters | python | {*["mean", "spread", "None", "matmul"]}


@pytest.mark.parametrize("answer", WRONG)
def test_the_same_mistakes_are_named_in_each_language(ready, answer):
    english = checked(ready, "01.1", answer)
    with speaking("ru"):
        russian = checked(ready, "01.1", answer)
        sentence = russian.sentence
    assert (english.points, english.mistake) == (russian.points, russian.mistake)
    assert "баллы" in sentence
    assert "points" not in sentence
    assert [r.student.cases for r in english.results] == [r.student.cases for r in russian.results]


def notebook(course, answer, metadata):
    book = json.loads((course.exercises / f"{NAME}.ipynb").read_text())
    book["metadata"] |= metadata
    for cell in book["cells"]:
        if cell["id"] == "answer-01-1":
            cell["source"] = answer
    return book


def test_a_mixed_class(ready):
    settings = Settings(ready.root, 7, unsafe=shutil.which("bwrap") is None)
    grades = {}
    for student, metadata in (("ada", {}), ("ира", {"coursekit": RUSSIAN})):
        content = json.dumps(notebook(ready, PARTLY, metadata)).encode()
        grades[student] = grade_one(SubmittedFile(student, student, "f.ipynb", content), settings)
    english, russian = grades["ada"], grades["ира"]
    assert [task.points for task in english.tasks] == [task.points for task in russian.tasks]
    assert 0 < english.tasks[0].points < english.tasks[0].possible
    assert [task.mistake for task in english.tasks] == [task.mistake for task in russian.tasks]
    assert (english.language, russian.language) == ("en", "ru")
    assert "неверно" in " ".join(test.message for task in russian.tasks for test in task.tests)
    pages = {student: feedback([Entry(grade, {})]) for student, grade in grades.items()}
    assert "Your code" in pages["ada"]
    assert '<html lang="ru">' in pages["ира"]
    assert "Ваш код" in pages["ира"]
    entries = [Entry(grade, {}) for grade in grades.values()]
    assert "Ваш ответ" in as_gradescope(entries[1]) or "нет ответа" in as_gradescope(entries[1])
    with speaking("ru"):
        assert "Сводка" in summary(entries)
        assert "для преподавателя" in teachers_page(entries, Path("marks"))


def test_an_edition_names_mistakes_and_its_change_grades_again(ready, tmp_path_factory):
    settings = Settings(ready.root, 7, unsafe=shutil.which("bwrap") is None)
    spread = "def spread(x):\n    return np.sqrt(np.mean((x - np.mean(x)) ** 2))"
    answer = f"def mean(x):\n    return x.sum()\n\n\n{spread}"
    content = json.dumps(notebook(ready, answer, {"coursekit": RUSSIAN})).encode()
    submission = SubmittedFile("ира", "ира", "f.ipynb", content)
    english, keys = (
        grade_one(submission, settings).tasks,
        [Keys(ready, settings).of(submission, NAME)],
    )
    built = tmp_path_factory.mktemp("edition")
    shutil.copytree(ready.root, built, dirs_exist_ok=True)
    shutil.move(built, ready.root / "build" / "ru")
    edition = ready.edition("ru")
    keys.append(Keys(ready, settings).of(submission, NAME))
    recorded = edition.recorded_file(NAME)
    mistake = english[0].mistake
    recorded.write_text(recorded.read_text().replace(json.dumps(mistake), '"Почему n - 1?"'))
    keys.append(Keys(ready, settings).of(submission, NAME))
    russian = grade_one(submission, settings).tasks
    assert (mistake is not None, russian[0].mistake) == (True, "Почему n - 1?")
    assert [task.points for task in russian] == [task.points for task in english]
    assert len({*keys}) == 3


def test_no_word_of_a_page_is_left(pseudo, ready):
    grade = grade_one(
        SubmittedFile("a", "7", "f.ipynb", json.dumps(notebook(ready, WRONG[1], {})).encode()),
        Settings(ready.root, 7, unsafe=True),
    )
    entry = Entry(grade, {})
    pages = "".join([feedback([entry]), summary([entry]), teachers_page([entry], Path("marks"))])
    body = pages.replace("ipynb", "")
    course = {
        *ready.test_file(NAME).read_text().split(),
        *" ".join(map(str, solutions_notebook()["cells"])).split(),
    }
    known = {"".join(filter(str.isalpha, word)) for word in {*course, *QUESTION.split()}}
    assert {*pseudo(body)} <= known | {
        *["coursekit", "grade", "seed", "task", "small", "numbers", "a", "def", "return"]
    }


def test_progress(pseudo, ready):
    text, page = report(ready)
    assert {*pseudo(text + page)} <= {"small", "numbers", "mean", "and", "spread"}


@pytest.mark.parametrize("command", ["", "grade", "override", "release", "reset", "new"])
def test_help(pseudo, capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit):
        main([*filter(None, [command]), "--help"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "usage" not in line]
    left = {word for line in lines for word in pseudo(line)}
    names = {word for word in left if word.isupper()} | set(f"{COMMANDS} {OPTIONS}".split())
    assert left <= names


COMMANDS = """lab grade progress reset override similar export release gradescope exercises new task
exercise paths marks student number name numbers kind dask ports"""
OPTIONS = """source json only to jobs resume again timeout student level seed task executor unsafe
fill mark column id of overwrite roster deadlines late count weights best pass keep
answers points withdraw from comment names solutions latest help language student"""


def test_an_edition_that_is_out_of_date_is_told(ready, capsys, monkeypatch, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "ru"
    shutil.copytree(ready.root, copy)
    edition = ready.root / "build" / "ru"
    shutil.move(copy, edition)
    (ready.root / "translations" / "ru").mkdir(parents=True)
    (edition / "LANGUAGE").write_text("ru\n")
    monkeypatch.setenv("COURSEKIT_COURSE", str(edition))
    assert main(["progress"]) == 0
    assert capsys.readouterr().err == ""
    later = (edition / "LANGUAGE").stat().st_mtime + 1
    os.utime(ready.recorded_file(NAME), (later, later))  # generated: the edition has its own
    assert main(["progress"]) == 0
    assert capsys.readouterr().err == ""
    for folder, grading in ((edition, False), (ready.root, False), (ready.root, True)):
        os.utime(ready.test_file(NAME), (later, later))
        monkeypatch.setenv("COURSEKIT_COURSE", str(folder))
        main(["grade", str(ready.root / "none")] if grading else ["progress"])
        told = f"tests/exercises/test_{NAME}.py" in capsys.readouterr().err
        assert told == (grading or folder == edition)


def test_a_refused_argument_is_refused_in_the_courses_language(ready, capsys, monkeypatch):
    (ready.root / "LANGUAGE").write_text("ru\n")
    monkeypatch.setenv("COURSEKIT_COURSE", str(ready.root))
    for arguments in (["reset"], ["grade", "--jobs", "many"], ["progress", "--more"]):
        with pytest.raises(SystemExit):
            main(arguments)
        told = capsys.readouterr().err.replace("coursekit", "")
        assert "ошибка" in told and not {"error", "usage", "required", "invalid"} & {*told.split()}


def test_a_notebook_tells_its_language():
    cell = {"cell_type": "code", "metadata": {}, "id": "a"}
    ask = cell | {"source": 'from coursekit import check, speak\n\nspeak("ru")'}
    books = [
        {"cells": [], "metadata": {"coursekit": RUSSIAN}},
        {"cells": [ask], "metadata": {}},
        {"cells": [], "metadata": {}},
        {"cells": [], "metadata": {"coursekit": {"language": "tlh"}}},
        {"cells": [], "metadata": ["coursekit"]},
    ]
    assert [language_of(book) for book in books] == ["ru", "ru", "en", "en", "en"]


def test_the_hand_outs_front_page_is_in_the_courses_language(ready):
    for name in (".gitignore", "LICENSE", "LICENSE-text.md", "environment.yml", "pyproject.toml"):
        (ready.root / name).touch()
    (ready.root / "student.lock").touch()
    write_bundle(ready, ready.root / "handout")
    (ready.root / "LANGUAGE").write_text("ru\n")
    write_bundle(ready, ready.root / "раздача")
    pages = [(ready.root / to / "README.md").read_text() for to in ("handout", "раздача")]
    assert ["Python 3.11 or newer" in page for page in pages] == [True, False]


def test_the_hand_out_keeps_the_language():
    book = solutions_notebook()
    book["metadata"]["coursekit"] = RUSSIAN
    assert released(book, NAME)["metadata"]["coursekit"] == RUSSIAN


def test_a_command_speaks_the_courses_language(ready, capsys, monkeypatch):
    (ready.root / "LANGUAGE").write_text("ru\n")
    monkeypatch.setenv("COURSEKIT_COURSE", str(ready.root))
    assert main(["progress"]) == 0
    assert "Дальше: задание 01.1" in capsys.readouterr().out
