"""A class that mixes languages: the teacher reads one of them, each student their own."""

import csv
import html
import json
import re
import shutil
import time
from dataclasses import replace
from multiprocessing import Pipe

import pytest

from coursekit.grading.authoring.record import write_exercise
from coursekit.grading.batch.answers import export
from coursekit.grading.batch.base.records import About, Grade, Settings, SubmittedFile
from coursekit.grading.batch.exports.reports import remarks
from coursekit.grading.batch.exports.screen import as_json, as_table
from coursekit.grading.batch.exports.upload import comment
from coursekit.grading.batch.exports.written import write_all
from coursekit.grading.batch.grader import for_teacher
from coursekit.grading.batch.grader.for_teacher import grade_for_both
from coursekit.grading.batch.grader.grade_one import grade_one
from coursekit.grading.batch.grader.grading_process import Failed, GradingProcess, outcome
from coursekit.grading.batch.marks.class_book import ClassBook
from coursekit.grading.batch.marks.entry import Entry, Override
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.gradebook_file import BOOK
from coursekit.grading.batch.marks.keys import Keys
from coursekit.grading.batch.marks.teams import shared
from coursekit.grading.course.paths import Course
from coursekit.grading.course.same_code import same_code
from coursekit.language import speaking

from ..small_course import ANSWERS, NAME, TESTS, solutions_notebook, write_notebook

RUSSIAN = {
    "Exercise 01: small numbers": "Упражнение 01: немного чисел",
    "Task 01.1: mean and spread\n\nWrite them.": "Задание 01.1: среднее\n\nНапишите.",
    "Task 01.2: a counter\n\nWrite it.": "Задание 01.2: счётчик\n\nНапишите.",
    "Why does a mean divide?": "Зачем среднее делит?",
    "In your own words": "Своими словами",
    "In one sentence.": "Одним предложением.",
    "The root of the mean square distance from the mean.": "Корень из среднего квадрата.",
    "return len(x)": "return len(x)  # сколько чисел",
    '@parametrize("n", [3, 5])': '@parametrize("n", ["трёх", "пяти"])',
    "size=n)": 'size={"трёх": 3, "пяти": 5}[n])',
    "The mean of {n} random numbers.": "Среднее {n} случайных чисел.",
    '"the mean"': '"среднее"',
    "The spread of four numbers.": "Разброс четырёх чисел.",
    '"the spread"': '"разброс"',
    "A counter that starts at 5 takes two steps.": "Счётчик от 5 делает два шага.",
    "the value after the step {by}": "значение после шага {by}",
    "You forgot to divide by the number of values.": "Вы забыли разделить на их число.",
    "You divide by one less than the number of values.": "Вы делите на число без одного.",
    "You return the value from before the step.": "Вы возвращаете значение до шага.",
    "from coursekit import check": 'from coursekit import check, speak\n\nspeak("ru")',
}
ANSWER = "def mean(x):\n    return x.sum()\n\n\ndef spread(x):\n    return x[:1]"
FORGOTTEN = {"en": "You forgot to divide", "ru": "Вы забыли разделить"}
_NO_PROSE = re.compile(
    r"`[^`]*`|<code.*?</code>|<style.*?</style>|<[^>]*>|[\w./-]+\.\w+", re.DOTALL
)
_NAMES = {
    "JSON",
    "Ada",
    "Ira",
    "Eve",
    "Leo",
    "leo",
    "_small",
    "mean",
    "spread",
    "Counter",
    "ada",
    "ira",
    "eve",
}


def others(text, language):
    """The words of a text that are of the other language, without code, names and files."""
    letters = "[A-Za-z_]{2,}" if language == "ru" else "[А-Яа-яЁё]+"
    return {*re.findall(letters, html.unescape(_NO_PROSE.sub(" ", text)))} - _NAMES


def translated(text):
    for english, russian in RUSSIAN.items():
        text = text.replace(english, russian)
    return text


