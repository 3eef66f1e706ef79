"""Are the tests of the exercises sharp? Plant small bugs in answers; does a test notice?

python tools/mutation.py            all exercises (hours)
python tools/mutation.py 05 07      some
python tools/mutation.py 05.3       one task
python tools/mutation.py 05.3 --kinds single --unchanged

There are three kinds of mutants:

single   one edit of the course's own answer
pair     two edits of it in different places, drawn: 2,000 for all tasks together
mistake  one edit of each wrong answer of the catalogue, drawn: two mistakes made together

A mutant is caught if a test of its task fails, or if it ends its process. It survives if it passes
and any call of the tests returns something else than the course's own answer does (or notes
something else, where a test accepts many answers). The rest is unchanged: either nothing can tell
it from a right answer, or the inputs lack something; these are listed for a reader with
--unchanged. A survivor that is right by the task's text is entered in equivalent_mutants.json, with
the reason.
"""

import argparse
import ast
import copy
import json
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain, combinations, islice, pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a forked process has no other threads

from coursekit.grading import judge_answer
from coursekit.grading.authoring.answer_catalogue import CatalogueEntry
from coursekit.grading.authoring.record import catalogue_of
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.values import fingerprint
from coursekit.grading.judge.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")
WANTED = {"single": 0.99, "pair": 0.97, "mistake": 0.97}
PAIRS = 2_000  # of all tasks together
EDITS = 3  # of each wrong answer of the catalogue
PROCESSOR_SECONDS = 10  # for one mutant, which may never end; the course's own answers take 1
WALL_SECONDS = 1_800.0  # for one that waits; much, because a busy machine must catch nothing
MEMORY = 4_000_000_000  # bytes: or ask for the moon

