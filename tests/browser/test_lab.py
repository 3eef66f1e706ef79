"""What a student sees after ``make lab``, and the predictions made by hand."""

from lab_page import write_notebook
from playwright.sync_api import expect

PREDICTION = [
    "from coursekit import predict",
    'guess = predict("How many corners of XOR can a line get right?", [2, 3, 4])',
    'guess.reveal(3, "One corner is always wrong.")',
]


def test_the_command_opens_the_first_lecture(notebook, server):
    server.fresh("notebooks/00_start_here.ipynb")
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


def test_prediction(notebook, server):
    write_notebook(server.root / "notebooks" / "prediction.ipynb", PREDICTION)
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