@pytest.fixture
def both(ready):
    """The small course, with its edition in build/ru."""
    edition = Course(ready.root / "build" / "ru")
    for folder in (edition.exercises, edition.solutions, edition.tests):
        folder.mkdir(parents=True)
    notebook = solutions_notebook()
    for cell in notebook["cells"]:
        cell["source"] = translated(cell["source"])
    notebook["metadata"]["coursekit"] = {"language": "ru"}
    write_notebook(edition.solutions / f"{NAME}.ipynb", notebook)
    edition.test_file(NAME).write_text(translated(TESTS))
    edition.answers_file(NAME).write_text(translated(ANSWERS))
    shutil.copy(ready.tests / "conftest.py", edition.tests)
    (edition.root / "LANGUAGE").write_text("ru\n")
    with speaking("ru"):
        write_exercise(edition, NAME)
    return {"en": ready, "ru": edition}


def submitted(course, student, file="a.ipynb", answer=ANSWER):
    book = json.loads((course.exercises / f"{NAME}.ipynb").read_text())
    for cell in book["cells"]:
        cell["source"] = answer if cell["id"] == "answer-01-1" else cell["source"]
        cell["source"] += "\n\n42!" if cell["id"] == "question-01" else ""
    if file == "b.ipynb":
        book["cells"] = [cell for cell in book["cells"] if cell["id"] != "answer-01-2"]
    return SubmittedFile(student, student.title(), file, json.dumps(book).encode())


def graded(course, language, submissions, folder):
    """Grade as the command does, and return the class and what it writes and shows."""
    settings = Settings(course.root, 7, unsafe=True, language=language)
    folder.mkdir()
    with speaking(language), Gradebook(folder / BOOK) as book:
        for one in submissions:
            about = About(withdrawn=one.student == "leo")
            book.put(grade_for_both(one, settings), "", about)
        roster = folder / "roster.txt"
        roster.write_text("id,name\nada,Ada\nira,Ira\neve,Eve\nleo,Leo\n")
        book.term = book.term.changed(course, roster=roster)
        book.override(*(Override(student, "01.2", 1.0, "5") for student in ("eve", "leo")))
        people = ClassBook(book, course)
        said = write_all(people, folder)
        export(course, folder, folder / "export.jsonl")
        return people, "\n".join([*said, as_table(people.entries)])


@pytest.mark.parametrize("teacher", ["en", "ru"])
def test_each_reads_one_language(both, tmp_path, teacher):
    submissions = [
        submitted(both["en"], "ada"),
        submitted(both["ru"], "ira"),
        replace(submitted(both["ru"], "ira", "b.ipynb", answer=""), times=5),
        submitted(both["ru"], "leo", answer=""),
        SubmittedFile("eve", "Eve", "c.ipynb", b"no notebook"),
    ]
    folder = tmp_path / "marks"
    people, screen = graded(both[teacher], teacher, submissions, folder)
    page = (folder / "summary.html").read_text()
    assert f'<td class="n">2</td><td>01.1</td><td>{FORGOTTEN[teacher]}' in page
    exported = (folder / "export.jsonl").read_text().splitlines()
    mistakes = {json.loads(line)["mistake"] for line in exported} - {None}
    shown = [as_json(entry) for entry in people.entries]
    assert {task["mistake"] for one in shown for task in one["tasks"]} - {None} == mistakes
    assert [mistake[:12] for mistake in mistakes] == [FORGOTTEN[teacher][:12]]
    pages = [path.read_text() for path in sorted((folder / "teacher").glob("*.html"))]
    assert page.count("42!") == 2
    assert len(pages) == 4
    assert [others(text, teacher) for text in [page, screen, *pages]] == [set()] * 6
    for student, language in (("ada", "en"), ("ira", "ru"), ("leo", "ru"), ("eve", teacher)):
        own = (folder / "feedback" / f"{student}.html").read_text()
        given = (folder / "gradescope" / student / NAME / "results.json").read_text()
        values = " ".join(re.findall(r': ("(?:[^"\\]|\\.)*")', given)).replace("visible", "")
        column = comment(people.student(student).entries)
        assert [others(text, language) for text in (own, values, column)] == [set()] * 3
        assert student in ("eve", "leo") or FORGOTTEN[language] in own
    rows = csv.DictReader((folder / "marks.csv").read_text().splitlines())
    points = {row["student_id"]: row["score"] for row in rows}
    assert points["ada"] == points["ira"]
    remarked = {entry.grade.file: len(entry.grade.remarks) for entry in people.entries}
    assert remarked == {"a.ipynb": 0, "b.ipynb": 2, "": 0, "c.ipynb": 1}


