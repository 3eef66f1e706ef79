"""Every notebook of the course, run from top to bottom in JupyterLab."""

import re
from pathlib import Path

import nbformat
import pytest
from lab_page import COURSE, NotebookPage
from playwright.sync_api import expect

LECTURES, EXERCISES = (
    [path.relative_to(COURSE).as_posix() for path in sorted((COURSE / folder).glob("*.ipynb"))]
    for folder in ("notebooks", "exercises")
)
# nbval executes all notebooks, explorers, the race and the playground have pages of their own, and
# a student comes to an exercise in another test, so the others seldom show anything new.
KINDS = LECTURES[:1]
NOTEBOOKS = [
    pytest.param(path, marks=[] if path in KINDS else pytest.mark.long)
    for path in [*LECTURES, *EXERCISES]
]
SCREENSHOTS = COURSE / "artefacts" / "widgets"
VIEW = "application/vnd.jupyter.widget-view+json"
# Lines that show a widget: a prediction does so itself.
SHOWS = re.compile(r"^(\w+ = )?predict\(|^widgets\.[A-Z]", re.MULTILINE)
WIDGET = ".jupyter-widgets.widget-container, .ck-race, .ck-playground"
# Complaints of the server and of its kernels.
COMPLAINT = re.compile(r"^(?:\[[EC] .*|Traceback.*)", re.MULTILINE)
# ipykernel 7 says so if the page closes its widgets while the notebook's kernel already ends.
LAST_WORDS = re.compile(
    r"^Exception ignored in: <coroutine object Kernel\.shell_channel_thread_main .*\n"
    r"Traceback.*\n(?:(?: |\[[IW] ).*\n)+?RuntimeError: Event loop is closed$",
    re.MULTILINE,
)
# Pictures and canvases without a size, or of a single colour.
BLANK = """async panel => {
    const found = [];
    for (const node of panel.querySelectorAll('.jp-OutputArea img, .jp-OutputArea canvas, .jp-MarkdownOutput img')) {
        if (!node.checkVisibility()) continue;  // in a part that is closed
        if (node.tagName === 'IMG') await node.decode().catch(() => {});
        const width = node.naturalWidth ?? node.width, height = node.naturalHeight ?? node.height;
        let colours = 0;
        if (width && height) {
            const canvas = new OffscreenCanvas(width, height), context = canvas.getContext('2d');
            context.drawImage(node, 0, 0);
            const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
            colours = pixels.some(pixel => pixel !== pixels[0]) ? 2 : 1;
        }
        if (colours < 2) found.push(node.outerHTML.slice(0, 200));
    }
    return found;
}"""  # noqa: E501


@pytest.fixture(scope="module")
def desk(browser, server):
    """One page for all notebooks, one after the other."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    notebook = NotebookPage(context.new_page(), server)
    notebook.page.goto(f"{server.url}/lab/workspaces/desk?token={server.token}")
    yield notebook
    context.close()


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_it_runs_and_shows_everything(desk, server, path):
    said = server.log.stat().st_size
    del desk.complaints[:]
    desk.switch(path)
    desk.run_all(300)
    assert desk.errors() == []
    assert desk.panels.evaluate(BLANK) == []
    desk.save()
    book = nbformat.read(server.root / path, as_version=4)
    for n, cell in enumerate(cell for cell in book.cells if cell.cell_type == "code"):
        live = sum(VIEW in output.get("data", ()) for output in cell.outputs)
        assert live or not SHOWS.search(cell.source), cell.source
        if live:
            expect(desk.output(n).locator(f".jp-OutputArea-output:has({WIDGET})")).to_have_count(
                live
            )
            expect(desk.output(n)).not_to_contain_text("widget...")
            keep_picture(desk, n, cell.source, Path(path).stem)
    assert desk.complaints == []
    with server.log.open("rb") as log:
        log.seek(said)
        words = LAST_WORDS.sub("", log.read().decode())
    assert not COMPLAINT.search(words), words


def keep_picture(desk, n, source, name):
    """Store what an explorer or a race looks like, for people to look at."""
    if found := re.search(r"widgets\.(\w+)", source):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        desk.output(n).screenshot(path=SCREENSHOTS / f"{name}-{found[1]}-{n}.png")
