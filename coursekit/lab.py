"""Open the course in JupyterLab."""

import os
import shlex
import sys
from pathlib import Path

START = "/lab/tree/notebooks/00_start_here.ipynb"
WORKSPACES = Path(".coursekit", "workspaces")  # in the course's folder: what was open in it
# JupyterLab's settings for students, and an extension with the course's style sheet.
SETTINGS = Path(__file__).resolve().with_name("jupyter")


def command(root: Path, extra: list[str]) -> list[str]:
    """The command that opens JupyterLab: first on lecture 00, later with what was open.

    Parameters
    ----------
    root : Path
        The course's folder, which becomes JupyterLab's.
    extra : list of str
        Options passed on to JupyterLab, such as ``--no-browser``.
    """
    workspaces = root / WORKSPACES
    opened = any(workspaces.glob("default-*"))
    options = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.workspaces_dir={workspaces}",
        f"--LabApp.default_url={'/lab' if opened else START}",  # of the addresses it prints too
        # What the command has said before stays on the screen. Warnings are about connections that
        # a closed browser leaves, and outputs that another kernel made: all part of a day's work.
        "--Application.log_level=ERROR",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.kernel_websocket_connection_class=coursekit.websocket.DirectConnection",
    ]
    if os.name != "nt":
        # Without a terminal of its own the server would let shells read /etc/profile, which puts
        # another PATH in place of the one with the command ``coursekit``.
        shell = os.environ.get("SHELL") or "sh"
        options.append(f"--ServerApp.terminado_settings=shell_command={shlex.quote(shell)}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # as in containers, where nobody else is there
    return [sys.executable, "-m", "jupyterlab", *options, *extra]


def main(root: Path, extra: list[str]) -> int:
    """Run JupyterLab until it is closed, and return its exit status."""
    arguments = command(root, extra)
    # So that JupyterLab's terminals find the command ``coursekit``.
    _put_first("PATH", Path(sys.executable).parent)
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        _put_first(name, SETTINGS)
    # The course's matrices are small: more threads would only wait for each other.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # The server takes this process's place, so that Ctrl-C and signals reach it alone.
    if os.name == "nt":
        import subprocess

        return subprocess.run(arguments, check=False).returncode
    os.execv(arguments[0], arguments)


def _put_first(name: str, folder: Path) -> None:
    os.environ[name] = os.pathsep.join(filter(None, [str(folder), os.environ.get(name)]))
