"""What can be odd about the cells of a submitted notebook, in whole sentences."""

from coursekit.language import mark

#: About the cells of one task, and of several.
ODD = {
    "missing": (
        mark("The answer cell of task {tasks} is missing."),
        mark("The answer cells of tasks {tasks} are missing."),
    ),
    "part missing": (
        mark("One of the answer cells of task {tasks} is missing; what is there was judged."),
        mark("Some of the answer cells of tasks {tasks} are missing; what is there was judged."),
    ),
    "retyped": (
        mark("The answer cell of task {tasks} is no longer a code cell, so it does not run."),
        mark("The answer cells of tasks {tasks} are no longer code cells, so they do not run."),
    ),
    "in text": (
        mark("The code for task {tasks} is in a text cell, so it does not run."),
        mark("The code for tasks {tasks} is in text cells, so it does not run."),
    ),
    "found": (
        mark(
            "The answer to task {tasks} is not in its own cell; it was found by the names it "
            "defines."
        ),
        mark(
            "The answers to tasks {tasks} are not in their own cells; they were found by the "
            "names they define."
        ),
    ),
    "part found": (
        mark(
            "A part of the answer to task {tasks} is not in its own cell; it was found by the "
            "names it defines."
        ),
        mark(
            "Parts of the answers to tasks {tasks} are not in their own cells; they were found "
            "by the names they define."
        ),
    ),
    "doubled": (
        mark(
            "The answer cell of task {tasks} occurs more than once; the version that scores most "
            "counts."
        ),
        mark(
            "The answer cells of tasks {tasks} occur more than once; for each task, the version "
            "that scores most counts."
        ),
    ),
    "many": (
        mark("More than {n} cells answer task {tasks}; only the last {n} were judged."),
        mark("More than {n} cells answer each of tasks {tasks}; only the last {n} were judged."),
    ),
    "checked": (
        mark("The check of task {tasks} is in the cell with the answer."),
        mark("The checks of tasks {tasks} are in cells with answers."),
    ),
    "versions": (
        mark(
            "Task {tasks} has another version in a cell of its own; the one that scores most "
            "counts."
        ),
        mark(
            "Tasks {tasks} have other versions in cells of their own; for each task, the one "
            "that scores most counts."
        ),
    ),
}
