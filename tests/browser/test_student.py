"""A student's first hour: a lecture, its explorer, its exercise, a wrong answer and a right one."""

from lab_page import ExplorerView
from playwright.sync_api import expect

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.recording import recorded

COURSE = find_course()
WRONG = "def neuron(x, w, w0):\n    return (x @ w - w0 >= 0).astype(int)"
RIGHT = "def neuron(x, w, w0):\n    return (x @ w - w0 > 0).astype(int)"


def test_from_the_lecture_to_a_right_answer(notebook, server):
    server.fresh("exercises/01_linear_limits.ipynb")
    lecture = notebook.open(server.fresh("notebooks/01_linear_limits.ipynb"))
    # reads, and moves an explorer to its goal
    for source in ("from coursekit import", 'LineAndGates(gate="or")'):
        lecture.run_cell(lecture.find(source))
    assert lecture.errors() == []
    cell = lecture.codes.filter(has_text='LineAndGates(gate="or")')
    view = ExplorerView(lecture, cell.locator(".jp-Cell-outputArea"))
    for label, number in {"weight w₁": "1", "weight w₂": "1", "threshold w₀": "0.5"}.items():
        view.field(label).fill(number)
        view.field(label).press("Enter")
    expect(view.result).to_contain_text("Goal reached.")

    # goes to the exercise by the lecture's own link
    link = lecture.page.locator(".jp-Notebook a[href*='exercises/01']").first
    link.click()
    exercise = notebook  # the page is the same, another notebook is in front
    expect(exercise.page.locator(".jp-NotebookPanel")).to_have_count(2)
    exercise.wait_idle()
    for source in ("from coursekit import check", "import numpy as np"):
        exercise.run_cell(exercise.find(source))

    # answers wrongly, and reads what is wrong
    answer, check = exercise.find("def neuron("), exercise.find('check("01.1")')
    exercise.write(answer, WRONG)
    exercise.run_cell(answer)
    exercise.run_cell(check)
    said = exercise.output(check)
    expect(said).to_contain_text("Task 01.1: 1.5 of 2 points")
    expect(said).to_contain_text("On the line itself the output is 0")

    # answers rightly, and sees the points
    exercise.write(answer, RIGHT)
    exercise.run_cell(answer)
    exercise.run_cell(check)
    expect(said).to_contain_text("Task 01.1: 2 of 2 points")
    total = sum(recorded(COURSE, COURSE.name("01")).points.values())
    expect(said).to_contain_text(f"Best so far in exercise 01: 2 of {total:g} points")
    expect(exercise.output(check).locator(".jp-OutputArea-child")).to_have_count(1)  # no "2.0"

    # goes on to the next task
    said.get_by_role("link", name="Next: task 01.2").click()
    heading = exercise.page.locator(
        ".jp-NotebookPanel:not(.lm-mod-hidden) h2", has_text="Task 01.2"
    )
    expect(heading).to_be_in_viewport()
    assert exercise.complaints == []


STEP = "def step(z):\n    return (z > 0).astype(int)"
USES_STEP = "def neuron(x, w, w0):\n    return step(x @ w - w0)"


def test_a_check_knows_what_happened_to_the_cells(notebook, server):
    page = notebook.open(server.fresh("exercises/01_linear_limits.ipynb"))
    for source in ("from coursekit import check", "import numpy as np"):
        page.run_cell(page.find(source))

    # puts a helper into a cell of their own, above the answer
    answer = page.find("def neuron(")
    page.code(answer).locator(".jp-InputArea-prompt").click()
    page.page.keyboard.press("a")
    page.write(answer, STEP)
    page.run_cell(answer)
    page.write(answer + 1, USES_STEP)
    page.run_cell(answer + 1)
    check = page.find('check("01.1")')
    page.run_cell(check)
    said = page.output(check)
    expect(said).to_contain_text("Task 01.1: 2 of 2 points")
    expect(said).not_to_contain_text("comes from a cell")

    # moves it below the check
    page.code(answer).locator(".jp-InputArea-prompt").click()
    for _ in range(2):
        page.menu("Edit", "Move Cell Down")
    page.save()
    check = page.find('check("01.1")')
    page.run_cell(check)
    said = page.output(check)
    expect(said).to_contain_text("step comes from a cell below this check")

    # deletes it
    page.code(page.find("def step(")).locator(".jp-InputArea-prompt").click()
    page.menu("Edit", "Delete Cell")
    page.run_cell(check)
    expect(said).to_contain_text("Task 01.1: 2 of 2 points")
    expect(said).to_contain_text("step comes from a cell that has been deleted")

    # breaks the answer, whose old version is still in the kernel's memory
    page.write(page.find("def neuron("), "def neuron(x, w, w0:\n    return 0")
    page.run_cell(page.find("def neuron("))
    page.run_cell(check)
    expect(said).to_contain_text("Task 01.1: 0 of 2 points")
    expect(said).to_contain_text("its earlier version does not count")
