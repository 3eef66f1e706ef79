"""Sphinx's settings for the book: the notebooks with their stored outputs, and the pages in here.

Nothing is executed and nothing is fetched. The sources are the repository's own files, so links
between them work in the book as they do in JupyterLab.
"""

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from coursekit import __version__  # noqa: E402
from coursekit.language import speak  # noqa: E402
from coursekit.widgets.base.output import STYLE, asleep  # noqa: E402

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RELEASED = SETTINGS["tool"]["coursekit"]["released"]  # such as "owner/name", or empty

project = "coursekit: deep learning from the first neuron"
author = "the coursekit authors"
project_copyright = "the coursekit authors; text CC BY 4.0, code BSD 3-Clause"
release = __version__
_edition = ROOT / "LANGUAGE"  # an edition of the course in another language has this file
language = _edition.read_text(encoding="utf-8").strip() if _edition.exists() else "en"
speak(language)  # the package, whose sentence about a sleeping widget is looked for below

root_doc = "docs/book/index"
include_patterns = ["docs/book/**", "docs/*.md", "notebooks/*.ipynb", "exercises/*.ipynb"]
exclude_patterns = ["docs/book/conf.py", "docs/book/templates", "docs/book/static"]
exclude_patterns += [".*", "build", "my-course", "tests"]  # not walked through: thousands of files
templates_path = ["templates"]

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True  # as in JupyterLab, a sentence may contain a display formula
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_code_prompt_show = nb_code_prompt_hide = "{type}"  # which FOLDS puts into words
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # widgets are shown as pictures
numpydoc_show_class_members = False
autodoc_typehints = "none"  # numpydoc's sections say the types
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # a default is shown as it is written

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["book.css"]
BUTTON = ["Show all code", "Hide all code"]
html_js_files = [
    (None, {"body": f"const BUTTON = {json.dumps(BUTTON)};"}),
    ("book.js", {"defer": "defer"}),
]
html_additional_pages = {"index": "to_book.html"}
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
highlight_language = "none"  # a block that names no language, such as a command, is plain text
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

Output = dict[str, Any]
FOLDS = {">source</p>": ">Code</p>", ">output</p>": ">What happens? Decide first, then open.</p>"}
FOLDS |= {' aria-label="Toggle hidden content"': ""}  # the words name it better
# The theme's own words, of which some have no translation in Sphinx.
THEME = {
    "Skip to content": "Skip to content",
    "Back to top": "Back to top",
    "On this page": "On this page",
    "Next": "Next",
    "Previous": "Previous",
    "Copyright": "Copyright",
    "Made with": "Made with",
    "Please activate JavaScript to enable the search functionality.": (
        "The search needs JavaScript."
    ),
}
ALIVE = '<p class="alive">{}</p>'
PAGE = """Sliders, predictions and checks are alive in JupyterLab. Here they are pictures, and what
answers a prediction is folded. <a href="{}">Open it where it runs</a>."""
WIDGET = 'This moves in JupyterLab. <a href="{}">Open it where it runs</a>.'
BINDER = "https://mybinder.org/v2/gh/{}/HEAD?urlpath=lab/tree/{}.ipynb"
NOTEBOOK_LINK = re.compile(r'(href="[^":]+)\.ipynb(?=[#"])')
FORMULA = re.compile(r"\$([^$]+)\$")
BEFORE_MARKS = re.compile(r'(<span class="math notranslate nohighlight">[^<]*</span>)([.,;:!?)]+)')
TYPESET = r'<span class="math notranslate nohighlight">\\(\1\\)</span>'  # as Sphinx writes its own


def for_paper(outputs: list[Output], alive: str) -> None:
    """Make outputs fit for a page: formulas typeset, links to pages, and no request to run a cell.

    Parameters
    ----------
    outputs : list of dict
    alive : str
        The address at which the notebook runs.
    """
    for data in (output["data"] for output in outputs if "text/html" in output.get("data", {})):
        markup = "".join(data["text/html"]).replace(STYLE, "")
        note = ALIVE.format(WIDGET.format(alive)) if "<img" in markup else ""
        markup = NOTEBOOK_LINK.sub(r"\1.html", markup.replace(asleep(), note))
        data["text/html"] = markup if "<img" in markup else FORMULA.sub(TYPESET, markup)


def prepare(app: Sphinx, docname: str, source: list[str]) -> None:
    """Make a stored notebook ready for paper; name the released tree where there is one."""
    if RELEASED:
        source[0] = source[0].replace("OWNER/REPO", RELEASED)
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    alive = os.path.relpath("docs/opening.html", Path(docname).parent)
    if RELEASED:
        alive = BINDER.format(RELEASED, docname)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for_paper(cell["outputs"], alive)
    note = {"cell_type": "markdown", "id": "alive", "metadata": {}}
    notebook["cells"].insert(1, {**note, "source": ALIVE.format(PAGE.format(alive))})
    source[0] = json.dumps(notebook)


def open_to_all(app: Sphinx, name: str, template: str, context: Output, *rest: object) -> None:
    """Open a page to all its readers.

    Headings have a level, folds have words, the keyboard scrolls code and formulas, and no line
    begins with a full stop.
    """
    for part in ("body", "furo_navigation_tree"):
        text = str(context.get(part) or "")
        text = text.replace('role="heading">', 'role="heading" aria-level="2">')
        text = text.replace("<pre>", '<pre tabindex="0">')
        text = text.replace('<div class="math ', '<div tabindex="0" class="math ')
        for before, after in FOLDS.items():
            text = text.replace(before, after)
        context[part] = BEFORE_MARKS.sub(r'<span class="whole">\1\2</span>', text)


def in_language(app: Sphinx, error: Exception | None) -> None:
    """Put the theme's words into the book's language."""
    words = re.compile(rf"(>\s*)({'|'.join(map(re.escape, THEME))})(?=\s*(?:<|&#169;))")
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = words.sub(lambda found: found[1] + THEME[found[2]], text)
        page.write_text(text, encoding="utf-8")


def leave_out(app: Sphinx, what: str, name: str, part: object, skip: bool, options: object) -> Any:
    """Leave out the fields of a named tuple: Python documents only their numbers."""
    return True if str(part.__doc__).startswith("Alias for field") else None


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", leave_out)
    app.connect("source-read", prepare)
    app.connect("build-finished", in_language)
    app.connect("html-page-context", open_to_all, priority=900)  # after the theme's own
