"""A training stopped on its way, a kernel started anew, and a notebook opened again."""

import re

import nbformat
import numpy as np
import pytest
from explorers import twin, wait_agreement
from lab_page import SECONDS, ExplorerView, colors_of, write_notebook
from playwright.sync_api import expect

TRAINING = [
    "import numpy as np\n\nfrom coursekit import data, nn\n\nrng = np.random.default_rng(0)",
    "net = nn.Sequential(nn.Dense(2, 8, rng=rng), nn.Tanh(), nn.Dense(8, 1, rng=rng))\n"
    "x, t = data.moons(500, rng=0)\n"
    "while True:\n"
    "    nn.fit(net, nn.BinaryCrossEntropy(), nn.Adam(0.01), x, t[:, None], epochs=10,\n"
    "           batch_size=50, rng=rng, progress=True)",
    "print(f'{net.n_parameters} parameters', np.isfinite(net.theta).all())",
]
WIDGETS = [
    "from coursekit import predict, widgets\n\nguess = predict('How many?', ['one', 'two'])",
    "widgets.LineAndGates()",
    "widgets.OptimizerRace()",
]


def start_training(notebook):
    """Run the first two cells; return when the second prints."""
    notebook.run_cell(0)
    training = notebook.code(1)
    training.locator(".jp-InputArea-editor").click()
    notebook.page.keyboard.press("Control+Enter")
    expect(notebook.output(1)).to_contain_text(re.compile(r"epoch +\d+: loss"))
    expect(training.locator(".jp-InputArea-prompt")).to_have_text("[*]:")


def test_interrupt_and_restart_while_training(notebook, server):
    write_notebook(server.root / "notebooks" / "training.ipynb", TRAINING)
    notebook.open("notebooks/training.ipynb")
    start_training(notebook)
    notebook.menu("Kernel", "Interrupt Kernel")
    expect(notebook.output(1)).to_contain_text("KeyboardInterrupt")
    assert any("KeyboardInterrupt" in error for error in notebook.errors())
    notebook.wait_idle()
    notebook.run_cell(2)  # the kernel lives, and so does what was learnt
    expect(notebook.output(2)).to_have_text("33 parameters True", use_inner_text=True)
    assert notebook.complaints == []

    start_training(notebook)
    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.locator(".jp-Dialog").get_by_role("button", name="Confirm").click()
    notebook.wait_idle()
    notebook.run_cell(2)
    expect(notebook.output(2)).to_contain_text("NameError")
    notebook.run_cell(0)
    expect(notebook.code(0).locator(".jp-InputArea-prompt")).to_have_text("[2]:")


# ipywidgets' report of a view whose kernel has ended
NO_VIEW = "widget model not found"


def expect_asleep(notebook, n, text):
    """What the n-th cell shows of its widget is the still, and the request to run the cell."""
    output = notebook.output(n)
    still = output.locator(".ck-still")
    expect(still).to_be_visible()
    expect(still).to_contain_text("Asleep: run this cell to wake it.")
    visible = ".jp-OutputArea-child:visible"
    expect(output.locator(visible)).to_have_count(1)  # no error, no dead controls
    if text:
        expect(still.locator("img")).to_have_attribute("alt", re.compile(re.escape(text)))


def test_widgets_are_seen_again_in_a_notebook_that_was_saved(notebook, server):
    write_notebook(server.root / "notebooks" / "saved.ipynb", WIDGETS)
    write_notebook(server.root / "notebooks" / "other.ipynb", ["1 + 1"])
    notebook.open("notebooks/saved.ipynb").run_all()
    view = ExplorerView(notebook, notebook.output(1))
    before = view.pixels()
    view.handle(0).focus()
    notebook.page.keyboard.press("ArrowRight")
    view.wait_pixels(other_than=before)
    wait_agreement(view, twin("LineAndGates"))
    moved, words = view.picture(), view.words()
    notebook.output(0).get_by_label("two").check()
    expect(notebook.output(0).locator("li strong")).to_have_text("two", timeout=30 * SECONDS)
    for n in range(3):
        expect(notebook.output(n).locator(".ck-still")).to_be_hidden()
    texts = [None, words[0], "The optimizer race. Arrived: "]

    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.locator(".jp-Dialog").get_by_role("button", name="Confirm").click()
    notebook.wait_idle()
    for n, text in enumerate(texts):
        expect_asleep(notebook, n, text)

    notebook.switch("notebooks/other.ipynb")
    notebook.switch("notebooks/saved.ipynb")
    for n, text in enumerate(texts):
        expect_asleep(notebook, n, text)
    expect(notebook.output(0).locator("li strong")).to_have_text("two")
    still = colors_of(notebook.output(1).locator(".ck-still img"))
    assert np.abs(still - moved).max() < 32  # all but equal: it has 256 colours
    assert "widgets" not in nbformat.read(server.root / "notebooks" / "saved.ipynb", 4).metadata

    notebook.run_all()
    for n in range(3):
        expect(notebook.output(n).locator(".ck-still")).to_be_hidden()
        expect(notebook.output(n).locator(".ck-live")).to_be_visible()
    assert [c for c in notebook.complaints if NO_VIEW not in c] == []


@pytest.mark.parametrize("runs", [3, pytest.param(60, marks=pytest.mark.long)])
def test_cells_that_run_again_and_a_page_that_is_loaded_again(notebook, server, runs):
    """The former leave one widget each, the latter finds them alive."""
    path = server.root / "notebooks" / "again.ipynb"
    write_notebook(path, WIDGETS)
    notebook.open("notebooks/again.ipynb").run_all()
    notebook.save()
    once = path.stat().st_size
    for _ in range(runs - 1):
        notebook.run_all()
    notebook.save()
    assert abs(path.stat().st_size - once) < 1000
    assert notebook.complaints == []

    notebook.page.reload()
    notebook.wait_idle()
    for n in range(3):
        expect(notebook.output(n).locator(".ck-live")).to_be_visible()
        expect(notebook.output(n).locator(".ck-still")).to_be_hidden()
    view = ExplorerView(notebook, notebook.output(1))
    before = view.pixels()
    view.handle(0).focus()
    notebook.page.keyboard.press("ArrowRight")
    view.wait_pixels(other_than=before)


def test_a_lecture_shows_its_widgets_before_it_is_run(notebook, server):
    notebook.open(server.fresh("notebooks/02_perceptron.ipynb"))
    for shown in ("widgets.Neuron()", "widgets.PerceptronSteps(x, t_or)"):
        picture = notebook.output(notebook.find(shown)).locator("img")
        expect(picture).to_have_count(1)
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
