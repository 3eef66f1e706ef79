"""The course's files are found, or a sentence says what to do."""

import json
import os
import subprocess
import sys

import pytest

from coursekit.grading.course.paths import Course, CourseError, find_course

from ..small_course import installed_without_course

COURSE = find_course()
ASKS = "from coursekit.grading.course.paths import find_course; print(find_course().root)"


def found_by(site, folder, **environment):
    """Ask a copy of the package where the course is."""
    run = subprocess.run(
        [sys.executable, "-c", ASKS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip() or run.stderr


def test_a_package_without_its_course_says_so(tmp_path):
    site = installed_without_course(tmp_path / "site")
    assert "COURSEKIT_COURSE" in found_by(site, tmp_path)
    assert "course's files were not found" in found_by(site, tmp_path)
    assert found_by(site, COURSE.exercises) == str(COURSE.root)
    assert found_by(site, tmp_path, COURSEKIT_COURSE=str(COURSE.root)) == str(COURSE.root)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"url": COURSE.root.as_uri(), "dir_info": {}}, True),
        ({"url": "https://example.org/course.zip"}, False),
        ({"url": "file:///no/such/folder"}, False),
        ({}, False),
    ],
)
def test_a_package_finds_the_course_that_pip_installed_it_from(tmp_path, record, found):
    site = installed_without_course(tmp_path / "site")
    (record_file,) = site.glob("*.dist-info")
    (record_file / "direct_url.json").write_text(json.dumps(record))
    assert (found_by(site, tmp_path) == str(COURSE.root)) == found


def test_a_folder_that_is_named_comes_first(ready, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSEKIT_COURSE", str(ready.root))
    monkeypatch.chdir(COURSE.exercises)
    assert find_course().root == ready.root
    assert find_course(COURSE.exercises).root == COURSE.root
    monkeypatch.setenv("COURSEKIT_COURSE", str(ready.exercises))
    with pytest.raises(CourseError, match="exercises, where there is no course"):
        find_course()


def test_an_exercise_is_found_by_its_number(ready: Course):
    assert ready.name("1") == ready.name("01") == "01_small"
    with pytest.raises(CourseError, match="There is no exercise 7; the exercises are 01"):
        ready.name("7")
