"""A test with few calls has few outputs, which a constant could match by luck: it never does."""

import pytest

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.local import new_namespace, run_cell
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.runner import load_cases, random_generator

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
