"""A screen with two pixels for each of the page's, as most laptops have: sharp, and nothing cut."""

import pytest
from explorers import EXPLORERS, SETUP, make
from lab_page import ExplorerView, NotebookPage, write_notebook
from text_boxes import TROUBLE

SHOWN = ("LineAndGates", "LiftXOR", "ScaleAndDepth", "Backprop")
OTHERS = ["widgets.OptimizerRace()", "widgets.Playground(data='xor', hidden=[4, 2])"]
# How many pixels the canvases have for one of the page's.
DENSITY = """canvases => canvases.filter(c => c.clientWidth)
    .map(c => Math.round(10 * c.width / c.clientWidth) / 10)"""


@pytest.fixture(scope="module")
def notebook(browser, server):
    sources = [SETUP, *(EXPLORERS[name] for name in SHOWN), *OTHERS]
    write_notebook(server.root / "notebooks" / "sharp.ipynb", sources)
    context = browser.new_context(viewport={"width": 1366, "height": 900}, device_scale_factor=2)
    notebook = NotebookPage(context.new_page(), server).open("notebooks/sharp.ipynb")
    notebook.run_all()
    yield notebook
    assert notebook.errors() == []
    assert notebook.complaints == []
    context.close()


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_has_the_screen_s_pixels(notebook, name):
    output = notebook.output(1 + SHOWN.index(name))
    output.scroll_into_view_if_needed()
    view, model = ExplorerView(notebook, output), make(name)
    model.canvas.sharpen(2)
    width = int(model.canvas.figure.bbox.width)
    view.wait(
        f"{name}: the picture is not {width} pixels wide",
        lambda: view.image.evaluate("image => image.naturalWidth") == width,
    )
    assert abs(width - 2 * view.image.evaluate("image => image.clientWidth")) <= 2


@pytest.mark.parametrize("n", range(len(OTHERS)), ids=["race", "playground"])
def test_a_drawing_has_the_screen_s_pixels(notebook, n):
    output = notebook.output(1 + len(SHOWN) + n)
    output.scroll_into_view_if_needed()
    canvases = output.locator(".ck-map canvas, canvas.ck-map, .ck-loss, .ck-sheet canvas")
    notebook.wait_until(
        "a drawing is not sharp",
        lambda: set(canvases.evaluate_all(DENSITY)) == {2},
    )


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_no_text_is_clipped_or_lies_over_another(notebook, theme):
    notebook.theme(theme)
    troubles = notebook.page.evaluate(TROUBLE, ".jp-NotebookPanel")
    assert not troubles, troubles
