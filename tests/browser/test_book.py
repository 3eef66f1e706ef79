"""The book: built without a warning, whole, readable without a network and without barriers."""

import importlib
import inspect
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from barriers import barriers
from lab_page import longest_line
from PIL import Image
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(p for f in ("notebooks", "exercises") for p in (ROOT / f).glob("[0-9]*.ipynb"))


def name_of(notebook):
    """A notebook's page in the book."""
    return f"{notebook.parent.name}/{notebook.stem}.html"


class Page(HTMLParser):
    """What of a page can be wrong: its addresses, anchors, pictures and headings."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.pictures, self.headings = [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.anchors.add(values.get("id"))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in ("script", "img", "iframe", "source") and values.get("src"):
            self.loads.append(values["src"])
        if tag == "link" and values.get("rel") != "canonical":
            self.loads.append(values["href"])
        if tag == "img":
            self.pictures.append(values)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    target = tmp_path_factory.mktemp("book")
    command = [sys.executable, str(ROOT / "docs/book/build.py"), str(target)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    return target


@pytest.fixture(scope="module")
def pages(book):
    return {path: Page(path) for path in sorted(book.rglob("*.html"))}


def test_every_notebook_is_a_page_that_is_linked(book, pages):
    front = book / "docs/book/index.html"
    linked = {(front.parent / urlparse(link).path).resolve() for link in pages[front].links}
    for notebook in NOTEBOOKS:
        page = book / name_of(notebook)
        assert page in pages
        assert page in linked


def test_nothing_comes_from_a_network(pages):
    for path, page in pages.items():
        for address in page.loads:
            assert urlparse(address).scheme in ("", "data"), (path.name, address)


def test_links_lead_somewhere(book, pages):
    for path, page in pages.items():
        for link in [*page.links, *page.loads]:
            url = urlparse(link)
            if url.scheme:
                assert url.scheme in ("https", "data", "mailto"), (path.name, link)
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            assert target.is_file(), (path.name, link)
            if url.fragment and target in pages:
                assert unquote(url.fragment) in pages[target].anchors, (path.name, link)


@pytest.mark.parametrize("part", ["nn", "data", "plots", "widgets", "grading"])
def test_what_the_package_offers_is_in_its_page(book, pages, part):
    module = importlib.import_module(f"coursekit.{part}")
    listed = pages[book / f"docs/book/api/{part}.html"].anchors
    for name in getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")]):
        offered = getattr(module, name)
        if inspect.isclass(offered) or inspect.isfunction(offered):
            assert f"coursekit.{part}.{name}" in listed


def test_pictures_have_texts_and_headings_an_order(pages):
    for path, page in pages.items():
        for picture in page.pictures:
            assert picture.get("alt"), (path.name, picture["src"][:60])
        if page.headings:
            assert page.headings[0] == 1, path.name
        for before, after in zip(page.headings, page.headings[1:], strict=False):
            assert after <= before + 1, (path.name, before, after)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_stored_pictures_are_in_the_page(book, pages, notebook):
    """As many pictures as the notebook has stored, those of widgets included."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    stored = sum("image/png" in d or "<img" in "".join(d.get("text/html", [])) for d in shown)
    page = pages[book / name_of(notebook)]
    assert sum(picture["src"].startswith("data:image") for picture in page.pictures) == stored


@pytest.fixture
def page(browser):
    """An empty page, which must say no word of trouble."""
    page, said = browser.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def barriers_of(page):
    """The rules of axe-core; the slowest looks at every letter: below, where its colours are."""
    return barriers(page, rules={"color-contrast": {"enabled": False}})


@pytest.mark.parametrize("part", [0, *(pytest.param(k, marks=pytest.mark.long) for k in (1, 2, 3))])
def test_no_page_shuts_anybody_out(book, pages, page, part):
    """A quarter of the pages, formulas typeset. The first of the notebooks is looked at below."""
    found = {}
    # The indexes and the search are made by Sphinx alone.
    own = [path for path in pages if path.parent != book and "_modules" not in path.parts]
    notebooks = [book / name_of(notebook) for notebook in NOTEBOOKS]
    others = [path for path in own if path not in notebooks]
    for path in [*others[part::4], *(notebooks[part::4] if part else [])]:
        page.goto(path.as_uri())
        page.wait_for_function("!window.MathJax || MathJax.startup.promise.then(() => true)")
        assert page.locator("mjx-merror").count() == 0, path.name
        if serious := barriers_of(page):
            found[path.name] = serious
    assert found == {}


PROSE = longest_line("article :is(p, li)")
UNREADABLE = """() => {
    const all = (where, part) => [...where.querySelectorAll(part)];
    const article = document.querySelector("article");
    const cut = all(article, ".cell pre").filter(code => code.scrollWidth > code.clientWidth);
    const outputs = all(article, ".output").map(output => output.textContent);
    const pictures = all(article, ".output img").map(picture => picture.alt);
    const text = article.cloneNode(true);
    all(text, "pre, code, mjx-container").forEach(part => part.remove());
    return {
        "code that is cut off": cut.map(code => code.textContent.slice(0, 80)),
        "formulas not typeset": text.textContent.match(/[$][^$]+[$]/g) ?? [],
        "pictures also in words": pictures.filter(alt => outputs.some(o => o.includes(alt))),
        "answers that are open": [
            ...all(article, ".ck-reveal[open], .tag_hide-output .cell_output"),
            ...all(article, ".output p").filter(p => p.textContent.startsWith("What happened:")),
        ].filter(part => part.open || part.checkVisibility()).map(part => part.textContent),
    };
}"""


