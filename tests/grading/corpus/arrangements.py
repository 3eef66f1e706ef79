"""The corpus: notebooks as people hand them in, and what each is worth.

The rule: run the notebook from top to bottom in a fresh kernel, passing over errors; what the
last check of each task says then, `coursekit grade` says too, and the teacher's batch grading
never gives less. The batch gives more only where a fair reader would, too: each answer is also
tried with the course's setup and without the student's other cells (so an accident elsewhere
costs nothing), and of two versions of an answer the better one counts.

So an arrangement states `points`, which the batch must give, and where its checks say less (or
nothing) says so in `check` (or `silent`). Everything else is full marks.

Each arrangement is a small function that changes a solved notebook as a person or a program would;
none is stored. The report that it cites is where somebody met it, not where code comes from.
"""

from . import (
    accidents,
    answer_cells,
    combined,
    definitions,
    editors,
    files,
    in_answers,
    moved,
    own_cells,
)
from .register import REGISTER as REGISTER

MODULES = (
    accidents,
    answer_cells,
    combined,
    definitions,
    editors,
    files,
    in_answers,
    moved,
    own_cells,
)
