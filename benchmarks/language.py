"""What the translation costs those who stay in English: processor time of an import and of a check.

    python benchmarks/language.py --pairs 20

Each pair is two fresh processes, one with `coursekit.language` as it is, one with functions in its
place that only fill in fields. The fastest of each side are compared: what else runs on the machine
only makes a process slower. To reach: at most 5 ms more for either.
"""

import argparse
import json
import subprocess
import sys

LIMIT = 5.0  # ms
PLAIN = """
import sys, types
from contextlib import nullcontext
plain = types.ModuleType("coursekit.language")
class Sentence(str):
    of = staticmethod(lambda text, english: text)
def say(text, /, **fields): return text.format(**fields) if fields else text
def say_n(n, one, many, /, **fields): return say(one if n == 1 else many, n=n, **fields)
def join(*texts): return " ".join(text for text in texts if text)
def list_of(items): return " and ".join(map(str, items))
plain.__dict__.update(
    ENGLISH="en", Sentence=Sentence, languages=lambda: ["en"], language=lambda: "en", say=say,
    say_n=say_n, join=join, list_of=list_of, mark=str, english=str, forms=lambda *forms: [*forms],
    folder_language=lambda folder: "en", speak=lambda language: None, speaking=nullcontext,
)
sys.modules["coursekit.language"] = plain
"""
MEASURED = """
import json, time
import numpy, matplotlib.pyplot
def cpu(call):
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000
def load():
    import coursekit.language
    from coursekit import nn, plots
imported = cpu(load)
from coursekit.grading import judge_answer
from coursekit.grading.judge.report import as_html
wrong = "import numpy as np\\ndef neuron(x, w, w0):\\n    return (x @ w + w0 > 0).astype(int)"
def check():
    assert "You added w0" in as_html(judge_answer("01.1", [wrong]))
check()
print(json.dumps([imported, min(cpu(check) for _ in range(20))]))
"""


def measured(code: str) -> list[float]:
    """Run code in a new process; return the milliseconds of the import and of a check."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    times: list[float] = json.loads(done.stdout)
    return times


def main() -> None:
    """Print the fastest times of both sides."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20)
    count = parser.parse_args().pairs
    pairs = [(measured(PLAIN + MEASURED), measured(MEASURED)) for _ in range(count)]
    for k, what in enumerate(("import", "check of a wrong answer")):
        plain, own = (min(pair[side][k] for pair in pairs) for side in (0, 1))
        print(
            f"{what}: {own:.1f} ms, without the translation {plain:.1f} ms: "
            f"{own - plain:+.1f} ms, a ratio of {own / plain:.2f} (to reach: at most {LIMIT} more)"
        )


if __name__ == "__main__":
    main()
