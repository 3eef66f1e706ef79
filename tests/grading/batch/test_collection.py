"""Submissions in every layout that people and platforms use."""

import importlib.util
import io
import json
import os
import struct
import subprocess
import tracemalloc
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest

from coursekit.grading.batch.base.records import SubmittedFile
from coursekit.grading.batch.hand_ins import collection, notebook_file, sources, zips
from coursekit.grading.batch.hand_ins.collection import collect_all
from coursekit.grading.batch.hand_ins.notebook_file import notebook_of, parsing_cost
from coursekit.grading.course.paths import CourseError, find_course

ROOT = Path(__file__).parents[3]
EXERCISE = "01_linear_limits.ipynb"


def collect(*paths):
    """Find the submissions in these paths, and read them."""
    return [found.load() for found in collect_all(paths)]


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


def test_moodles_anonymous_marking(tmp_path):
    names = [f"Участник_{k}_assignsubmission_file_/{EXERCISE}" for k in (17, 18)]
    found = collect(pack(tmp_path / "x.zip", *names))
    assert [(s.student, s.name) for s in found] == [("17", "Участник 17"), ("18", "Участник 18")]


@pytest.mark.parametrize("folder", ["", "class/"])
def test_other_files_than_notebooks(tmp_path, folder):
    """What a student submits is an entry; what a teacher or a platform has put beside is not."""
    names = [
        "ada.ipynb",
        "dan.ipynb",
        "bob.pdf",
        "cy/notes.txt",
        "grades.csv",
        "index.html",
        "README.md",
    ]
    found = collect(write(tmp_path / "top", *(folder + name for name in names)))
    assert [(s.student, bool(s.error)) for s in found] == [
        ("ada", False), ("bob", True), ("cy", True), ("dan", False)
    ]  # fmt: skip


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


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("wrapper", ["", "class/", "submissions/", "x/", "Exercise 1/Submissions/"])
@pytest.mark.parametrize(
    ("names", "students"),
    [
        ([f"ada/{EXERCISE}", f"bob/{EXERCISE}"], ["ada", "bob"]),
        (["ada.ipynb", "bob.ipynb"], ["ada", "bob"]),
        ([f"A_1_assignsubmission_file/{EXERCISE}", f"B_2_assignsubmission_file_{EXERCISE}"],
         ["1", "2"]),
        ([f"ada_1_45678_{EXERCISE}", f"bob_LATE_2_45679_{EXERCISE}"], ["1", "2"]),
    ],
)  # fmt: skip
def test_folders_around_everything(tmp_path, wrapper, names, students, as_zip):
    names = [wrapper + name for name in names]
    top = tmp_path / ("class.zip" if as_zip else "class")
    found = collect((pack if as_zip else write)(top, *names))
    assert [s.student for s in found] == students


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
    monkeypatch.setattr(sources, "MAX_BYTES", 1_000)
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
    for module in (sources, zips):
        monkeypatch.setattr(module, "MAX_FILES", 1)
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


def test_undecodable_file_names_are_readable_and_stay_different(tmp_path):
    names = [
        b"M\xf6ller.ipynb",
        b"M\xfcller.ipynb",
        "Zoë\xff.ipynb".encode() + b"\x80.ipynb",
    ]
    try:
        for name in names:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    except OSError:
        pytest.skip("this file system refuses undecodable names")
    found = collect(tmp_path)
    assert [(s.student, s.remarks()) for s in found[:2]] == [("Möller", []), ("Müller", [])]
    assert found[2].student == "Zoëÿ.ipynb\x80"


# Whose a file is, and how often


def test_two_forms_of_an_accented_letter_are_one_name(tmp_path):
    """As Linux and Windows write it, in one character, and as macOS does, in two."""
    one, two = (unicodedata.normalize(form, "Zoë/Übung.ipynb") for form in ("NFC", "NFD"))
    zips = [pack(tmp_path / f"{k}.zip", name, "b/x.ipynb") for k, name in enumerate((two, one))]
    for paths in (zips, zips[::-1]):
        zoe, _ = collect(*paths)
        assert (zoe.student, zoe.name, zoe.file) == ("Zoë", "Zoë", "Übung.ipynb")
        assert "found 2 times" in zoe.remarks()[0]
    head = "Zoë_12_assignsubmission_file_"  # which goes back to the platform as it came
    found = unicodedata.normalize("NFD", head)
    (moodle,) = collect(pack(tmp_path / "moodle.zip", f"{found}/x.ipynb"))
    assert (moodle.student, moodle.name, moodle.about.place) == ("12", "Zoë", found)


