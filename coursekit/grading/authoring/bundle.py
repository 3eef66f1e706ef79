"""What a teacher hands out: the course without answers."""

from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.authoring.student_version import holds_work, released, without_markers
from coursekit.grading.course.notebook import notebook_text, source_of
from coursekit.grading.course.paths import Course, CourseError, is_course, write_atomically, writing
from coursekit.grading.course.submission import load_notebook
from coursekit.grading.judge.course_files import course_files
from coursekit.grading.judge.recording import recorded
from coursekit.grading.judge.reference import read_notebook
from coursekit.language import mark, say, speaking

_FILES = [".gitignore", "LICENSE", "LICENSE-text.md", "environment.yml", "pyproject.toml"]
_FILES += ["student.lock"]
_MAKEFILE = """PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

lab:
\t@$(PYTHON) coursekit/bootstrap.py
\t@$(BIN)/coursekit lab
"""
_README = mark("""# Deep learning from the first neuron

You need Python 3.11 or newer and make.

```
make lab
```

builds the environment, once, makes your copy of the course in `my-course/`, and opens it in
JupyterLab. Without make, on Windows for example:

```
py coursekit/bootstrap.py
py -m coursekit lab
```

To get a newer version of the course, unpack it over this folder and type `make lab` again: your
copy is brought up to date, and what you wrote in it stays.

In a terminal of JupyterLab (menu *File*, *New*, *Terminal*), `coursekit grade` runs all checks,
`coursekit progress` shows how far you are, and `coursekit reset 01` gives you a fresh copy of an
exercise and keeps yours. In another terminal, in this folder, write `.venv/bin/coursekit`, on
Windows `py -m coursekit`. The folder `tests/` holds what the checks compare answers with; you need
not open it.

Code: BSD 3-Clause ([LICENSE](LICENSE)). Text: CC BY 4.0 ([LICENSE-text.md](LICENSE-text.md)).
""")


def release(course: Course, to: Path, only: str | None, *, solutions: bool) -> str:
    """Write a hand-out, or the solutions; parameters as for the command. Say what was written."""
    names = course.chosen(only)
    if solutions:
        return "\n".join(
            [say("Solutions to hand out:"), *map(str, write_solutions(course, to, names))]
        )
    files = write_bundle(course, to, names)
    numbers = ", ".join(file.name[:2] for file in files if file.parts[0] == "exercises")
    return say(
        "{folder}: {n} files with exercises {numbers}, none with an answer.",
        folder=to,
        n=len(files),
        numbers=numbers,
    )


def write_bundle(course: Course, to: Path, names: Sequence[str] | None = None) -> list[Path]:
    """Write the students' copy of the course: lectures, exercises without answers, checks, package.

    Parameters
    ----------
    course : Course
        The whole course with ``solutions/``, all exercises recorded.
    to : Path
        A folder that does not exist yet, is empty, or holds an earlier hand-out. Exercises that
        are there already stay and are brought up to date, and files of the teacher's own stay.
    names : sequence of str, optional
        The exercises to hand out. Default: all.

    Returns
    -------
    list of Path
        The files written, relative to the folder.

    Raises
    ------
    CourseError
        If something else is in the folder, answers were written in its exercises, or an exercise
        has changed since it was recorded; nothing is written then. Or if the folder can't be
        written to.
    """
    there = _handed_out(to)
    known = [name for name in course.names if name in there or names is None or name in names]
    files = bundle_files(course, known)
    with writing(to):
        for name, content in files.items():
            write_atomically(to / name, content)
        for folder in (to / "coursekit", to / "tests"):  # files that the course has no longer
            for path in folder.rglob("*"):
                if path.is_file() and path.relative_to(to).as_posix() not in files:
                    path.unlink()
        for name in set(there) - set(known):
            (to / "exercises" / f"{name}.ipynb").unlink(missing_ok=True)
    return sorted(map(Path, files))


def bundle_files(course: Course, names: Sequence[str]) -> dict[str, bytes]:
    """Read all files of a hand-out with these exercises; raise as `write_bundle` does."""
    for name in names:
        _check_recording(course, name)
    files = course_files(course, names)
    files |= {name: (course.root / name).read_bytes() for name in _FILES}
    with speaking(course.language):  # not the teacher's
        files |= {"README.md": say(_README).encode(), "Makefile": _MAKEFILE.encode()}
    for path in sorted((course.root / "coursekit").rglob("*")):
        file = path.relative_to(course.root)
        hidden = any(part[0] == "." or part == "__pycache__" for part in file.parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            files[file.as_posix()] = path.read_bytes()
    return files


def write_solutions(course: Course, to: Path, names: Sequence[str]) -> list[Path]:
    """Write the course's own answers, to be published after a deadline; return the files.

    Each exercise becomes a notebook with answers and outputs. Its name differs from the exercise's,
    so that it can lie in the same folder and replaces nothing.

    Raises
    ------
    CourseError
        If nothing can be written there, or an exercise has changed since it was recorded.
    """
    for name in names:
        _check_recording(course, name)
    files = []
    for name in names:
        notebook = read_notebook(course.solutions / f"{name}.ipynb")
        for cell in notebook["cells"]:
            cell["source"] = without_markers(source_of(cell))
        files.append(to / f"{name}.solution.ipynb")
        with writing(to):
            write_atomically(files[-1], notebook_text(notebook))
    return files


def _handed_out(to: Path) -> list[str]:
    """Return the exercises of an earlier hand-out; none if the folder is new or empty."""
    if not to.exists() or (to.is_dir() and not any(to.iterdir())):
        return []
    if not (is_course(to) and (to / "coursekit").is_dir()) or (to / "solutions").exists():
        raise CourseError(
            say("{path} is not empty and holds no hand-out: name another folder.", path=to)
        )
    copy = Course(to)
    for name in copy.names:
        path = copy.exercises / f"{name}.ipynb"
        if path.exists() and holds_work(load_notebook(path), recorded(copy, name).notebook):
            raise CourseError(
                say(
                    "{path} holds answers: this looks like a student's copy. Name another folder.",
                    path=path,
                )
            )
    return copy.names


def _check_recording(course: Course, name: str) -> None:
    """Raise unless what is recorded of an exercise matches its source."""
    source = course.solutions / f"{name}.ipynb"
    if not source.exists():
        raise CourseError(
            say("The source of exercise {name} is missing: {source}.", name=name, source=source)
        )
    if recorded(course, name).notebook != released(read_notebook(source), name):
        raise CourseError(
            say(
                "Exercise {name} has changed: run `coursekit exercises {exercise}`.",
                name=name,
                exercise=name[:2],
            )
        )
