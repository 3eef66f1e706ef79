"""What the system refuses is said in the course's languages, never in the system's own words."""

import errno
import re
import sqlite3

import pytest

from coursekit.grading.batch.hand_ins.collection import collect
from coursekit.grading.batch.marks.gradebook import Gradebook
from coursekit.grading.course.paths import CourseError, reading
from coursekit.grading.course.reasons import reason_of
from coursekit.language import speaking

LATIN = re.compile(r"[A-Za-z]+")


@pytest.mark.parametrize("code", ["EACCES", "ENOENT", "ENOSPC", "EROFS", "EISDIR", "ENAMETOOLONG"])
def test_a_common_reason_has_words_in_each_language(code):
    error = OSError(getattr(errno, code), "the system's own words")
    english = reason_of(error)
    with speaking("ru"):
        assert not LATIN.search(reason_of(error))
    assert "the system" not in english and LATIN.match(english)


def test_any_other_reason_is_quoted():
    assert reason_of(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        '"Invalid cross-device link"'
    )
    assert reason_of(OSError("no number")) == '"no number"'
    assert reason_of(EOFError()) == '"EOFError"'


def test_a_sentence_about_a_file_is_in_one_language(tmp_path):
    with speaking("ru"):
        with pytest.raises(CourseError) as found, reading("файл"):
            (tmp_path / "none").read_bytes()
        assert not LATIN.search(str(found.value))
        (tmp_path / "eve.zip").write_bytes(b"PK\3\4 and no more")
        (eve,) = collect(tmp_path / "eve.zip")
        assert LATIN.findall(eve.load().error) == ["zip"]


@pytest.mark.parametrize("content", [b"no database, but a text", None], ids=["text", "damaged"])
def test_a_gradebook_that_is_none_is_refused_in_one_language(tmp_path, content):
    path = tmp_path / "book"
    if content is None:
        Gradebook(path).__exit__()
        content = bytearray(path.read_bytes())
        content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with speaking("ru"), pytest.raises(CourseError) as found:
        Gradebook(path)
    assert isinstance(found.value.__cause__, sqlite3.Error)
    assert not LATIN.search(str(found.value).replace(str(path), ""))
