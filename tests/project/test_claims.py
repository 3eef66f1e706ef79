"""What the lectures claim is held by what they compute; the rest is listed, and it shrinks."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Most claims that may be listed with a published source.
SOURCED = 60
#: Claims that wait for a computation. Lower it with each that is tied; never raise it.
WAITING = 0


def load():
    spec = importlib.util.spec_from_file_location("claims", ROOT / "tools" / "claims.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


claims = load()
LECTURES = claims.lectures()


def cell(kind, source, printed=""):
    outputs = [{"output_type": "stream", "text": printed}] if printed else []
    return {"cell_type": kind, "source": source, "outputs": outputs}


def book(*cells):
    return {"cells": [cell("markdown", "# Title"), *cells]}


@pytest.mark.parametrize("name", LECTURES)
def test_what_nothing_holds_is_listed_and_nothing_else(name):
    found, listed = claims.untied(LECTURES[name]), claims.stored().get(name, {})
    new, old = [s for s in found if s not in listed], [s for s in listed if s not in found]
    assert not new, "let a cell assert these (see CONTRIBUTING, Tie a claim to a computation)"
    assert not old, f"run `python tools/claims.py --store`: these are held now, or gone: {old}"


def test_the_list_only_shrinks():
    listed = [source for each in claims.stored().values() for source in each.values()]
    assert sum(map(bool, listed)) <= SOURCED
    assert len(listed) - sum(map(bool, listed)) <= WAITING


@pytest.mark.parametrize("name", LECTURES)
def test_the_message_of_an_assertion_is_in_the_text(name):
    assert claims.messages_without_text(LECTURES[name]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It reads 97.5 % of the digits.",
        "It takes 1,250 updates.",
        "It never arrives.",
        "Dropout does not help here.",
        "He is ten times as fast.",
        "This is the best of all methods.",
    ],
)
def test_a_claim_is_found_wherever_it_is_and_held_by_an_assertion(sentence):
    said = cell("markdown", f"## A section\n\nSome words first. **{sentence}** And others.")
    assert claims.untied(book(said)) == [sentence]
    held = cell("code", f'assert value < 3, "{sentence.rstrip(".").lower()}"')
    assert claims.untied(book(held, said)) == []
    partly = cell("code", f'assert value < 3, "{sentence[:3]}"')
    assert claims.untied(book(partly, said)) == [sentence]


def test_a_number_is_held_by_what_its_own_section_prints_or_contains():
    said = cell("markdown", "It reads 97.5 % of 450 digits.")
    code = cell("code", "print(right, 450)", "97.5% right\n")
    other = cell("markdown", "## Another section")
    assert claims.untied(book(code, said)) == claims.untied(book(said, code)) == []
    assert claims.untied(book(code, other, said)) == ["It reads 97.5 % of 450 digits."]
    changed = cell("code", "print(right, 450)", "97.4% right\n")
    assert claims.untied(book(changed, said)) == ["It reads 97.5 % of 450 digits."]


def test_a_percentage_is_a_result_and_not_a_setting():
    said = cell("markdown", "With 30 units it reads 97 % of them.")
    settings = cell("code", "width, share = 30, 0.97")
    assert claims.untied(book(settings, said)) == ["With 30 units it reads 97 % of them."]
    result = cell("code", "assert round(right, 2) == 0.97")
    assert claims.untied(book(settings, result, said)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Does it always arrive in 25 steps?",
        "Multiply every weight by 10.",
        "Then try the largest rate.",
        "Goal: a loss of at most 0.25.",
        "A layer in which every neuron sees every input is called dense.",
        "The rule makes at most a few mistakes.",
        "See lecture 07, section 12, and LeCun (1998).",
        "The loss is $\\ln 10 = 2.30$, and $$x = 12.5$$ too, as `f(25)` says.",
        "## Section 14\n\n| never | 12.5 |\n|---|---|",
        "Three rounds of 5 seeds.",
        "## Sources\n\n- Someone. *The best of all*. 12, 345–367.",
    ],
)
def test_names_questions_instructions_formulas_and_sources_are_no_claims(text):
    assert claims.untied(book(cell("markdown", text))) == []


def test_a_reveal_needs_a_computed_value():
    assert claims.untied(book(cell("code", 'guess.reveal("ReLU")'))) == ["guess.reveal('ReLU')"]
    assert claims.untied(book(cell("code", "guess.reveal(names[best], 'Why.')"))) == []


def test_a_message_that_no_sentence_contains_is_found():
    said = cell("markdown", "It *never* arrives.")
    held = cell("code", 'assert x, "it never arrives"\nassert y, "it arrives late"')
    assert claims.messages_without_text(book(said, held)) == ["it arrives late"]
