"""After a change of the English text exactly this text waits, with what was translated."""

from textwrap import dedent

import polib
import pytest
from small_translation import LANGUAGE, marked

from coursekit.grading.course.paths import Course
from coursekit.translation import catalogue
from coursekit.translation.__main__ import _check
from coursekit.translation.catalogue_checks import check, meaning_of
from coursekit.translation.course_texts import Text
from coursekit.translation.python_texts import translate_code

NAME = "01_linear_limits"
# File, what stands there, what it becomes; each is a part of one text.
CHANGES = {
    "a lecture": (f"notebooks/{NAME}.ipynb", "We begin with a single number.", "One number first."),
    "a string": (
        f"notebooks/{NAME}.ipynb",
        "The truth changes twice, the answer once",
        "The truth changes twice",
    ),
    "a solution": (f"solutions/{NAME}.ipynb", "lift XOR", "raise XOR"),
    "a test": (f"tests/exercises/test_{NAME}.py", "Points of which some lie", "Points that lie"),
    "a mistake": ("tests/exercises/answers_01.py", "the sum has to exceed it", "the sum is more"),
    "a page": ("docs/hub.md", "JupyterHub", "a JupyterHub"),
    "a message": ("coursekit/grading/judge/noticed.py", "divides by 0", "divides by zero"),
    "a widget's word": ("coursekit/widgets/race/js/main.js", "one step back", "a step back"),
}


def translation_of(course, english):
    """Return the translation of a text: the package has its own, and the small course brackets."""
    package = {e.msgid: e.msgstr for e in catalogue.read(catalogue.of_package(course, LANGUAGE))}
    return package.get(english) or marked(english)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_sentence_waits_and_no_other(course, change):
    file, before, after = CHANGES[change]
    path = course.root / file
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after, 1), encoding="utf-8")
    (found,) = catalogue.waiting(course, LANGUAGE)
    assert after in found.english
    assert before in found.before
    assert found.translation == translation_of(course, found.before)
    assert found.place.startswith(file)
    assert "#" in found.place or not file.endswith(".ipynb")


def test_a_message_that_counts_waits_when_only_its_plural_has_changed(course):
    path = course.root / "coursekit/grading/judge/comparison.py"
    path.write_text(path.read_text().replace('"{n} value", "{n} values"', '"{n} value", "all {n}"'))
    (found,) = catalogue.waiting(course, LANGUAGE)
    assert found.english == "{n} value | all {n}"
    assert found.before == "{n} value | {n} values"
    assert found.translation.count(" | ") == 2


def test_a_language_that_has_just_been_begun_waits_for_all(course):
    """Its catalogues are written by the first update, that of the package too."""
    (course.root / "translations" / "xx").mkdir()
    count = len(catalogue.waiting(course, "xx"))
    (line, *_) = catalogue.update(course, "xx")
    path = catalogue.of_package(course, "xx")
    book = catalogue.read(path)
    assert line == f"{path.relative_to(course.root)}: {len(book)} texts, {len(book)} waiting"
    assert count == len(catalogue.waiting(course, "xx")) > len(book) > 1000
    assert path.with_suffix(".mo").is_file()


def test_a_change_is_marked_and_taken_back(course):
    file, before, after = CHANGES["a lecture"]
    path, content = course.root / file, (course.root / file).read_text(encoding="utf-8")
    book = catalogue.file_of(course, LANGUAGE, f"notebooks/{NAME}")
    complete = book.read_bytes()
    path.write_text(content.replace(before, after, 1), encoding="utf-8")
    list(catalogue.update(course, LANGUAGE))
    (fuzzy,) = catalogue.read(book).fuzzy_entries()
    assert before in fuzzy.previous_msgid
    path.write_text(content, encoding="utf-8")
    list(catalogue.update(course, LANGUAGE))
    assert book.read_bytes() == complete


def test_the_catalogues_of_the_course_are_what_an_update_writes(course):
    """Also `msgfmt --check`, where it is installed, is content with them."""
    paths = sorted((course.root / "translations").rglob("*.po"))
    before = [path.read_bytes() for path in paths]
    list(catalogue.update(course, LANGUAGE))
    assert [path.read_bytes() for path in paths] == before


def test_strings_of_code_are_translated_together_or_not_at_all(course):
    """Or a waiting option would not be found among the translated ones."""
    book = catalogue.read(catalogue.file_of(course, LANGUAGE, f"notebooks/{NAME}"))
    before = catalogue.translations(book)
    option = next(e for e in book if catalogue.kinds_of(e) == {"f-string"})
    option.msgstr = ""
    after = catalogue.translations(book)
    kinds = {e.msgid: catalogue.kinds_of(e) for e in book}
    assert before.keys() - after.keys() == {
        text for text in before if kinds[text] & {"string", "f-string", "word"}
    }
    assert any(kinds[text] == {"comment"} for text in after)


def test_names_and_results_in_code_wait_for_nothing():
    code = """
    case("f", "theta, v")  # rounded
    case(f"lambda v: v + {one}")
    f(1)
    # (array([[0.5], [ 1. ]]), True)
    f(2)  # (k, N, n_out)
    "a label"
    """
    found = []
    translate_code(dedent(code), lambda *text: found.append(text))
    kinds = {text: kind for kind, text in found}
    assert kinds == {
        "theta, v": "word",
        "rounded": "comment",
        "lambda v: v + {one}": "word",
        "a label": "docstring",
    }


def test_reports_and_excuses(course):
    path = catalogue.file_of(course, LANGUAGE, f"exercises/{NAME}")
    (path.parents[1] / "latin.txt").write_text("XOR\n")
    book = catalogue.read(path)
    for entry in book:
        entry.msgstr = ""
    first, second, third = [e for e in book if "docstring" in e.comment][:3]
    first.msgstr = "Здесь left in English."
    second.msgstr, second.tcomment = "Тоже left in English.", "except latin: a citation"
    third.msgstr, third.tcomment = "Ничего.", "except latin: there is none"
    words = [e for e in book if catalogue.kinds_of(e) & {"string"}][:2]
    for word in words:
        word.msgstr = "одно и то же"
    book.save(str(path))
    report = check(course, LANGUAGE, [path], meaning_of([path]))
    text = "\n".join(report.found)
    assert "latin: left in English: left, in" in text
    assert "the comment excuses nothing" in text
    assert "has the same translation" in text
    assert any("except latin: a citation" in line for line in report.excused)


def test_the_packages_messages_are_checked_too(tmp_path, capsys):
    """Names of the package's code may stand in them."""
    course = Course(tmp_path)
    for file in (course.root / "coursekit/units.py", catalogue.of_package(course, LANGUAGE)):
        file.parent.mkdir(parents=True, exist_ok=True)
    (course.root / "coursekit/units.py").write_text("def dense(width): ...")
    (course.root / "translations" / LANGUAGE).mkdir(parents=True)
    (course.root / "translations" / LANGUAGE / "latin.txt").write_text("XOR")
    texts = {"dense has a width, got {n}": "dense: width — {n}", "left alone": "оставлено alone"}
    book = catalogue.updated(polib.POFile(), (Text(t, "", "a.py") for t in texts), LANGUAGE)
    for entry in book:
        entry.msgstr = texts[entry.msgid]
    book.save(str(catalogue.of_package(course, LANGUAGE)))
    assert _check(course, LANGUAGE, []) == 1
    said = capsys.readouterr().out
    assert "latin: left in English: alone" in said
    assert "1 to mend, 0 excused, 0 waiting" in said
