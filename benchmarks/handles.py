"""Frames a second while a handle of each explorer is dragged, in JupyterLab in a browser.

    python benchmarks/handles.py

Needs a Chromium. The mouse goes round in a small circle with the handle. Counted are the page's
frames, by requestAnimationFrame, in which the handle has moved. At least 55 a second are wanted,
and that the picture has followed a jump of the mouse after 80 ms (median of up to eight).
"""

import argparse
import math
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from explorers import EXPLORERS, SETUP, twin
from lab_page import ExplorerView, NotebookPage, Server, find_browser, launch, write_notebook

from coursekit.widgets import Switch

WANTED, LATE = 55, 80  # frames a second, milliseconds
WATCH = """node => {
    const seen = window.seen = {frames: [], moved: 0, last: null, running: true};
    const frame = time => {
        const place = node.getAttribute('transform');
        if (place !== seen.last) { seen.moved += 1; seen.last = place; }
        seen.frames.push(time);
        if (seen.running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
STOP = "() => { window.seen.running = false; return window.seen; }"
JUMPS = ((40, 40), (-40, -40), (40, -40), (-40, 40)) * 2  # pixels from where it was taken
# From the next move of the mouse until the last picture that comes of it, in milliseconds.
FOLLOWED = """image => {
    let from, till;
    const moved = () => { from ??= performance.now(); };
    const loaded = () => { till = performance.now(); };
    document.addEventListener('pointermove', moved, true);
    image.addEventListener('load', loaded);
    window.followed = new Promise(done => setTimeout(() => {
        document.removeEventListener('pointermove', moved, true);
        image.removeEventListener('load', loaded);
        done(till - from || null);
    }, 400));
}"""


def measure(view: ExplorerView, seconds: float) -> tuple[float, float, float]:
    """Frames a second, the share with a new place, and milliseconds from a jump to its picture."""
    handle, mouse = view.output.locator(".ck-handle").first, view.page.mouse
    box = view.knob(0).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    handle.evaluate(WATCH)
    for k in range(round(60 * seconds)):
        angle = k / 15
        mouse.move(x + 25 * math.sin(angle), y + 25 * (math.cos(angle) - 1))
    seen = view.page.evaluate(STOP)
    view.page.wait_for_timeout(400)
    followed = []
    for jump in JUMPS:
        view.image.evaluate(FOLLOWED)
        mouse.move(x + jump[0], y + jump[1])
        followed.append(view.page.evaluate("window.followed"))
    mouse.up()
    late = [passed for passed in followed if passed]  # not all lead a handle elsewhere
    gaps = [b - a for a, b in zip(seen["frames"], seen["frames"][1:], strict=False)]
    return 1000 / statistics.mean(gaps), seen["moved"] / (60 * seconds), statistics.median(late)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    seconds = parser.parse_args(arguments).seconds
    if find_browser() is None:
        print("no Chromium found: install one (Debian: apt-get install chromium)")
        return 1
    with tempfile.TemporaryDirectory() as home:
        server = Server(Path(home))
        try:
            names = [
                name
                for name in EXPLORERS
                if (model := twin(name))._handles
                and not isinstance(model.controls[model._handles[0].bound[0]], Switch)
            ]
            path = server.root / "notebooks" / "handles.ipynb"
            write_notebook(path, [SETUP, *(EXPLORERS[name] for name in names)])
            with sync_playwright() as playwright:
                browser = launch(playwright)
                page = browser.new_page(viewport={"width": 1366, "height": 900})
                notebook = NotebookPage(page, server).open("notebooks/handles.ipynb")
                notebook.run_all()
                print(f"{'explorer':16} {'frames/s':>9} {'moves seen':>11} {'picture, ms':>12}")
                for n, name in enumerate(names, start=1):
                    output = notebook.output(n)
                    output.scroll_into_view_if_needed()
                    frames, moved, late = measure(ExplorerView(notebook, output), seconds)
                    missed = "" if frames >= WANTED and late <= LATE else "  missed"
                    print(f"{name:16} {frames:9.0f} {moved:11.0%} {late:12.0f}{missed}", flush=True)
                browser.close()
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
