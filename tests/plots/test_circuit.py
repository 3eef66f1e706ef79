"""A computation as a graph: a value above each wire, a derivative below, inputs as boxes."""

import pytest
from matplotlib.colors import to_hex

from coursekit import plots

NODES = {"a": (0, 1, "$a$"), "b": (0, 0, "$b$"), "product": (1, 0.5, "×"), "L": (2, 0.5, "L")}
WIRES = [
    ("a", "product", "a", -2.0, 3.0),
    ("b", "product", "", 3.0, -2.0),
    ("product", "L", "", -6.0, 1.0),
]


def test_each_wire_has_its_value_above_and_its_derivative_below(ax):
    drawn = plots.circuit(ax, NODES, WIRES)
    assert [text.get_text() for text in drawn.values] == ["a = −2", "3", "−6"]
    assert [text.get_text() for text in drawn.derivatives] == ["3", "−2", "1"]
    for above, below in zip(drawn.values, drawn.derivatives, strict=True):
        assert above.xy == below.xy
        assert above.get_position()[1] > 0 > below.get_position()[1]
        assert (above.get_va(), below.get_va()) == ("bottom", "top")
        assert above.get_color() != below.get_color()


def test_wires_run_between_their_nodes(ax):
    plots.circuit(ax, NODES, WIRES)
    ends = [[tuple(point) for point in line.get_xydata()] for line in ax.lines]
    assert ends == [[NODES[start][:2], NODES[end][:2]] for start, end, *_ in WIRES]


def test_only_inputs_are_grey_boxes(ax):
    drawn = plots.circuit(ax, NODES, WIRES)
    fills = {
        key: to_hex(text.get_bbox_patch().get_facecolor()) for key, text in drawn.nodes.items()
    }
    assert {key for key, fill in fills.items() if fill == "#ffffff"} == {"product", "L"}
    assert [text.get_text() for text in drawn.nodes.values()] == [t for _, _, t in NODES.values()]


def test_a_wire_to_nowhere_is_refused(ax):
    with pytest.raises(KeyError, match="nowhere"):
        plots.circuit(ax, NODES, [("a", "nowhere", "", 1.0, 1.0)])
