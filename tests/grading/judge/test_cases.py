"""The argument `case` of tests: when it compares, and what it says of a wrong answer."""

import numpy as np
import pytest

from coursekit.grading import Function, WrongAnswer, parts
from coursekit.grading.judge.answer_proxy import AnswerError, AnswerProxy
from coursekit.grading.judge.cases import Cases
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell

OWN = """
import numpy as np
def f(x, k=1.0): return 2.0 * np.asarray(x) * k
def pair(x): return x + 1, x * 3
def weights(): return np.ones((3, 2)), np.array([0.5, 1.5])
class Counter:
    def __init__(self, start): self.value = start
    def step(self, by):
        self.value = self.value + by
        return self.value
"""
X = np.array([1.0, -2.0, 4.0, 3.0])


def proxy(source):
    namespace = new_namespace()
    run_cell(OWN + source, namespace, "answer")
    return AnswerProxy(LocalBackend(namespace, seconds=5))


def fails(source, *calls, **options):
    """Try calls on an answer; return how it failed."""
    cases = Cases(proxy(source), AnswerProxy(LocalBackend(vars_of(OWN)), trusted=True), **options)
    for call in calls:
        call(cases)
    with pytest.raises(WrongAnswer) as caught:
        cases.judge()
    return caught.value


def vars_of(source):
    namespace = new_namespace()
    run_cell(source, namespace, "own")
    return namespace


def on_f(*ks, x=X):
    return [lambda case, k=k: case("f", x=x, k=k) for k in ks]


@pytest.mark.parametrize(("names", "called"), [("y", "`y`"), ("выход", "Выход")])
def test_a_name_is_code_unless_it_is_a_word_of_another_language(names, called):
    said = str(fails("def f(x, k): return x", lambda case: case("f", names, x=X, k=2.0)))
    assert said.startswith(f"{called}: ")


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("def f(x, k): return -2 * x * k", "opposite sign"),
        ("def f(x, k): return x * k", "divided by 2"),
        ("def f(x, k): return 2 * x", "the same for every `k`"),
        ("def f(x, k): return 2 * x * k * len(x)", "times the length of `x`"),
        ("def f(x, k): return 2 * x * k + k", "larger than the right ones by `k`"),
        (
            "def f(x, k): return 3 * (np.float32(2 * x * k / 3 + 50) - np.float32(50))",
            "single precision",
        ),
        ("def f(x, k): return (2 * x * k)[::-1]", "reverse order"),
        ("def f(x, k): return np.sort(2 * x * k)", "sorted"),
        ("def f(x, k): return np.roll(2 * x * k, 1)", "one place too late"),
        ("def f(x, k): return np.abs(2 * x * k)", "absolute values"),
        ("def f(x, k): return 2 * x * k + (x < 0)", "where `x` is negative"),
        ("def f(x, k): return 2 * x * k + (k > 1)", "larger than the right ones by 1."),
        ("def f(x, k): return 2 * x[:, None] * k", "axis too many"),
        ("def f(x, k): return np.sum(2 * x * k)", "a single number"),
        ("def f(x, k): return 2 * x[:1] * k", "`return` inside a loop"),
    ],
)
def test_facts(source, fact):
    others = [lambda case: case("f", x=np.array([-1.5, 2.5, -0.5, 1.0, -3.0]), k=0.5)]
    error = fails(source, *on_f(0.5, 2.0, 3.0), *others)
    assert fact in error.fact and error.fact in str(error)
    assert error.example.startswith("f(np.array([")


def test_entries_that_have_changed_places():
    calls = [lambda case: case("pair", "a, b", x=X), lambda case: case("pair", "a, b", x=2 * X)]
    error = fails("def pair(x): return x * 3, x + 1", *calls)
    assert error.fact == "In what you return, `a` and `b` have changed places."


def test_all_calls_are_made_and_shapes_come_before_values():
    source = "def f(x, k): return x[:1] if k > 1 else 3 * x"
    error = fails(source, *on_f(0.5, 2.0))
    assert "shape (4,)" in str(error) and "k" not in error.fact


