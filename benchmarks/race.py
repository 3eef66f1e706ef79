"""The optimizer race in JupyterLab in a browser: from a key to the new paths, and frames a second.

    python benchmarks/race.py

Needs a Chromium. Wanted, in the median: new paths within 80 ms of a moved slider, and 55 frames a
second, both while it plays and while the start is dragged.
"""

import argparse
import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from lab_page import NotebookPage, Server, find_browser, launch

SOURCE = "from coursekit import widgets\n\nwidgets.OptimizerRace()"
ANSWER = """() => new Promise(done => {
    const root = document.querySelector('.ck-race'), slider = root.querySelector('.ck-slide');
    const begin = performance.now();
    slider.value = Number(slider.value) + (Number(slider.value) % 2 ? 1 : -1);
    slider.dispatchEvent(new Event('input'));
    const look = () => root.classList.contains('ck-waiting')
        ? requestAnimationFrame(look) : done(performance.now() - begin);
    requestAnimationFrame(look);
})"""
FRAMES = """() => new Promise(done => {
    const times = [];
    const note = now => times.push(now) < 150 ? requestAnimationFrame(note) : done(times);
    requestAnimationFrame(note);
})"""


def rate(times: list[float]) -> float:
    return 1000 / statistics.median(b - a for a, b in pairwise(times))


def main() -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if find_browser() is None:
        print("no Chromium found: install one (Debian: apt-get install chromium)")
        return 1
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as home:
        server = Server(Path(home))
        try:
            nbformat.write(book, server.root / "notebooks" / "race.ipynb")
            with sync_playwright() as playwright:
                browser = launch(playwright)
                page = browser.new_page(viewport={"width": 1366, "height": 900})
                notebook = NotebookPage(page, server).open("notebooks/race.ipynb")
                notebook.run_all()
                waits = []
                for _ in range(40):
                    page.wait_for_timeout(100)
                    waits.append(page.evaluate(ANSWER))
                print(f"slider to new paths: {statistics.median(waits):.0f} ms, wanted 80")
                page.get_by_role("button", name="▶ Play").click()
                print(f"frames a second, playing:  {rate(page.evaluate(FRAMES)):.1f}, wanted 55")
                box = page.locator(".ck-start").bounding_box()
                page.mouse.move(x := box["x"] + 15, y := box["y"] + 15)
                page.mouse.down()
                page.evaluate(f"() => {{ window.frameTimes = ({FRAMES})(); }}")
                for k in range(120):
                    page.mouse.move(x + k % 40, y + k % 30)
                times = page.evaluate("() => window.frameTimes")
                print(f"frames a second, dragging: {rate(times):.1f}, wanted 55")
                browser.close()
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
