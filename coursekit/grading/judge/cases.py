"""The cases of one test: all calls are made, then kinds and shapes checked, then values compared.

So nothing is computed with a value of the wrong shape, a fact can rest on several calls, and
what an answer does is recorded in full, which tells known mistakes apart.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from coursekit.grading.judge.answer_proxy import AnswerError, AnswerProxy, Call, Handle
from coursekit.grading.judge.case import Case, empty_calls, right_parts, wrong_shapes_of
from coursekit.grading.judge.comparison import ATOL, RTOL, WrongAnswer, leaves
from coursekit.grading.judge.conditions import state_fact, which_calls
from coursekit.grading.judge.noticed import explain_note, noticed
from coursekit.grading.judge.results import Result, swapped
from coursekit.grading.judge.shapes import state_shape
from coursekit.grading.judge.values import RemoteObject, describe, fingerprint, substitute
from coursekit.language import english, join, say

_AT_ONCE = ("stopped", "refused")  # no other call would say more
Story = Callable[..., Generator[tuple[str | None, Any], None, None]]


class Cases:
    """The argument ``case`` of a test: calls an answer and the reference, and compares at the end.

    ``case("neuron", x=x, w=w, w0=0.5)`` calls the function of this name with these arguments, in
    this order. ``case(story, x=x)`` does more: a story is a generator function that is run once for
    each side, ``story(answer, x=x)``; it may call ``answer.f(x)``, make objects and call their
    methods, and yields what is to be compared, as pairs ``("the loss after two steps", value)``. It
    may use a value as soon as it has yielded it, for then its kind and shape are right. What is
    judged otherwise, by an assertion with a sentence, is yielded as ``(None, value)`` before: so
    known mistakes can be told apart by it. ``case.alone(story, x=x)`` is for stories that yield
    nothing else.

    Parameters
    ----------
    student, reference : AnswerProxy
        Both sides.
    rtol, atol : float
        ``|got - want| <= atol + rtol * |want|`` is right.
    numeric : bool
        Whether overflows, divisions by 0 and invalid operations are wrong.
    changes : bool
        Whether an answer may change its arguments.
    """

    def __init__(
        self,
        student: AnswerProxy,
        reference: AnswerProxy,
        *,
        rtol: float = RTOL,
        atol: float = ATOL,
        numeric: bool = False,
        changes: bool = False,
    ) -> None:
        self._student, self._reference = student, reference
        self._rtol, self._atol = rtol, atol
        self._numeric, self._changes = numeric, changes
        self._cases: list[Case] = []

    def __call__(self, target: str | Story, names: str = "", /, **arguments: Any) -> None:
        """Try one case.

        Parameters
        ----------
        target : str or generator function
            The name of a function, or a story.
        names : str
            Of the values that the function returns, ``"theta, v"``; or what its single value is
            called in messages. Default: the function's name.
        **arguments : plain values
            In the order in which the function takes them.
        """
        called = tuple(
            name if " " in name or not name.isascii() else f"`{name}`"  # a word, or code
            for name in filter(None, names.split(", "))
        )
        name = target if isinstance(target, str) else target.__name__
        case = Case(name, called, arguments)
        self._cases.append(case)
        story = _call_of(target, case) if isinstance(target, str) else target
        case.want = self._observe_reference(story, arguments)
        self._observe_student(story, case)

    def alone(self, story: Story, /, **arguments: Any) -> None:
        """Try a story that yields no value to compare, for which the reference need not run."""
        case = Case(story.__name__, (), arguments)
        self._cases.append(case)
        self._observe_reference(_nothing, arguments)
        self._observe_student(story, case)

    def _observe_reference(self, story: Story, arguments: dict[str, Any]) -> list[Any]:
        inputs = fingerprint(substitute(arguments, _as_data))
        log = self._reference.log
        if self._reference.recorded is not None:
            observed = self._reference.recorded(inputs)
        else:
            results = story(self._reference.apart(), **arguments)
            observed = [value for what, value in results if what is not None]
        log.cases.append([inputs, *substitute(observed, _as_data)])
        return list(observed)

    def _observe_student(self, story: Story, case: Case) -> None:
        log = self._student.log
        before = len(log.calls)
        seen: list[Any] = []
        log.cases.append(seen)
        log.starts.append(before)
        try:
            for what, value in story(self._student, **case.arguments):
                seen.append(substitute(value, _as_data))
                if what is None:
                    continue
                place = len(case.got)
                case.what.append(what)
                case.got.append(value)
                if place < len(case.want):
                    wanted = case.want[place]
                    named = isinstance(wanted, tuple) and len(wanted) == len(case.names)
                    names = case.names if named else ()
                    case.leaves.append(leaves(value, wanted, what, names, strict=True))
        except AnswerError as error:
            seen.append({"error": error.kind, "message": english(error.message)})
            case.calls = log.calls[before:]
            if error.kind in _AT_ONCE:
                raise
            case.failure = WrongAnswer(error.message.removesuffix(error.fact).rstrip(), error.fact)
            case.missing = error if error.kind == "missing" else None
        except AssertionError as error:
            # What was refused counts too, so that mistakes with the same message are told apart.
            text = error.args[0] if len(error.args) == 1 else str(error)
            seen.append({"wrong": english(text), "value": _last_value(log.calls[before:])})
            case.failure = error if isinstance(error, WrongAnswer) else WrongAnswer(text)
        except Exception as error:  # the reference's value took the same way without one
            seen.append({"wrong": type(error).__name__})
            call = log.calls[-1] if log.calls else None
            came = describe(call.value) if call else "None"
            case.failure = WrongAnswer(
                say(
                    "`{name}` returned {value}; that can't be used as the task asks.",
                    name=call.target if call else "",
                    value=came,
                )
            )
        case.calls = log.calls[before:]
        notes = (noticed(call, self._numeric, self._changes) for call in case.calls)
        if noted := [note for found in notes for note in found]:
            seen.append({"noticed": noted})
        if case.failure is None and len(case.got) != len(case.want):
            case.failure = WrongAnswer(say("It took more or fewer steps than it should."))

    def judge(self) -> None:
        """Compare what all cases led to.

        Raises
        ------
        WrongAnswer
            The smallest failing call, how its result differs, and a fact about all of them.
        """
        missing = next((case.missing for case in self._cases if case.missing), None)
        places = {id(case): place for place, case in enumerate(self._cases)}
        self._cases = [case for case in self._cases if not case.missing]
        if failed := [case for case in self._cases if case.failure is not None]:
            self._student.log.failed = {places[id(case)] for case in failed}
            case = min(failed, key=lambda case: case.size)
            failure = case.failure or WrongAnswer("")
            shape = state_shape(wrong_shapes_of(failed))
            bad = [case.failure is not None for case in self._cases]
            calls = which_calls([case.arguments for case in self._cases], bad)
            fact = self._exchanged() or failure.fact or shape
            found = join(fact, empty_calls(self._cases), calls)
            raise WrongAnswer(failure.text, found, case.example)
        wrong = [
            (case, place, text)
            for case in self._cases
            for place, leaf in enumerate(case.parts)
            if (text := leaf.difference(self._rtol, self._atol))
        ]
        if wrong:
            self._student.log.failed = {places[id(case)] for case, *_ in wrong}
            case, place, text = min(wrong, key=lambda found: found[0].size)
            fact = self._exchanged() or state_fact(self._results(case.target, place))
            fact = fact or right_parts(self._cases, [(one, at) for one, at, *_ in wrong])
            raise WrongAnswer(text, fact or "", case.example)
        if missing is not None:
            raise missing
        for case in self._cases:
            for call in case.calls:
                for note in noticed(call, self._numeric, self._changes):
                    raise WrongAnswer("", explain_note(call, note, case.arguments), case.example)

    def _results(self, target: str, place: int) -> list[Result]:
        """The results at the same place of all calls of one function, if they are numbers."""
        found = []
        for case in self._cases:
            parts = case.parts
            if case.target != target or len(parts) <= place:
                continue
            leaf = parts[place]
            if not isinstance(leaf.want, np.ndarray):
                return []
            others = {
                other.what: other.want
                for other in parts
                if other is not leaf and isinstance(other.want, np.ndarray)
            }
            got, want = leaf.got.astype(float), leaf.want.astype(float)
            truth, near = leaf.got.dtype.kind == "b", (self._rtol, self._atol)
            found.append(Result(got, want, case.arguments, others, *near, truth))
        return found

    def _exchanged(self) -> str | None:
        """Find two entries of the returned tuple that have changed places in every call."""
        pairs = set()
        for case in self._cases:
            for got, want in zip(case.got, case.want, strict=False):
                if isinstance(want, tuple) and case.names:
                    fits = isinstance(got, (tuple, list)) and len(got) == len(want)
                    pairs.add(swapped(got, want) if fits else None)
        if len(pairs) != 1 or None in pairs:
            return None
        ((i, j),) = pairs  # type: ignore[misc]
        one, other = (self._cases[0].names[place] for place in (i, j))
        return say(
            "In what you return, {one} and {other} have changed places.", one=one, other=other
        )


def _call_of(target: str, case: Case) -> Story:
    what = case.names[0] if len(case.names) == 1 else f"`{target}(…)`"

    def call(answer: AnswerProxy, **arguments: Any) -> Any:
        yield what, getattr(answer, target)(*arguments.values())

    return call


def _nothing(answer: AnswerProxy, **arguments: Any) -> Any:
    yield from ()


def _last_value(calls: list[Call]) -> Any:
    return calls[-1].value if calls else None


def _as_data(value: Any) -> Any:
    return RemoteObject("#0", value.kind) if isinstance(value, Handle) else value
