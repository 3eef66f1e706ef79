"""The gradebook keeps what was finished, whatever happens to the run, and the overrides."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace

import pytest

from coursekit.grading.batch.base.records import About, Grade, TaskGrade, TestGrade
from coursekit.grading.batch.marks.entry import Override
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.batch.marks.term import Term
from coursekit.grading.course.paths import CourseError

ADA = Grade(
    student="7",
    name="Ada ☺ 'quoted\"",
    file="01_small.ipynb",
    exercise="01_small",
    tasks=[
        TaskGrade(
            "01.1", "mean", 1.5, 2.5, "wrong", "You forgot to divide.", None,
            [TestGrade("test_mean[3]", "The mean.", 1.0, "failed", "1 of 1 values is not right.")],
        ),
        TaskGrade("01.2", "counter", 2.0, 2.0, "done"),
    ],
    remarks=["Something odd."],
    seed=2**47,
)  # fmt: skip


def grades(book):
    return [entry.grade for entry in book.entries()]


def put_all(book, all_grades):
    for grade in all_grades:
        book.put(grade, "key")


def test_grades_come_back_exactly(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        seed = book.seed
    with Gradebook(tmp_path / "book") as book:
        assert grades(book) == [ADA]
        assert book.known("7", "01_small.ipynb") == ("01_small", "key")
        assert book.known("8", "01_small.ipynb") is None
        assert book.seed == seed


def test_an_older_gradebook_is_read(tmp_path):
    failed = replace(ADA, tasks=[replace(ADA.tasks[0], error="The cell is missing.")])
    code = asdict(failed)
    del code["question"], code["explanation"], code["tasks"][0]["tests"][0]["example"]
    code["tasks"][0]["trouble"] = code["tasks"][0].pop("error")
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        book._db.execute("UPDATE marks SET mark = ?", (json.dumps(code),))
        assert grades(book) == [failed]


def test_two_books_have_two_seeds(tmp_path):
    with Gradebook(tmp_path / "a") as a, Gradebook(tmp_path / "b") as b:
        assert a.seed != b.seed


def test_a_file_graded_again_has_one_grade(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "old")
        again = replace(ADA, remarks=[])
        book.put(again, "new")
        assert grades(book) == [again]


def test_a_teachers_points_count_and_outlive_grading(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "old")
        book.override(Override("7", "01.1", 2.5, "Right idea."))
        book.put(ADA, "new")
        (entry,) = book.entries()
        assert entry.points == 4.5
        assert entry.points_from_tests == 3.5
        assert entry.overrides["01.1"].comment == "Right idea."
        book.withdraw("7", "01.1")
        (entry,) = book.entries()
        assert entry.points == 3.5


def test_an_override_that_is_not_there_cannot_be_withdrawn(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        with pytest.raises(CourseError, match=r"There is no override for 7, task 01\.1"):
            book.withdraw("7", "01.1")


def test_a_gradebook_without_times_is_taken_over(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key", About("2026-11-23T20:11:00+01:00"))
        book.override(Override("7", "01.1", 2.5, "Right idea."))
        book._db.execute("ALTER TABLE marks DROP COLUMN about")  # as earlier versions wrote it
    with Gradebook(tmp_path / "book") as book:
        (entry,) = book.entries()
        assert (entry.grade, entry.points, entry.about) == (ADA, 4.5, About())
        assert book.term == Term()


def test_files_that_are_no_gradebook_are_left_alone(tmp_path):
    text = tmp_path / "text"
    text.write_text("no database, but long enough to be read as one " * 50)
    other = tmp_path / "other"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE things (name)")
    db.close()
    before = text.read_bytes(), other.read_bytes()
    for path in (text, other):
        with pytest.raises(CourseError, match="can't be used as a gradebook"):
            Gradebook(path)
    assert (text.read_bytes(), other.read_bytes()) == before


def test_a_book_of_another_format_is_refused_and_closed(tmp_path, monkeypatch):
    with Gradebook(tmp_path / "book"):
        pass
    with sqlite3.connect(tmp_path / "book") as db:
        db.execute("UPDATE meta SET value = '9' WHERE name = 'format'")
    db.close()
    opened, connect = [], sqlite3.connect

    def watched(*args, **kwargs):
        opened.append(connect(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", watched)
    with pytest.raises(CourseError, match="has format 9"):
        Gradebook(tmp_path / "book")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


WRITER = """
import sys
from dataclasses import replace
sys.path.insert(0, sys.argv[2])
from test_gradebook import ADA
from coursekit.grading.batch.marks.gradebook import Gradebook
from pathlib import Path
with Gradebook(Path(sys.argv[1])) as book:
    for number in range(100000):
        book.put(replace(ADA, student=str(number)), "key")
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_run_loses_nothing_that_it_had_finished(tmp_path):
    here = os.path.dirname(__file__)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / "book"), here],
        stdout=subprocess.PIPE,
        text=True,
    )
    finished = [int(writer.stdout.readline()) for _ in range(20)]
    time.sleep(0.01)
    writer.send_signal(signal.SIGKILL)
    finished += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    writer.wait()
    writer.stdout.close()
    with Gradebook(tmp_path / "book") as book:
        kept = {int(grade.student) for grade in grades(book)}
        assert set(finished) <= kept
        assert len(kept) <= len(finished) + 1  # one more may have been committed, and not told
        book.put(ADA, "key")


