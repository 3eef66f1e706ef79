"""What a student sees after ``make lab``, and the explorers and predictions moved by hand."""

import nbformat
import pytest
from lab_page import ExplorerView, NotebookPage
from playwright.sync_api import expect

SETUP = "from coursekit import data, predict, widgets\n\nx, t = data.gate('or')"
EXPLORERS = {
    "LineAndGates": "widgets.LineAndGates()",
    "LiftXOR": "widgets.LiftXOR(w3=-1)",
    "Neuron": "widgets.Neuron(x1=0.5, activation='sigmoid')",
    "PerceptronSteps": "widgets.PerceptronSteps(x, t)",
    "Connections": "widgets.Connections()",
    "Bumps": "widgets.Bumps(h1=-1.2)",
    "TenLayers": "widgets.TenLayers()",
    "ScaleAndDepth": "widgets.ScaleAndDepth()",
    "NormalisedLayers": "widgets.NormalisedLayers()",
    "Penalties": "widgets.Penalties(kind='L1')",
    "ThinnedNetworks": "widgets.ThinnedNetworks()",
    "Recipes": "widgets.Recipes({'': [[0.1, 0.2]], 'A': [[0.9, 0.98]]}, {'A': 'Adam'})",
    "Backprop": "widgets.Backprop()",
}
WITH_SLIDERS = [name for name in EXPLORERS if name not in ("Connections", "Recipes")]
PREDICTION = [
    'guess = predict("How many corners of XOR can a line get right?", [2, 3, 4])',
    'guess.reveal(3, "One corner is always wrong.")',
]


def write_notebook(path, sources):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


def test_the_command_opens_the_first_lecture(notebook, server):
    notebook.page.goto(server.first_page())
    notebook.wait_idle()
    tab = notebook.page.get_by_role("tab", name="00_start_here.ipynb")
    expect(tab).to_have_attribute("aria-selected", "true")
    notebook.run_all()
    assert notebook.errors() == []
    assert notebook.complaints == []
    # no question, no news, before a student has done anything
    assert notebook.page.locator(".jp-Dialog").count() == 0
    assert notebook.page.locator(".jp-toast-button, .Toastify__toast").all_inner_texts() == []


@pytest.fixture(scope="module")
def explorers(browser, server):
    """A notebook with one explorer in each cell, after the first; all have been run."""
    write_notebook(server.root / "notebooks" / "explorers.ipynb", [SETUP, *EXPLORERS.values()])
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    notebook = NotebookPage(context.new_page(), server).open("notebooks/explorers.ipynb")
    notebook.run_all()
    yield notebook
    assert notebook.complaints == []
    context.close()


@pytest.fixture
def view(explorers, request):
    """The explorer of the parameter's name."""
    output = explorers.output(1 + list(EXPLORERS).index(request.param))
    output.scroll_into_view_if_needed()
    return ExplorerView(explorers, output)


@pytest.mark.parametrize("view", EXPLORERS, indirect=True)
def test_it_has_a_picture_a_result_and_names(view):
    expect(view.output.get_by_role("img", name="Picture:")).to_be_visible()
    expect(view.result).to_contain_text("Goal: ")
    for box in view.output.locator("input, select").all():
        name = box.evaluate("box => box.labels[0]?.innerText")
        assert name, "an input without a name"
        assert name.strip() != "\u200b"


@pytest.mark.parametrize("view", WITH_SLIDERS, indirect=True)
def test_sliders_by_keyboard_and_by_mouse(view):
    start, text = view.pixels(), view.result.inner_text()
    handle = view.handle(0)

    handle.focus()
    view.page.keyboard.press("ArrowRight")
    view.wait_pixels(other_than=start)
    expect(view.result).not_to_have_text(text, use_inner_text=True)
    view.page.keyboard.press("ArrowLeft")
    view.wait_pixels(equal_to=start)
    expect(view.result).to_have_text(text, use_inner_text=True)

    drag(view, handle, 25)
    view.wait_pixels(other_than=start)
    drag(view, handle, -25)
    view.wait_pixels(equal_to=start)


def drag(view, handle, by):
    """Drag a slider's handle by so many pixels with the mouse."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + by, y, steps=5)
    view.page.mouse.up()


@pytest.mark.parametrize("view", WITH_SLIDERS, indirect=True)
def test_number_boxes_by_keyboard(view):
    start = view.pixels()
    field = view.output.locator("input[type=number]").first
    handle = view.handle(0)
    value, tick = field.input_value(), handle.get_attribute("aria-valuenow")
    field.focus()
    view.page.keyboard.press("ArrowUp")
    view.wait_pixels(other_than=start)
    expect(handle).not_to_have_attribute("aria-valuenow", tick)  # the slider follows
    field.fill(value)
    field.press("Enter")
    view.wait_pixels(equal_to=start)
    expect(handle).to_have_attribute("aria-valuenow", tick)


@pytest.mark.parametrize("view", ["LineAndGates"], indirect=True)
def test_typing_the_answer_reaches_the_goal(view):
    expect(view.result).not_to_contain_text("Goal reached.")
    for label, number in {"weight w₁": "1", "weight w₂": "1", "threshold w₀": "0.5"}.items():
        view.field(label).fill(number)
        view.field(label).press("Enter")
    expect(view.result).to_contain_text("Goal reached.")


@pytest.mark.parametrize("view", ["Neuron"], indirect=True)
def test_choosing_an_activation(view):
    start = view.pixels()
    choice = view.field("activation")
    choice.select_option("tanh")
    view.wait_pixels(other_than=start)
    expect(view.result).to_contain_text("tanh(")
    choice.select_option("sigmoid")
    view.wait_pixels(equal_to=start)


@pytest.mark.parametrize("view", ["PerceptronSteps"], indirect=True)
def test_back_and_forward(view):
    start = view.pixels()
    back, forward = (view.output.get_by_role("button", name=n) for n in ("Back", "Forward"))
    for _ in range(5):  # quickly: none may be lost
        forward.click()
    expect(view.result).to_contain_text("Epoch 2, example (0, 0)")
    expect(view.field("example")).to_have_value("5")
    back.focus()
    for _ in range(5):
        view.page.keyboard.press("Enter")
    view.wait_pixels(equal_to=start)


@pytest.mark.parametrize("view", ["Connections"], indirect=True)
def test_connections_by_keyboard_and_by_mouse(view):
    start = view.pixels()
    switch = view.field("x₁ → h₁")
    switch.focus()
    view.page.keyboard.press("Space")
    view.wait_pixels(other_than=start)
    expect(view.result).to_contain_text("12 parameters")
    switch.click()
    view.wait_pixels(equal_to=start)
    expect(view.result).to_contain_text("13 parameters")


def test_prediction(notebook, server):
    write_notebook(server.root / "notebooks" / "prediction.ipynb", [SETUP, *PREDICTION])
    notebook.open("notebooks/prediction.ipynb").run_all()
    expect(notebook.output(1)).to_contain_text("Predict: How many corners")
    expect(notebook.output(2)).to_have_text(
        "What happened: 3\nOne corner is always wrong.", use_inner_text=True
    )
    notebook.output(1).get_by_role("radio").nth(2).click()
    notebook.run_cell(2)
    expect(notebook.output(2)).to_contain_text("You predicted: 4")
    notebook.output(1).get_by_role("radio").nth(1).focus()
    notebook.page.keyboard.press("Space")
    notebook.run_cell(2)
    expect(notebook.output(2)).to_contain_text("You predicted: 3")
    expect(notebook.output(2)).to_contain_text("You saw it coming.")
    assert notebook.complaints == []
