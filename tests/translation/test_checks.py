"""Each check of a translation notices what it is for, and nothing else."""

import random
from itertools import permutations

import pytest

from coursekit.grading.course.paths import find_course
from coursekit.translation.catalogue import folder
from coursekit.translation.checks import findings
from coursekit.translation.language_data import LanguageData, can_spell
from coursekit.translation.meaning import Meaning
from coursekit.translation.typography import typeset

DATA = LanguageData(folder(find_course(), "ru"))
RIGHT = [
    ("The **weight** is $w_1$, see `x`.", "**Вес** — это $w_1$, см. `x`."),
    ("It has 21,600 points, 0.5 each (e.g. two).", "В нём 21 600 точек, по 0.5 (например, две)."),
    ("Of 1,797 digits in [doi:10.1007/12345]", "Из 1797 цифр в [doi:10.1007/12345]"),
    ("*See* [the page](a_b.html#c).", "*Смотрите* [страницу](a_b.html#c)."),
    ("| a word | $x$ |\n|---|---|\n| 0 | `b` |", "| слово | $x$ |\n|---|---|\n| 0 | `b` |"),
    ("$$y = 1 \\text{ if } x$$", "$$y = 1 \\text{ если } x$$"),
    (
        "W. Smith. *A title of four words.* MIT, 1969.",
        "W. Smith. *A title of four words.* MIT, 1969.",
    ),
    ("It reads", "Читается так:"),
    ("XOR and ReLU of np.sign(x)", "XOR и ReLU от np.sign(x)"),
]
WRONG = {
    "formulas": ("It is $w_1$.", "Это $w_2$."),
    "formulas ": ("It is $\\text{OR}$.", "Это $\\text{AND}$."),
    "code": ("It is `x`.", "Это `y`."),
    "addresses": ("See [it](a.html).", "См. [это](b.html)."),
    "tags": ("Press <kbd>A</kbd>.", "Нажмите A."),
    "markup": ("It is **one** word.", "Это одно слово."),
    "table": ("| a word | b |\n|---|---|", "| слово |\n|---|"),
    "numbers": ("It has 12 parts.", "В нём 13 частей."),
    "numbers ": ("It has 21,600 parts.", "В нём 21 601 часть."),
    "lines": ("One line", "Одна\nстрока"),
    "sentences": ("This is one. This is two.", "Это одно, а это другое."),
    "length": ("Here is a text that has rather many words in it.", "Здесь текст."),
    "glossary": ("The hidden layer.", "Спрятанный пласт."),
    "latin": ("It is a word.", "Это word."),
    "alphabets": ("It is a word.", "Это слoво."),
    "typography": ('It is "so".', 'Это "так".'),
    "typography ": ("It is so – or not.", "Это так - или нет."),
    "typography  ": ("You know it, you do.", "Это знаете и Вы."),
    "typography   ": ("Is it so?", "Это так."),
    "typography    ": ("It is 12 % of it.", "Это 12% от него."),
    "typography     ": ("It has 10,000 points.", "В нём 10000 точек."),
    "typography      ": ("It has 10,000 points.", "В нём 10_000 точек."),
    "typography       ": ("It has 1,000 points.", "В нём 1 000 точек."),
    "typography        ": ("It has 10,000 points.", "В нём 10\u00a0000 точек."),
}
NAMES = {"dx", "dy", "elu", "bump", "lstsq", "relu", "mask", "n_hid"}
NAMED = [
    ("The slopes dx, dy of elu.", "Наклоны dx, dy функции elu."),
    ("bump calls lstsq and relu_(x).", "bump вызывает lstsq и relu_(x)."),
    ("None is returned for a mask, not NaN.", "Для mask возвращается None, а не NaN."),
    ("$$\\text{mask} = 1_{\\text{hid}}$$", "$$\\text{mask} = 1_{\\text{hid}}$$"),
    ("upper left", "upper left"),
    ("theta, loss", "theta, loss"),
]
WRONG_CODE = {
    "fields": ("{n} of {m} points", "{n} из {k} точек"),
    "order": ("{n} of {m} points", "из {m} точек {n}"),
    "typography": ("the word ", "слово"),
}


