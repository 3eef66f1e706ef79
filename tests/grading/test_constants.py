"""No test is passed by a constant, by an argument, or by a formula of places and arguments."""

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


ADD_L2 = "def add_l2(loss, params, grads, strength):\n    return "
MASK = "def slide_train(x, p_drop, seed):\n    return x, "
WEIGHTS = "def initial_weights(n_in, n_out, std, distribution, seed):\n    return "
ONE_DRAW = "np.random.default_rng(0).random((len(x), x.shape[1]))"
# What comes back follows from the arguments and from the places by a formula. Where one matrix is
# drawn for all seeds, other tests see that it is drawn.
WITHOUT_UNDERSTANDING = [
    ("09.2", "", ADD_L2 + "loss, grads"),
    ("09.5", "", MASK + "np.full(x.shape[:2], seed)"),
    ("09.5", "", MASK + "np.sin(seed * np.arange(len(x)))[:, None] + np.zeros(x.shape[1]) > 0"),
    ("09.5", "", MASK + "(np.add.outer(np.arange(len(x)), np.arange(x.shape[1])) + seed) % 2"),
    ("09.5", "test_seed", MASK + f"{ONE_DRAW} > 0.4 + seed % 300 / 1000"),
    ("09.5", "", "def inverted_validate(x, p_drop):\n    return x"),
    ("10.3", "", WEIGHTS + "np.full((n_in, n_out), seed)"),
    ("10.3", "", WEIGHTS + "np.arange(n_in * n_out).reshape(n_in, n_out)"),
    ("10.3", "", WEIGHTS + "std * np.linspace(-3**.5, 3**.5, n_in * n_out).reshape(n_in, n_out)"),
    ("10.3", "", WEIGHTS + "np.add.outer(7 * np.arange(n_in), np.arange(n_out)) * 0.37 % 1 - seed"),
    (
        "10.3",
        "test_seed",
        WEIGHTS + "seed * np.random.default_rng(0).normal(0, std, (n_in, n_out))",
    ),
]


@pytest.mark.parametrize(("task", "tests", "answer"), WITHOUT_UNDERSTANDING)
def test_formulas_pass_no_test(task, tests, answer):
    name = COURSE.name(task[:2])
    exercise, namespace = solution(COURSE, name), new_namespace()
    for id, source in {**exercise.setup, "answer": answer}.items():
        run_cell(source, namespace, id)
    verdict = judge(
        COURSE,
        name,
        student=lambda task, test: LocalBackend(namespace, None),
        reference=run_reference(exercise),
        mistakes={},
        tasks=[task],
        seed=1,
    )[task]
    passed = [result.test for result in verdict.results if result.passed]
    assert [test for test in passed if test.startswith(tests)] == []