@pytest.mark.parametrize("as_zip", [False, True])
def test_no_file_name_makes_it_anothers(tmp_path, as_zip):
    """Only what stands before it in the path was written by a platform or a teacher."""
    forged = ["Bob_22_assignsubmission_file_x.ipynb", "bob_22_45679_x.ipynb", "a\nb.ipynb"]
    moodle = "Ada L_1_assignsubmission_file_"
    for folder, student in ((f"{moodle}/", "1"), (moodle, "1"), ("ada/", "ada")):
        names = [f"{folder}{name}" for name in (EXERCISE, *forged)]
        names.append("Cy_3_assignsubmission_file_/y.ipynb" if student == "1" else "cy/y.ipynb")
        top = tmp_path / f"{len(list(tmp_path.iterdir()))}{'.zip' if as_zip else ''}"
        found = collect((pack if as_zip else write)(top, *names))
        assert {s.student for s in found} == {student, "3" if student == "1" else "cy"}
        assert {s.file for s in found if s.student == student} == {EXERCISE, *forged}


@pytest.mark.parametrize("out", ["/", "//", "../", "x/../../", "\\\\", "..\\\\", "/../top/"])
@pytest.mark.parametrize("level", [None, 2])
def test_no_name_in_a_students_zip_makes_it_anothers(tmp_path, out, level):
    """Not even one that leads out of the zip, as some tools write it, and as an attacker may."""
    top = write(tmp_path / "top", f"class/ada/{EXERCISE}", f"class/bob/{EXERCISE}")
    (top / "class" / "eve").mkdir()
    pack(top / "class" / "eve" / "x.zip", f"{out}ada/{EXERCISE}")
    found = [one.load() for one in collect_all([top], level)]
    assert [s.student for s in found] == ["ada", "bob", "eve"]
    assert found[2].file.startswith("x/") and found[2].file.endswith(f"ada/{EXERCISE}")
    assert not any(s.remarks() for s in found)


def test_canvas_names_are_canvas_s_only_where_all_are(tmp_path):
    found = collect(write(tmp_path / "top", "ada.ipynb", "x_22_45679_y.ipynb"))
    assert [s.student for s in found] == ["ada", "x_22_45679_y"]


def test_the_same_file_twice_is_one_entry_and_says_which_one_counts(tmp_path):
    old, new = tmp_path / "old.zip", tmp_path / "new.zip"
    with zipfile.ZipFile(old, "w") as archive:
        archive.writestr(f"ada/{EXERCISE}", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"ada/{EXERCISE}", "second")
        archive.writestr("bob/x.ipynb", "bob's")
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr(f"ada/{EXERCISE}", "third")
        archive.writestr("bob/y.ipynb", "another")
    ada, *bobs = collect(old)
    assert ada.content == b"second"
    assert "found 2 times; the last one counts" in ada.remarks()[0]
    for paths, content in (((old, new), b"third"), ((new, old), b"second")):
        ada, *bobs = collect(*paths)
        assert ada.content == content
        assert "found 3 times; the last one counts" in ada.remarks()[0]
        assert [(s.file, s.remarks()) for s in bobs] == [("x.ipynb", []), ("y.ipynb", [])]
    assert collect(old, old) == collect(old)


def test_one_of_several_paths_without_a_submission_is_an_entry(tmp_path):
    good = pack(tmp_path / "good.zip", "ada/x.ipynb")
    empty, text = pack(tmp_path / "empty.zip"), tmp_path / "text.zip"
    text.write_text("x")
    found = {s.student: s for s in collect(empty, good, text)}
    assert set(found) == {"ada", "empty", "text"}
    assert "contains no notebook" in found["empty"].error
    assert "not a folder, a zip or a notebook" in found["text"].error
    assert not found["ada"].error


# Sizes and numbers


def test_contents_are_read_one_at_a_time(tmp_path):
    """80 files of 49 MB, in a zip of a few kB, take no memory until they are read."""
    content = bytes(49_000_000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"student{number}/x.ipynb", content)
    tracemalloc.start()
    try:
        found = collect_all([tmp_path / "x.zip"])
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.reset_peak()
        assert [len(one.load().content) for one in found] == [49_000_000] * 3
        assert tracemalloc.get_traced_memory()[1] < 250_000_000
    finally:
        tracemalloc.stop()


