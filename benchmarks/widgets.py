"""From a key press to the new picture of each explorer, in JupyterLab in a browser.

    python benchmarks/widgets.py

Needs a Chromium. Each explorer's first control is moved up and down by the keyboard. The time runs
in the browser, from the key's event to the picture's load event. At most 80 ms are wanted for a
map, 60 ms for a line plot.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from explorers import EXPLORERS, SETUP
from lab_page import ExplorerView, NotebookPage, Server, find_browser, launch, write_notebook

MAP, LINES = 80, 60  # milliseconds
WANTED = {
    "LineAndGates": MAP,
    "LiftXOR": MAP,
    "PerceptronSteps": MAP,
    "Connections": MAP,
    "Backprop": MAP,
    "ScaleAndDepth": MAP,
    "ThinnedNetworks": MAP,
    "MomentumMap": MAP,
    "BendingPlane": MAP,
    "Neuron": LINES,
    "SoftStep": LINES,
    "Bumps": LINES,
    "TenLayers": LINES,
    "NormalisedLayers": LINES,
    "Penalties": LINES,
    "RatesAndCurves": LINES,
    "Recipes": LINES,
}
WATCH = """image => {
    window.waits = [];
    let pressed = null;
    document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
    image.addEventListener('load', () => {
        if (pressed !== null) { window.waits.push(performance.now() - pressed); pressed = null; }
    });
}"""


def measure(view: ExplorerView, presses: int, warm_up: int = 5) -> list[float]:
    """Milliseconds from key press to picture, for so many presses."""
    page = view.page
    if view.output.get_by_role("slider").count():
        control, keys = view.handle(0), ("ArrowRight", "ArrowLeft")
    else:
        control, keys = view.output.get_by_role("checkbox").first, ("Space", "Space")
    control.focus()
    view.image.evaluate(WATCH)
    for k in range(warm_up + presses):
        page.keyboard.press(keys[k % 2])
        page.wait_for_function("n => window.waits.length > n", arg=k, timeout=20_000)
        page.wait_for_timeout(40)
    waits: list[float] = page.evaluate("window.waits")
    return waits[warm_up:]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=40)
    presses = parser.parse_args(arguments).presses
    if find_browser() is None:
        print("no Chromium found: install one (Debian: apt-get install chromium)")
        return 1
    with tempfile.TemporaryDirectory() as home:
        server = Server(Path(home))
        try:
            path = server.root / "notebooks" / "explorers.ipynb"
            write_notebook(path, [SETUP, *EXPLORERS.values()])
            with sync_playwright() as playwright:
                browser = launch(playwright)
                page = browser.new_page(viewport={"width": 1366, "height": 900})
                notebook = NotebookPage(page, server).open("notebooks/explorers.ipynb")
                notebook.run_all()
                print(f"key press to picture, {presses} presses each, in milliseconds")
                print(f"{'explorer':16} {'median':>7} {'9 of 10':>8} {'wanted':>7}")
                for n, name in enumerate(EXPLORERS, start=1):
                    output = notebook.output(n)
                    output.scroll_into_view_if_needed()
                    waits = measure(ExplorerView(notebook, output), presses)
                    median, slow = statistics.median(waits), statistics.quantiles(waits, n=10)[-1]
                    wanted = WANTED[name]
                    missed = "" if median <= wanted else "  missed"
                    print(f"{name:16} {median:7.0f} {slow:8.0f} {wanted:7}{missed}", flush=True)
                browser.close()
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
