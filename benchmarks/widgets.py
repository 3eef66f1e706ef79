"""From a key press to the new picture of each explorer, in JupyterLab in a browser.

    python benchmarks/widgets.py

Needs a Chromium. There are two explorers in a notebook, as in most lectures. The first control of
each is moved up and down by the keyboard. The time runs in the browser, from the key's event to
the picture's load event; nothing else asks the page for anything meanwhile. At most 80 ms are
wanted for a map, 60 ms for a line plot.
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
    window.expect = () => { window.answer = new Promise(answered => { window.seen = answered; }); };
    let pressed = null;
    document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
    image.addEventListener('load', () => {
        if (pressed === null) return;
        window.waits.push(performance.now() - pressed);
        pressed = null;
        window.seen();
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
        page.evaluate("window.expect()")
        page.keyboard.press(keys[k % 2])
        page.evaluate("window.answer")  # a test that is polled would keep the page drawing
        page.wait_for_timeout(40)
    waits: list[float] = page.evaluate("window.waits")
    return waits[warm_up:]


def report(name: str, waits: list[float]) -> None:
    """Print a line of the table."""
    median, slow = statistics.median(waits), statistics.quantiles(waits, n=10)[-1]
    missed = "" if median <= WANTED[name] else "  missed"
    print(f"{name:16} {median:7.0f} {slow:8.0f} {WANTED[name]:7}{missed}", flush=True)


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
            with sync_playwright() as playwright:
                browser = launch(playwright)
                print(f"key press to picture, {presses} presses each, in milliseconds")
                print(f"{'explorer':16} {'median':>7} {'9 of 10':>8} {'wanted':>7}")
                names = list(EXPLORERS)
                for pair in (names[k : k + 2] for k in range(0, len(names), 2)):
                    path = server.root / "notebooks" / f"{pair[0]}.ipynb"
                    write_notebook(path, [SETUP, *(EXPLORERS[name] for name in pair)])
                    page = browser.new_page(viewport={"width": 1366, "height": 900})
                    notebook = NotebookPage(page, server).open(f"notebooks/{path.name}")
                    notebook.run_all()
                    for n, name in enumerate(pair, start=1):
                        output = notebook.output(n)
                        output.scroll_into_view_if_needed()
                        report(name, measure(ExplorerView(notebook, output), presses))
                    page.close()
                browser.close()
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
