"""One server for all browser tests of a process, one browser for each file."""

import pytest
from explorers import EXPLORERS, SETUP, twin
from lab_page import ExplorerView, NotebookPage, Server, find_browser, launch, write_notebook
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=30_000)  # a busy machine is not a fault
# Shown below the explorers: one of them a second time, and what is no explorer.
OTHERS = [
    EXPLORERS["Neuron"],
    "widgets.OptimizerRace()",
    "guess = predict('How many corners of XOR can a line get right?', [2, 3, 4])",
]
MISSING = "no Chromium found: install one (Debian: apt-get install chromium) to run these tests"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    if find_browser() is None:
        pytest.skip(MISSING)
    running = Server(tmp_path_factory.mktemp("lab"))
    yield running
    running.close()


# Not for the session: its event loop would be taken for a kernel's by tests of other folders.
@pytest.fixture(scope="module")
def browser():
    if find_browser() is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def context(browser):
    """One for the pages of a file, which so load and compile JupyterLab's code once."""
    made = browser.new_context(viewport={"width": 1366, "height": 900})
    yield made
    made.close()


@pytest.fixture
def notebook(context, server):
    """An empty page; ``notebook.open(path)`` shows a notebook in it."""
    page = context.new_page()
    yield NotebookPage(page, server)
    page.close()


@pytest.fixture(scope="module")
def explorers(browser, server):
    """A notebook with one explorer in each cell, after the first; all have been run."""
    sources = [SETUP, *EXPLORERS.values(), *OTHERS]
    write_notebook(server.root / "notebooks" / "explorers.ipynb", sources)
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    notebook = NotebookPage(context.new_page(), server).open("notebooks/explorers.ipynb")
    notebook.run_all()
    yield notebook
    assert notebook.errors() == []
    assert notebook.complaints == []
    context.close()


@pytest.fixture
def view(explorers, request):
    """The explorer of the parameter's name."""
    output = explorers.output(1 + list(EXPLORERS).index(request.param))
    output.scroll_into_view_if_needed()
    shown, width = ExplorerView(explorers, output), twin(request.param).canvas.figure.bbox.width
    wide = "image => image.naturalWidth"  # until the browser has told its screen's resolution
    shown.wait("the picture is not this screen's", lambda: shown.image.evaluate(wide) == int(width))
    return shown
