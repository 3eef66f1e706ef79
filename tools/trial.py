"""Judge answers of which it is known whether they are right, and say how well they were judged.

python tools/trial.py answers.jsonl             all tasks
python tools/trial.py answers.jsonl 01 04.2     some
python tools/trial.py answers.jsonl --list      and each answer that was not judged well
python tools/trial.py answers.jsonl --sample 50 and fifty wrong answers with their sentences

Each line of the file is a JSON object with `task`, `kind` ("right" or "wrong"), `what` in words,
`code` of the answer cells, and perhaps `was`: a wrong answer that was "tolerated" may have full
marks, a right one that was "not installed" may be refused.

A wrong answer is explained if a mistake is named or a fact is stated; a fact counts only if it is
stated of less than a third of the task's other wrong answers. Whether a named mistake is the right
one only a person can tell: each is listed with --names.
"""

import argparse
import json
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from coursekit.grading import judge_answer

COLUMNS = ("right", "refused", "wrong", "full", "broken", "named", "fact", "form", "nothing")
FORM = (
    "expected",
    "should be",
    "stopped",
    "is None",
    "missing",
    "Return",
    "did not finish",
    "asked for",
)


def judged(answer: dict[str, Any]) -> dict[str, Any]:
    """Judge an answer; add what became of it."""
    verdict = judge_answer(answer["task"], answer["code"])
    failed = [result for result in verdict.results if not result.passed]
    return answer | {
        "points": verdict.points,
        "full": verdict.status == "done",
        "broken": verdict.status == "fault",
        "mistake": verdict.mistake,
        "facts": sorted({result.fact for result in failed if result.fact}),
        "messages": [result.message for result in failed] + [verdict.error or ""],
        "report": verdict.sentence,
    }


def outcome(answer: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """Sort an answer into one of the columns."""
    if answer["kind"] == "right":
        excused = answer.get("was") == "not installed"
        return "right" if answer["full"] or excused else "refused"
    if answer["full"]:
        return "wrong" if answer.get("was") == "tolerated" else "full"
    if answer["broken"]:
        return "broken"
    if answer["mistake"]:
        return "named"
    for fact in answer["facts"]:
        same = sum(fact in other["facts"] for other in others if other is not answer)
        if 3 * same < max(len(others) - 1, 1):
            return "fact"
    if any(word in message for message in answer["messages"] for word in FORM):
        return "form"
    return "nothing"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("only", nargs="*", metavar="05 or 05.3")
    parser.add_argument("--list", action="store_true", help="show what was not judged well")
    parser.add_argument("--names", action="store_true", help="show what each mistake was named")
    parser.add_argument("--sample", type=int, default=0, help="show so many, drawn at random")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    lines = options.answers.read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    if options.only:
        answers = [a for a in answers if {a["task"], a["task"][:2]} & set(options.only)]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        answers = list(pool.map(judged, answers))
    total: Counter[str] = Counter()
    print("task  " + " ".join(f"{column:>8}" for column in COLUMNS))
    for task in sorted({answer["task"] for answer in answers}):
        here = [answer for answer in answers if answer["task"] == task]
        wrong = [answer for answer in here if answer["kind"] == "wrong"]
        for answer in here:
            answer["outcome"] = outcome(answer, wrong)
        count = Counter(answer["outcome"] for answer in here)
        total += count
        print(task, " " + " ".join(f"{count[column]:8}" for column in COLUMNS))
    print("all  ", " ".join(f"{total[column]:8}" for column in COLUMNS))
    explained, failed = total["named"] + total["fact"], sum(total[c] for c in COLUMNS[3:])
    print(f"{explained} of {failed} wrong answers are named or have a fact of their own, ", end="")
    print(f"{explained + total['form']} with a wrong kind, shape or exception in words")
    for answer in answers:
        bad = answer["outcome"] in ("refused", "full", "broken", "form", "nothing")
        if (options.list and bad) or (options.names and answer["outcome"] == "named"):
            _show(answer)
    wrong = [answer for answer in answers if answer["kind"] == "wrong"]
    for answer in random.Random(0).sample(wrong, min(options.sample, len(wrong))):
        _show(answer)
    return int(any(total[column] for column in ("refused", "full", "broken")))


def _show(answer: dict[str, Any]) -> None:
    print(f"\n== {answer['outcome']}, {answer['task']}, {answer['kind']}: {answer['what']}")
    print(answer["report"])


if __name__ == "__main__":
    sys.exit(main())
