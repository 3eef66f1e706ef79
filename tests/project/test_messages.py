"""The package's messages: whole literals, each in every catalogue, compiled and in good form."""

import ast
import shutil
import string
import subprocess
import sys
from pathlib import Path

import numpy as np
import polib
import pytest

from coursekit import language, nn
from coursekit.language import english, join, list_of, say, say_n, speaking
from coursekit.translation.package_texts import python_messages

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(ROOT.glob("coursekit/locale/*/LC_MESSAGES/*.po"))


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request):
    return request.param


def test_the_compiled_catalogue_is_fresh(catalogue):
    text = {
        e.msgid: (e.msgstr, e.msgstr_plural) for e in polib.pofile(catalogue).translated_entries()
    }
    made = {
        e.msgid: (e.msgstr, e.msgstr_plural) for e in polib.mofile(catalogue.with_suffix(".mo"))
    }
    assert made == text, "run `make translate`"


def fields(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


def pairs(catalogue):
    for entry in polib.pofile(catalogue).translated_entries():
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation:
                yield entry.msgid, translation


def test_a_translation_has_the_fields_of_its_message(catalogue):
    odd = [(text, made) for text, made in pairs(catalogue) if fields(text) != fields(made)]
    assert not odd


def test_a_translation_keeps_code_and_the_marks_at_its_ends(catalogue):
    def marks(text):
        return sorted(c for c in text if c in "`⟦⟧$"), text[:1].isspace(), text[-1:].isspace()

    assert not [pair for pair in pairs(catalogue) if marks(pair[0]) != marks(pair[1])]


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="GNU gettext is not installed")
def test_msgfmt_is_content(catalogue):
    command = ["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", str(catalogue)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


class TestExtraction:
    def test_messages_are_found_wherever_they_stand(self):
        source = (
            'a = f"<b>{say(\'inside\')}</b>"\nsay("x " "joined", n=1)\nsay("if" if a else "else")\n'
            'say_n(2, "{n} one", "{n} many")\nb = {mark("key"): 1}\nsay(name)\n'
        )
        assert set(python_messages(source)) == {
            ("inside",), ("x joined",), ("if",), ("else",), ("{n} one", "{n} many"), ("key",),
        }  # fmt: skip

    @pytest.mark.parametrize("code", ['say(f"{n} errors")', 'say("a" + word)', 'mark("a %s" % b)'])
    def test_a_message_that_is_put_together_is_refused(self, code):
        with pytest.raises(ValueError, match="whole literal"):
            list(python_messages(code))


class TestSpeaking:
    def test_english_needs_no_catalogue(self):
        assert say("{n} of {all}", n=1, all=2) == "1 of 2"
        assert say("a {brace") == "a {brace"
        assert [say_n(n, "{n} error", "{n} errors") for n in (0, 1, 2.5)] == [
            "0 errors", "1 error", "2.5 errors",
        ]  # fmt: skip

    def test_russian_counts_in_three_forms_and_fractions_as_two(self):
        with speaking("ru"):
            said = [say_n(n, "{n} value", "{n} values") for n in (1, 2, 5, 11, 21, 0.5)]
        assert said == [
            "1 значение", "2 значения", "5 значений", "11 значений", "21 значение", "0.5 значения",
        ]  # fmt: skip

    def test_a_sentence_remembers_its_english_through_fields_and_joins(self):
        with speaking("ru"):
            kind = say("a number")
            sentence = join(say("`{name}` should be {kind}.", name="w", kind=kind), None, "Yes.")
        assert "число" in sentence
        assert english(sentence) == "`w` should be a number. Yes."

    def test_it_is_never_the_systems_language(self):
        code = "from coursekit.language import say; print(say('a number'))"
        names = dict.fromkeys(("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"), "ru_RU.UTF-8")
        run = subprocess.run(
            [sys.executable, "-c", code], env=names, cwd=ROOT, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        assert run.stdout == "a number\n"

    def test_an_unknown_language_is_refused(self):
        with pytest.raises(ValueError, match="one of en, ru"), speaking("tlh"):
            pass
        assert language.language() == "en"

    def test_threads_hear_the_process_and_not_another_threads_while(self):
        from concurrent.futures import ThreadPoolExecutor

        with speaking("ru"), ThreadPoolExecutor(1) as pool:
            assert list_of("abc") == "a, b и c"
            assert pool.submit(list_of, "abc").result() == "a, b and c"


def untranslated(code):
    """The lines that raise an error, or name a value that a check refuses, in English alone."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Raise(ast.Call(args=texts)):
                pass
            case ast.Call(ast.Name(name), [text, *_]) if name.startswith(("check_", "as_")):
                texts = [text] if " " in str(getattr(text, "value", "")) else []
            case _:
                continue
        if any(isinstance(text, ast.Constant | ast.JoinedStr) for text in texts):
            yield node.lineno


@pytest.mark.parametrize("part", ["nn", "data", "plots", "widgets"])
def test_what_a_student_is_refused_is_translated(part):
    files = (ROOT / "coursekit" / part).rglob("*.py")
    found = {f.name: [*untranslated(f.read_text(encoding="utf-8"))] for f in files}
    assert not {name: lines for name, lines in found.items() if lines}


def test_an_error_in_english_alone_is_found():
    code = 'raise ValueError(f"bad {x}")\nraise E(say("a"))\ncheck_count("the n", n)\nas_x("x", x)'
    assert [*untranslated(code)] == [1, 3]


def test_a_wrong_shape_is_refused_in_the_readers_language():
    net = nn.Sequential(nn.Dense(3, 2, rng=np.random.default_rng(0)))
    with (
        speaking("ru"),
        pytest.raises(ValueError, match=r"нужна форма \(N, 3\), получена \(5, 2\)"),
    ):
        net(np.zeros((5, 2)))
