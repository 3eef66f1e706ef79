"""Judge many answers, and compare two such runs, for example before and after a change.

python tools/compare_verdicts.py judge answers.jsonl verdicts.jsonl
python tools/compare_verdicts.py compare before.jsonl after.jsonl

Each line of the answers is a JSON object with `task` and `code`. A line of the verdicts holds `i`
(the answer's line, from 0), `task`, `points`, `possible`, `status`, `mistake` and `report`, what
the student reads. Points, status and mistake must be equal; rewordings of the report are listed,
each with the number of answers that have it.
"""

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from coursekit.grading import judge_answer

SAME = ("i", "task", "points", "possible", "status", "mistake")


def judged(i: int, answer: dict[str, Any]) -> dict[str, Any]:
    """Judge the answer of line i."""
    verdict = judge_answer(answer["task"], answer["code"])
    row = {name: getattr(verdict, name) for name in SAME[1:]}
    return {"i": i, **row, "report": verdict.sentence}


def judge(answers: Path, out: Path, jobs: int) -> int:
    """Write the verdicts on all answers."""
    lines = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    # Each process judges in its main thread, where the time limit holds.
    with (
        ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool,
        out.open("w", encoding="utf-8") as file,
    ):
        for row in pool.map(judged, range(len(lines)), lines):
            print(json.dumps(row, ensure_ascii=False), file=file, flush=True)
    return 0


def compare(before: Path, after: Path) -> int:
    """Print the differences; return 1 if more than words differ."""
    rows = [
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in (before, after)
    ]
    changed = 0
    reworded: Counter[tuple[str, str]] = Counter()
    for old, new in zip_longest(*rows, fillvalue={}):
        differences = {k: (old.get(k), new.get(k)) for k in SAME if old.get(k) != new.get(k)}
        if differences:
            changed += 1
            print(f"{old.get('i')}, {old.get('task')}: {differences}")
        lines = (side.get("report", "").splitlines() for side in (old, new))
        reworded.update(pair for pair in zip_longest(*lines, fillvalue="") if pair[0] != pair[1])
    for (was, is_), count in reworded.most_common():
        print(f"{count} times\n  - {was.strip()}\n  + {is_.strip()}")
    print(f"{len(rows[0])} and {len(rows[1])} answers, {changed} judged differently")
    return int(changed > 0)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("judge")
    one.add_argument("answers", type=Path)
    one.add_argument("verdicts", type=Path)
    one.add_argument("--jobs", type=int, default=2)
    two = commands.add_parser("compare")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.command == "judge":
        return judge(options.answers, options.verdicts, options.jobs)
    return compare(options.before, options.after)


if __name__ == "__main__":
    sys.exit(main())