def test_a_full_disk_is_told_and_loses_nothing(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        book._db.execute("PRAGMA max_page_count = 8")  # as a full disk, for SQLite
        long = [replace(ADA, student=f"{number}" * 50) for number in range(1000)]
        with pytest.raises(CourseError, match="The earlier grades are safe"):
            put_all(book, long)
    with Gradebook(tmp_path / "book") as book:
        assert ADA in grades(book)
        book.put(replace(ADA, student="later"), "key")


def test_an_empty_file_is_no_new_gradebook(tmp_path):
    """A full disk may leave one behind; what was in it must not be lost quietly."""
    (tmp_path / "book").touch()
    with pytest.raises(CourseError, match=r"is empty, so that .* are lost"):
        Gradebook(tmp_path / "book")
    assert (tmp_path / "book").stat().st_size == 0


@pytest.mark.parametrize("table", ["meta", "marks", "overrides"])
def test_a_book_without_a_table_is_reported(tmp_path, table):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        book._db.execute(f"DROP TABLE {table}")
    with pytest.raises(CourseError, match=f"it has no table {table}"):
        Gradebook(tmp_path / "book")


@pytest.mark.parametrize("sql", ["DELETE FROM meta", "UPDATE meta SET value = 'x'"])
def test_a_book_without_a_valid_seed_is_reported(tmp_path, sql):
    with Gradebook(tmp_path / "book") as book:
        book._db.execute(sql)
    with pytest.raises(CourseError, match="it has no valid format"):
        Gradebook(tmp_path / "book")


@pytest.mark.parametrize("mark", ["", "{", "[]", "null", "{}", '{"tasks": [1]}', '{"tasks": 5}'])
def test_a_grade_that_cannot_be_read_is_named_and_can_be_replaced(tmp_path, mark):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        book._db.execute("UPDATE marks SET mark = ?", (mark,))
        with pytest.raises(CourseError, match=r"the grade of 7, .* can't be read.*--again"):
            list(book.entries())
        book.put(ADA, "key")
        assert grades(book) == [ADA]


def test_a_table_that_goes_while_it_is_used_is_reported(tmp_path):
    with Gradebook(tmp_path / "book") as book:
        book.put(ADA, "key")
        book._db.execute("DROP TABLE marks")
        for use in (
            lambda: book.known("ada", "x"),
            lambda: book.put(ADA, "key"),
            lambda: list(book.entries()),
        ):
            with pytest.raises(CourseError, match="no such table"):
                use()


def test_two_that_make_the_same_book_have_the_same_one(tmp_path):
    """Whichever comes first: the other finds it whole."""
    start, seeds = threading.Barrier(4), []

    def make():
        start.wait()
        with Gradebook(tmp_path / "book") as book:
            seeds.append(book.seed)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seeds) == 4
    assert len(set(seeds)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["book"]
