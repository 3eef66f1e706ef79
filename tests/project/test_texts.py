"""Links lead somewhere and every picture has a text, in Markdown files and in notebooks."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import mistune
import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ["docs", "notebooks", "solutions", "exercises", "tests", "benchmarks", "coursekit"]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(p for f in FOLDERS for p in (ROOT / f).rglob("*.md"))]
    + [p for f in FOLDERS for p in (ROOT / f).glob("*.ipynb") if ".backup" not in p.name]
)
MATH = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
parse = mistune.create_markdown(renderer="ast", plugins=["table"])


def markdown(page):
    """The Markdown of a page, its formulas left out (they hold brackets that are no links)."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return MATH.sub("formula", text)


def nodes(tree, kind):
    for node in tree:
        if node["type"] == kind:
            yield node
        yield from nodes(node.get("children", []), kind)


def words(node):
    return node.get("raw", "") + "".join(words(child) for child in node.get("children", []))


def anchors(page):
    """The anchors of a page's headings, in GitHub's and JupyterLab's spelling."""
    for heading in nodes(parse(markdown(page)), "heading"):
        title = words(heading)
        yield title.replace(" ", "-")
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def problems(page):
    tree = parse(markdown(page))
    for image in nodes(tree, "image"):
        if not words(image).strip():
            yield f"an image without a text: {image['attrs']['url']}"
    for html in [*nodes(tree, "inline_html"), *nodes(tree, "block_html")]:
        for tag in re.findall(r"<img[^>]*>", html["raw"]):
            if not re.search(r'alt="[^"]+"', tag):
                yield f"an image without a text: {tag}"
    for node in [*nodes(tree, "link"), *nodes(tree, "image")]:
        if node["type"] == "link" and not words(node).strip():
            yield f"a link without a text: {node['attrs']['url']}"
        url = urlparse(node["attrs"]["url"])
        if url.scheme:
            if url.scheme not in ("https", "mailto") or (url.scheme == "https" and not url.netloc):
                yield f"not an https address: {url.geturl()}"
            continue
        target = (page.parent / unquote(url.path)).resolve() if url.path else page
        if not target.exists() or ROOT not in [target, *target.parents]:
            yield f"leads nowhere: {url.geturl()}"
        elif url.fragment and unquote(url.fragment) not in anchors(target):
            yield f"no such heading: {url.geturl()}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_and_image_texts(page):
    assert list(problems(page)) == []


@pytest.mark.parametrize(
    "page",
    [p for p in PAGES if p.suffix == ".ipynb"],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_pictures_in_outputs_have_a_text(page):
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                text = "".join(data.get("text/plain", ""))
                assert len(text) > 20, f"cell {cell['id']}: {text!r}"
                assert "<Figure" not in text, f"cell {cell['id']}: use coursekit.show"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("![](LICENSE)", "an image without a text: LICENSE"),
        ('text <img src="LICENSE"> text', 'an image without a text: <img src="LICENSE">'),
        ("[here](no/such/file.md)", "leads nowhere: no/such/file.md"),
        ("[here](../elsewhere)", "leads nowhere: ../elsewhere"),
        ("[here](#nothing)", "no such heading: #nothing"),
        ("[](LICENSE)", "a link without a text: LICENSE"),
        ("[here](http://example.org)", "not an https address: http://example.org"),
        ("# A heading\n\n[here](#a-heading), $[x](y)$", None),
    ],
)
def test_the_checker_sees(text, finding, tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "LICENSE").write_text("")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert list(problems(page)) == ([finding] if finding else [])