def test_a_sparse_file_is_not_read(tmp_path):
    write(tmp_path / "top", "ada/x.ipynb")
    with (tmp_path / "top" / "ada" / "y.ipynb").open("wb") as file:
        file.truncate(10**12)
    tracemalloc.start()
    try:
        x, y = collect(tmp_path / "top")
        assert tracemalloc.get_traced_memory()[1] < 120_000_000
    finally:
        tracemalloc.stop()
    assert x.content
    assert "too large in total" in y.error


def test_so_many_notebooks_of_a_student_are_graded_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(collection, "MAX_NOTEBOOKS", 3)
    write(tmp_path / "top", *(f"ada/{n}.ipynb" for n in range(5)), "bob/x.ipynb")
    *ada, bob = collect(tmp_path / "top")
    assert [bool(s.content) for s in ada] == [True] * 3 + [False] * 2
    assert ada[3].error == "This student's first 3 notebooks were graded, no others."
    assert bob.content


def test_parsing_takes_no_more_memory_than_was_estimated():
    """For the kinds of texts that become the largest objects."""
    number = 30_000
    for text in ("[]", "{}", '{"a":1}', "1.5", '"ab"', '"\U0001f600é"', "[[[[]]]]"):
        content = ("[" + ",".join([text] * number) + "]").encode()
        _parses_within(content)
    _parses_within(("{" + ",".join(f'"{n}k":{n}.5' for n in range(number)) + "}").encode())
    _parses_within(('["' + "\U0001f600" + "a" * 1_000_000 + '"]').encode())


def _parses_within(content):
    tracemalloc.start()
    try:
        json.loads(content.decode())
        assert tracemalloc.get_traced_memory()[1] < parsing_cost(content) + 10_000, content[:40]
    finally:
        tracemalloc.stop()


def test_what_takes_too_much_memory_to_parse_is_not_parsed(monkeypatch):
    content = b'{"cells": [' + b"[]," * 3_000_000 + b"[]]}"
    monkeypatch.setattr(notebook_file, "as_notebook", None)
    with pytest.raises(CourseError, match="too large: clear its outputs"):
        notebook_of(SubmittedFile("ada", "Ada", "x.ipynb", content))


# Folders that others change, and damaged files


@pytest.mark.skipif(os.name == "nt", reason="links take rights on Windows")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_no_link_is_followed_that_comes_between_finding_and_reading(tmp_path, what):
    secret = write(tmp_path / "secret", "a.ipynb")
    top = write(tmp_path / "top", "ada/a.ipynb")
    (found,) = collect_all([top])
    if what == "file":
        (top / "ada" / "a.ipynb").unlink()
        (top / "ada" / "a.ipynb").symlink_to(secret / "a.ipynb")
    else:
        (top / "ada").rename(tmp_path / "away")
        (top / "ada").symlink_to(secret)
    read = found.load()
    assert read.content == b""
    assert read.error == "The file is a link to another file: submit that file itself."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_reading_does_not_wait_for_a_pipe_that_takes_a_files_place(tmp_path):
    (found,) = collect_all([write(tmp_path / "top", "ada/a.ipynb")])
    (tmp_path / "top" / "ada" / "a.ipynb").unlink()
    os.mkfifo(tmp_path / "top" / "ada" / "a.ipynb")
    assert found.load().error == "It is not an ordinary file."


def test_a_file_that_has_grown_or_gone_is_reported(tmp_path, monkeypatch):
    grown, gone = collect_all([write(tmp_path / "top", "ada/a.ipynb", "bob/a.ipynb")])
    monkeypatch.setattr(sources, "MAX_BYTES", 3)
    assert "larger than" in grown.load().error
    (tmp_path / "top" / "bob" / "a.ipynb").unlink()
    assert gone.load().error == "The file can't be read: there is no such file or folder."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="all may read it")
def test_a_folder_that_cannot_be_read_is_an_entry(tmp_path):
    write(tmp_path / "top", "ada/a.ipynb", "bob/a.ipynb")
    (tmp_path / "top" / "ada").chmod(0)
    ada, bob = collect(tmp_path / "top")
    (tmp_path / "top" / "ada").chmod(0o755)
    assert (ada.student, bob.error) == ("ada", "")
    assert "The folder can't be read" in ada.error