def test_the_smallest_failing_call_is_shown():
    small = [lambda case: case("f", x=np.array([1.0, 2.0]), k=2)]
    error = fails("def f(x, k): return 5 * x", *on_f(0.5), *small, *on_f(3.0))
    assert error.example == "f(np.array([1.0, 2.0]), 2)  # returned np.array([5.0, 10.0])"


def counting(answer, start):
    counter = answer.Counter(start)
    for by in (1.0, 2.0):
        value = counter.step(by)
        yield f"the value after a step of {by:g}", value


def test_a_story_is_run_on_both_sides():
    source = "class Counter:\n    def __init__(self, s): self.s = s\n"
    source += "    def step(self, by): return self.s + by"
    error = fails(source, lambda case: case(counting, start=5.0))
    assert str(error).startswith("The value after a step of 2 is 7")
    assert error.example.splitlines()[0] == "object_0 = Counter(5.0)"


def positive(answer, x):
    value = answer.f(x)
    yield None, value
    assert value[0] > 0, "The first is negative."


def test_a_story_that_compares_nothing_is_run_on_one_side():
    own = AnswerProxy(LocalBackend({"f": lambda x: 1 / 0}), trusted=True)
    right, wrong = (Cases(proxy(source), own) for source in ("", "def f(x): return -x"))
    for cases in (right, wrong):
        cases.alone(positive, x=X)
    right.judge()
    with pytest.raises(WrongAnswer, match="The first is negative"):
        wrong.judge()
    # The reference has nothing to compare a named value with, so it is not taken for right.
    fails("", lambda cases: cases.alone(counting, start=1.0))


def test_an_attribute_that_hides_a_method():
    source = (
        "class Counter:\n    def __init__(self, s): self.step = s\n    def step(self, by): pass"
    )
    assert "hides the method `step`" in str(fails(source, lambda case: case(counting, start=5.0)))


@pytest.mark.parametrize("returns", ["None", "3", "'a'", "{}", "[None, 1]"])
def test_no_answer_breaks_a_test(returns):
    def story(answer):
        V, v0 = parts(answer.weights(), V=(3, "H"), v0=("H",))
        yield "the sum", V.sum() + v0.sum()

    def careless(answer):
        yield "the sum", float(answer.weights()[0].sum())

    for way in (story, careless):
        error = fails(f"def weights(): return {returns}", lambda case, way=way: case(way))
        assert str(error)


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ("np.array([0.5, 1.5]), np.ones((3, 2))", "The order asked for is `V, v0`"),
        ("np.ones((2, 3)), np.ones(3)", "`V` should be an array of numbers of shape (3, H)"),
        ("np.ones((3, 2)), np.ones(3)", "`v0` should be an array of numbers of shape (H,)"),
        ("np.ones((3, 2)), [np.nan, 1]", "finite"),
        ("np.ones((3, 9000)), np.ones(9000)", "too large"),
        ("np.ones((3, 2))", "Return 2 values, `V, v0`"),
    ],
)
def test_forms_of_free_values(returns, message):
    with pytest.raises(WrongAnswer) as caught:
        parts(proxy(f"def weights(): return {returns}").weights(), V=(3, "H"), v0=("H",))
    assert message in str(caught.value)


def test_a_changed_argument_is_noticed_and_can_be_allowed():
    source = "def f(x, k):\n    x *= 2\n    return x * k"
    error = fails(source, *on_f(0.5))
    assert "`f` changes its argument `x`" in str(error)
    cases = Cases(proxy(source), proxy(""), changes=True)
    cases("f", x=X, k=0.5)
    cases.judge()


def test_numeric_warnings_count_where_the_task_says_so():
    source = "np.seterr(all='ignore')\n"
    source += "def f(x, k): return 2 * x * k + 1 / np.exp(np.array(1e9))"
    assert "overflow" in str(fails(source, *on_f(0.5), numeric=True))
    cases = Cases(proxy(source), proxy(""))
    cases("f", x=X, k=0.5)
    cases.judge()


