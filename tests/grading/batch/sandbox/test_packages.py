"""What of the teacher's environment a sandbox shows."""

import sys
from pathlib import Path

import pytest

from coursekit.grading.batch.sandbox import bubblewrap, packages
from coursekit.grading.batch.sandbox.sandbox import Sandbox
from coursekit.grading.course.paths import find_course

from ..conftest import needs_sandbox

LOCK = packages.lock_of(find_course().root)
LOOK = """
import os

def listed(folder):
    return sorted(f"{at}/{name}" for at, _, names in os.walk(folder) for name in names)

def works():
    import asyncio, ctypes, decimal, hashlib, json, sqlite3, threading, zlib
    import numpy as np
    import matplotlib.pyplot as plt
    plt.plot(np.linalg.inv(np.eye(3)))
    plt.savefig("/tmp/picture.png")
    return os.path.getsize("/tmp/picture.png")
"""


def environment(folder, monkeypatch, *distributions):
    """Install distributions in a folder: a name, and the lines of its RECORD."""
    for name, *files in distributions:
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("")
        listed = [f"{file},," for file in (*files, f"{info.name}/METADATA", f"{info.name}/RECORD")]
        (info / "RECORD").write_text("\n".join(listed))
    monkeypatch.setattr(sys, "path", [str(folder)])
    monkeypatch.setattr(packages, "_font_list", list)
    lock = folder.parent / "student.lock"
    return lock


def test_only_what_the_lock_names_and_can_be_imported(tmp_path, monkeypatch):
    lock = environment(
        tmp_path / "site",
        monkeypatch,
        ("plain", "plain/__init__.py", "plain/part.py", "plain.libs/x.so", "single.py"),
        ("fast", "_fast.cpython-311-x86_64-linux-gnu.so", "fast.pth", "../../bin/fast"),
        ("linked", "__editable___linked_finder.py", "__editable__.linked.pth"),
        ("torch", "torch/__init__.py"),
        ("private", "private/__init__.py"),
    )
    locked = [
        "# of today",
        "plain==1.0 \\",
        "    --hash=sha256:00",
        "fast==2 ; python_version > '3'",
    ]
    locked += ["linked==1.0", "torch==1.0", "absent==1.0", "    # via private==1.0"]
    lock.write_text("\n".join(locked))
    shown = packages.visible(lock)
    names = ["plain", "plain.libs", "single.py", "_fast.cpython-311-x86_64-linux-gnu.so"]
    assert {path.removeprefix("/packages/") for path in shown} == set(names)
    assert packages.importable(lock) == {"plain", "single", "_fast"}
    assert all(Path(outside).is_relative_to(tmp_path) for outside in shown.values())


def test_nothing_that_the_course_refuses_is_there():
    refused = packages.REFUSED
    assert not refused & packages.importable(LOCK)
    assert {"matplotlib", "IPython"} <= packages.importable(LOCK)


@needs_sandbox
@pytest.mark.parametrize("lock", [None, LOCK], ids=["NumPy alone", "all packages"])
def test_on_a_system_without_a_folder_of_libraries_alone(lock, monkeypatch):
    """As on Fedora and Arch, where /usr/lib64 and /usr/lib hold much else."""
    monkeypatch.setattr(packages.sysconfig, "get_config_var", lambda name: None)
    command = bubblewrap.command(find_course().root, lock=lock)
    monkeypatch.undo()
    sandbox = Sandbox(command)
    try:
        sandbox.ask(60, do="execute", cell="c", source=LOOK)
        files = [
            file
            for folder in ("/usr", "/lib", "/lib64")
            for file in sandbox.ask(60, do="call", target="listed", args=(folder,), kwargs={})[
                "value"
            ]
        ]
        assert files and all(".so" in Path(file).name for file in files)
        assert len(files) < 60
        reply = sandbox.ask(60, do="call", target="works", args=(), kwargs={})
        assert (reply["error"] is None and reply["value"] > 0) == (lock is not None), reply
        assert lock or "matplotlib" in reply["error"][1]
    finally:
        sandbox.close()


def test_the_list_of_fonts_is_made_once_and_holds_matplotlibs_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (file,) = packages._font_list()
    text = file.read_text()
    assert "DejaVuSans.ttf" in text and "/usr/share" not in text
    monkeypatch.setattr(packages.subprocess, "run", None)
    assert packages._font_list() == [file]


def test_a_home_that_can_not_be_written_to(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    assert packages._font_list() == []
