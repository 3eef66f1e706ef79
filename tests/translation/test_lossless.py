"""The walk over the texts: what is left alone stays, what is replaced changes texts only."""

import ast
import json
import re

import pytest

from coursekit.grading.course.notebook import source_of
from coursekit.grading.course.paths import find_course
from coursekit.translation.course_texts import catalogues, translate_file
from coursekit.translation.markdown_texts import PARSER, translate_markdown
from coursekit.translation.python_texts import translate_code

COURSE = find_course()
CATALOGUES = catalogues(COURSE)


def marked(kind, text):
    """Put a text into brackets, where it keeps its form: its words, if it is a formula or table."""
    if kind == "formula":
        return re.sub(r"(\\(?:text|mbox|textit)\{)([^{}]*)", r"\1⟦\2⟧", text)
    if kind == "table":
        return re.sub(r"\| *(?=[^|\n -:][^|\n]*)", "| ⟦⟧", text)
    core = text.strip()
    return text.replace(core, f"⟦{core}⟧")


def plain(text):
    """Remove the brackets: those of a string inside a field stand in its template as well."""
    return text.translate({ord("⟦"): None, ord("⟧"): None})


def without_strings(code):
    """Return the tree of some code, with each string empty; only fields are left of a template."""

    class Emptied(ast.NodeTransformer):
        def visit_Constant(self, node):
            return ast.Constant("") if isinstance(node.value, str) else node

        def visit_JoinedStr(self, node):
            fields = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            return self.generic_visit(ast.JoinedStr(fields))

    return ast.dump(Emptied().visit(ast.parse(code)))


def cells(path):
    """Yield the code and the pages of a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        for cell in json.loads(text)["cells"]:
            yield cell["cell_type"], source_of(cell)
    elif path.name != "conf.py" and not path.name.startswith("answers_"):
        yield "code" if path.suffix == ".py" else "markdown", text


@pytest.mark.parametrize("name", CATALOGUES)
def test_what_is_not_translated_comes_back_byte_for_byte(name):
    for path in CATALOGUES[name]:
        same = translate_file(COURSE, path, lambda text: None)
        assert same.encode() == path.read_bytes(), path


@pytest.mark.parametrize("name", CATALOGUES)
def test_only_texts_change_when_each_is_replaced(name):
    for path in CATALOGUES[name]:
        for kind, source in cells(path):
            walk = translate_code if kind == "code" else translate_markdown
            texts, again = [], []

            def replaced(kind, text, texts=texts):
                texts.append(marked(kind, text))
                return marked(kind, text)

            new = walk(source, replaced)
            walk(new, lambda kind, text, again=again: again.append(text))
            assert [plain(text) for text in again] == [plain(text) for text in texts]
            if kind == "code":
                assert without_strings(new) == without_strings(source), path
            else:
                before, after = ([t.type for t in PARSER.parse(one)] for one in (source, new))
                assert after == before, path


def test_a_long_string_is_cut_and_gets_brackets_only_where_it_has_none():
    code = "print('short')\nx = 'short'"
    new = translate_code(code, lambda kind, text: "word " * 40)
    first, second = new.split("\nx = ")
    assert first.startswith('print("word') and "(\n" not in first
    assert second.startswith("(\n") and second.endswith(")")
    assert max(map(len, new.split("\n"))) <= 100
    compile(new, "cell", "exec")


def test_a_diagram_is_one_text_and_commands_have_none_but_their_remarks():
    diagram = "one   two\n └─ three"
    page = f"```text\n{diagram}\n```\n\n```\nmake lab  # once\n```"
    found = []
    translate_markdown(page, lambda *text: found.append(text))
    assert found == [("diagram", diagram), ("comment", "once")]
    new = translate_markdown(page, lambda kind, text: text.upper())
    assert new == page.replace(diagram, diagram.upper()).replace("once", "ONCE")


def test_a_table_or_formula_stays_where_it_is_indented():
    page = "- one\n\n  | two | three |\n  |---|---|\n\n> $$\n> \\text{four}\n> $$"
    new = translate_markdown(page, lambda kind, text: text.replace("t", "T").replace("four", "4"))
    assert new == page.replace("two | three", "Two | Three").replace("\\text{four}", "\\TexT{4}")


def test_a_thin_space_stands_in_the_code_as_it_is():
    code = 'print("12 000 points", r"12 000 \\alpha", f"12 000 of {n}")  # 12 000 points'
    new = translate_code(code, lambda kind, text: text.replace("12 ", "12\u202f"))
    assert new == code.replace("12 ", "12\u202f")