# Formulas of a line that reach beyond their paragraph. (A table and a formula of its own scroll.)
TOO_WIDE = """() => {
    document.querySelectorAll("details").forEach(part => part.open = true);
    const formulas = document.querySelectorAll("article mjx-container:not([display])");
    const wide = [...formulas].filter(formula => {
        const block = formula.closest("p, li, dd, summary, h1, h2, h3") ?? formula.parentElement;
        return formula.getBoundingClientRect().right > block.getBoundingClientRect().right + 1;
    });
    // Letters of a figure are drawn for its full width; at half of it they can still be read.
    const small = [...document.querySelectorAll(".output img")].filter(picture => {
        const scale = picture.clientWidth / Number(picture.getAttribute("width"));
        return picture.checkVisibility() && scale < 0.55;
    });
    return {
        "formulas that are cut off": wide.map(formula => formula.textContent),
        "figures that are too small": small.map(picture => picture.alt),
        "sideways": document.scrollingElement.scrollWidth > innerWidth ? ["the page"] : [],
    };
}"""


@pytest.mark.parametrize("part", [0, *(pytest.param(k, marks=pytest.mark.long) for k in (1, 2, 3))])
def test_notebooks_can_be_read_on_a_laptop_and_a_phone(book, page, part):
    """Whole lines of code, formulas as formulas, each picture once; whole formulas on a phone."""
    found = {}
    for n, notebook in enumerate(NOTEBOOKS[part::4]):
        name = name_of(notebook)
        page.goto((book / name).as_uri())
        page.wait_for_function("MathJax.startup.promise.then(() => true)")
        assert page.locator("mjx-merror").count() == 0, name
        for width, script in ((1280, UNREADABLE), (390, TOO_WIDE)):
            page.set_viewport_size({"width": width, "height": 800})
            if unreadable := {k: v for k, v in page.evaluate(script).items() if v}:
                found[name, width] = unreadable
            if width > 390 and (longest := page.evaluate(PROSE)) > 75:
                found[name, "longest line"] = longest
            if width > 390 and n % 4 == 0 and (serious := barriers_of(page)):
                found[name, "barriers"] = serious
    assert found == {}


def test_code_folds_figures_are_enlarged_and_widgets_say_where_they_live(book, browser):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((book / "notebooks/01_linear_limits.html").as_uri())
    expect(page.locator("p.alive").first).to_contain_text("alive in JupyterLab")
    moving = page.locator(".output p.alive", has_text="This moves in JupyterLab.")
    expect(moving).to_have_count(3)
    link = page.locator("p.alive a").first.get_attribute("href")
    assert (book / "notebooks" / link).resolve() == book / "docs/opening.html"

    button = page.get_by_role("button", name="Hide all code")
    code = page.locator(".cell_input").first
    expect(code).to_be_visible()
    button.click()
    expect(code).not_to_be_visible()
    page.reload()  # it is remembered
    expect(code).not_to_be_visible()
    page.get_by_role("button", name="Show all code").click()
    expect(code).to_be_visible()

    figure = page.locator("button.enlarge").first
    figure.focus()
    page.keyboard.press("Enter")
    large = page.locator("dialog.enlarged img")
    assert large.evaluate("img => img.clientWidth == img.naturalWidth")
    page.keyboard.press("Escape")
    expect(large).not_to_be_visible()
    page.close()


@pytest.mark.parametrize("name", ["notebooks/01_linear_limits", "docs/book/licences"])
def test_the_list_of_pages_shows_the_one_that_is_open(book, browser, name):
    page = browser.new_page(viewport={"width": 1366, "height": 700})
    page.goto((book / f"{name}.html").as_uri())
    expect(page.locator(".sidebar-tree .current-page")).to_be_in_viewport()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(book, browser, scheme):
    """On a page with code, outputs and tables, on one of the package, and in a figure."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for name in ("exercises/01_linear_limits.html", "docs/book/api/data.html"):
        page.goto((book / name).as_uri())
        assert barriers(page, runOnly=["color-contrast"]) == []
    page.goto((book / "notebooks/05_backpropagation.html").as_uri())
    # in the page, and enlarged
    for where in (".output", "dialog"):
        figure = page.locator(f"{where} img.ck-figure").first
        shot = Image.open(io.BytesIO(figure.screenshot())).convert("RGB")
        colors = [color for _, color in shot.getcolors(2**24)]
        paper = shot.getpixel((0, 0))
        said = page.locator("body").evaluate("page => getComputedStyle(page).backgroundColor")
        assert said == f"rgb{paper}"
        assert max(abs(sum(color) - sum(paper)) for color in colors) > 3 * 200  # 14 : 1
        if where == ".output":
            page.locator("button.enlarge").first.click()
    context.close()
