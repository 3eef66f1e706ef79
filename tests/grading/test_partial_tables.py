"""No table of recorded values is an answer, even if it looks only at a part of the arguments.

`test_forgers` looks values up by all arguments, by the order of calls and by the kind of call. An
answer may depend on less than it is given: then a table that has one argument as its key holds
many inputs that were never recorded. A single lucky set of inputs is no fault, several are.
"""

from collections import Counter, defaultdict

import numpy as np
import pytest

from coursekit.grading.course.paths import find_course
from coursekit.grading.judge.answer_proxy import Handle
from coursekit.grading.judge.recording import load
from coursekit.grading.judge.reference import run_reference, solution
from coursekit.grading.judge.runner import run
from coursekit.grading.judge.values import RemoteObject, fingerprint

from .forgers import pieces, recorded_pieces

COURSE = find_course()
SEEDS = range(1, 4)
MOST = 1  # of these, in which every call may be in the table by luck
# A validation with inverted dropout returns its input: whoever answers so has understood it.
RIGHT = {("test_validation[inverted_validate]", "the value is one of the arguments")}
ALL = [pytest.param(n, marks=[] if n[:2] == "02" else pytest.mark.long) for n in COURSE.names]


def digest(value):
    """A digest of a value; objects that stay with an answer are all alike."""
    if isinstance(value, (Handle, RemoteObject)):
        return "an object"
    if isinstance(value, (list, tuple)):
        return tuple(map(digest, value))
    if isinstance(value, dict):
        return tuple((key, digest(item)) for key, item in value.items())
    return fingerprint(value)


def shapes(value):
    """What is left of a value without its numbers."""
    if isinstance(value, (list, tuple)):
        return tuple(map(shapes, value))
    return np.shape(value) if isinstance(value, (np.ndarray, int, float)) else digest(value)


def keys(call):
    """Parts of a call's arguments by which a value may be looked up."""
    arguments = [*call.args, *call.kwargs.values()]
    yield "the shapes alone", shapes(arguments)
    if len(arguments) > 1:
        for place, argument in enumerate(arguments):
            others = arguments[:place] + arguments[place + 1 :]
            yield f"argument {place} alone", digest(argument)
            yield f"all but argument {place}", digest(others)


def won(hidden, table):
    """The ways of looking up that give the right values in all calls of a test."""
    found = Counter()
    for call in hidden:
        value = digest(call.value)
        found.update(way for way, key in keys(call) if table[call.target, way, key] == {value})
        if value in map(digest, [*call.args, *call.kwargs.values()]):
            found["the value is one of the arguments"] += 1
    return [way for way, times in found.items() if times == len(hidden)]


@pytest.mark.parametrize("name", ALL)
def test_a_table_by_a_part_of_the_arguments_is_no_answer(name):
    own = run_reference(solution(COURSE, name))
    tests = COURSE.test_file(name)
    recorded = recorded_pieces(load(COURSE.recorded_file(name)))
    table = defaultdict(set)
    for result in run(tests, student=own, reference=own):
        for call in result.student.calls:
            here = isinstance(call.value, RemoteObject) or set(pieces(call.value)) <= recorded
            for way, key in keys(call) if here else ():
                table[call.target, way, key].add(digest(call.value))
    wins = Counter(
        (result.test, way)
        for seed in SEEDS
        for result in run(tests, student=own, reference=own, seed=seed)
        for way in won(result.student.calls, table)
    )
    assert not [test for test, times in wins.items() if times > MOST and test not in RIGHT]
