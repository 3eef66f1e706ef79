"""No test is passed by a constant, by an argument, or by an array that is filled with one."""

import pytest

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import judge, load_cases, random_generator

COURSE = find_course()
NAME = COURSE.name("01")
SEEDS = 400  # what one submission in a hundred is given is among these with a probability of 98 %


@pytest.mark.parametrize("test", ["test_neuron_on_the_line", "test_neuron_returns_numbers"])
def test_both_outputs_of_a_neuron_come_with_every_draw(test):
    exercise, namespace = solution(COURSE, NAME), new_namespace()
    for id, source in {**exercise.setup, **exercise.tasks["01.1"].answers}.items():
        run_cell(source, namespace, id)
    (case,) = (case for case in load_cases(COURSE.test_file(NAME)) if case.name == test)
    for seed in range(SEEDS):
        found = set()

        def call(function, names="", /, *, found=found, **arguments):
            found.update(namespace[function](*arguments.values()).tolist())

        case.test(case=call, rng=random_generator(test, seed))
        assert found == {0, 1}, f"with the seed {seed}"


# What comes back depends on the arguments alone, and nothing is computed or drawn.
WITHOUT_UNDERSTANDING = {
    "09.2": "def add_l2(loss, params, grads, strength):\n    return loss, grads",
    "09.5": "def slide_train(x, p_drop, seed):\n    return x, np.full(x.shape[:2], seed)",
    "10.3": "def initial_weights(n_in, n_out, std, distribution, seed):\n"
    "    return np.full((n_in, n_out), seed)",
}


@pytest.mark.parametrize("task", WITHOUT_UNDERSTANDING)
@pytest.mark.parametrize("seed", [0, 1])
def test_arguments_that_are_returned_pass_no_test(task, seed):
    name = COURSE.name(task[:2])
    exercise, namespace = solution(COURSE, name), new_namespace()
    for id, source in {**exercise.setup, "answer": WITHOUT_UNDERSTANDING[task]}.items():
        run_cell(source, namespace, id)
    verdict = judge(
        COURSE,
        name,
        student=lambda task, test: LocalBackend(namespace, None),
        reference=run_reference(exercise),
        mistakes={},
        tasks=[task],
        seed=seed,
    )[task]
    assert [result.test for result in verdict.results if result.passed] == []
