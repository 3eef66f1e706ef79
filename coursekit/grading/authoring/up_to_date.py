"""Are ``exercises/`` and the recorded outcomes what ``solutions/`` and the tests would make?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading.authoring.record import record
from coursekit.grading.course.notebook import cell_id, source_of, task_id
from coursekit.grading.course.paths import Course
from coursekit.grading.judge.recording import differences, dumps, to_json
from coursekit.grading.judge.reference import read_notebook


def stale(course: Course, name: str) -> list[str]:
    """List what `write_exercise` would change; answers, outputs and students' cells don't count."""
    path = course.recorded_file(name)
    if not path.exists():
        return [f"{path.name} is missing"]
    recording = record(course, name)
    new = to_json(recording)
    found = differences(json.loads(path.read_text(encoding="utf-8")), json.loads(dumps(new)))
    return [*found, *stale_notebook(recording.notebook, course.exercises / f"{name}.ipynb")]


def stale_notebook(master: Mapping[str, Any], path: Path) -> list[str]:
    """List the cells of a student's notebook that are not as they are handed out."""
    if not path.exists():
        return [f"{path.name} is missing"]
    have = {cell_id(cell): cell for cell in read_notebook(path)["cells"]}
    want = {cell_id(cell): cell for cell in master["cells"]}
    found = [f"{path.name}: {id} is missing" for id in want if id not in have]
    order = [id for id in have if id in want]
    if order != [id for id in want if id in have]:
        found.append(f"{path.name}: the cells have another order")
    for id in order:
        same_text = task_id(id) or source_of(have[id]) == source_of(want[id])
        marks = [side[id]["metadata"].get("nbgrader") for side in (have, want)]
        if not same_text or marks[0] != marks[1]:
            found.append(f"{path.name}: {id} is out of date")
    return found