@pytest.mark.skipif(os.name == "nt", reason="its paths are short")
def test_folders_nested_without_end(tmp_path, monkeypatch):
    top = write(tmp_path / "top", "ada/x.ipynb")
    monkeypatch.chdir(top)
    for _ in range(1500):
        os.mkdir("a")
        os.chdir("a")
    Path("x.ipynb").touch()
    try:
        assert [s.student for s in collect(top)] == ["ada"]
    finally:
        os.chdir(tmp_path)
        subprocess.run(["rm", "-r", top], check=True)  # Python's own way has no end either


def test_damaged_zips_and_notebooks_lead_to_sentences(tmp_path):
    """A few hundred here, 10,000 with `make test-all`."""
    spec = importlib.util.spec_from_file_location("mutate", ROOT / "tools/mutate_submissions.py")
    mutate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mutate)
    course = find_course()
    said = mutate.run(mutate.Mutations(course, course.name("01")), tmp_path, 200)
    assert min(said["read"], said["not read"], said["no notebook"]) > 50


def test_names_are_shown_without_characters_that_act_on_a_terminal(tmp_path):
    found = collect(pack(tmp_path / "x.zip", "\x1b[2Jada\n\u202e/x.ipynb", "bob/\x1b[2J.txt"))
    assert [s.name for s in found] == [" [2Jada  ", "bob"]
    assert "\x1b" not in found[1].error


# Names that platforms write, cited in `owners`


def test_blackboards_names_and_attempts(tmp_path):
    """As reported in https://github.com/jupyter/nbgrader/issues/511."""
    head = "Exercise 01_"
    names = [
        f"{head}aable_attempt_2026-11-23-20-11-05_{EXERCISE}",
        f"{head}aable_attempt_2026-11-23-20-11-05.txt",
        f"{head}b_baker_attempt_2026-11-23-21-00-00_{EXERCISE}",
        f"{head}b_baker_attempt_2026-11-24-21-00-00_{EXERCISE}",
        f"{head}ccook_attempt_2026-11-24-21-00-00.txt",
    ]
    found = collect(pack(tmp_path / "gradebook.zip", *names))
    assert [s.student for s in found] == ["aable", "b_baker", "b_baker", "ccook"]
    assert [s.about.submitted[:16] for s in found[1:3]] == ["2026-11-23T21:00", "2026-11-24T21:00"]
    assert not any(s.about.by_file for s in found[:3])
    assert found[3].error.startswith("No notebook was submitted, only")
    assert len({s.file for s in found}) == 4
    german = [name.replace("attempt", "Versuch") for name in names]
    assert [s.student for s in collect(write(tmp_path / "g", *german))] == [
        s.student for s in found
    ]  # fmt: skip


def test_ilias_folders(tmp_path):
    """As reported in https://github.com/jupyter/nbgrader/issues/796: in two folders."""
    students = ["Able_Ann_aable_1001", "Baker_Bob_bbaker_1002", "van_Dyk_Cy_cvandyk_1003"]
    names = [f"Exercise_1/Submissions/{student}/{EXERCISE}" for student in students]
    found = collect(pack(tmp_path / "exercise.zip", *names))
    assert [s.student for s in found] == students
    assert [s.name for s in found][:2] == ["Ann Able", "Bob Baker"]
    assert found[0].about.also == ("aable", "1001")
    teams = [f"Abgaben/Team {k}/{student}/{EXERCISE}" for k, student in enumerate(students)]
    assert [s.student for s in collect(pack(tmp_path / "teams.zip", *teams))] == students


def test_sakais_folders_and_times(tmp_path):
    """Both forms; "Submission attachment(s)" is a folder that every student has."""
    students = {"ada": "Lovelace, Ada(ada)", "bo_b": "van der Berg, Bob(bo_b)"}
    for join in ("/", "_"):
        names = [f"Ex 01/{who}{join}Submission attachment(s){join}{EXERCISE}"
                 for who in students.values()]  # fmt: skip
        top = write(tmp_path / f"a{join == '/'}", *names)
        found = collect(top)
        assert [(s.student, s.file) for s in found] == [(id, EXERCISE) for id in students]
        assert [s.name for s in found] == ["Ada Lovelace", "Bob van der Berg"]
    ada, bob = (tmp_path / "aTrue" / "Ex 01" / who for who in students.values())
    (ada / "timestamp.txt").write_text("20261123201105123")
    (bob / "Submission attachment(s)" / "timestamp.txt").write_text("20201123201105123")
    times = [s.about.submitted for s in collect(tmp_path / "aTrue")]
    assert times == ["2026-11-23T20:11:00+00:00", ""]  # Bob has submitted that file himself


