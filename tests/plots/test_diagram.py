"""The network diagram: every unit, bias and connection, its sign, size and mask."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit import nn, plots
from coursekit.nn import Dense
from coursekit.plots import connection_lines, palette

SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"


def random_net(*widths):
    rng = np.random.default_rng(0)
    return nn.Sequential(*(nn.Dense(a, b, rng=rng) for a, b in itertools.pairwise(widths)))


def lines(collection):
    """Colour, style and width of each line."""
    colors = [to_hex(c).upper() for c in collection.get_colors()]
    styles = []
    for (_, dashes), width in zip(
        collection.get_linestyle(), collection.get_linewidths(), strict=True
    ):
        if dashes is None:
            styles.append(SOLID)
        else:
            styles.append(DASHED if dashes[0] / width > 2 else DOTTED)
    return list(zip(colors, styles, collection.get_linewidths(), strict=True))


def test_signs_have_colour_and_line_style_and_sizes_have_width(ax):
    net = nn.Sequential(Dense.from_weights([[2.0, -1.0], [-4.0, 0.0]], b=[0.5, -0.5]))
    diagram = plots.network(ax, net)
    (weights,), (biases,) = diagram.weights, diagram.biases
    positive, negative, strong, zero = lines(weights)
    assert positive[:2] == (plots.BLUE, SOLID)
    assert negative[:2] == strong[:2] == (plots.ORANGE, DASHED)
    assert zero[:2] == (palette.MUTED, SOLID)
    assert strong[2] == connection_lines.THICKEST > positive[2] > negative[2] > zero[2]
    assert [line[:2] for line in lines(biases)] == [(plots.BLUE, SOLID), (plots.ORANGE, DASHED)]


def test_lines_run_between_the_units(ax):
    diagram = plots.network(ax, random_net(2, 3, 1))
    for k, collection in enumerate(diagram.weights):
        ends = np.array(collection.get_segments())
        starts, stops = diagram.units[k].get_offsets(), diagram.units[k + 1].get_offsets()
        assert len(ends) == len(starts) * len(stops)
        for segment, (a, b) in zip(ends, itertools.product(starts, stops), strict=True):
            assert np.allclose(segment, [a, b])


def test_a_mask_shows_as_dotted_grey(ax):
    mask = [[1, 0], [1, 1]]
    net = nn.Sequential(Dense.from_weights([[1.0, 9.0], [1.0, -1.0]], mask=mask))
    diagram = plots.network(ax, net)
    looks = lines(diagram.weights[0])
    assert looks[1][:2] == (connection_lines.REMOVED, DOTTED)
    assert DOTTED not in [look[1] for look in looks[:1] + looks[2:]]
    texts = [t.get_text() for t in ax.get_legend().get_texts()]
    assert texts[-1] == "removed"
    assert len(diagram.values) == 3 + 2  # no number on what is not there


def test_the_legend_names_what_occurs(ax):
    net = random_net(2, 2)
    plots.network(ax, net, biases=False)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["positive", "negative"]
    handles = ax.get_legend().legend_handles
    assert [h.get_linestyle() for h in handles] == ["-", "--"]
    plots.network(ax, net)  # the biases are 0
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["positive", "negative", "zero"]


def test_widths_alone(ax):
    diagram = plots.network(ax, [3, 4, 2])
    assert [len(c.get_segments()) for c in diagram.weights] == [12, 8]
    assert [len(c.get_segments()) for c in diagram.biases] == [4, 2]
    assert {look[:2] for c in diagram.weights for look in lines(c)} == {(palette.MUTED, SOLID)}
    assert ax.get_legend() is None and diagram.values == []
    assert [c.get_text() for c in diagram.captions] == ["input", "hidden", "output"]


def test_units_have_names(ax):
    diagram = plots.network(ax, [2, 3, 1])
    assert [[t.get_text() for t in column] for column in diagram.labels] == [
        ["$x_{1}$", "$x_{2}$"],
        ["$h_{1}$", "$h_{2}$", "$h_{3}$"],
        ["$y$"],
    ]
    own = [["a", "b"], ["OR", "AND", "NOR"], ["XOR"]]
    diagram = plots.network(ax, [2, 3, 1], labels=own)
    assert [[t.get_text() for t in column] for column in diagram.labels] == own


def test_hidden_layers_are_numbered(ax):
    diagram = plots.network(ax, [1, 2, 2, 2])
    assert [c.get_text() for c in diagram.captions] == ["input", "hidden 1", "hidden 2", "output"]
    assert diagram.labels[2][1].get_text() == "$h^{(2)}_{2}$"


def test_names_stand_inside_their_units(ax):
    diagram = plots.network(ax, [2, 2], labels=[["x", "y"], ["NAND", "threshold"]])
    ax.figure.canvas.draw()
    for column, units in zip(diagram.labels, diagram.units, strict=True):
        diameter = np.sqrt(units.get_sizes()[0]) * ax.figure.dpi / 72
        for text in column:
            assert text.get_window_extent().width <= diameter


def test_small_units_have_no_names():
    _, ax = plots.subplots(width=2, height=1.5)
    assert plots.network(ax, [8, 8]).labels == [[], []]


def test_inputs_are_squares_and_biases_too(ax):
    diagram = plots.network(ax, [2, 2, 1])
    inputs, hidden, output = (len(u.get_paths()[0].vertices) for u in diagram.units)
    assert inputs == 5 and hidden == output > 5
    ones = [t for t in ax.texts if t.get_text() == "1"]
    assert len(ones) == 2  # none at the output


def test_biases_can_be_left_out(ax):
    diagram = plots.network(ax, random_net(2, 2), biases=False)
    assert diagram.biases == [] and not [t for t in ax.texts if t.get_text() == "1"]


def test_layers_without_units_are_named_below(ax):
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.BatchNorm(2),
        nn.Dense(2, 3, rng=rng),
        nn.BatchNorm(3),
        nn.ReLU(),
        nn.Dense(3, 1, rng=rng),
        nn.Sigmoid(),
    )
    captions = [c.get_text() for c in plots.network(ax, net).captions]
    assert captions == ["input\nBatchNorm", "hidden\nBatchNorm, ReLU", "output\nSigmoid"]


@pytest.mark.parametrize(("width", "shown"), [(8, 8), (9, 7), (64, 7)])
def test_wide_layers_are_shortened(width, shown):
    _, ax = plots.subplots(height=5)
    diagram = plots.network(ax, random_net(width, 2))
    assert len(diagram.units[0].get_offsets()) == shown
    assert len(diagram.weights[0].get_segments()) == 2 * shown
    dots = [t for t in ax.texts if t.get_text() == "⋮"]
    assert len(dots) == (width > 8)
    caption = diagram.captions[0].get_text()
    assert caption == ("input" if width == 8 else f"input, {width} units")
    if width > 8:
        # the last units are drawn with their own numbers and weights, the dots in the gap
        assert diagram.labels[0][-1].get_text() == f"$x_{{{width}}}$"
        heights = diagram.units[0].get_offsets()[:, 1]
        gap = np.argmin(np.diff(heights))
        assert heights[gap + 1] < dots[0].get_position()[1] < heights[gap]


def test_shown_units_keep_their_own_weights(ax):
    W = np.ones((20, 1))
    W[19] = -1.0
    diagram = plots.network(ax, nn.Sequential(Dense.from_weights(W)), max_units=4)
    assert [look[1] for look in lines(diagram.weights[0])] == [SOLID, SOLID, DASHED]


def test_maxout_has_a_line_for_each_piece(ax):
    net = nn.Sequential(nn.Maxout(2, 3, rng=np.random.default_rng(0), pieces=2))
    diagram = plots.network(ax, net)
    ends = np.array(diagram.weights[0].get_segments())
    assert len(ends) == 12 and len(np.unique(ends.reshape(12, -1), axis=0)) == 12
    signs = net.layers[0].params["W"].ravel() > 0
    assert [look[1] == SOLID for look in lines(diagram.weights[0])] == signs.tolist()
    assert diagram.captions[1].get_text() == "output\nMaxout"


def test_weights_are_written_on_few_lines(ax):
    xor = nn.Sequential(
        Dense.from_weights([[1, 1], [1, 1]], b=[-0.5, -1.5]),
        nn.Step(),
        Dense.from_weights([[1], [-1]], b=[-0.5]),
        nn.Step(),
    )
    diagram = plots.network(ax, xor)
    written = sorted(t.get_text() for t in diagram.values)
    assert written == sorted(["1", "1", "1", "1", "−0.5", "−1.5", "1", "−1", "−0.5"])
    assert plots.network(ax, random_net(4, 4)).values == []
    assert len(plots.network(ax, random_net(4, 4), values=True).values) == 20
    assert plots.network(ax, xor, values=False).values == []


@pytest.mark.parametrize("widths", [(2, 2, 1), (3, 2), (2, 1), (1, 4, 1)])
def test_numbers_and_names_dont_overlap(ax, widths):
    diagram = plots.network(ax, random_net(*widths), values=True)
    ax.figure.canvas.draw()
    texts = diagram.values + [t for column in diagram.labels for t in column] + diagram.captions
    boxes = [t.get_window_extent().padded(-1) for t in texts]
    clash = [
        (a.get_text(), b.get_text())
        for (a, p), (b, q) in itertools.combinations(zip(texts, boxes, strict=True), 2)
        if p.overlaps(q)
    ]
    assert clash == []


def test_nothing_is_cut_off(ax):
    diagram = plots.network(ax, random_net(8, 8, 8))
    ax.figure.canvas.draw()
    paper = ax.figure.bbox
    drawn = [*diagram.captions, *diagram.units, ax.get_legend()]
    for box in (artist.get_window_extent() for artist in drawn):
        assert paper.x0 <= box.x0 and box.x1 <= paper.x1
        assert paper.y0 <= box.y0 and box.y1 <= paper.y1


def test_drawing_leaves_the_network_as_it_is(ax):
    net = random_net(2, 2)
    theta = net.theta.copy()
    plots.network(ax, net)
    assert np.array_equal(net.theta, theta)


def test_all_weights_zero(ax):
    net = random_net(2, 2)
    net.theta = np.zeros_like(net.theta)
    assert {look[1] for look in lines(plots.network(ax, net).weights[0])} == {SOLID}


@pytest.mark.parametrize("widths", [[3], [], [2, 0], [2, 1.5], [2, True]])
def test_widths_that_are_none(ax, widths):
    with pytest.raises(ValueError, match="at least two widths"):
        plots.network(ax, widths)


def test_a_network_without_weights(ax):
    with pytest.raises(ValueError, match="at least one layer with weights"):
        plots.network(ax, nn.Sequential(nn.ReLU()))


def test_labels_and_units_must_fit(ax):
    with pytest.raises(ValueError, match=r"labels must have \[2, 1\] names, got \[2\]"):
        plots.network(ax, [2, 1], labels=[["a", "b"]])
    with pytest.raises(ValueError, match="max_units must be at least 3, got 2"):
        plots.network(ax, [2, 1], max_units=2)
