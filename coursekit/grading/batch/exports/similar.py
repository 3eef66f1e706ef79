"""Answers that are more alike than their task explains, for a teacher to read: no proof.

Each answer becomes fingerprints, the hashes of some of its sequences of tokens, chosen by winnowing
(Schleimer, Wilkerson and Aiken, 2003, https://doi.org/10.1145/872757.872770). Names that a student
chose, comments and layout don't count. What is in the hand-out or in the course's own answer, or in
many answers, is explained by the task.
"""

import builtins
import io
import keyword
import tokenize
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from coursekit.grading.batch.exports.reports import PAGE
from coursekit.language import language, mark, say

LENGTH = 8  # tokens in a sequence; shorter ones are found in any program
WINDOW = 4  # of so many sequences in a row one is kept
MANY = 0.1  # a sequence in more than this share of the class is explained by the task
FEWEST, SHARE = 12, 0.6  # sequences that two students share, and of those of the shorter
_LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip
_KEPT = {*keyword.kwlist, *dir(builtins), "np", "math"}
_TITLE = mark("Answers that are alike")
_TEXT = mark(
    "Groups of students whose answers share more than the task, the hand-out and the course's own "
    "answer explain. What is counted are sequences of {length} words and signs of a program, in "
    "which names, comments and layout make no difference; what is in the answers of more than "
    "{many} students does not count. Two students are in a group if they share {fewest} sequences "
    "or more, and at least {share:.0%} of the shorter's; only the tasks in which they share some "
    "are shown. This is a reason to read the answers side by side, and no proof: friends who "
    "learn together write alike, and so do those who read the same page."
)


@dataclass(frozen=True)
class Pair:
    """Two students, how much of an exercise they share, and in which tasks."""

    first: str
    second: str
    shared: int
    share: float
    tasks: frozenset[str] = frozenset()


def tokens(code: str) -> Iterator[str]:
    """Yield the tokens of a program without layout; what a student named becomes the same word."""
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in _LAYOUT:
                continue
            if token.type == tokenize.STRING:
                yield "text"
            elif token.type == tokenize.NAME and before != "." and token.string not in _KEPT:
                yield "name"
            else:
                yield token.string
            before = token.string
    except (tokenize.TokenError, SyntaxError):  # the rest of it is not a program
        return


def fingerprints(code: str) -> set[int]:
    """Return the winnowed hashes of all sequences of tokens."""
    words = list(tokens(code))
    hashes = [
        zlib.crc32(" ".join(words[place : place + LENGTH]).encode())
        for place in range(len(words) - LENGTH + 1)
    ]
    return {
        min(hashes[place : place + WINDOW]) for place in range(max(len(hashes) - WINDOW + 1, 0))
    }


def pairs(answers: Mapping[str, Mapping[str, str]], known: Mapping[str, str]) -> list[Pair]:
    """Find the pairs of students whose answers to an exercise are alike, the most alike first.

    Parameters
    ----------
    answers : mapping
        For each student the code of each task.
    known : mapping of str to str
        For each task the code that everyone has or may have: the hand-out and the course's answer.
    """
    own = {
        student: {
            (task, one)
            for task, code in tasks.items()
            for one in fingerprints(code) - fingerprints(known.get(task, ""))
        }
        for student, tasks in answers.items()
    }
    met = Counter(one for found in own.values() for one in found)
    most = _most(len(answers))
    rare = {student: {one for one in found if met[one] <= most} for student, found in own.items()}
    students = sorted(rare)
    found = []
    for place, first in enumerate(students):
        for second in students[place + 1 :]:
            both = rare[first] & rare[second]
            share = len(both) / max(min(len(own[first]), len(own[second])), 1)
            if len(both) >= FEWEST and share >= SHARE:
                tasks = frozenset(task for task, _ in both)
                found.append(Pair(first, second, len(both), share, tasks))
    return sorted(found, key=lambda pair: (-pair.share, -pair.shared))


def _most(students: int) -> float:
    """Of how many students a sequence may be, so that it counts."""
    return max(3, MANY * students)


def groups(found: Sequence[Pair]) -> list[list[str]]:
    """Make groups in which each answer is like each other; a student may be in several."""
    alike = {frozenset((pair.first, pair.second)) for pair in found}
    made: list[set[str]] = []
    for pair in found:
        both = {pair.first, pair.second}
        if any(both <= group for group in made):
            continue
        for group in made:
            if all({one, other} in alike for one in group for other in both - {one}):
                group |= both
                break
        else:
            made.append(both)
    return [sorted(group) for group in made]


def page(
    exercises: Mapping[str, tuple[Sequence[Pair], Mapping[str, Mapping[str, str]]]],
    called: Mapping[str, str],
) -> str:
    """Write the report: for each group its answers, task by task, one below the other.

    Parameters
    ----------
    exercises : mapping
        For each exercise the pairs and all answers.
    called : mapping of str to str
        What each student is called on the page.
    """
    most = max((int(_most(len(answers))) for _, answers in exercises.values()), default=3)
    text = say(_TEXT, length=LENGTH, many=most, fewest=FEWEST, share=SHARE)
    body = [f"<h1>{say(_TITLE)}</h1>", f"<p>{text}</p>"]
    for exercise, (found, answers) in exercises.items():
        for group in groups(found):
            who = escape(", ".join(called[student] for student in group))
            body.append(f"<h2>{escape(exercise)}: {who}</h2>")
            inside = [pair for pair in found if {pair.first, pair.second} <= {*group}]
            body += [
                "<p>"
                + say(
                    "{one} and {other} share {n} sequences, {share:.0%} of the shorter's own.",
                    one=escape(called[one.first]),
                    other=escape(called[one.second]),
                    n=one.shared,
                    share=one.share,
                )
                + "</p>"
                for one in inside
            ]
            for task in sorted(set().union(*(pair.tasks for pair in inside))):
                body.append(f"<h3>{escape(task)}</h3>")
                for student in group:
                    code = escape(answers[student].get(task, ""))
                    body.append(f"<p>{escape(called[student])}</p>")
                    body.append(f'<pre tabindex="0"><code>{code}</code></pre>')
    if len(body) == 2:
        body.append(f"<p>{say('None were found.')}</p>")
    return PAGE.format(lang=language(), title=say(_TITLE), body="\n".join(body))
