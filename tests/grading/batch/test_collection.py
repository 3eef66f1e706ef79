"""Submissions in every layout that people and platforms use."""

import os
import zipfile
from pathlib import Path

import pytest

from coursekit.grading.batch import collection
from coursekit.grading.batch.collection import collect
from coursekit.grading.course.paths import CourseError

EXERCISE = "01_linear_limits.ipynb"


def write(top, *names):
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"content of {name}".encode())
    return top


def pack(path, *names):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, f"content of {name}")
    return path


def whose(found):
    return [(s.student, s.name, s.file) for s in found]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ada.ipynb", "bob.ipynb"], [("ada", "ada.ipynb"), ("bob", "bob.ipynb")]),
        (
            [f"ada/{EXERCISE}", f"bob/{EXERCISE}", "bob/02_perceptron.ipynb"],
            [("ada", EXERCISE), ("bob", EXERCISE), ("bob", "02_perceptron.ipynb")],
        ),
        (  # nbgrader's submitted/
            [f"ada/01_linear_limits/{EXERCISE}", "ada/01_linear_limits/timestamp.txt"],
            [("ada", f"01_linear_limits/{EXERCISE}")],
        ),
        (  # one student's own folder, in which each exercise is there once
            [EXERCISE, "02_perceptron.ipynb"],
            [("top", EXERCISE), ("top", "02_perceptron.ipynb")],
        ),
        (  # an exercise of many students, with their names
            ["01_linear_limits_ada.ipynb", "01_linear_limits_bob.ipynb"],
            [
                ("01_linear_limits_ada", "01_linear_limits_ada.ipynb"),
                ("01_linear_limits_bob", "01_linear_limits_bob.ipynb"),
            ],
        ),
        (
            [f"ada/{EXERCISE}", "ada/.ipynb_checkpoints/x.ipynb", "__MACOSX/ada/y.ipynb"],
            [("ada", EXERCISE)],
        ),
        (["Zoë Žák/x.ipynb"], [("Zoë Žák", "x.ipynb")]),
        (["ada_2024_05_01.ipynb"], [("ada_2024_05_01", "ada_2024_05_01.ipynb")]),
    ],
)
@pytest.mark.parametrize("as_zip", [False, True])
def test_folders_and_zips(tmp_path, names, students, as_zip):
    top = pack(tmp_path / "top.zip", *names) if as_zip else write(tmp_path / "top", *names)
    found = collect(top)
    assert [(s.student, s.file) for s in found] == students
    assert all(s.content.startswith(b"content of ") and not s.error for s in found)


def test_moodles_zip(tmp_path):
    names = [
        f"Ada Lovelace_1234567_assignsubmission_file_/{EXERCISE}",
        "Ada Lovelace_1234567_assignsubmission_onlinetext_/onlinetext.html",
        f"Bob O_Brien_22_assignsubmission_file_{EXERCISE}",
        "Cai Li_333_assignsubmission_file_/my work.zip",
    ]
    ada, bob, cai = collect(pack(tmp_path / "moodle.zip", *names))
    assert (ada.student, ada.name, ada.file) == ("1234567", "Ada Lovelace", EXERCISE)
    assert (bob.student, bob.name, bob.file) == ("22", "Bob O_Brien", EXERCISE)
    assert (cai.student, cai.content) == ("333", b"")
    assert cai.error == "No notebook was submitted, only my work.zip."


def test_one_student_in_moodles_zip(tmp_path):
    name = f"Ada Lovelace_1234567_assignsubmission_file_/{EXERCISE}"
    assert whose(collect(pack(tmp_path / "x.zip", name))) == [("1234567", "Ada Lovelace", EXERCISE)]


def test_canvas_zip(tmp_path):
    names = [
        f"lovelaceada_123_45678_{EXERCISE}",
        "obrienbob_LATE_124_45679_01_linear_limits-2.ipynb",
    ]
    found = collect(pack(tmp_path / "submissions.zip", *names))
    assert whose(found) == [
        ("123", "lovelaceada", EXERCISE),
        ("124", "obrienbob", "01_linear_limits-2.ipynb"),
    ]