def test_a_time_that_a_student_submits_is_no_time(tmp_path):
    folder = tmp_path / "top" / "Ada_1_assignsubmission_file_"
    write(tmp_path / "top", f"{folder.name}/{EXERCISE}", f"Bob_2_assignsubmission_file_/{EXERCISE}")
    (folder / "timestamp.txt").write_text("2020-11-23 20:11:05 UTC")
    assert [s.about.submitted for s in collect(tmp_path / "top")] == ["", ""]


def test_brightspaces_folders_and_files(tmp_path):
    names = [
        f"12345-678 - Ada Lovelace - Nov 23, 2026 811 PM | {EXERCISE}",
        f"12345-678 - Ada Lovelace - Nov 24, 2026 1011 AM | {EXERCISE}",
        "12346-678 - Bob - Baker - Nov 23, 2026 812 PM | bob's.ipynb",
    ]
    for join in ("/", " - "):
        files = [name.replace(" | ", join) for name in names]
        ada, again, bob = collect(pack(tmp_path / "x.zip", "index.html", *files))
        assert [(s.student, s.name) for s in (ada, again, bob)] == [
            ("12345", "Ada Lovelace"), ("12345", "Ada Lovelace"), ("12346", "Bob - Baker")
        ]  # fmt: skip
        assert again.about.submitted[:16] == "2026-11-24T10:11" and ada.file != again.file
        assert bob.about.place == "12346-678 - Bob - Baker - Nov 23, 2026 812 PM"


def test_what_any_of_moodles_kinds_of_submission_holds_is_its_student_s(tmp_path):
    names = [f"Ada_1_assignsubmission_file_/{EXERCISE}", "Ada_1_assignsubmission_comments_/c.html",
             "Bob_2_assignsubmission_mahara_/p.html"]  # fmt: skip
    found = collect(pack(tmp_path / "x.zip", *names))
    assert [(s.student, bool(s.content)) for s in found] == [("1", True), ("2", False)]


def test_canvas_texts_anonymous_names_and_lateness(tmp_path):
    names = [
        f"lovelaceada_123_45678_{EXERCISE}",
        f"obrienbob_LATE_124_45679_{EXERCISE}",
        "turingalan_125_text.html",
    ]
    found = collect(pack(tmp_path / "submissions.zip", *names))
    assert [(s.student, s.about.late) for s in found] == [
        ("123", False), ("124", True), ("125", False)
    ]  # fmt: skip
    assert [s.about.place for s in found[:2]] == [
        "lovelaceada_123_45678",
        "obrienbob_LATE_124_45679",
    ]
    assert found[0].about.submitted == ""  # in Canvas's zip it is the time of the download
    names = [f"anon_x1Y2z_45678_{EXERCISE}", f"LATE_anon_a9B8c_45679_{EXERCISE}"]
    found = collect(pack(tmp_path / "anonymous.zip", *names))
    assert [(s.student, s.about.late) for s in found] == [
        ("anon_a9B8c", True),
        ("anon_x1Y2z", False),
    ]


def test_canvas_groups_and_names_that_students_give_their_files(tmp_path):
    """A group's name may have a "_"; what comes after Canvas's two numbers is the student's."""
    forged = ("2026_1234_x.ipynb", "bob_22_45679_x.ipynb", "LATE_9_2026_y.ipynb")
    for head, student, late in (
        ("team_a_123_45678", "123", False), ("team_b_LATE_124_45679", "124", True),
        ("team_c_8_45679", "8", False), ("anon_x1Y2z_45678", "anon_x1Y2z", False),
        ("LATE_anon_7_45678", "anon_7", True),
    ):  # fmt: skip
        names = [f"{head}_{file}" for file in (EXERCISE, *forged)]
        found = collect(pack(tmp_path / "submissions.zip", *names, "team_d_125_text.html"))
        assert [s.student for s in found if s.about.place != head] == ["125"]
        own = [s for s in found if s.about.place == head]
        assert {(s.student, s.about.late) for s in own} == {(student, late)}
        assert {s.file for s in own} == {EXERCISE, *forged}


