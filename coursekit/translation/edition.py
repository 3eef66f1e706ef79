"""An edition: the course's tree in another language, generated from the English one.

No file in it has another name, so links, checks and commands work as they do in English. Texts that
wait for their translation are English.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path

from coursekit.grading.course.notebook import notebook_text, source_of
from coursekit.grading.course.paths import Course, CourseError
from coursekit.translation.catalogue import file_of, folder, read, translations, waiting
from coursekit.translation.course_texts import Text, catalogues, texts_of, translate_file
from coursekit.translation.markdown_texts import PARSER
from coursekit.translation.python_texts import translate_code
from coursekit.translation.typography import typeset

LANGUAGE = "LANGUAGE"  # the file that says which language a tree is in
_PARTS = ["coursekit", "docs", "exercises", "notebooks", "solutions", "tests", "tools"]
_PARTS += [".gitignore", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-text.md", "Makefile"]
_PARTS += ["README.md", "conftest.py", "environment.yml", "maintainer.lock", "pyproject.toml"]
_PARTS += ["student.lock"]
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*cache", ".ipynb_checkpoints", ".hypothesis")
_IMPORT = re.compile(r"^from coursekit import ([\w, ]+)$", re.MULTILINE)
_OTHERS = re.compile(r"^\[English\]\(README\.md\).*\n\n", re.MULTILINE)
_QUOTED = re.compile(r'"([^"\\\n]+)"')
_CODE_KINDS = {"string", "f-string", "word", "docstring", "comment"}


def build(course: Course, language: str, to: Path, *, outputs: bool = False) -> Course:
    """Write the edition of a language.

    Parameters
    ----------
    course : Course
        The English one, with ``solutions/``.
    language : str
        Such as ``"ru"``.
    to : Path
        A folder that does not exist yet, or holds an earlier edition, which is replaced.
    outputs : bool
        Whether to execute the lectures and solutions, which takes minutes. Without it they keep
        the English outputs.

    Raises
    ------
    CourseError
        If there is no such language, or something else is in the folder, or a translation spoils
        the course's tests.
    """
    folder(course, language)
    to = to.resolve()  # the commands below run in it
    if to.exists() and not (to / LANGUAGE).exists():
        raise CourseError(f"{to} exists and holds no edition: name another folder.")
    _tell(f"Writing the course to {to}, which takes about a minute.")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for name in _PARTS:
        source = course.root / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=_LEFT_OUT)
        elif source.exists():
            shutil.copy(source, to / name)
    (to / LANGUAGE).write_text(language + "\n", encoding="utf-8")
    edition, written = Course(to), []
    for name, files in catalogues(edition).items():
        new = translations(read(file_of(course, language, name)))
        for path in files:
            path.write_text(_translated(edition, path, new, language), encoding="utf-8")
            written.append(path)
    _mend_anchors(course, edition, catalogues(edition)["docs"])
    page = edition.root / "README.md"  # the only one here, so without links to the others
    page.write_text(_OTHERS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    _translate_jupyterlab(edition, language)
    code = [str(path) for path in written if path.suffix != ".md"]
    _run(edition, ["ruff", "format", "--quiet", *code])
    for path in edition.exercises.glob("*.ipynb"):
        path.unlink()
    _tell(f"{len(written)} files are translated; each exercise is recorded.")

    def record(name: str) -> str:
        _run(edition, ["coursekit", "exercises", name[:2]])
        return name

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each process records one exercise
        for done in as_completed([pool.submit(record, name) for name in edition.names]):
            _tell(f"recorded: {done.result()}")
    if outputs:
        _tell("All notebooks are executed, which takes some minutes.")
        _run(edition, ["coursekit.notebooks"])
    return edition


def write_readme(course: Course, language: str) -> str:
    """Write the front page's translation beside it, once all of it is translated; say so."""
    page, new = course.root / "README.md", translations(read(file_of(course, language, "docs")))
    missing = [text for text in texts_of(course, [page]) if text.english not in new]
    target = page.with_suffix(f".{language}.md")
    if missing:
        return f"{target.name}: not written, {len(missing)} texts of {page.name} wait"
    target.write_text(_translated(course, page, new, language), encoding="utf-8")
    return f"{target.name}: written"