BINARY = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult], ast.FloorDiv: [ast.Mult], ast.Mod: [ast.FloorDiv],
    ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd],
}  # fmt: skip
COMPARED = {
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE], ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn], ast.NotIn: [ast.In],
}  # fmt: skip
NAMES = {
    "mean": "sum median", "sum": "mean", "median": "mean", "max": "min", "min": "max",
    "argmax": "argmin", "argmin": "argmax", "maximum": "minimum", "minimum": "maximum",
    "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like",
    "var": "std", "std": "var", "sqrt": "square", "square": "sqrt abs", "exp": "expm1",
    "log": "log1p", "log1p": "log", "expm1": "exp", "any": "all", "all": "any", "sin": "cos",
    "cos": "sin", "tanh": "sin", "abs": "square", "sign": "abs", "cumsum": "cumprod",
    "outer": "add", "normal": "uniform", "uniform": "normal", "floor": "ceil round",
    "ceil": "floor round", "round": "floor", "argsort": "sort",
}  # fmt: skip


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """All that one node may become."""
    match node:
        case ast.BinOp(left, operator, right):
            for other in BINARY.get(type(operator), []):
                yield ast.BinOp(left, other(), right)
            yield left  # a term or a factor is missing
            yield right
            if isinstance(operator, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
                yield ast.BinOp(right, operator, left)
        case ast.AugAssign(target, operator, value):
            for other in BINARY.get(type(operator), []):
                yield ast.AugAssign(target, other(), value)
            yield ast.Assign([target], value)
            yield ast.Pass()
        case ast.Assign() | ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Compare(left, [operator], rest):
            for other in COMPARED.get(type(operator), []):
                yield ast.Compare(left, [other()], rest)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            for k in range(len(values)):  # one of several conditions is missing
                rest = values[:k] + values[k + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.IfExp(test, body, orelse):
            yield from (body, orelse, ast.IfExp(test, orelse, body))
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield from (ast.Constant(other) for other in {value + 1, value - 1, -value} - {value})
        case ast.Constant(float(value)):
            yield from (ast.Constant(v) for v in {2 * value, value / 2, -value, 1.0} - {value})
        case ast.Slice(lower, upper, step) if lower or upper:
            yield ast.Slice(None, upper, step) if lower else ast.Slice(lower, None, step)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Attribute(value, name) if name in NAMES:
            yield from (ast.Attribute(value, other, node.ctx) for other in NAMES[name].split())
        case ast.Call(function, arguments, keywords):
            yield from _calls(function, arguments, keywords)
        case ast.Return(ast.Tuple(values, context)) if len(values) == 2:
            yield ast.Return(ast.Tuple(values[::-1], context))
        case ast.FunctionDef():
            for argument in node.args.args:  # an argument that makes no difference
                if argument.arg != "self":
                    for value in (0, 1):
                        name = ast.Name(argument.arg, ast.Store())
                        ignored = ast.Assign([name], ast.Constant(value))
                        k = 0 if ast.get_docstring(node) is None else 1
                        yield _with(node, body=[*node.body[:k], ignored, *node.body[k:]])
    yield from _rules(node)


def _calls(
    function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.AST]:
    if len(arguments) >= 2 and not any(isinstance(a, ast.Starred) for a in arguments):
        yield ast.Call(function, [arguments[1], arguments[0], *arguments[2:]], keywords)
        for k in range(len(arguments)):
            yield ast.Call(function, arguments[:k] + arguments[k + 1 :], keywords)
    for k in range(len(keywords)):
        yield ast.Call(function, arguments, keywords[:k] + keywords[k + 1 :])
    match function:
        case ast.Name("range"):
            for by in (ast.Add(), ast.Sub()):
                last = ast.BinOp(arguments[-1], by, ast.Constant(1))
                yield ast.Call(function, [*arguments[:-1], last], keywords)
        case ast.Name("reversed" | "abs" | "float" | "sorted" | "int"):
            yield arguments[0]
        case ast.Name(name) if name in NAMES:
            yield from (
                ast.Call(ast.Name(other, ast.Load()), arguments, keywords)
                for other in NAMES[name].split()
                if other in ("min", "max", "sum", "any", "all", "abs", "round", "sorted")
            )


def _rules(node: ast.AST) -> Iterator[ast.AST]:
    """Exchange neighbouring statements or branches, which changes the rule that counts first."""
    if isinstance(node, ast.If):
        yield _with(node, test=ast.Constant(True))
        yield _with(node, test=ast.Constant(False))
        match node.orelse:
            case [ast.If() as other]:
                second = _with(other, test=node.test, body=node.body)
                yield _with(node, test=other.test, body=other.body, orelse=[second])
            case [_, *_]:
                yield _with(node, body=node.orelse, orelse=node.body)
    if isinstance(node, (ast.FunctionDef, ast.If, ast.For, ast.While)):
        body = node.body
        for k, (one, other) in enumerate(pairwise(body)):
            if k or not isinstance(one, ast.Expr):  # a docstring stays where it is
                yield _with(node, body=[*body[:k], other, one, *body[k + 2 :]])


def _with(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


class _Replace(ast.NodeTransformer):
    def __init__(self, others: Mapping[ast.AST, ast.AST]) -> None:
        self._others = others

    def visit(self, node: ast.AST) -> ast.AST:
        return self._others[node] if node in self._others else self.generic_visit(node)


Edit = tuple[int, int]  # the place of a node, and the number of its variant


def edits(source: str) -> list[Edit]:
    """All edits of a cell's text."""
    nodes = ast.walk(ast.parse(source))
    return [(place, k) for place, node in enumerate(nodes) for k, _ in enumerate(variants(node))]


def edited(source: str, *made: Edit) -> str | None:
    """Make edits of a cell's text; None if they change nothing, or one is inside another."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    others: dict[ast.AST, ast.AST] = {}
    for place, k in made:
        target = nodes[place]
        if any(target in ast.walk(other) or other in ast.walk(target) for other in others):
            return None
        others[target] = list(variants(target))[k]
    before = ast.unparse(tree)
    text = ast.unparse(ast.fix_missing_locations(_Replace(others).visit(tree)))
    return None if text == before else text


@dataclass(frozen=True)
class Mutant:
    """An answer with a bug: its kind, its cells, and the lines that were changed."""

    kind: str
    cells: tuple[str, ...]
    change: str


def single_mutants(own: Mapping[str, str]) -> Iterator[Mutant]:
    """One edit of the course's own answer."""
    for id, source in own.items():
        for edit in edits(source):
            if text := edited(source, edit):
                yield Mutant("single", tuple({**own, id: text}.values()), change(source, text))


def pair_mutants(own: Mapping[str, str], number: int, rng: random.Random) -> Iterator[Mutant]:
    """Two edits of the course's own answer, drawn from all pairs; fewer if there are fewer."""
    source = "\n\n".join(own.values())
    pairs = list(combinations(edits(source), 2))
    rng.shuffle(pairs)
    made = (text for pair in pairs if (text := edited(source, *pair)))
    for text in islice(made, number):
        yield Mutant("pair", (text,), change(source, text))


def mistake_mutants(
    own: Mapping[str, str], entries: list[CatalogueEntry], number: int, rng: random.Random
) -> Iterator[Mutant]:
    """Edits of each wrong answer of the catalogue, drawn."""
    for entry in entries:
        drawn = edits(entry.source)
        rng.shuffle(drawn)
        made = (text for edit in drawn if (text := edited(entry.source, edit)))
        for text in islice(made, number):
            what = f"      {entry.says}\n{change(entry.source, text)}"
            yield Mutant("mistake", (*own.values(), text), what)


def change(source: str, text: str) -> str:
    """The lines that differ."""
    lines = [ast.unparse(ast.parse(source)).splitlines(), text.splitlines()]
    found = unified_diff(*lines, n=0, lineterm="")
    return "\n".join(f"      {line}" for line in found if line[:2] not in ("--", "++", "@@"))


def results(verdict: Verdict) -> str:
    """Distinguishes the results of all calls, to nine digits, from others."""
    seen = []
    for result in verdict.results:
        log = result.student
        seen.append((result.test, result.status))
        if log.cases:
            seen.append(("cases", _result(log.cases)))
        else:
            seen.extend((call.error or "", _result(call.value)) for call in log.calls)
    return repr(seen)


def _result(value: object) -> str:
    try:
        return fingerprint(value)
    except (TypeError, ValueError):  # an object stays on the answer's side
        return type(value).__name__


def judged(course: Course, task: str, cells: Sequence[str]) -> str | None:
    """Judge an answer in a process of its own; return its results if it passes, else None.

    A mutant may end its process, as the system does where memory is short, or hang where no alarm
    reaches it. It is caught then: a student's check would not have passed.
    """
    process_of = get_context("fork")
    receiver, sender = process_of.Pipe(duplex=False)
    process = process_of.Process(target=_judge, args=(course, task, cells, sender))
    process.start()
    sender.close()
    try:
        found: str | None = receiver.recv() if receiver.poll(WALL_SECONDS) else None
    except EOFError:
        found = None
    process.kill()
    process.join()
    return found


def _judge(course: Course, task: str, cells: Sequence[str], sender: Connection) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    verdict = judge_answer(task, cells, course=course, seconds=WALL_SECONDS)
    sender.send(results(verdict) if verdict.status == "done" else None)


Shown = tuple[str, str, str]  # the kind of a mutant, what became of it, and its change


def judge_task(
    name: str, task: str, kinds: Collection[str], pairs: int
) -> tuple[str, Counter[tuple[str, str]], list[Shown]]:
    """Try mutants of one task; count what became of each kind, and show those not caught."""
    course = Course(ROOT)
    exercise = solution(course, name)
    own = dict(exercise.tasks[task].answers)
    entries = [e for e in catalogue_of(course, exercise) if e.task == task and not e.right]
    rng = random.Random(task)
    mutants = chain(
        single_mutants(own),
        pair_mutants(own, pairs, rng),
        mistake_mutants(own, entries, EDITS, rng),
    )
    before = judged(course, task, list(own.values()))
    known = equivalents(task)
    count: Counter[tuple[str, str]] = Counter()
    shown = []
    for mutant in mutants:
        if mutant.kind not in kinds:
            continue
        found = judged(course, task, mutant.cells)
        end = "caught" if found is None else "unchanged" if found == before else "survived"
        if end == "survived" and is_known(mutant.change, known):
            end = "equivalent"
        count[mutant.kind, end] += 1
        if end != "caught":
            shown.append((mutant.kind, end, mutant.change))
    return task, count, shown


def equivalents(task: str) -> list[list[str]]:
    """The changes, each a list of lines, that are known to leave an answer to a task right."""
    entries = json.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return [entry["change"] for entry in entries if entry["task"] == task]


def is_known(found: str, known: list[list[str]]) -> bool:
    """Whether a change is one of the known ones, or several of them together."""
    lines = [line.strip() for line in found.splitlines()]
    parts = [part for part in known if set(part) <= set(lines)]
    return set(lines) == {line for part in parts for line in part}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="05 or 05.3")
    parser.add_argument("--kinds", nargs="+", choices=[*WANTED], default=[*WANTED])
    parser.add_argument("--unchanged", action="store_true", help="list these, too")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    course = Course(ROOT)
    tasks = [(n, task) for n in course.names for task in solution(course, n).tasks]
    pairs = math.ceil(PAIRS / len(tasks))
    if options.only:
        tasks = [(n, task) for n, task in tasks if {task, task[:2]} & set(options.only)]
    total: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(judge_task, *task, options.kinds, pairs) for task in tasks]
        for future in running:
            task, count, shown = future.result()
            total += count
            for kind in options.kinds:
                ends = ("caught", "survived", "equivalent", "unchanged")
                counts = [f"{count[kind, end]} {end}" for end in ends]
                print(f"{task} {kind}: {', '.join(counts)}", flush=True)
            for kind, end, what in shown:
                if end == "survived" or (options.unchanged and end == "unchanged"):
                    print(f"   {kind} {end}\n{what}", flush=True)
    enough = [_is_enough(kind, total) for kind in options.kinds]  # and say so of each
    return 0 if all(enough) else 1


def _is_enough(kind: str, total: Counter[tuple[str, str]]) -> bool:
    caught, survived = total[kind, "caught"], total[kind, "survived"]
    share = caught / (caught + survived) if caught + survived else 0.0
    print(
        f"{kind}: {caught} of {caught + survived} mutants that are wrong are caught: {share:.1%} "
        f"({WANTED[kind]:.0%} are wanted)"
    )
    return share >= WANTED[kind]


if __name__ == "__main__":
    sys.exit(main())
