"""What `coursekit lab` tells JupyterLab to open."""

import json

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpecManager
from jupyterlab_server.workspaces_handler import WorkspacesManager

from coursekit.lab import SETTINGS, START, WORKSPACES, command


def test_the_first_start_opens_lecture_00_and_later_ones_what_was_open(tmp_path):
    assert f"--LabApp.default_url={START}" in command(tmp_path, [])
    workspaces = WorkspacesManager(tmp_path / WORKSPACES)
    layout = {"data": {}, "metadata": {"id": "another"}}
    workspaces.save("another", json.dumps(layout))  # of a second window
    assert f"--LabApp.default_url={START}" in command(tmp_path, [])
    layout["metadata"]["id"] = "default"
    workspaces.save("default", json.dumps(layout))
    assert "--LabApp.default_url=/lab" in command(tmp_path, [])


def test_the_options_given_come_last_so_that_they_count(tmp_path):
    given = ["--no-browser", "--port=9999"]
    assert command(tmp_path, given)[-2:] == given


def test_the_course_brings_a_kernel_that_logs_errors_alone(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(SETTINGS))
    ours = KernelSpecManager().get_kernel_spec("python3")
    theirs = get_kernel_dict()
    assert ours.argv[0] == "python"  # which Jupyter takes for the one that runs it
    quiet = "--log-level=ERROR"
    assert quiet in ours.argv
    assert [word for word in ours.argv if word != quiet][-4:] == theirs["argv"][-4:]
    assert (ours.display_name, ours.language) == (theirs["display_name"], theirs["language"])
