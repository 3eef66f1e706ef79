"""From the source of an exercise to the notebook that a student gets."""

import json
from copy import deepcopy

import pytest

from coursekit.grading.authoring.student_version import (
    BadExercise,
    holds_work,
    released,
    stub,
)

from ..small_course import MEAN, NAME, cell, solutions_notebook

SOLUTION = "def f(x):\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION\n"


def texts(notebook):
    return {cell["id"]: cell["source"] for cell in notebook["cells"]}


def test_solutions_become_a_line_that_asks():
    assert stub(SOLUTION) == "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError"


def test_each_of_several_solutions_is_replaced_at_its_own_indent():
    text = stub(MEAN.replace("def mean", "class A:\n  def mean").replace("    ", "      "))
    assert text.count("raise NotImplementedError") == 2
    assert "      raise NotImplementedError" in text and "total" not in text and "sqrt" not in text
    assert '"""The root of the mean square distance from the mean."""' in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("### BEGIN SOLUTION", "### BEGIN SOLUTIONS"),
        ("### BEGIN SOLUTION", "## BEGIN SOLUTION"),
        ("### BEGIN SOLUTION", "### begin solution"),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTION "),
        ("### BEGIN SOLUTION", "###BEGIN SOLUTION"),
        ("### BEGIN SOLUTION", "### BEGIN  SOLUTION"),
        ("### BEGIN SOLUTION", "### BEGIN SOLUTIO"),
        ("### BEGIN SOLUTION", "### SOLUTION BEGIN"),
        ("    ### BEGIN SOLUTION\n", ""),
        ("### END SOLUTION", "### END SOLUTIONS"),
        ("### END SOLUTION", "### END SOLLUTION"),
        ("    ### END SOLUTION", "  ### END SOLUTION"),
        ("    ### END SOLUTION\n", ""),
        ("    return x + 1\n", "    ### BEGIN SOLUTION\n    return x + 1\n"),
        ("    ### BEGIN SOLUTION", "    pass\n### BEGIN SOLUTION"),
    ],
)
def test_a_marker_that_is_misspelt_misplaced_or_alone_is_an_error(old, new):
    assert old in SOLUTION
    with pytest.raises(BadExercise):
        stub(SOLUTION.replace(old, new))


@pytest.mark.parametrize("mark", ["##", "### ", "####", "#"])
def test_a_second_solution_with_both_markers_misspelt_does_not_leak(mark):
    second = SOLUTION.replace("def f", "def g").replace("###", mark)
    with pytest.raises(BadExercise, match="line 6"):
        stub(SOLUTION + second)


def test_an_answer_cell_needs_a_solution_and_other_cells_must_have_none():
    with pytest.raises(BadExercise, match="without a solution"):
        stub("def f(x):\n    return 1")
    with pytest.raises(BadExercise):
        stub(SOLUTION, answer=False)
    assert stub("begin = 1  # the beginning", answer=False) == "begin = 1  # the beginning"


def test_the_student_s_notebook_is_the_source_without_answers_and_outputs():
    source = solutions_notebook()
    source["metadata"]["widgets"] = {"state": {}}
    source["cells"][5] |= {"execution_count": 3, "outputs": [{"output_type": "stream"}]}
    before = deepcopy(source)
    student = released(source, NAME)
    assert source == before
    assert list(texts(student)) == list(texts(source))
    changed = [id for id, text in texts(student).items() if text != texts(source)[id]]
    assert changed == ["answer-01-1", "answer-01-2"]
    assert all(
        not cell.get("outputs") and not cell.get("execution_count") for cell in student["cells"]
    )
    assert "widgets" not in student["metadata"]
    assert [c["metadata"] for c in student["cells"]] == [c["metadata"] for c in source["cells"]]
    assert "SOLUTION" not in json.dumps(student) and "np.sqrt" not in json.dumps(student)


def test_the_student_s_notebook_is_a_valid_one(tmp_path):
    import nbformat

    nbformat.validate(nbformat.from_dict(released(solutions_notebook(), NAME)))