def test_a_course_without_the_students_edition_knows_its_cells(both, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(both["ru"].root, alone)
    settings = Settings(alone, 7, unsafe=True, language="ru")
    grade = grade_for_both(submitted(both["en"], "ada"), settings)
    assert [grade.remarks, grade.for_teacher.remarks] == [[], []]
    assert [task.status for task in grade.for_teacher.tasks] == ["wrong", "missing"]
    assert FORGOTTEN["ru"] in grade.for_teacher.tasks[0].mistake


@pytest.mark.parametrize("reader", ["en", "ru"])
def test_what_is_said_of_a_group_is_in_the_readers_language(reader):
    entry = shared(Entry(Grade("ada", "Ada", "a.ipynb", NAME, language="ru"), {}))
    with speaking(reader):
        assert [others(remark, reader) for remark in remarks(entry)] == [set()]


def test_one_language_is_judged_once(both, monkeypatch):
    spoken = []

    def judge(submission, settings, language=None):
        spoken.append(language)
        return grade_one(submission, settings, language)

    monkeypatch.setattr(for_teacher, "grade_one", judge)
    submission = submitted(both["en"], "ada", answer="")
    settings = Settings(both["en"].root, 7, unsafe=True)
    assert outcome(submission, settings, lambda: spoken.append("again")).for_teacher is None
    assert spoken == ["en"]
    submission = submitted(both["ru"], "ira", answer="")
    assert outcome(submission, settings, lambda: spoken.append("again")).for_teacher
    assert spoken[1:] == ["en", "again", None]
    keys = [Keys(both["en"], replace(settings, language=one)) for one in ("en", "ru")]
    assert keys[0].of(submission, NAME) != keys[1].of(submission, NAME)


def test_where_verdicts_differ_the_students_holds(both, monkeypatch):
    """Such as when no time was left for an answer in one of them."""
    submission, settings = submitted(both["ru"], "ira"), Settings(both["en"].root, 7, unsafe=True)
    grade = grade_for_both(submission, settings)
    first, second = grade.for_teacher.tasks
    late = replace(first, points=first.points + 1, error="It took too long.")
    words = replace(grade.for_teacher, tasks=[late, second])
    found = {"en": words, None: replace(grade, for_teacher=None)}
    monkeypatch.setattr(
        for_teacher, "grade_one", lambda *given: found[given[2] if given[2:] else None]
    )
    assert grade_for_both(submission, settings).for_teacher.tasks == [
        replace(grade.tasks[0], title=first.title),
        second,
    ]


def test_the_second_time_has_as_long_as_the_first():
    class Started(GradingProcess):
        def __init__(self):
            self.pipe, self.theirs = Pipe()
            self._seconds, self._ends = 60.0, time.monotonic()

        def end(self):
            raise AssertionError("it took too long")

    process = Started()
    process.theirs.send(None)
    assert process.take() is None
    assert process.take() is None
    process.theirs.send(Failed("so", "end"))
    assert process.take() == Failed("so", "end")


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("def f(x):\n    '''Делит.'''\n\n    return x / 2  # пополам\n", True),
        ("def f(x):\n    return x / 2", False),
        ("def f(x):\n    '''Halves.'''\n    return x / 3", False),
        ("def f(x):\n    '''Halves.'''\n    return 'x'", False),
        ("def f(x:\n    '''Halves.'''\n    return x / 2", False),
        ("def f(x):\n  '''Halves.'''\n    return x / 2", False),
        ("def f(x):\n    '''Halves.'''\n    return x / 2\n" + "# so\n" * 1_000, False),
    ],
)
def test_a_translated_cell_is_the_same_code(source, same):
    assert same_code(source, "def f(x):\n    '''Halves.'''\n    return x / 2") == same
    assert not same_code("x = 'one'", "x = 'другой'")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_exercise_that_is_newer_than_the_edition_is_graded_by_the_course(both, language):
    submission = submitted(both[language], "ada")
    both["ru"].recorded_file(NAME).unlink()
    settings = Settings(both["en"].root, 7, unsafe=True)
    found = outcome(submission, settings)
    assert isinstance(found, Grade) and found.tasks[0].mistake.startswith(FORGOTTEN["en"])
    assert Keys(both["en"], settings).of(submission, NAME)
