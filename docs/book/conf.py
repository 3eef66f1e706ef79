"""Sphinx's settings for the book: the notebooks with their stored outputs, and the pages in here.

Nothing is executed and nothing is fetched. The sources are the repository's own files, so links
between them work in the book as they do in JupyterLab.
"""

import html
import json
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from coursekit import __version__  # noqa: E402

project = "coursekit: deep learning from the first neuron"
author = "the coursekit authors"
project_copyright = "the coursekit authors; text CC BY 4.0, code BSD 3-Clause"
release = __version__
language = "en"

root_doc = "docs/book/index"
include_patterns = ["docs/book/**", "docs/*.md", "notebooks/*.ipynb", "exercises/*.ipynb"]
exclude_patterns = ["docs/book/conf.py", "docs/book/templates", "docs/book/static"]
templates_path = ["templates"]

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True  # as in JupyterLab, a display formula may stand in a sentence
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # widgets are shown as pictures
numpydoc_show_class_members = False
autodoc_typehints = "none"  # numpydoc's sections say the types
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["book.css"]
html_additional_pages = {"index": "to_book.html"}
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

Output = dict[str, Any]


def as_picture(output: Output) -> Output:
    """Give a widget's stored picture its text: Sphinx takes a description from HTML alone."""
    data = output.get("data", {})
    if "image/png" not in data or "text/html" in data:
        return output
    alt = html.escape(output["metadata"]["image/png"]["alt"], quote=True)
    png = "".join(data["image/png"]).replace("\n", "")
    picture = f'<img alt="{alt}" src="data:image/png;base64,{png}">'
    return output | {"data": {"text/html": picture}}


def prepare(app: Sphinx, docname: str, source: list[str]) -> None:
    """Make a stored notebook ready for paper."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [as_picture(output) for output in cell["outputs"]]
    source[0] = json.dumps(notebook)


def open_to_all(app: Sphinx, name: str, template: str, context: Output, *rest: object) -> None:
    """Give captions the level that a heading must have, and let the keyboard scroll code."""
    for part in ("body", "furo_navigation_tree"):
        text = str(context.get(part) or "")
        text = text.replace('role="heading">', 'role="heading" aria-level="2">')
        context[part] = text.replace("<pre>", '<pre tabindex="0">')


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", prepare)
    app.connect("html-page-context", open_to_all, priority=900)  # after the theme's own
