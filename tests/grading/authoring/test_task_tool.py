"""`make task` runs every test that judges a task, and no others."""

import importlib.util
import subprocess
import sys

import pytest

from coursekit.grading.course.paths import find_course

ROOT = find_course().root


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("task_tool", ROOT / "tools" / "task.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def collected(arguments):
    """The names of the tests that pytest would run."""
    pytest_ = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*pytest_, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return {line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line}


def test_one_task_its_text_and_what_its_exercise_says(tool):
    keyword, expression, *files = tool.proofs("06.7", "06_activations")[0]
    texts = ["tests/exercises/test_task_texts.py", "tests/exercises/test_explanations.py"]
    texts.append("tests/grading/test_rule.py")
    assert {*texts, "tests/grading/test_every_task.py"} <= set(files)
    assert collected([keyword, expression, *texts]) == {
        "test_points_are_said[06_activations-06.7]",
        "test_text_names_every_function_and_gives_an_example_and_hints[06_activations-06.7]",
        "test_examples_are_true[06_activations-06.7]",
        "test_title_says_how_many_tasks_and_points[06_activations]",
        "test_each_exercise_asks_for_an_explanation[06_activations]",
        "test_each_exercise_says_it_where_it_says_how_to_work[06_activations-exercises]",
        "test_each_exercise_says_it_where_it_says_how_to_work[06_activations-solutions]",
    }


def test_an_exercise_is_proved_with_all_its_tasks_and_all_that_is_named_exists(tool):
    every = tool.proofs("06", "06_activations")
    assert [arguments[1] for arguments in every[:2]] == ["06_activations or 06.", "06_activations"]
    for named in [one for arguments in every for one in arguments if one.startswith("tests/")]:
        file, _, test = named.partition("::")
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8")


def test_what_is_wrong_is_told_without_pytest_s_own_words(tool):
    class Report:
        when, passed, failed, nodeid = "call", False, True, "test_x"

        class longrepr:
            class reprcrash:
                message = "Failed: solutions/06.ipynb: f(1) is 2, not 3\nassert False"

    findings = tool.Findings()
    findings.pytest_runtest_logreport(Report)
    assert findings.lines == ["solutions/06.ipynb: f(1) is 2, not 3\n    (test_x)"]
