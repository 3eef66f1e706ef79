"""What a student sees after ``make lab``, and the predictions made by hand."""

import json
import re
import urllib.request

from explorers import EXPLORERS, SETUP
from lab_page import ExplorerView, longest_line, write_notebook
from playwright.sync_api import expect
from websocket import create_connection

from coursekit.grading.student.working_copy import as_opened

PREDICTION = [
    "from coursekit import predict",
    'guess = predict("How many corners of XOR can a line get right?", [2, 3, 4])',
    'guess.reveal(3, "One corner is always wrong.")',
]


PROSE = longest_line(".jp-MarkdownOutput :is(p, li)")


def test_the_command_opens_the_first_lecture(notebook, server):
    file = server.root / server.fresh("notebooks/00_start_here.ipynb")
    file.write_bytes(as_opened(file, file.read_bytes()))  # as in a student's copy
    notebook.page.goto(server.first_page())
    notebook.wait_idle()
    expect(notebook.page.locator(".jp-mod-dirty")).to_have_count(0)  # nothing to save yet
    tab = notebook.page.get_by_role("tab", name="00_start_here.ipynb")
    expect(tab).to_have_attribute("aria-selected", "true")
    notebook.run_all()

    # a page to read: contents at the left, lines that are not too long, code of questions folded
    expect(notebook.page.locator(".jp-TableOfContents")).to_be_visible()
    expect(notebook.page.locator(".jp-FileBrowser")).not_to_be_visible()
    for gone in ("Extension Manager", "Debugger"):
        assert notebook.page.locator(f".jp-SideBar [title^='{gone}']").count() == 0
    for width in (1920, 1366):
        notebook.page.set_viewport_size({"width": width, "height": 900})
        assert 60 <= notebook.page.evaluate(PROSE) <= 75
    first = notebook.page.locator(".jp-CodeCell:has(.ck-live)").first
    expect(first.locator(".jp-InputArea-editor")).not_to_be_visible()
    folded = first.locator(".jp-InputPlaceholder")
    assert "Predict" not in folded.inner_text() and "0.1" not in folded.inner_text()
    card = notebook.page.locator("details.ck-reveal").first
    expect(card).not_to_have_attribute("open", "")
    first.get_by_role("radio").first.click()
    notebook.run_cell(notebook.find("equal = "))
    notebook.page.keyboard.press("Shift+Enter")  # the next cell, which has no code to click
    expect(card).to_have_attribute("open", "")
    expect(card).to_contain_text("A surprise is worth a second look.")
    expect(card).to_contain_text("Your predictions in this lecture: ≠ (0 of 1")
    folded.click()
    expect(first.locator(".jp-InputArea-editor")).to_contain_text("Is the result equal to 0.3?")

    # the page of progress, and no value that nobody asked for
    shown = notebook.output(notebook.find("progress()"))
    notebook.run_cell(notebook.find("progress()"))
    expect(shown.get_by_role("progressbar")).to_have_count(12)
    expect(shown).to_contain_text("Predictions seen coming: 0 of 1")
    # other tests of this server may have done a task
    link = shown.get_by_role("link", name=re.compile("^Next: (lecture|task) 01"))
    expect(link).to_be_visible()
    prompts = notebook.page.locator(".jp-OutputArea-executeResult .jp-OutputPrompt")
    expect(prompts).to_have_count(1)  # of the report about the environment
    assert notebook.errors() == []
    assert notebook.complaints == []
    # no question, no news, before a student has done anything
    assert notebook.page.locator(".jp-Dialog").count() == 0
    assert notebook.page.locator(".jp-toast-button, .Toastify__toast").all_inner_texts() == []


def test_prediction(notebook, server):
    write_notebook(server.root / "notebooks" / "prediction.ipynb", PREDICTION)
    notebook.open("notebooks/prediction.ipynb").run_all()
    expect(notebook.output(1)).to_contain_text("Predict: How many corners")
    card = notebook.output(2).locator("details")
    expect(card).to_have_text("What happened? Decide first, then open.", use_inner_text=True)
    card.locator("summary").click()
    expect(card).to_contain_text("What happened: 3One corner is always wrong.")
    notebook.output(1).get_by_role("radio").nth(2).click()
    notebook.run_cell(2)
    expect(notebook.output(2)).to_contain_text("You predicted: 4")
    notebook.output(1).get_by_role("radio").nth(1).focus()
    notebook.page.keyboard.press("Space")
    notebook.run_cell(2)
    expect(notebook.output(2)).to_contain_text("You predicted: 3")
    expect(notebook.output(2)).to_contain_text("You saw it coming.")
    assert notebook.complaints == []


# The names of an explorer's controls that are not wholly inside its row.
CUT = """output => {
    const right = element => element.getBoundingClientRect().right;
    return [...output.querySelectorAll('.widget-hbox > *')]
        .filter(element => right(element) > right(element.parentElement) + 1)
        .map(element => element.title || element.className);
}"""


def test_slider_and_picture_are_in_sight_together_on_a_small_screen(notebook, server):
    """At 1024 pixels, and on a laptop's 1366 enlarged to 150 %."""
    names = ("LineAndGates", "Bumps", "RatesAndCurves")  # the last has the widest row of controls
    sources = [SETUP, *(EXPLORERS[name] for name in names)]
    write_notebook(server.root / "notebooks" / "small.ipynb", sources)
    page = notebook.page
    page.set_viewport_size({"width": 1024, "height": 768})
    notebook.open("notebooks/small.ipynb").run_all()
    expect(page.locator(".jp-SideBar")).not_to_have_count(0)
    expect(page.locator(".jp-FileBrowser, .jp-TableOfContents").first).not_to_be_visible()
    for n, _ in enumerate(names, 1):
        view = ExplorerView(notebook, notebook.output(n))
        for width, height in ((1024, 768), (911, 512)):
            page.set_viewport_size({"width": width, "height": height})
            view.output.scroll_into_view_if_needed()
            view.image.evaluate("image => image.scrollIntoView({block: 'nearest'})")
            expect(view.handle(0)).to_be_in_viewport()
            expect(view.image).to_be_in_viewport(ratio=0.75)
            assert view.output.evaluate(CUT) == []
        page.set_viewport_size({"width": 420, "height": 800})  # a phone's, where they stack
        assert view.output.evaluate(CUT) == []


def test_a_terminal_finds_the_command(server):
    """Also where the server has no terminal of its own, as here."""
    header = {"Authorization": f"token {server.token}"}
    new = urllib.request.Request(f"{server.url}/api/terminals", data=b"{}", headers=header)
    with urllib.request.urlopen(new) as reply:
        name = json.load(reply)["name"]
    url = f"{server.url.replace('http', 'ws', 1)}/terminals/websocket/{name}"
    socket = create_connection(url, header=header, timeout=30)
    socket.send(json.dumps(["stdin", "coursekit --help\r"]))
    shown = ""
    while "usage: coursekit" not in shown:
        kind, *text = json.loads(socket.recv())
        shown += text[0] if kind == "stdout" else ""
        assert "not found" not in shown, shown
    socket.close()
