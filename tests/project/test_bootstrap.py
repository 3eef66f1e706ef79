"""The environment is built once; afterwards only what is missing is added."""

import json
import sys

import pytest

from coursekit import bootstrap


class Builder:
    """Takes the place of `venv` and of the installer, and records what they had to do."""

    def __init__(self, folder):
        self.folder = folder
        self.done = []
        self.status = 0

    def create(self, environment, *, clear, with_pip):
        assert (environment, clear, with_pip) == (self.folder / ".venv", True, True)
        environment.mkdir(exist_ok=True)
        self.done.append("create")

    def install(self, lock):
        # an interruption must be seen later, so no record is there meanwhile
        assert not (self.folder / ".venv" / "built-from.json").exists()
        self.done.append(lock)
        if self.status is None:
            raise KeyboardInterrupt
        return self.status

    def run(self, *arguments):
        self.done = []
        assert bootstrap.main(list(arguments)) == self.status
        return self.done


@pytest.fixture
def builder(tmp_path, monkeypatch):
    for name in ("student.lock", "maintainer.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    builder = Builder(tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "RECORD", tmp_path / ".venv" / "built-from.json")
    monkeypatch.setattr(bootstrap.venv, "create", builder.create)
    monkeypatch.setattr(bootstrap, "_install", builder.install)
    return builder


def test_a_student_s_environment_is_built_once(builder):
    assert builder.run() == ["create", "student.lock"]
    assert builder.run() == []


def test_a_maintainer_adds_to_it_and_a_student_takes_nothing_away(builder):
    builder.run()
    assert builder.run("--maintainer") == ["maintainer.lock"]
    assert builder.run() == []
    assert builder.run("--maintainer") == []


def test_a_maintainer_needs_no_student_s_environment_first(builder):
    assert builder.run("--maintainer") == ["create", "maintainer.lock"]
    assert builder.run() == []


@pytest.mark.parametrize("changed", ["student.lock", "pyproject.toml"])
def test_a_change_is_installed_into_what_is_there(builder, changed):
    builder.run("--maintainer")
    (builder.folder / changed).write_text("changed")
    assert builder.run() == ["student.lock"]
    assert builder.run() == []
    # the student's packages may differ now from those that the maintainer's file names
    assert builder.run("--maintainer") == ["maintainer.lock"]


def test_another_python_or_folder_builds_anew(builder):
    builder.run()
    record = builder.folder / ".venv" / "built-from.json"
    for old, new in [(sys.version, "3.11.0 (another)"), (str(builder.folder), "/elsewhere")]:
        content = json.loads(record.read_text())
        assert old in content["base"]
        record.write_text(json.dumps(content | {"base": content["base"].replace(old, new)}))
        assert builder.run() == ["create", "student.lock"]


@pytest.mark.parametrize("first", ["nothing", "a student's environment"])
def test_what_was_interrupted_is_built_anew(builder, first):
    if first != "nothing":
        builder.run()
    builder.status = None
    with pytest.raises(KeyboardInterrupt):
        builder.run("--maintainer")
    builder.status = 0
    assert builder.run() == ["create", "student.lock"]


def test_a_failed_build_is_begun_again(builder):
    builder.status = 2
    assert builder.run() == ["create", "student.lock"]
    builder.status = 0
    assert builder.run() == ["create", "student.lock"]


def test_a_failed_addition_leaves_the_student_an_environment(builder):
    builder.run()
    builder.status = 2
    assert builder.run("--maintainer") == ["maintainer.lock"]
    builder.status = 0
    assert builder.run() == []
    assert builder.run("--maintainer") == ["maintainer.lock"]


def test_an_old_python_is_told_which_one_is_needed(builder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))
    builder.status = 1
    assert builder.run() == []
    said = capsys.readouterr().out
    assert "needs Python 3.11 or newer; this is Python 3.10.12" in said
