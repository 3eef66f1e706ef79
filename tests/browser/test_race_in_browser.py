"""The optimizer race in JupyterLab: playing, its keys, and what it says to wrong numbers."""

import re

import pytest
from lab_page import NotebookPage, write_notebook
from playwright.sync_api import expect

SOURCES = ["from coursekit import widgets", "race = widgets.OptimizerRace()\nrace", "race.arrivals"]


@pytest.fixture
def race(browser, server):
    """The race below its cell, and a list that counts the kernel messages of widgets."""
    write_notebook(server.root / "notebooks" / "race.ipynb", SOURCES)
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


def test_pause_stops_and_play_goes_on(race):
    notebook, output, _ = race
    step, drawn = output.locator(".ck-step"), output.locator("canvas[role=img]")
    output.get_by_role("button", name="Run").click()
    expect(step).to_have_text(re.compile(r"^[1-9]\d$"))
    output.get_by_role("button", name="Pause").click()
    at, picture = step.inner_text(), drawn.evaluate("canvas => canvas.toDataURL()")
    for _ in range(30):
        notebook.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert step.inner_text() == at
    assert drawn.evaluate("canvas => canvas.toDataURL()") == picture
    output.get_by_role("button", name="Play").click()
    expect(step).not_to_have_text(at)


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
