"""Wrong kinds, missing values and exceptions are explained by a fact."""

import numpy as np
import pytest

from coursekit.grading.judge.answer_proxy import AnswerError, AnswerProxy
from coursekit.grading.judge.cases import Cases
from coursekit.grading.judge.comparison import WrongAnswer, leaves
from coursekit.grading.judge.forms import parts
from coursekit.grading.judge.local import LocalBackend, new_namespace, run_cell

X, A = np.array([1.0, 2.0, 3.0]), np.arange(6.0).reshape(3, 2)


def backend(source):
    space = new_namespace() | {"np": np, "X": X, "A": A}
    run_cell(source, space, "a")
    return LocalBackend(space)


def fact_of(source, own, **arguments):
    """What a case says of an answer whose right form is `own`."""
    student = AnswerProxy(backend(source))
    case = Cases(student, AnswerProxy(backend(own), trusted=True))
    case("f", "w, w0" if "," in own else "y", **arguments)
    with pytest.raises(WrongAnswer) as caught:
        case.judge()
    return caught.value.fact


@pytest.mark.parametrize(
    ("returned", "fact"),
    [
        ("map(abs, X)", "A `map` gives its values one at a time: list() collects them."),
        ("(v for v in X)", "A `generator` gives its values one at a time: list() collects them."),
        ("np.ma.masked_array(X)", "np.asarray makes an array of a `MaskedArray`."),
        ("f", "It is a `function` itself: is a call with round brackets missing?"),
        ("'1'", "It is a text, even if a number is written in it."),
        ("(X, 2.0)", "Entry [0] of what you return is right: return it alone."),
        ("X > 0", "`.astype(int)` makes numbers of an array of truth values."),
        ("None", "Is a `return` missing, or is there a `print` in its place?"),
    ],
)
def test_a_wrong_kind_is_told_in_words(returned, fact):
    assert fact_of(f"def f(): return {returned}", "def f(): return X") == fact


@pytest.mark.parametrize(
    ("returned", "fact"),
    [
        ("X", "It looks like `w` alone; return `w0` too."),
        ("(X, 1.0, 2.0)", "There is 1 value more than is asked for."),
        ("{'w': X}", "It is a dictionary: return the values alone, in the order asked for."),
    ],
)
def test_what_is_missing_of_several_values_is_named(returned, fact):
    assert fact_of(f"def f(): return {returned}", "def f(): return X, 1.0") == fact


def test_an_array_is_not_taken_for_a_tuple_of_as_many_values():
    with pytest.raises(WrongAnswer, match=r"expected 2 values, w, w0, got an array"):
        leaves(np.ones(2), (np.ones(2), 1.0), "f", ("w", "w0"))
    assert len(leaves(np.ones(2), (1.0, 1.0), "f", ("a", "b"))) == 2
    assert len(leaves(np.ones((2, 3)), (np.ones(3), np.ones(3)), "f", ("a", "b"))) == 2


@pytest.mark.parametrize(
    ("value", "fact"),
    [
        ((np.ones((3, 2)), np.ones(2)), "They look like `V` and `v0`; return `w` too."),
        ((np.ones((4, 3)), np.ones(4), 1.0), "Rows and columns have changed places."),
        ((np.ones((3, 4)), np.ones((4, 1)), 1.0), "There is one axis too many; its length is 1."),
        ((np.ones((3, 4)), np.ones(3), 1.0), "H must be the same number everywhere."),
        (None, "Is a `return` missing?"),
    ],
)
def test_weights_of_wrong_shapes(value, fact):
    with pytest.raises(WrongAnswer) as caught:
        parts(value, V=(3, "H"), v0=("H",), w=())
    assert caught.value.fact == fact


def test_dictionaries_with_other_keys():
    for got, fact in [
        ({"a": 1.0}, "Missing: 'b'."),
        ({"a": 1.0, "b": 2.0, "c": 3.0}, "Not asked for: 'c'."),
        ({"a": 1.0, "B": 2.0}, "In place of 'b' there is 'B'."),
    ]:
        with pytest.raises(WrongAnswer) as caught:
            leaves(got, {"a": 1.0, "b": 2.0}, "params")
        assert caught.value.fact == fact


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        ("np.max(0, X)", "`np.maximum` compares two arrays entry by entry"),
        ("np.linalg.solve(A, X)", "`A` has the shape (3, 2). `X` has the shape (3,)."),
        ("A[:, 5]", "`A` has the shape (3, 2)."),
        ("(X - 1) @ A.T", "Did you mean `A.T @ (X - 1)`?"),
        ("(X[:, None] * X) @ A.T", "`(X[:, None] * X)` has the shape (3, 3)"),
        ("X.reshape(4)", "`X` has the shape (3,)."),
        ("1 if X > 0 else 0", "np.where"),
        ("[1, 2] * 0.5", "np.asarray makes an array of it."),
        ("float(X)", "An array came where a single number is needed"),
        ("X(0)", "square ones"),
        ("np.exp[1]", "a function is called with round ones"),
        ("None[0]", "Something is None here"),
        ("nothing", "No cell that has been run defines `nothing`"),
        ("Memory().v", "Nothing has set the attribute `v` before"),
        ("[1, 2].mean()", "np.asarray makes an array of it."),
        ("np.array([[1], [1, 2]])", "different shapes"),
        ("f()", "is its last case missing"),
        ("np.add(np.zeros(2, int), 0.5, out=np.zeros(2, int))", "can't hold fractions"),
        ("'tanh'(X)", "This is a text, such as the name of a function"),
        ("{'or': 1}['implies']", "The dictionary has no entry 'implies'"),
        ("1 / len([])", "The divisor is 0 in this case"),
        ("(lambda pair: [a for a, b in [pair]])([1, 2, 3])", "names on the left and of values"),
        ("(lambda pair: [a for a, b, c in [pair]])([1, 2])", "names on the left and of values"),
        ("min(n for n in [1, 2] if n > 2)", "Nothing is left to choose from"),
    ],
)
def test_an_exception_is_told_with_its_usual_cause(body, fact):
    student = backend(f"class Memory: pass\ndef f(): return {body}")
    with pytest.raises(AnswerError) as caught:
        student.call("f", (), {})
    assert fact in caught.value.fact
    assert caught.value.message.endswith(caught.value.fact)


def test_the_shapes_of_an_operation_in_place_are_told():
    student = backend("def f():\n    v = X.copy()\n    v += A")
    with pytest.raises(AnswerError, match=r"`v` has the shape \(3,\), `A` \(3, 2\)"):
        student.call("f", (), {})
