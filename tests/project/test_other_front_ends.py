"""Notebooks as web pages: nbconvert shows each stored picture, with its text and without a network.

The same stored forms of a picture are what GitHub's preview, VS Code and Colab show before a kernel
runs.
"""

import json
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

ROOT = Path(__file__).parents[2]
FOLDERS = ["notebooks", "exercises"]
NOTEBOOKS = sorted(
    p for f in FOLDERS for p in (ROOT / f).glob("*.ipynb") if ".backup" not in p.name
)
LECTURES = [path for path in NOTEBOOKS if path.parent.name == "notebooks"]
WIDGET = "application/vnd.jupyter.widget-view+json"
LOADED = {"src", "srcset", "poster", "data"}  # attributes by which an element fetches something


class Pictures(HTMLParser):
    """The pictures of a page, and what else it loads to be seen."""

    def __init__(self):
        super().__init__()
        self.images, self.fetched = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "img":
            self.images.append((given.get("src", ""), given.get("alt", "")))
        elif tag != "script":  # nbconvert's own: formulas
            names = {"href"} if tag == "link" else LOADED
            self.fetched += [value for name, value in attributes if name in names]


@cache
def exporter():
    """The course's own template. It is built on the one that shows a picture's text."""
    folders = [str(ROOT / "docs" / "web")]
    return HTMLExporter(template_name="folded", extra_template_basedirs=folders)


@cache
def page_of(path):
    """A notebook as a web page."""
    return exporter().from_filename(str(path))[0]


def outputs(book):
    return [output for cell in book["cells"] for output in cell.get("outputs", [])]


def stored_pictures(book):
    """The pictures that outputs hold, as (bytes in base64, text) in the order of the notebook."""
    for output in outputs(book):
        png = output.get("data", {}).get("image/png")
        if png:
            about = output["metadata"].get("image/png", {})
            yield "".join("".join(png).split()), about.get("alt", "")


def problems(path):
    """What is wrong with a notebook's web page."""
    book = json.loads(path.read_text(encoding="utf-8"))
    if "widgets" in book["metadata"] or any(WIDGET in o.get("data", {}) for o in outputs(book)):
        yield "a stored widget, which no page can show without a network"
    page = Pictures()
    page.feed(page_of(path))
    shown = [(src.partition(",")[2].strip(), alt) for src, alt in page.images]
    for png, alt in (Counter(stored_pictures(book)) - Counter(shown)).elements():
        yield f"not in the page, or without its text: {alt[:60]} ({len(png)} characters)"
    for src, alt in page.images:
        if not src.startswith("data:image/"):
            yield f"a picture that needs a network or a file: {src[:60]}"
        if not alt.strip():
            yield f"a picture without a text: {src[:60]}"
    yield from (f"needs a network or a file: {address}" for address in page.fetched)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_web_page_shows_every_picture(path):
    assert list(problems(path)) == []


def test_every_picture_has_the_form_in_which_jupyterlab_gives_it_a_description():
    books = [
        json.loads(p.read_text(encoding="utf-8")) for p in (ROOT / "notebooks").glob("*.ipynb")
    ]
    forms = [o.get("data", {}).keys() for book in books for o in outputs(book)]
    pictures = ["text/html" in each for each in forms if "image/png" in each]
    assert all(pictures) and len(pictures) >= 40


class Seen(HTMLParser):
    """The text of a page, without what is folded."""

    def __init__(self):
        super().__init__()
        self.text, self._folded, self._summary = "", 0, 0

    def handle_starttag(self, tag, attributes):
        self._folded += tag == "details"
        self._summary += tag == "summary"

    def handle_endtag(self, tag):
        self._folded -= tag == "details"
        self._summary -= tag == "summary"

    def handle_data(self, data):
        if not self._folded or (self._folded == 1 and self._summary):
            self.text += data


@pytest.mark.parametrize("path", LECTURES, ids=lambda p: p.stem)
def test_nothing_on_the_web_page_is_answered_before_it_is_asked(path):
    """Neither what a question's answer says nor any output on the way there is open."""
    book = nbformat.read(path, as_version=4)
    page = Seen()
    page.feed(page_of(path))
    assert "What happened:" not in page.text
    between = [c for c in book.cells if "hide-output" in c.metadata.get("tags", ())]
    printed = [o.text for c in between for o in c.outputs if o.output_type == "stream"]
    lines = [line.strip() for text in printed for line in text.splitlines() if len(line) > 20]
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    lines = [line for line in lines if line not in code]  # the head of a table may be in both
    assert len(between) >= sum("predict(" in c.source for c in book.cells) / 2
    assert [line for line in lines if line in page.text] == []
    hidden = [c.source for c in book.cells if "hide-input" in c.metadata.get("tags", ())]
    assert [source for source in hidden if source in page.text] == []


PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("output", "finding"),
    [
        ({"data": {"image/png": PNG}, "metadata": {"image/png": {"alt": "A line."}}}, None),
        (
            {
                "data": {"image/png": PNG, "text/html": f'<img src="data:image/png;base64,{PNG}">'},
                "metadata": {"image/png": {"alt": "A line."}},
            },
            "not in the page, or without its text: A line. (12 characters)",
        ),
        (
            {
                "data": {"image/png": PNG, "text/html": "<p>A line.</p>"},
                "metadata": {"image/png": {"alt": "A line."}},
            },
            "not in the page, or without its text: A line. (12 characters)",
        ),
        (
            {"data": {"text/html": '<img src="https://example.org/a.png" alt="A line.">'}},
            "a picture that needs a network or a file: https://example.org/a.png",
        ),
        (
            {"data": {"text/html": '<iframe src="https://example.org"></iframe>'}},
            "needs a network or a file: https://example.org",
        ),
        (
            {"data": {WIDGET: {"model_id": "1"}, "text/plain": "A slider."}},
            "a stored widget, which no page can show without a network",
        ),
    ],
)
def test_the_checker_sees(output, finding, tmp_path):
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": "1",
        "metadata": {},
        "execution_count": 1,
        "outputs": [{"output_type": "display_data", "metadata": {}, **output}],
    }
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(book))
    found = list(problems(path))
    assert found[:1] == ([finding] if finding else [])
