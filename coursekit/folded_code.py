"""Which code of a lecture is folded away: its questions, their answers, and the drawing of figures.

A cell holds one of these or the code of an experiment, never both, so that JupyterLab and the book
can fold a cell as a whole. One click opens it.
"""

import ast
from collections.abc import Iterator

import nbformat

QUESTION, ANSWER, FIGURE, CODE = "question", "reveal", "figure", "code"
FOLD_CODE, FOLD_OUTPUTS = "hide-input", "hide-output"  # tags that the book's builder knows


def cut(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Give the questions, answers and figures of a lecture cells of their own, in place.

    The first part of a cell keeps its id. Assertions stay with what they are about.
    """
    if _is_lecture(book):
        book.cells = [part for cell in book.cells for part in _parts(cell)]
    return book


def fold(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Mark what is folded in the metadata of a lecture's cells, in place.

    Beside the code of questions, answers and figures these are the outputs between a question and
    its answer. Only pages to read fold those, because a student has asked for them by running them.
    """
    if not _is_lecture(book):
        return book
    codes = [cell for cell in book.cells if cell.cell_type == "code"]
    answering = _between_question_and_answer([cell.source for cell in codes])
    for n, cell in enumerate(codes):
        kinds = {kind for kind, _ in _groups(cell.source)}
        ours = (FOLD_CODE, FOLD_OUTPUTS)
        tags = [tag for tag in cell.metadata.get("tags", ()) if tag not in ours]
        if kinds and CODE not in kinds:
            tags.append(FOLD_CODE)
            cell.metadata["jupyter"] = nbformat.from_dict({"source_hidden": True})
        if n in answering and not kinds & {QUESTION, ANSWER}:
            tags.append(FOLD_OUTPUTS)
        cell.metadata.pop("tags", None)
        if tags:
            cell.metadata["tags"] = tags
    return book


def _is_lecture(book: nbformat.NotebookNode) -> bool:
    return not any("nbgrader" in cell.metadata for cell in book.cells)


def _parts(cell: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    """Cut a cell at the lines where another kind of code begins."""
    groups = _groups(cell.source) if cell.cell_type == "code" else []
    if len(groups) < 2:
        yield cell
        return
    lines, begin, ids = cell.source.splitlines(), 0, [cell.id]
    for number, (kind, end) in enumerate(groups):
        part = nbformat.from_dict({**cell, "source": "\n".join(lines[begin:end]).strip("\n")})
        if number:
            names = (f"{cell.id}-{kind}{n}" for n in ("", *range(2, len(groups) + 1)))
            part.id = next(name for name in names if name not in ids)
            ids.append(part.id)
        part.update(outputs=[], execution_count=None)
        yield part
        begin = end


def _groups(source: str) -> list[tuple[str, int]]:
    """Return the runs of statements of one kind, each with the number of its last line.

    Comments between two runs belong to the second.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a magic, or a mistake that the lecture shows
        return [(CODE, len(source.splitlines()))]
    kinds = [_kind(statement) for statement in statements]
    for end, kind in enumerate(kinds):  # a figure begins where its axes are made
        made = [n for n in range(end) if "subplots" in _calls(statements[n])]
        if kind == FIGURE and made and not {QUESTION, ANSWER, FIGURE} & {*kinds[made[-1] : end]}:
            kinds[made[-1] : end] = [FIGURE] * (end - made[-1])
    groups: list[tuple[str, int]] = []
    for statement, kind in zip(statements, kinds, strict=True):
        if groups:
            before, end = groups[-1]
            if kind == before or isinstance(statement, ast.Assert) or statement.lineno <= end:
                kind = groups.pop()[0]
        groups.append((kind, statement.end_lineno or statement.lineno))
    if groups:  # comments at the end
        groups[-1] = (groups[-1][0], len(source.splitlines()))
    return groups


def _kind(statement: ast.stmt) -> str:
    calls = _calls(statement)
    for name, kind in (("predict", QUESTION), ("reveal", ANSWER), ("show", FIGURE)):
        if name in calls:
            return kind
    return CODE


def _calls(statement: ast.stmt) -> set[str]:
    """Return the names of the functions and methods that a statement calls when it is run."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return set()
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {c.attr if isinstance(c, ast.Attribute) else getattr(c, "id", "") for c in calls}


def _between_question_and_answer(sources: list[str]) -> set[int]:
    """Return the numbers of the cells after a question up to the cell that answers it."""
    asked: dict[str, int] = {}  # the name of a prediction: the number of the cell that asks
    between: set[int] = set()
    for number, source in enumerate(sources):
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            continue
        for statement in statements:
            for node in ast.walk(statement):
                if not isinstance(node, ast.Attribute) or node.attr != "reveal":
                    continue
                if isinstance(node.value, ast.Name) and node.value.id in asked:
                    between |= {*range(asked.pop(node.value.id) + 1, number + 1)}
            if isinstance(statement, ast.Assign) and "predict" in _calls(statement):
                asked |= {t.id: number for t in statement.targets if isinstance(t, ast.Name)}
    return between