@pytest.mark.parametrize("wrapper", ["class", "submissions", "x"])
def test_a_folder_around_everything_in_a_zip(tmp_path, wrapper):
    names = [f"{wrapper}/ada/{EXERCISE}", f"{wrapper}/bob/{EXERCISE}"]
    found = collect(pack(tmp_path / "class.zip", *names))
    assert [s.student for s in found] == ["ada", "bob"]


def test_one_notebook(tmp_path):
    write(tmp_path / "ada", EXERCISE, "free.ipynb")
    assert whose(collect(tmp_path / "ada" / EXERCISE)) == [("ada", "ada", EXERCISE)]
    assert whose(collect(tmp_path / "ada" / "free.ipynb")) == [("free", "free", "free.ipynb")]


def test_names_from_windows(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = f"ada\\{EXERCISE}"
        archive.writestr(info, "x")
        archive.writestr(f"bob/{EXERCISE}", "x")
    assert [s.student for s in collect(tmp_path / "x.zip")] == ["ada", "bob"]


def test_links_are_not_followed(tmp_path):
    secret = write(tmp_path, "secret/x.ipynb", "top/ada/a.ipynb")
    (tmp_path / "top" / "ada" / "b.ipynb").symlink_to(secret / "secret" / "x.ipynb")
    (tmp_path / "top" / "bob").symlink_to(secret / "secret")
    found = {s.file: s for s in collect(tmp_path / "top")}
    assert found["a.ipynb"].content
    assert found["b.ipynb"].content == b""
    assert found["b.ipynb"].error == "The file is a link to another file: submit that file itself."
    assert len(found) == 2


def test_no_special_file_is_opened(tmp_path):
    write(tmp_path, "top/ada/a.ipynb")
    os.mkfifo(tmp_path / "top" / "ada" / "b.ipynb")
    assert [s.file for s in collect(tmp_path / "top")] == ["a.ipynb"]


def test_large_files_are_reported_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(collection, "MAX_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada/x.ipynb", bytes(10_000_000))
        archive.writestr("bob/x.ipynb", bytes(1_000))
    ada, bob = collect(tmp_path / "x.zip")
    assert ada.content == b"" and "larger than" in ada.error
    assert len(bob.content) == 1_000 and not bob.error


def test_many_files_of_one_student_are_reported_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(collection, "MAX_TOTAL", 100)
    write(tmp_path / "top", *(f"ada/{n}.ipynb" for n in range(20)), "bob/x.ipynb")
    *ada, bob = collect(tmp_path / "top")
    assert bob.content and not bob.error
    assert sum(len(s.content) for s in ada) <= 100
    assert "too large in total" in ada[-1].error


def test_damaged_and_locked_files_in_a_zip(tmp_path):
    path = pack(tmp_path / "x.zip", "ada/x.ipynb", "bob/x.ipynb")
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF  # within the first file's bytes
    path.write_bytes(data)
    ada, bob = collect(path)
    assert ada.content == b"" and ada.error.startswith("The file can't be unpacked")
    assert bob.content
    data = bytearray(pack(path, "ada/x.ipynb").read_bytes())
    data[6] |= 1  # says that it is encrypted
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    assert "password" in collect(path)[0].error


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(collection, "MAX_FILES", 1)
    with pytest.raises(CourseError, match="more than 1 files"):
        collect(pack(tmp_path / "x.zip", "a.ipynb", "b.ipynb"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "contains no notebook"),
        (lambda path: path.write_text("x"), "not a folder, a zip or a notebook"),
        (lambda path: pack(path), "contains no notebook"),
    ],
)
def test_what_holds_no_submission(tmp_path, make, says):
    make(tmp_path / "x.zip")
    with pytest.raises(CourseError, match=says):
        collect(tmp_path / "x.zip")


def test_undecodable_file_names_are_replaced(tmp_path):
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.ipynb"))).write_text("x")
    except OSError:
        pytest.skip("this file system refuses undecodable names")
    (found,) = collect(tmp_path)
    assert found.student.encode("utf-8") == b"a?"
