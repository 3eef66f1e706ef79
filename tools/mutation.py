"""Are the tests of the exercises sharp? Plant one small bug at a time in the course's own answers.

python tools/mutation.py            all exercises
python tools/mutation.py 05 07      some
python tools/mutation.py 05.3       one task

A mutant is caught if a test of its task fails. It changes the result if any call of the tests
returns something else than before (or notes something else, where a test accepts many answers).
The rest can't be told from the answer with these inputs: either nothing can tell them, or the
inputs lack something; they are listed for a reader with --unchanged. At least 98% of the mutants
that change the result must be caught.
"""

import argparse
import ast
import copy
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from multiprocessing import get_context
from pathlib import Path

from coursekit.grading import judge_answer
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.reference import solution
from coursekit.grading.judge.values import fingerprint
from coursekit.grading.judge.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent
WANTED = 0.98
SECONDS = 5.0  # for a call: a mutant may never end
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
    "mean": "sum", "sum": "mean", "max": "min", "min": "max", "argmax": "argmin",
    "argmin": "argmax", "maximum": "minimum", "minimum": "maximum", "zeros": "ones",
    "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like", "var": "std",
    "std": "var", "sqrt": "square", "square": "sqrt", "exp": "expm1", "log": "log1p",
    "log1p": "log", "expm1": "exp", "any": "all", "all": "any", "sin": "cos", "cos": "sin",
    "tanh": "sin", "abs": "square", "sign": "abs", "cumsum": "cumprod", "outer": "add",
    "normal": "uniform", "uniform": "normal", "floor": "ceil", "ceil": "floor",
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
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.If(_, body, orelse):
            yield ast.If(ast.Constant(True), body, orelse)
            yield ast.If(ast.Constant(False), body, orelse)
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
            yield ast.Attribute(value, NAMES[name], node.ctx)
        case ast.Call(function, arguments, keywords):
            if len(arguments) >= 2 and not any(isinstance(a, ast.Starred) for a in arguments):
                yield ast.Call(function, [arguments[1], arguments[0], *arguments[2:]], keywords)
            for k in range(len(keywords)):
                yield ast.Call(function, arguments, keywords[:k] + keywords[k + 1 :])
            if isinstance(function, ast.Name) and function.id == "range":
                for by in (ast.Add(), ast.Sub()):
                    last = ast.BinOp(arguments[-1], by, ast.Constant(1))
                    yield ast.Call(function, [*arguments[:-1], last], keywords)
            if isinstance(function, ast.Name) and function.id in ("reversed", "abs", "float"):
                yield arguments[0]
        case ast.Return(ast.Tuple(values, context)) if len(values) == 2:
            yield ast.Return(ast.Tuple(values[::-1], context))


def mutants(source: str) -> Iterator[str]:
    """The texts of a cell with one change each."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(list(variants(node)))):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[place]
            other = list(variants(target))[number]
            text = ast.unparse(ast.fix_missing_locations(_Replace(target, other).visit(changed)))
            if text != original:
                yield text


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, other: ast.AST) -> None:
        self._target, self._other = target, other

    def visit(self, node: ast.AST) -> ast.AST:
        return self._other if node is self._target else self.generic_visit(node)


def results(verdict: Verdict) -> str:
    """Distinguishes the results of all calls, to nine digits, from others."""
    seen = []
    for result in verdict.results:
        log = result.student
        seen.append((result.test, result.status))
        if log.cases:
            seen.append(("cases", _result(log.cases)))
        elif log.notes:
            seen.extend((name, fingerprint(value)) for name, value in log.notes)
        else:
            seen.extend((call.error or "", _result(call.value)) for call in log.calls)
    return repr(seen)


def _result(value: object) -> str:
    try:
        return fingerprint(value)
    except (TypeError, ValueError):  # an object stays on the answer's side
        return type(value).__name__


def judge_task(name: str, task: str) -> tuple[str, Counter[str], list[tuple[str, str]]]:
    """Try all mutants of one task; count what became of them, and show those not caught."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    course = Course(ROOT)
    exercise = solution(course, name)
    own = dict(exercise.tasks[task].answers)
    before = results(judge_answer(task, list(own.values()), course=course))
    count: Counter[str] = Counter()
    shown = []
    for id, source in own.items():
        for text in mutants(source):
            cells = list({**own, id: text}.values())
            verdict = judge_answer(task, cells, course=course, seconds=SECONDS)
            if verdict.status != "done":
                count["caught"] += 1
                continue
            kind = "unchanged" if results(verdict) == before else "survived"
            count[kind] += 1
            lines = [ast.unparse(ast.parse(source)).splitlines(), text.splitlines()]
            change = list(unified_diff(*lines, n=0, lineterm=""))[3:]
            shown.append((kind, "\n".join(f"      {line}" for line in change)))
    return task, count, shown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="05 or 05.3")
    parser.add_argument("--unchanged", action="store_true", help="list these, too")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    course = Course(ROOT)
    tasks = [(n, task) for n in course.names for task in solution(course, n).tasks]
    if options.only:
        tasks = [(n, task) for n, task in tasks if {task, task[:2]} & set(options.only)]
    total: Counter[str] = Counter()
    fresh_processes = get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=fresh_processes) as pool:
        for task, count, shown in pool.map(judge_task, *zip(*tasks, strict=True)):
            total += count
            counts = [f"{count[kind]} {kind}" for kind in ("caught", "survived", "unchanged")]
            print(f"{task}: {', '.join(counts)}", flush=True)
            for kind, change in shown:
                if kind == "survived" or options.unchanged:
                    print(f"   {kind}\n{change}", flush=True)
    changing = total["caught"] + total["survived"]
    share = total["caught"] / changing if changing else 0.0
    print(f"{total['caught']} of {changing} mutants that change the result are caught: {share:.1%}")
    print(f"{total['unchanged']} more change nothing that the tests' inputs can show")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
