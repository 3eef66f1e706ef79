"""The course without a server: a JupyterLite site has what it needs, and the course needs no more.

No Pyodide runs here. These tests look at the site's files, at what kind of packages the course
needs, and let checks and widgets do without what Pyodide lacks: threads, processes and alarms.
"""

import json
import subprocess
import sys
import zipfile
from importlib import metadata, util
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LITE = ROOT / "docs" / "lite"
MISSING = "JupyterLite is not installed: pip install -e '.[dev,lite]' to run this test"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"

# Of the packages that Pyodide brings with it, those that the course needs.
IN_PYODIDE = {"ipython", "matplotlib", "numpy", "packaging", "traitlets"}
IN_PYODIDE |= {"typing-extensions", "python-dateutil"}
# Compiled where it is installed here; its wheel for all machines is what a browser takes.
ALSO_PURE = {"psygnal"}
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}


def needed(name, seen):
    """Collect the packages that a requirement brings into the browser, Pyodide's own left out."""
    name = canonicalize_name(name)
    if name in seen or name in IN_PYODIDE:
        return
    seen.add(name)
    for requirement in map(Requirement, metadata.requires(name) or []):
        if requirement.marker is None or requirement.marker.evaluate(BROWSER):
            needed(requirement.name, seen)


def test_every_package_is_pyodides_or_pure_python():
    found = set()
    for requirement in map(Requirement, metadata.requires("coursekit")):
        if requirement.name != "jupyterlab" and requirement.marker is None:
            needed(requirement.name, found)
    assert {"anywidget", "ipywidgets"} <= found
    wheels = {name: metadata.distribution(name).read_text("WHEEL") for name in found}
    compiled = {name for name, text in wheels.items() if "Root-Is-Purelib: true" not in text}
    assert compiled <= ALSO_PURE


WITHOUT = """
import multiprocessing.process, signal, subprocess, sys, threading

def refused(*arguments, **options):
    raise RuntimeError("there is no such thing in a browser")

threading.Thread.start = multiprocessing.process.BaseProcess.start = refused
subprocess.Popen.__init__ = refused
del signal.setitimer, signal.SIGALRM
for module in ("jupyterlab", "nbclient", "nbconvert", "nbformat", "resource", "fcntl", "zmq"):
    sys.modules[module] = None  # importing it fails
"""
STUDENT = """
from coursekit import check, data, nn, plots, predict, progress, show, widgets

explorer = widgets.LineAndGates()
explorer.set(w1=1, w2=1, threshold=0.5)
assert explorer.goal_reached
assert widgets.OptimizerRace().set(methods=("Adam",), Adam=0.1)
predict("How many?", [1, 2]).reveal(1)

def neuron(x, w, w0):
    return (x @ w - w0 > 0).astype(int)

assert check("01.1") == 2
"""


def test_a_student_needs_no_thread_no_process_and_no_alarm():
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT + STUDENT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "Task 01.1: 2 of 2 points" in result.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if any(util.find_spec(n) is None for n in ("jupyterlite_core", "jupyterlite_pyodide_kernel")):
        pytest.skip(MISSING)
    target = tmp_path_factory.mktemp("lite")
    subprocess.run([sys.executable, LITE / "build.py", target], check=True, cwd=ROOT)
    return target


def test_the_site_holds_the_students_course(site):
    for folder in ("notebooks", "exercises"):
        names = {p.name for p in (ROOT / folder).glob("[0-9][0-9]*_*.ipynb")}
        assert {p.name for p in (site / "files" / folder).glob("*.ipynb")} == names
    assert (site / "files/notebooks/experiments").is_dir()
    assert list((site / "files/tests/exercises/recorded").glob("*.json"))
    assert not list((site / "files").rglob("answers_*"))
    assert not (site / "files/solutions").exists()


def test_every_notebook_installs_the_package_first(site):
    for path in (site / "files").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert cells[0]["source"] == "%pip install -q coursekit", path.name
        assert len({cell["id"] for cell in cells}) == len(cells), path.name


def test_the_package_is_in_the_index_and_complete(site):
    settings = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    indexes = settings["litePluginSettings"][KERNEL]["pipliteUrls"]
    assert indexes[0].startswith("./pypi/all.json")
    ((release,),) = json.loads((site / "pypi/all.json").read_text())["coursekit"][
        "releases"
    ].values()
    with zipfile.ZipFile(site / "pypi" / release["filename"]) as wheel:
        names = set(wheel.namelist())
        about = next(n for n in names if n.endswith("METADATA"))
        assert "jupyterlab" not in wheel.read(about).decode()
    kinds = {".py", ".css", ".js", ".mplstyle", ".npz"}
    files = [p for p in (ROOT / "coursekit").rglob("*") if p.suffix in kinds]
    assert {str(p.relative_to(ROOT).as_posix()) for p in files} <= names


def test_the_widgets_have_their_code_in_the_site(site):
    settings = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]
    extensions = {each["name"] for each in settings["federated_extensions"]}
    assert {"@jupyter-widgets/jupyterlab-manager", "anywidget"} <= extensions
    assert settings["appName"] == "Deep learning from the first neuron"  # our settings are used