def test_nbgraders_times(tmp_path):
    top = write(tmp_path / "submitted", f"ada/ps1/{EXERCISE}", f"bob/ps1/{EXERCISE}")
    (top / "ada" / "ps1" / "timestamp.txt").write_text("2026-11-23 20:11:05 UTC")
    ada, bob = collect(top)
    assert (ada.about.submitted, ada.about.by_file) == ("2026-11-23T20:11:05+00:00", False)
    assert bob.about.by_file and bob.about.submitted


def test_dates_that_a_download_or_a_copy_has_made_are_no_times(tmp_path):
    def dated(name, *dates):
        files = [f"s{k}/{EXERCISE}" for k in range(len(dates))]
        top = write(tmp_path / name, *files)
        for file, date in zip(files, dates, strict=True):
            os.utime(top / file, (1.7e9 + date, 1.7e9 + date))
        return [bool(s.about.submitted) for s in collect(top)]

    assert dated("copied", 0, 5, 20, 9e5) == [False] * 4
    assert dated("kept", 0, 100, 200, 9e5) == dated("one hour", 0, 0, 3600, 7200) == [True] * 4
    assert dated("two", 0, 0) == [True] * 2  # which tell nothing
    names = [f"Student {k}_{k}_assignsubmission_file/{EXERCISE}" for k in range(2)]
    assert not any(s.about.submitted for s in collect(pack(tmp_path / "moodle.zip", *names)))


# Zips in folders in zips, and names of files


def zipped(*names, **contents):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, f"content of {name}")
        for name, content in contents.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_a_zip_for_each_student(tmp_path):
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "ada.zip").write_bytes(zipped(EXERCISE, "02_perceptron.ipynb"))
    (tmp_path / "top" / "bob.ZIP").write_bytes(zipped(f"my work/{EXERCISE}"))
    (tmp_path / "top" / "cy.zip").write_bytes(b"PK nothing")
    *found, cy = collect(tmp_path / "top")
    assert [(s.student, s.file) for s in found] == [
        ("ada", EXERCISE), ("ada", "02_perceptron.ipynb"), ("bob", f"my work/{EXERCISE}")
    ]  # fmt: skip
    assert all(s.content.startswith(b"content of") for s in found)
    assert cy.student == "cy" and "only cy.zip" in cy.error and "damaged" in cy.remarks()[0]


def test_a_zip_in_a_folder_in_a_zip(tmp_path):
    inner = zipped(**{f"again/{EXERCISE}": "Ada's"})
    folder = "Able Ann_1_assignsubmission_file_"
    bob = "Bob_2_assignsubmission_file_/x.ipynb"
    outer = zipped(**{f"{folder}/hw/inner.zip": inner, bob: "B"})
    (tmp_path / "x.zip").write_bytes(zipped(**{"download/all.zip": outer}))
    ada, bob = collect(tmp_path / "x.zip")
    assert (ada.student, ada.name, ada.content) == ("1", "Able Ann", b"Ada's")
    assert (ada.file, bob.content) == (f"hw/inner/again/{EXERCISE}", b"B")


def test_zips_that_unpack_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MAX_INNER", 3)
    monkeypatch.setattr(zips, "MAX_UNPACKED", 10_000)
    deep = zipped(EXERCISE)
    for _ in range(6):
        deep = zipped(**{"x.zip": deep})
    (tmp_path / "top").mkdir()
    for name, content in {
        "ada": zipped(EXERCISE), "bob": zipped(*(f"{k}.ipynb" for k in range(4))), "cy": deep,
        "dan": zipped(**{"x.ipynb": bytes(20_000)}),
    }.items():  # fmt: skip
        (tmp_path / "top" / f"{name}.zip").write_bytes(content)
    ada, *others = collect(tmp_path / "top")
    assert ada.content and [s.student for s in others] == ["bob", "cy", "dan"]
    assert all(not s.content and "too much in it" in s.remarks()[0] for s in others)


