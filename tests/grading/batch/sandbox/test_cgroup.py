"""A control group for each sandbox, where one may be made."""

import os
import subprocess
import sys

import pytest

from coursekit.grading.batch.sandbox import cgroup

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
OWN = "/user.slice/user-7.slice/user@7.service/app.slice/terminal.scope"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder that looks like the kernel's tree."""
    folder = tmp_path
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    for name in OWN.strip("/").split("/"):
        folder = folder / name
        folder.mkdir()
        (folder / "cgroup.subtree_control").write_text("")
        (folder / "cgroup.procs").write_text("")
        (folder / "cgroup.kill").write_text("")
    (folder.parent / "cgroup.subtree_control").write_text("memory pids\n")
    monkeypatch.setattr(os, "geteuid", lambda: 7)
    cgroup._parent_cgroup.cache_clear()
    yield tmp_path
    cgroup._parent_cgroup.cache_clear()


def app(tree):
    return tree / OWN.strip("/").rsplit("/", 1)[0]


def test_it_is_made_beside_the_graders_own(tree, monkeypatch):
    monkeypatch.setattr(cgroup, "_TREE", tree)
    monkeypatch.setattr(cgroup, "_current_cgroup", lambda: OWN)
    groups = [cgroup.make(), cgroup.make()]
    made = [path for path in app(tree).iterdir() if path.name.startswith("coursekit-")]
    assert len(made) == 2
    for path in made:
        assert int((path / "memory.max").read_text()) == cgroup.MEMORY
        assert int((path / "pids.max").read_text()) == cgroup.PROCESSES
    command = groups[0].entering(["/bin/echo", "a b", "$HOME"])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "a b $HOME\n"  # the command itself, with its words as they were
    assert any((path / "cgroup.procs").exists() for path in made)


@pytest.mark.parametrize("what", ["no controllers", "not writable", "no tree", "root"])
def test_there_is_none_where_none_may_be_made(tree, monkeypatch, what):
    assert cgroup._parent_cgroup(tree, OWN) == app(tree)
    cgroup._parent_cgroup.cache_clear()
    match what:
        case "no controllers":
            (app(tree) / "cgroup.subtree_control").write_text("pids\n")
        case "not writable":
            monkeypatch.setattr(os, "access", lambda *_: False)
        case "no tree":
            (tree / "cgroup.controllers").unlink()
        case "root":  # may write everywhere, but systemd has not delegated this part
            monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert cgroup._parent_cgroup(tree, OWN) is None


def test_root_uses_a_part_that_was_delegated(tree, monkeypatch):
    marked = tree / "user.slice" / "user-7.slice" / "user@7.service"
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def getxattr(path, name):
        if path == marked and name == "user.delegate":
            return b"1"
        raise OSError(61, "No data available")

    monkeypatch.setattr(os, "getxattr", getxattr)
    assert cgroup._parent_cgroup(tree, OWN) == app(tree)


def test_no_group_changes_nothing():
    group = cgroup.Group(None)
    assert group.entering(["a", "b"]) == ["a", "b"]
    group.end()


def test_the_end_kills_what_is_left_and_waits_until_it_may_be_removed(tmp_path, monkeypatch):
    path = tmp_path / "group"
    path.mkdir()
    (path / "cgroup.kill").write_text("")
    group = cgroup.Group(path)
    waited = []

    def sleep(seconds):
        waited.append((path / "cgroup.kill").read_text())
        (path / "cgroup.kill").unlink()  # as the kernel's files go with the folder

    monkeypatch.setattr(cgroup.time, "sleep", sleep)
    group.end()
    assert waited == ["1"]
    assert not path.exists()
    group.end()


def test_this_machines_own_group_is_found():
    own = cgroup._current_cgroup()
    assert own == "" or own.startswith("/")