def broken(change):
    notebook = solutions_notebook()
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    change(notebook, cells)
    return notebook


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n, c: c["check-01-1"].update(source='check("01.2")'), "exactly check"),
        (lambda n, c: c["check-01-1"].update(source='check("01.1");'), "exactly check"),
        (
            lambda n, c: n["cells"].remove(c["check-01-1"]),
            f"solutions/{NAME}.ipynb:\n  the check cell check-01-1 is missing",
        ),
        (lambda n, c: n["cells"].remove(c["task-01-2"]), "no text task-01-2"),
        (lambda n, c: n["cells"].remove(c["setup"]), "no cell setup"),
        (lambda n, c: n["cells"].append(c["setup"]), "setup: more than one cell"),
        (
            lambda n, c: c["setup"].update(source="from coursekit import check"),
            "not use coursekit",
        ),
        (lambda n, c: c["setup"].update(source="import torch"), "imports torch"),
        (
            lambda n, c: c["answer-01-1"].update(source="import sklearn\n" + MEAN),
            "imports sklearn",
        ),
        (lambda n, c: c["answer-01-1"].update(source="def f(): pass"), "without a solution"),
        (lambda n, c: c["check-01-1"]["metadata"]["nbgrader"].update(points=0), "no points"),
        (lambda n, c: c["check-01-1"]["metadata"]["nbgrader"].update(locked=False), "metadata"),
        (lambda n, c: c["answer-01-1"]["metadata"]["nbgrader"].update(solution=False), "metadata"),
        (lambda n, c: c["title"]["metadata"].clear(), "metadata"),
        (
            lambda n, c: c["title"]["metadata"]["nbgrader"].update(grade_id="other"),
            "grade_id is other",
        ),
        (
            lambda n, c: n["cells"].append(cell("answer-02-1", SOLUTION)),
            "02.1 belongs to another exercise",
        ),
        (lambda n, c: n["cells"].remove(c["model-answer-01"]), "should be the cells"),
        (lambda n, c: n["cells"].insert(2, n["cells"].pop()), "in this order"),
        (lambda n, c: c["explanation-01"].update(source="Write here"), "exactly YOUR ANSWER"),
        (lambda n, c: c["explanation-01"].update(cell_type="code"), "should be a Markdown cell"),
        (
            lambda n, c: c["explanation-01"]["metadata"]["nbgrader"].update(points=1),
            "should have 0 points",
        ),
        (
            lambda n, c: c["explanation-01"]["metadata"]["nbgrader"].update(locked=True),
            "metadata",
        ),
        (lambda n, c: c["model-answer-01"].update(source="Open."), "should unfold"),
    ],
)
def test_a_source_that_breaks_a_rule_is_refused(change, message):
    with pytest.raises(BadExercise, match=message.replace(".", r"\.")):
        released(broken(change), NAME)


def test_work_is_an_answer_or_a_cell_of_one_s_own():
    stub_notebook = released(solutions_notebook(), NAME)
    old = deepcopy(stub_notebook)
    old["cells"][4]["source"] = "def mean(x):\n    # YOUR CODE HERE\n    raise NotImplementedError"
    assert not holds_work(deepcopy(stub_notebook), stub_notebook)
    assert not holds_work(old, stub_notebook, old)
    assert holds_work(old, stub_notebook)
    mine = deepcopy(stub_notebook)
    mine["cells"].append({"cell_type": "code", "id": "a1", "metadata": {}, "source": ""})
    assert not holds_work(mine, stub_notebook)
    mine["cells"][-1]["source"] = "my notes"
    assert holds_work(mine, stub_notebook)
    explained = deepcopy(stub_notebook)
    next(c for c in explained["cells"] if c["id"] == "explanation-01")["source"] = "Because."
    assert holds_work(explained, stub_notebook)
    read = deepcopy(stub_notebook)
    read["cells"][0]["source"] = "changed text"
    read["cells"][5]["outputs"] = ["an output"]
    assert not holds_work(read, stub_notebook)