@pytest.mark.parametrize(("english", "new"), RIGHT)
def test_a_right_translation_passes(english, new):
    assert [*map(str, findings({"paragraph"}, english, new, DATA))] == []


@pytest.mark.parametrize(("english", "new"), NAMED)
def test_names_of_the_code_and_options_stay(english, new):
    assert [*map(str, findings({"string"}, english, new, DATA, NAMES))] == []


def test_an_english_word_beside_a_name_is_noticed():
    pair = ("The mask and the slope of hid.", "mask и the slope от hid.")
    (found,) = findings({"paragraph"}, *pair, DATA, NAMES)
    assert str(found) == "latin: left in English: the, slope, hid"


def test_a_language_in_latin_letters_is_not_searched_for_english(tmp_path):
    pair = ("Here is a word.", "Hier steht ein Wort.")
    assert not list(findings({"paragraph"}, *pair, LanguageData(tmp_path)))
    assert [one.name for one in findings({"paragraph"}, *pair, DATA)] == ["latin"]


@pytest.mark.parametrize("name", WRONG)
def test_a_damaged_text_is_noticed(name):
    found = {one.name for one in findings({"paragraph"}, *WRONG[name], DATA)}
    assert name.strip() in found
    assert found <= {name.strip(), "markup"}  # what is left of a table or an address is none


@pytest.mark.parametrize("name", WRONG_CODE)
def test_a_damaged_string_is_noticed(name):
    assert [one.name for one in findings({"f-string"}, *WRONG_CODE[name], DATA)] == [name]


def test_a_field_may_have_another_width_and_separator():
    pair = ("{name:10} {n:,} of {share:.0%}", "{name:12} {n:_} из {share:.0%}")
    assert not list(findings({"f-string"}, *pair, DATA))


@pytest.mark.skipif(not can_spell(), reason="hunspell has no Russian dictionary here")
def test_spelling_finds_unknown_words_and_a_missing_yo():
    found = DATA.misspelt(["Ещё одна карова, `карова` и сигмоида, обьём и еще объем."])
    assert found.keys() == {"карова", "обьём", "еще", "объем"}


@pytest.mark.skipif(not can_spell(), reason="hunspell has no Russian dictionary here")
def test_no_yo_is_asked_for_where_nobody_writes_it():
    short = "учтена, определены, распределены, поделены, включены, искривлено, смещена"
    assert not DATA.misspelt([f"{short}, пройден, пройдено, найденный, далеки, лет, седла, все"])
    assert len(DATA.misspelt(["учтённых объемов, идет счет, зеленый"])) == 4


def test_words_that_mean_something_else_are_noticed():
    draw = random.Random(0)
    names = ["".join(letters) for letters in permutations("abcde", 4)]
    words = {name: name.translate(str.maketrans("abcde", "абвгд")) for name in names}
    texts = [draw.sample(names, 8) for _ in range(400)]
    pairs = [(" ".join(text), " ".join(words[word] for word in text)) for text in texts]
    meaning = Meaning(pairs)
    assert not any(list(meaning.findings(*pair)) for pair in pairs)
    other = next(new for text, new in pairs if not set(text.split()) & set(pairs[0][0].split()))
    assert [one.name for one in meaning.findings(pairs[0][0], other)] == ["meaning"]
    title = f"A. Name. *{pairs[0][0]}.*"
    assert not list(meaning.findings(title, title + " " + other))


def test_spaces_that_must_not_break_are_set_outside_code_and_formulas():
    text = "Это в `a в b` — 21 600 точек и $x — 21 600$, 12 %."
    number, formula = "21\u202f600", "$x — 21 600$"
    assert typeset(text) == (
        f"Это в\u00a0`a в b`\u00a0— {number} точек и\u00a0{formula}, 12\u00a0%."
    )
    assert typeset(text, of_code=True) == f"Это в `a в b` — {number} точек и {formula}, 12 %."
    assert typeset("1 234 567 и 0.5, 10 000") == "1\u202f234\u202f567 и\u00a00.5, 10\u202f000"
    kept = "1 000, 1000, [128 256], `10 000`, 0 1 1 0"
    assert typeset(kept) == kept
