"""The optimizer race in JupyterLab in a browser: from Run to the first frame, and frames a second.

    python benchmarks/race.py

Needs a Chromium. Wanted: a first frame within 300 ms, and 55 frames a second in the median.
"""

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
FIRST_FRAME = """() => new Promise(done => {
    const root = document.querySelector('.ck-race');
    const step = root.querySelector('.ck-step'), play = root.querySelector('.ck-stage button');
    const begin = performance.now();
    root.querySelector('.ck-run').click();
    const look = () => play.textContent === 'Pause' && Number(step.textContent) < 20
        ? done(performance.now() - begin) : requestAnimationFrame(look);
    requestAnimationFrame(look);
})"""
FRAMES = """() => new Promise(done => {
    const times = [];
    const note = now => times.push(now) < 150 ? requestAnimationFrame(note) : done(times);
    requestAnimationFrame(note);
})"""


def main() -> int:
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
                for _ in range(10):
                    page.wait_for_timeout(500)
                    waits.append(page.evaluate(FIRST_FRAME))
                times = page.evaluate(FRAMES)
                rate = 1000 / statistics.median(b - a for a, b in pairwise(times))
                print(f"Run to first frame: {statistics.median(waits):.0f} ms, wanted 300")
                print(f"frames a second:    {rate:.1f}, wanted 55")
                browser.close()
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
