"""The drawing of one neuron names every part, each beside what it belongs to."""

import pytest

from coursekit import plots


def test_every_part_is_named_where_it_lies(ax):
    plots.neuron(ax, ["f1", "f2", "f3"], ["a", "b", "c"], "w0", score="s", answer="y")
    at = {text.get_text(): text.get_position() for text in ax.texts}
    names = ["features", "weights", "sum", "score", "activation", "answer"]
    assert [at[name][0] for name in names] == sorted(at[name][0] for name in names)
    for feature, weight in zip(["f1", "f2", "f3", "−1"], ["a", "b", "c", "w0"], strict=True):
        # just above the straight connection from the feature to the sum
        (x0, y0), (x1, y1) = at[feature], at[r"$\Sigma$"]
        x, y = at[weight]
        share = (x - x0) / (x1 - x0)
        assert 0 < share < 1 and 0 < y - (y0 + share * (y1 - y0)) < 0.3
    assert at[r"$\Sigma$"][0] < at["s"][0] < at[r"$\sigma$"][0] < at["y"][0]
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert all(left < x < right and bottom < y < top for x, y in at.values() if (x, y) != (0, 0))


def test_a_weight_for_each_feature(ax):
    with pytest.raises(ValueError, match="a weight for each of 2 features, got 1"):
        plots.neuron(ax, ["1", "2"], ["3"], "4")