def complete(course: Course, language: str, to: Path) -> Course:
    """Write an edition to be handed out: without it waiting for a single sentence."""
    if missing := waiting(course, language):
        raise CourseError(
            f"{len(missing)} texts wait for their translation; the first is\n{missing[0]}\n"
            f"`python -m coursekit.translation waiting {language}` lists all."
        )
    return build(course, language, to)


def _translated(course: Course, path: Path, new: dict[str, str], language: str) -> str:
    """Return a file of the edition in its language."""

    def replace(text: Text) -> str | None:
        translation = new.get(text.english)
        return translation and typeset(translation, of_code=text.kind in _CODE_KINDS)

    content = translate_file(course, path, replace)
    if path.name.startswith("answers_"):
        return following(content, {text: typeset(t, of_code=True) for text, t in new.items()})
    return _speaking(content, language) if path.suffix == ".ipynb" else content


def following(answers: str, new: dict[str, str]) -> str:
    """Let the code of a catalogue of answers have the strings that the tests and solutions have.

    Also where they stand in a piece of code that an edit of the course's own answer replaces.
    """

    def replace(kind: str, text: str) -> str | None:
        if kind not in ("string", "word"):
            return None
        quoted = _QUOTED.sub(lambda found: f'"{new.get(found[1], found[1])}"', text)
        begun = re.search(r"  # (\w[^\n]*)$", quoted)  # an edit may end inside a comment
        whole = [n for english, n in new.items() if begun and english.startswith(begun[1])]
        if begun and whole:
            quoted = f"{quoted[: begun.start()]}  # {whole[0]}"
        return new.get(text, quoted)

    return translate_code(answers, replace, only=lambda node: True)


def _speaking(content: str, language: str) -> str:
    """Let a notebook say its language: in its metadata, and to the package that it imports."""
    notebook = json.loads(content)
    notebook["metadata"]["coursekit"] = {"language": language}
    for cell in notebook["cells"]:
        source = source_of(cell)
        found = _IMPORT.search(source) if cell["cell_type"] == "code" else None
        if found:
            names = sorted({*found[1].split(", "), "speak"})
            line = f'from coursekit import {", ".join(names)}\n\nspeak("{language}")'
            cell["source"] = (source[: found.start()] + line + source[found.end() :]).rstrip()
            break
    return notebook_text(notebook)


def _translate_jupyterlab(edition: Course, language: str) -> None:
    """Let the edition's JupyterLab speak the language too, where a language pack is installed."""
    packs = (pack.name for pack in entry_points(group="jupyterlab.languagepack"))
    settings = edition.root / "coursekit/jupyter/labconfig/default_setting_overrides.json"
    for locale in (name for name in packs if name.split("_")[0] == language):
        values = json.loads(settings.read_text(encoding="utf-8"))
        values["@jupyterlab/translation-extension:plugin"] = {"locale": locale}
        settings.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def _headings(path: Path) -> Iterator[str]:
    """Yield the anchors of a page's headings, as MyST makes them."""
    tokens = PARSER.parse(path.read_text(encoding="utf-8"))
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            title = "".join(part.content for part in inline.children or ())
            yield re.sub(r"[^\w\- ]", "", title.strip().lower().replace(" ", "-"))


def _mend_anchors(course: Course, edition: Course, pages: list[Path]) -> None:
    """Let links to a heading find it under its new name."""
    for page in pages:

        def mended(link: re.Match[str], page: Path = page) -> str:
            target = (page.parent / link[1]).resolve() if link[1] else page.resolve()
            if target.suffix != ".md" or not target.is_relative_to(edition.root.resolve()):
                return link[0]
            old = course.root / target.relative_to(edition.root.resolve())
            names = dict(zip(_headings(old), _headings(target), strict=True))
            return f"]({link[1]}#{names.get(link[2], link[2])})"

        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"\]\(([^()#:\s]*)#([^()\s]+)\)", mended, text), encoding="utf-8")


def _tell(sentence: str) -> None:
    """Say what happens while it does, beside what the command prints at its end."""
    print(sentence, file=sys.stderr, flush=True)


def _run(edition: Course, module: list[str]) -> None:
    """Run a module in the edition's tree, with its package."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=edition.root,
        env={**os.environ, **threads, "PYTHONPATH": str(edition.root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise CourseError(f"{' '.join(module[:2])} in {edition.root}:\n{done.stdout}{done.stderr}")