def test_truth_values_are_no_numbers():
    error = fails("def f(x, k): return x > 0", *on_f(0.5))
    assert "truth values" in str(error)


def test_a_missing_function_does_not_hide_what_is_wrong_with_another():
    calls = [lambda case: case("other", x=1.0), *on_f(0.5)]
    own = proxy("def other(x): return x")
    cases = Cases(proxy("def f(x, k): return 5 * x"), own)
    for call in calls:
        call(cases)
    with pytest.raises(WrongAnswer, match="not right"):
        cases.judge()
    cases = Cases(proxy(""), own)
    for call in calls:
        call(cases)
    with pytest.raises(AnswerError, match="is not there"):
        cases.judge()


def test_a_function_of_the_test_can_t_be_rebound():
    answer = proxy("np_sin = np.sin\ndef apply(g, x): return g(x)\ndef g(x): return 0")
    assert answer.apply(Function("lambda x: np.sin(x) + 1"), 0.0) == 1.0
    assert answer.run(Function("lambda f, x: [f(x), x]"), answer.f, 2.0) == [4.0, 2.0]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("w @ y", ["`w` has the shape (4, 3), `y` (4,)", "the last axis of the first", "`y @ w`"]),
        ("np.dot(w.T, w.T)", ["`w.T` has the shape (3, 4), `w.T` (3, 4)"]),
        ("w @ z", ["Did you mean `z @ w`?"]),
        ("y @ z", ["Did you mean `z @ y`?"]),
        ("w + y", ["elementwise operations need equal shapes"]),
        ("a.m['v'] + y", ["`a.m['v']` has the shape (4, 3), `y` (4,)"]),
        ("np.einsum('ij->ij', w) + y", ["(4,3) (4,)", "Elementwise operations need equal"]),
        ("W[l - 1] @ W[-1]", ["`W[l - 1]` has the shape (4, 3), `W[-1]` (4, 3)"]),
    ],
)
def test_shapes_in_words(body, parts):
    source = "def f(x, k):\n    w, y, z = np.ones((4, 3)), np.asarray(x), np.ones((5, 4))\n"
    source += "    W, l, a = [None, w], 2, type('A', (), {'m': {'v': w}})()\n"
    message = str(fails(f"{source}    return {body}", *on_f(0.5)))
    assert f"of its cell: `return {body}`" in message
    assert all(part in message for part in parts), message


def test_a_result_that_is_an_argument():
    calls = [lambda case: case("f", x=X), lambda case: case("f", x=2 * X + 1)]
    assert "the argument `x`" in fails("def f(x): return x", *calls).fact


def test_a_left_over_not_implemented_error_in_one_method():
    source = "class Counter:\n    def __init__(self, s): raise NotImplementedError\n"
    source += "    def step(self, by): return by"
    error = fails(source, lambda case: case(counting, start=5.0))
    assert "`Counter.__init__` still raises NotImplementedError" in str(error)


def test_text_among_the_entries_that_have_changed_places():
    own = "def f(x): return 1.5, 'down'"
    answer = proxy("def f(x): return 'down', 1.5")
    cases = Cases(answer, AnswerProxy(LocalBackend(vars_of(own)), trusted=True))
    cases("f", "size, direction", x=1.0)
    with pytest.raises(WrongAnswer, match="`size` and `direction` have changed places"):
        cases.judge()


def test_arguments_that_hold_arrays_of_other_shapes():
    own = "def f(layers): return float(sum(W.sum() for W, b in layers))"
    answer = proxy("def f(layers): return float(sum(W.mean() for W, b in layers))")
    cases = Cases(answer, AnswerProxy(LocalBackend(vars_of(own)), trusted=True))
    for n in (2, 3, 4):
        cases("f", layers=[(np.arange(6.0 * n).reshape(6, n), np.zeros(n))])
    with pytest.raises(WrongAnswer, match="is not right"):
        cases.judge()
