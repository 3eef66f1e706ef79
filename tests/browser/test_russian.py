"""The Russian edition in JupyterLab: three lectures, widgets, the playground, and an exercise."""

import re

import pytest
from explorers import EXPLORERS, SETUP
from lab_page import ExplorerView, NotebookPage, Server, write_notebook
from playwright.sync_api import expect
from small_tree import copy_part
from test_playground_in_browser import View
from text_boxes import TROUBLE

from coursekit.grading.course.paths import find_course
from coursekit.translation.catalogue import folder
from coursekit.translation.edition import complete
from coursekit.translation.language_data import LanguageData

DATA = LanguageData(folder(find_course(), "ru"))
LECTURES = ["00_start_here", "01_linear_limits", "09b_dropout"]
ANSWER = "def neuron(x, w, w0):\n    return (x @ w - w0 {} 0).astype(int)"
WORD = re.compile(r"(?<![\w.-])[A-Za-z][a-z]{2,}(?![\w-])")
# What a reader sees of a notebook but code and formulas: prose, what cells show, the menus.
PROSE = """() => {
    const copy = document.body.cloneNode(true);
    const code = 'code, pre, .jp-InputArea, mjx-container, .MathJax, [data-mime-type*="stdout"], ' +
        'script, style, a[href^="http"], .jp-RenderedLatex, .jp-DirListing, option, ' +
        '.jp-InputPlaceholder, .jp-NotebookPanel-toolbar';
    for (const node of copy.querySelectorAll(code)) node.replaceWith(' ');
    const panel = copy.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) found.push(walker.currentNode.data);
    return [...found, copy.querySelector('#jp-menu-panel').textContent];
}"""


@pytest.fixture(scope="module")
def russian(browser, tmp_path_factory):
    """A page of JupyterLab on the edition."""
    home = tmp_path_factory.mktemp("russian")
    course = copy_part(home / "en", LECTURES, ["01_linear_limits"], proofs=True)
    edition = complete(course, "ru", home / "ru")
    server = Server(tmp_path_factory.mktemp("lab"), edition.root)
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = NotebookPage(context.new_page(), server)
    yield page
    context.close()
    server.close()


def read(page):
    """Run a notebook; nothing fails, is in English, or hides another text."""
    page.run_all()
    assert page.errors() == []
    texts = page.page.evaluate(PROSE)
    found = ((text, set(WORD.findall(text)) - {"leaky"}) for text in texts)  # of leaky ReLU
    left = [text for text, words in found if not words <= DATA.latin]
    troubles = page.page.evaluate(TROUBLE, ".jp-NotebookPanel:not(.lm-mod-hidden)")
    assert not left + troubles, f"in English: {left}, {troubles}"
    assert page.complaints == []


def test_lectures_and_an_exercise(russian):
    lecture = russian.open("notebooks/00_start_here.ipynb")
    expect(lecture.page.locator(".lm-MenuBar-item").first).to_have_text("Файл")
    read(lecture)
    read(lecture.open("notebooks/01_linear_limits.ipynb"))
    cell = lecture.codes.filter(has_text='LineAndGates(gate="or")')
    view = ExplorerView(lecture, cell.locator(".jp-Cell-outputArea"))
    for label, number in {"вес w₁": "1", "вес w₂": "1", "порог w₀": "0.5"}.items():
        view.field(label).fill(number)
        view.field(label).press("Enter")
    expect(view.result).to_contain_text("Цель достигнута.")

    lecture.page.locator(".jp-Notebook a[href*='exercises/01']").first.click()
    expect(lecture.page.locator(".jp-NotebookPanel")).to_have_count(2)
    lecture.wait_idle()
    for source in ("from coursekit import check", "import numpy as np"):
        lecture.run_cell(lecture.find(source))
    answer, check = lecture.find("def neuron("), lecture.find('check("01.1")')
    said = lecture.output(check)
    for sign, points, sentence in [
        (">=", "баллы: 1.5 из 2", "На самой прямой выход равен 0"),
        (">", "баллы: 2 из 2", "Дальше: задание 01.2"),
    ]:
        lecture.write(answer, ANSWER.format(sign))
        lecture.run_cell(answer)
        lecture.run_cell(check)
        expect(said).to_contain_text(f"Задание 01.1: {points}")
        expect(said).to_contain_text(sentence)
    said.get_by_role("link", name="Дальше: задание 01.2").click()
    heading = lecture.page.locator(
        ".jp-NotebookPanel:not(.lm-mod-hidden) h2", has_text="Задание 01.2"
    )
    expect(heading).to_be_in_viewport()
    assert lecture.complaints == []


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.long)])
def test_explorers(russian, step):
    """A third of them; in `make test-all` all."""
    path = f"notebooks/explorers{step}.ipynb"
    setup = SETUP + "\nfrom coursekit import speak\n\nspeak('ru')"
    write_notebook(russian.server.root / path, [setup, *list(EXPLORERS.values())[::step]])
    read(russian.open(path))


def test_the_playground(russian):
    page = russian.open("notebooks/09b_dropout.ipynb")
    read(page)
    view = View(page, page.find("playground = widgets.Playground("))
    before = view.map.pixels()
    view.button("▶ Пуск").click()
    view.map.wait(other_than=before)
    view.button("❚❚ Пауза").click()
    expect(view.button("▶ Пуск")).to_be_visible()
    view.button("Ещё").click()
    expect(view.field("скорость обучения")).to_be_visible()
    assert page.page.evaluate(TROUBLE, ".ck-playground") == []
    cut = """drawer => [...drawer.querySelectorAll('.ck-field > *')]
        .filter(e => e.getBoundingClientRect().right > drawer.getBoundingClientRect().right)
        .map(e => e.parentElement.textContent)"""
    drawer = view.root.locator(".ck-drawer")
    assert drawer.evaluate(cut) == []  # Russian words are longer
    assert drawer.evaluate("drawer => drawer.scrollWidth - drawer.clientWidth") == 0
    assert page.complaints == []
