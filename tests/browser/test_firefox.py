"""Firefox, once: a notebook is run, and each kind of widget follows the hand."""

import json

import pytest
from explorers import EXPLORERS, SETUP
from firefox import Firefox, find_firefox
from lab_page import write_notebook

SOURCES = [
    SETUP,
    EXPLORERS["LineAndGates"],
    EXPLORERS["MomentumMap"],
    "widgets.OptimizerRace()",
    "widgets.Playground(data='xor', hidden=[4, 2])",
]
EXPLORED, RACE, PLAYGROUND = (1, 2), 3, 4
MISSING = "no Firefox found: install one (Debian: apt-get install firefox-esr) to run this test"
IDLE = "document.querySelector('#jp-main-statusbar')?.textContent.includes('| Idle')"
RUN = """[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')]
    .filter(prompt => /\\d/.test(prompt.textContent)).length"""


def inside(n, selector):
    """An element in the n-th cell, as an expression."""
    return f"document.querySelectorAll('.jp-CodeCell')[{n}].querySelector('{selector}')"


def both_change(page, n, what, act):
    """Do something; wait until an explorer's picture and its words are others."""
    picture = inside(n, "img.jupyter-widget-image, img.widget-image")
    now = f"[{picture}?.src, {inside(n, '[role=status]')}?.innerText]"
    before = json.dumps(page.evaluate(now))
    act()
    page.wait(f"cell {n}, {what}: nothing changes", f"{now}.every((t, k) => t !== {before}[k])")


@pytest.fixture
def page(server, tmp_path):
    """The notebook, run in Firefox."""
    write_notebook(server.root / "notebooks" / "firefox.ipynb", SOURCES)
    page = Firefox(tmp_path, f"{server.url}/login")
    try:
        path = "lab/workspaces/firefox/tree/notebooks/firefox.ipynb"
        page.goto(f"{server.url}/{path}?token={server.token}")
        page.wait("the kernel is not there", IDLE, 180)
        page.drag("document.querySelector('.jp-CodeCell .jp-InputArea-editor')")
        for _ in SOURCES:
            page.press("Shift", "Enter")
        page.wait("cells do not run", f"{RUN} === {len(SOURCES)}", 180)
        for n in EXPLORED:
            page.wait(f"cell {n}: no handle", inside(n, ".ck-handle .ck-hit"))
        page.wait("no race", inside(RACE, ".ck-race .ck-map canvas"))
        page.wait("no playground", inside(PLAYGROUND, ".ck-playground .ck-map"))
        yield page
    finally:
        page.close()


@pytest.mark.skipif(find_firefox() is None, reason=MISSING)
def test_widgets_follow_the_hand(page):
    for n in EXPLORED:
        slider = inside(n, "[role=slider]")
        page.evaluate(f"{slider}.focus()")
        both_change(page, n, "a slider by keys", lambda: page.press("ArrowRight"))
        knob = inside(n, ".ck-handle .ck-hit")
        both_change(page, n, "a handle by mouse", lambda knob=knob: page.drag(knob, (24, -24)))

    drawn = f"{inside(RACE, '.ck-map canvas')}.toDataURL()"
    before = json.dumps(page.evaluate(drawn))
    page.drag(inside(RACE, ".ck-map canvas"))  # the start comes to where it is clicked
    page.wait("the race does not start elsewhere", f"{drawn} !== {before}")
    page.drag(inside(RACE, ".ck-run"))
    page.wait("the race does not run", f"Number({inside(RACE, 'input[type=range]')}.value) > 3")

    play = inside(PLAYGROUND, ".ck-playground button")
    epoch = f"Number({inside(PLAYGROUND, '.ck-epoch')}.textContent)"
    assert page.evaluate(f"{play}.textContent") == "▶ Play"
    page.drag(play)
    page.wait("the playground does not train", f"{epoch} > 3")
    page.drag(play)
    page.wait("the playground does not pause", f"{play}.textContent === '▶ Play'")
    assert page.complaints == []
