"""The explorer of the capstone's recipes."""

import numpy as np
import pytest

from coursekit import widgets

NAMES = {"A": "Adam", "R": "ReLU"}
CURVES = {
    "": [[0.1, 0.1], [0.1, 0.2]],
    "A": [[0.1, 0.5], [0.9, 1.0]],
    "R": [[0.9, 0.97], [0.9, 0.99]],
    "AR": [[0.9, 0.99], [0.9, 0.99]],
}


def test_a_switch_shows_the_recipe_s_own_runs():
    explorer = widgets.Recipes(CURVES, NAMES)
    assert explorer.state.recipe == ""
    state = explorer.set(A=True)
    assert state.recipe == "A" and state.curves.tolist() == CURVES["A"]
    assert state.mean == pytest.approx(0.75)
    assert [line.get_ydata().tolist() for line in explorer.each] == CURVES["A"]
    assert explorer.middle.get_ydata() == pytest.approx([0.5, 0.75])
    assert explorer.set(R=True).recipe == "AR"  # the letters' order is that of the names


def test_the_text_says_the_mean_and_the_spread_of_the_last_epoch():
    explorer = widgets.Recipes(CURVES, NAMES)
    explorer.set(A=True)
    assert "1 ingredient. " in explorer.text
    assert "over 2 seeds: mean 75.0%, lowest 50.0%, highest 100.0%" in explorer.text


@pytest.mark.parametrize(("on", "reached"), [("", False), ("A", False), ("R", True), ("AR", False)])
def test_the_goal_wants_the_target_and_no_ingredient_too_many(on, reached):
    explorer = widgets.Recipes(CURVES, NAMES)
    explorer.set(A="A" in on, R="R" in on)
    assert explorer.goal_reached is reached


def test_recipes_must_be_complete_and_the_goal_possible():
    with pytest.raises(ValueError, match="all 4 recipes of 2 ingredients, got 3"):
        widgets.Recipes({k: v for k, v in CURVES.items() if k != "A"}, NAMES)
    with pytest.raises(ValueError, match="no recipe reaches"):
        widgets.Recipes({recipe: np.full((2, 2), 0.5) for recipe in CURVES}, NAMES)