@pytest.mark.parametrize("end", [".ipynb.txt", ".ipynb.json", ".IPYNB", ".ipynb"])
def test_endings_that_browsers_add(tmp_path, end):
    """As reported in https://github.com/jupyter/nbviewer/issues/177."""
    found = collect(write(tmp_path / "top", f"ada/01_linear_limits{end}", "bob.ipynb"))
    assert [(s.student, bool(s.content)) for s in found] == [("ada", True), ("bob", True)]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp866", "Анна Абель"),
        ("cp1251", "Пётр Иванов"),
        ("cp932", "山田 太郎"),
        ("cp932", "たろう"),
        ("gbk", "王小明"),
        ("cp850", "Jörg Müller"),
        ("cp437", "José Núñez"),
        ("utf-8", "Žák Ødegård"),
    ],
)
def test_names_in_a_zip_that_are_not_utf_8(tmp_path, encoding, name):
    """As in https://github.com/cs50/submit50/issues/158. Python writes UTF-8 or ASCII alone, so
    that the name's bytes take the place of as many letters."""
    raw = name.encode(encoding)
    data = zipped(f"{'x' * len(raw)}/{EXERCISE}", f"bob/{EXERCISE}")
    (tmp_path / "x.zip").write_bytes(data.replace(b"x" * len(raw), raw))
    assert [s.name for s in collect(tmp_path / "x.zip")] == sorted(["bob", name])


def test_a_name_beside_the_one_that_is_not_utf_8(tmp_path):
    """Info-ZIP writes both, the second in the field 0x7075."""
    name, raw = "Žofie", b"????"
    field = b"\1" + zlib.crc32(b"\x80\xad\xad\xa0/x.ipynb").to_bytes(4, "little")
    field += f"{name}/x.ipynb".encode()
    info = zipfile.ZipInfo(f"{raw.decode()}/x.ipynb")
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(info, "x")
        archive.writestr("bob/x.ipynb", "x")
    (tmp_path / "x.zip").write_bytes(data.getvalue().replace(raw, b"\x80\xad\xad\xa0"))
    assert [s.name for s in collect(tmp_path / "x.zip")] == ["bob", "Žofie"]


# A class is not one student


def answer(number, text=""):
    cell = {"id": f"answer-{number:02}-1", "cell_type": "code", "source": text}
    return json.dumps({"cells": [cell]}, ensure_ascii=False)


def class_in(top, *names):
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(answer(int(name[-8:-6])))
    return top


def test_a_class_in_groups_is_not_one_student_for_each_group(tmp_path):
    top = class_in(tmp_path / "top", "A/ada/my 01.ipynb", "A/bob/x01.ipynb", "B/cy/01.ipynb")
    with pytest.raises(CourseError, match=r"A has exercise 01 in several folders: ada, bob\. If "
                       r".* --student-level 2\. If .* --student-level 1\."):  # fmt: skip
        collect(top)
    found = [one.load() for one in collect_all([top], 2)]
    assert [(s.student, s.file) for s in found] == [
        ("ada", "A/my 01.ipynb"), ("bob", "A/x01.ipynb"), ("cy", "B/01.ipynb")
    ]  # fmt: skip
    found = [one.load() for one in collect_all([top], 1)]
    assert [s.student for s in found] == ["A", "A", "B"]


def test_a_folder_for_each_exercise_with_the_students_in_it(tmp_path):
    top = class_in(tmp_path / "top", "ex1/ada/01.ipynb", "ex1/bob/01.ipynb", "ex2/ada/02.ipynb")
    with pytest.raises(CourseError, match="--student-level 2"):
        collect(top)
    found = [one.load() for one in collect_all([top], 2)]
    assert [(s.student, s.file) for s in found] == [
        ("ada", "ex1/01.ipynb"), ("ada", "ex2/02.ipynb"), ("bob", "ex1/01.ipynb")
    ]  # fmt: skip


def test_one_students_folders_for_exercises_and_what_moodle_has_named_are_no_class(tmp_path):
    top = class_in(tmp_path / "a", "ada/one/01.ipynb", "ada/two/02.ipynb", "bob/01.ipynb")
    assert [s.student for s in collect(top)] == ["ada", "ada", "bob"]
    moodle = "Ada_1_assignsubmission_file_"
    top = class_in(tmp_path / "b", f"{moodle}/v1/01.ipynb", f"{moodle}/v2/01.ipynb")
    assert [s.student for s in collect(top)] == ["1", "1"]


# What editors write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_of_notebooks(encoding):
    content = answer(1, "привет").encode(encoding)
    (cell,) = notebook_of(SubmittedFile("ada", "Ada", "x.ipynb", content))["cells"]
    assert cell["source"] == "привет"
