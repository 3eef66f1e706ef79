"""A computation as a graph: an arrow forward and one back for each link, and its factor."""

import pytest
from matplotlib.colors import to_hex

from coursekit import plots

NODES = {"x": (0, 0), "m": (1, -1), "d": (2, 0)}


def test_each_link_has_a_way_forward_and_a_dashed_way_back_with_its_factor(ax):
    arrows = plots.gates(ax, NODES, {("x", "m"): "1/m", ("m", "d"): "-1"})
    places = [(arrow.xyann, arrow.xy) for arrow in arrows]
    assert places == [((0, 0), (1, -1)), ((1, -1), (0, 0)), ((1, -1), (2, 0)), ((2, 0), (1, -1))]
    assert [arrow.arrow_patch.get_linestyle() for arrow in arrows] == ["-", "--"] * 2
    colors = [to_hex(arrow.arrow_patch.get_edgecolor()).upper() for arrow in arrows]
    assert colors == [plots.INK, plots.ORANGE] * 2
    assert {text.get_text() for text in ax.texts} >= {"x", "m", "d", "1/m", "-1"}


def test_a_factor_stands_on_the_side_of_its_dashed_arrow(ax):
    arrows = plots.gates(ax, NODES, {("x", "d"): "r"})
    ax.figure.draw_without_rendering()
    forward, back = (arrow.arrow_patch.get_path().vertices[1, 1] for arrow in arrows)
    (factor,) = (text for text in ax.texts if text.get_text() == "r")
    height = ax.transData.transform(factor.get_position())[1]
    assert (height - forward) * (back - forward) > 0
    assert abs(height - forward) > abs(back - forward)


def test_a_link_to_a_box_that_is_not_there_is_refused(ax):
    with pytest.raises(ValueError, match=r"links must be between nodes, got \['y'\]"):
        plots.gates(ax, NODES, {("x", "y"): "1"})


def test_batch_norm_goes_back_along_each_way_and_sums_where_one_number_serves_all(ax):
    arrows = plots.batch_norm_gates(ax)
    texts = [text.get_text() for text in ax.texts if text.get_text()]
    factors = texts[12:]
    assert len(arrows) == 2 * len(factors) == 26
    assert sorted(factor for factor in factors if factor.endswith("sum")) == sorted(
        ["$-1$, sum", "$d$, sum", r"$\hat{x}$, sum", "$1$, sum"]  # back to μ, r, γ and β
    )
    ends = [(arrow.xyann, arrow.xy) for arrow in arrows[::2]]  # forward
    places = {text.get_position(): text.get_text().strip("$") for text in ax.texts[:12]}
    inputs = {}
    for start, end in ends:
        inputs.setdefault(places[end], set()).add(places[start].split(" ")[0])
    assert inputs == {
        r"\mu": {"x"},
        r"d = x - \mu": {"x", r"\mu"},
        "q = d^2": {"d"},
        r"v = \mathrm{mean}(q)": {"q"},
        r"s = \sqrt{v + \epsilon}": {"v"},
        "r = 1/s": {"s"},
        r"\hat{x} = d \cdot r": {"d", "r"},
        r"g = \gamma \hat{x}": {r"\hat{x}", r"\gamma"},
        r"y = g + \beta": {"g", r"\beta"},
    }
