"""One server for all browser tests of a process, one browser for each file."""

import pytest
from lab_page import NotebookPage, Server, find_browser, launch
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=15_000)  # a busy machine is not a fault
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


@pytest.fixture
def notebook(browser, server):
    """An empty page; ``notebook.open(path)`` shows a notebook in it."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    yield NotebookPage(context.new_page(), server)
    context.close()
