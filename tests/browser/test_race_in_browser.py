"""The optimizer race in JupyterLab: playing, its keys, and what it says to wrong numbers."""

import nbformat
import pytest
from lab_page import NotebookPage
from playwright.sync_api import expect

SOURCES = ["from coursekit import widgets", "race = widgets.OptimizerRace()\nrace", "race.arrivals"]


@pytest.fixture
def race(browser, server):
    """The race below its cell, and a list that counts the kernel messages of widgets."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in SOURCES])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, server.root / "notebooks" / "race.ipynb")
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page, messages = context.new_page(), []

    def note(frame):
        text = frame if isinstance(frame, str) else frame.decode("latin-1")
        if "comm_msg" in text:
            messages.append(text[:200])

    def listen(socket):
        socket.on("framesent", note)
        socket.on("framereceived", note)

    page.on("websocket", listen)
    notebook = NotebookPage(page, server).open("notebooks/race.ipynb")
    notebook.run_all()
    output = notebook.output(1)
    output.scroll_into_view_if_needed()
    yield notebook, output, messages
    assert notebook.complaints == []
    context.close()


def test_it_plays_and_leaves_the_kernel_alone(race):
    notebook, output, messages = race
    output.get_by_role("button", name="Run").click()
    expect(output.get_by_role("button", name="Pause")).to_be_visible()
    notebook.page.wait_for_timeout(500)
    del messages[:]
    before = int(output.locator(".ck-step").inner_text())
    notebook.page.wait_for_function(
        "least => Number(document.querySelector('.ck-race .ck-step').textContent) > least",
        arg=before + 10,
    )
    assert messages == []


def test_by_keys_alone(race):
    notebook, output, _ = race
    keyboard = notebook.page.keyboard
    scrub = output.get_by_label("step", exact=True)
    scrub.focus()
    keyboard.press("Home")
    for _ in range(3):
        keyboard.press("ArrowRight")
    expect(output.locator(".ck-step")).to_have_text("3")
    keyboard.press("Space")
    expect(output.get_by_role("button", name="Pause")).to_be_visible()
    keyboard.press("Space")
    expect(output.get_by_role("button", name="Play")).to_be_visible()
    output.get_by_label("Adam: rate α").fill("0.75")
    output.get_by_label("Adam: β₁").fill("0.8")
    keyboard.press("Enter")
    expect(output.get_by_role("status")).to_contain_text("Goal reached.")
    notebook.run_cell(2)  # the kernel knows what the browser has asked for
    expect(notebook.output(2)).to_contain_text("'Adam': 31")


def test_a_wrong_number_is_answered_in_words(race):
    _, output, _ = race
    output.get_by_label("start x₁").fill("99")
    output.get_by_role("button", name="Run").click()
    expect(output.get_by_role("status")).to_contain_text("The start must lie on the map")
    output.get_by_label("start x₁").fill("")
    output.get_by_role("button", name="Run").click()
    expect(output.get_by_role("status")).to_contain_text("The start must lie on the map")
    output.get_by_label("surface", exact=True).select_option("saddle")
    expect(output.get_by_label("start x₁")).to_have_value("-2")
    output.get_by_role("button", name="Run").click()
    expect(output.get_by_role("status")).to_contain_text("Not there after 200 steps: SGD, Momentum")
