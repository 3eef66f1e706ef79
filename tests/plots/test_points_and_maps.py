"""Points, decision maps and straight borders show what the model and the data say."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit import data, nn, plots


def color_of(collection):
    return to_hex(collection.get_facecolor()[0]).upper()


def marker_of(collection):
    """The number of corners or so: enough to tell shapes apart."""
    return len(collection.get_paths()[0].vertices)


def test_points_by_class(ax):
    x, t = data.blobs(90, rng=0, classes=3)
    drawn = plots.points(ax, x, t)
    assert [c.get_label() for c in drawn] == ["class 0", "class 1", "class 2"]
    for k, collection in enumerate(drawn):
        assert np.array_equal(collection.get_offsets(), x[t == k])
        assert color_of(collection) == plots.COLORS[k]
    assert len({marker_of(c) for c in drawn}) == 3


def test_minus_one_and_one_are_classes_0_and_1(ax):
    drawn = plots.points(ax, [[0, 0], [1, 1], [2, 2]], [-1, 1, 1])
    assert [c.get_label() for c in drawn] == ["−1", "+1"]
    assert [color_of(c) for c in drawn] == [plots.ORANGE, plots.BLUE]
    (single,) = plots.points(ax, [[0, 0]], [-1])
    assert color_of(single) == plots.ORANGE


def test_a_class_that_is_missing_keeps_its_colour(ax):
    (only,) = plots.points(ax, [[0, 0]], [1], labels=["no", "yes"])
    assert color_of(only) == plots.BLUE and only.get_label() == "yes"


def test_targets_of_a_sigmoid_are_classes(ax):
    drawn = plots.points(ax, [[0, 0], [1, 1]], [[0.0], [1.0]])
    assert [c.get_label() for c in drawn] == ["class 0", "class 1"]


def test_heights_have_shade_by_size_and_marker_by_sign(ax):
    x, t = data.plane(200, rng=0)
    negative, positive = plots.points(ax, x, t, legend=True)
    assert np.array_equal(negative.get_offsets(), x[t[:, 0] < 0])
    assert np.array_equal(positive.get_offsets(), x[t[:, 0] >= 0])
    assert marker_of(negative) != marker_of(positive)
    assert negative.norm.vmin == -negative.norm.vmax == -np.abs(t).max()
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["negative", "positive or 0"]


@pytest.mark.parametrize(
    ("x", "t"), [([[1, 2, 3]], [0]), ([1, 2], [0]), ([[1, 2]], [0, 1]), ([[1, 2]], [[0, 1]])]
)
def test_points_name_the_shapes(ax, x, t):
    with pytest.raises(ValueError, match=r"points expected x \(N, 2\) and t \(N,\), got \("):
        plots.points(ax, x, t)


@pytest.mark.parametrize(("t", "labels"), [([-2], None), ([-1, 0], None), ([2], ["a", "b"])])
def test_points_name_the_classes(ax, t, labels):
    with pytest.raises(ValueError, match="points expected classes"):
        plots.points(ax, np.zeros((len(t), 2)), t, labels=labels)


def test_a_legend_names_everything_once_below_the_figure():
    fig, axes = plots.subplots(1, 2)
    x, t = data.gate("or")
    for ax in axes:
        plots.points(ax, x, t, legend=True)
        plots.line(ax, [1, 1], -0.5, label="border")
    plots.legend(fig)
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["class 0", "class 1", "border"]
    fig.canvas.draw()
    assert legend.get_window_extent().y1 <= min(a.get_window_extent().y0 for a in axes)


def test_a_legend_of_nothing_is_none():
    fig, _ = plots.subplots()
    plots.legend(fig)
    assert fig.legends == []


def pixels(result):
    """The drawn map as RGB, row 0 at the bottom."""
    return np.asarray(result.image.get_array()).astype(int)


def test_a_decision_map_has_the_colour_of_the_sign(ax):
    result = plots.decision_map(ax, lambda p: p[:, 0] - 0.5 * p[:, 1], limits=(-2, 2))
    scores = result.grid[..., 0] - 0.5 * result.grid[..., 1]
    shade = pixels(result)
    assert np.array_equal(np.sign(shade[..., 2] - shade[..., 0]), np.sign(scores))
    border = np.concatenate(result.border.get_segments())
    assert np.allclose(border[:, 0], 0.5 * border[:, 1], atol=0.01)


def test_the_picture_lies_where_the_grid_is(ax):
    result = plots.decision_map(ax, lambda p: p[:, 0], limits=(0, 9, -1, 1), resolution=10)
    assert result.grid[0, 0].tolist() == [0, -1] and result.grid[-1, -1].tolist() == [9, 1]
    left, right, bottom, top = result.image.get_extent()
    centres = left + (np.arange(10) + 0.5) * (right - left) / 10
    assert np.allclose(centres, result.grid[0, :, 0])
    centres = bottom + (np.arange(10) + 0.5) * (top - bottom) / 10
    assert np.allclose(centres, result.grid[:, 0, 1])
    assert result.image.origin == "lower"


def test_the_drawn_picture_agrees_with_the_model(ax):
    # through matplotlib to the pixels: nothing is upside down
    plots.decision_map(ax, lambda p: p[:, 0] + 3 * p[:, 1] - 1, limits=(-2, 2))
    ax.figure.canvas.draw()
    image = np.asarray(ax.figure.canvas.buffer_rgba()).astype(int)
    for point, side in (((-1, 1.5), 1), ((1, -1.5), -1), ((1.5, 1), 1), ((-1.5, 0.2), -1)):
        column, row = ax.transData.transform(point).round().astype(int)
        red, _, blue, _ = image[len(image) - 1 - row, column]
        assert np.sign(blue - red) == side


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_a_score_may_be_a_vector_or_a_column(ax, shape):
    result = plots.decision_map(ax, lambda p: p[:, 0].reshape(shape))
    assert pixels(result).shape == (100, 100, 4)


def test_logits_give_the_winners_colour_and_borders_between_winners(ax):
    centres = np.array([[-2.0, -2], [2, -2], [0, 3]])
    result = plots.decision_map(ax, lambda p: p @ centres.T - (centres**2).sum(1) / 2)
    grid = result.grid.reshape(-1, 2)
    nearest = np.linalg.norm(grid[:, None] - centres, axis=2)
    winner = nearest.argmin(axis=1).reshape(100, 100)
    shade = pixels(result)
    for k in range(3):
        tint = np.array(plots.class_colors(30 * np.eye(3))[k]).astype(int)
        lead = np.diff(np.sort(nearest, axis=1)[:, :2], axis=1).reshape(100, 100)
        assert np.abs(shade[(winner == k) & (lead > 3)] - tint).max() < 12
    ends = np.concatenate(result.border.get_segments())
    two = np.sort(np.linalg.norm(ends[:, None] - centres, axis=2), axis=1)
    assert np.abs(two[:, 0] - two[:, 1]).max() < 0.15


def test_two_logits_are_classes_0_and_1(ax):
    result = plots.decision_map(ax, lambda p: np.stack([-p[:, 0], p[:, 0]], axis=1))
    shade = pixels(result)
    assert shade[50, 5, 0] > shade[50, 5, 2] and shade[50, 95, 2] > shade[50, 95, 0]
    assert np.allclose(np.concatenate(result.border.get_segments())[:, 0], 0, atol=1e-6)


def test_a_network_can_be_shown_as_it_is(ax):
    net = nn.Sequential(nn.Dense(2, 3, rng=np.random.default_rng(0)), nn.Tanh())
    assert plots.decision_map(ax, net).grid.shape == (100, 100, 2)


def test_update_changes_picture_and_border_in_place(ax):
    x, t = data.gate("and")
    result = plots.decision_map(ax, lambda p: p[:, 0], x, t, limits=(-0.5, 1.5))
    before, count = pixels(result), len(ax.get_children())
    result.update(lambda p: p[:, 1] - 0.25)
    assert not np.array_equal(pixels(result), before)
    assert np.allclose(np.concatenate(result.border.get_segments())[:, 1], 0.25)
    assert len(ax.get_children()) == count
    result.update(lambda p: np.ones(len(p)))
    assert result.border.get_segments() == []


def test_a_model_that_says_nothing_is_grey(ax):
    result = plots.decision_map(ax, lambda p: np.zeros(len(p)))
    assert np.ptp(pixels(result)[..., :3], axis=-1).max() == 0
    assert result.border.get_segments() == []


def test_step_outputs_have_a_border(ax):
    result = plots.decision_map(ax, lambda p: np.where(p[:, 0] > 1, 1.0, -1.0), limits=(-2, 2))
    border = np.concatenate(result.border.get_segments())
    assert np.allclose(border[:, 0], 1, atol=4 / 99)


@pytest.mark.parametrize(
    ("limits", "x", "expected"),
    [
        (None, None, (-6, 6, -6, 6)),
        ((-1, 2), None, (-1, 2, -1, 2)),
        ((0, 1, 2, 3), None, (0, 1, 2, 3)),
        (None, [[0, 5], [10, 5]], (-1.2, 11.2, 4, 6)),
    ],
)
def test_limits(ax, limits, x, expected):
    plots.decision_map(ax, lambda p: p[:, 0], x, None if x is None else [0, 1], limits=limits)
    assert np.allclose([*ax.get_xlim(), *ax.get_ylim()], expected)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$x_1$", "$x_2$")


def test_limits_of_three_numbers(ax):
    with pytest.raises(ValueError, match="limits must be 2 or 4 numbers, got"):
        plots.decision_map(ax, lambda p: p[:, 0], limits=(1, 2, 3))


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda p: p[:3, 0], "one output"),
        (lambda p: 1.0, "one output"),
        (lambda p: np.zeros((len(p), 0)), "one output"),
        (lambda p: np.zeros((len(p), 2, 2)), "one output"),
        (lambda p: np.full(len(p), np.nan), "f must return numbers, got NaN"),
    ],
)
def test_models_that_give_something_else(ax, f, message):
    with pytest.raises(ValueError, match=message):
        plots.decision_map(ax, f)


def test_a_map_has_the_points(ax):
    x, t = data.moons(60, rng=0)
    result = plots.decision_map(ax, lambda p: p[:, 0], x, t)
    assert sum(len(c.get_offsets()) for c in result.points) == 60


def square(ax):
    ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5))
    return ax


def test_a_line_lies_on_its_equation_and_ends_at_the_rim(ax):
    border = plots.line(square(ax), [1, 2], -0.5, label="OR")
    x, y = border.line.get_data()
    assert np.allclose(np.array(x) + 2 * np.array(y), 0.5)
    assert np.allclose(sorted(x), [-0.5, 1.5])
    assert border.line.get_label() == "OR"
    assert ax.get_xlim() == (-0.5, 1.5) and ax.get_ylim() == (-0.5, 1.5)


@pytest.mark.parametrize(
    ("w", "b"), [((1, 1), -0.5), ((-1, -1), 0.5), ((0, -2), 1), ((3, 0), -1), ((1, -4), 0.2)]
)
def test_the_arrow_points_to_the_positive_side(ax, w, b):
    border = plots.line(square(ax), w, b)
    base = np.array(border.arrow.xy)
    assert w @ base + b == pytest.approx(0, abs=1e-9)
    tip = ax.transData.transform(base) + np.array(border.arrow.get_position())
    assert w @ ax.transData.inverted().transform(tip) + b > 0
    assert border.arrow.get_text() == "+"
    # perpendicular to the line, as it is drawn
    ends = ax.transData.transform(np.stack(border.line.get_data(), axis=1))
    assert (ends[1] - ends[0]) @ border.arrow.get_position() == pytest.approx(0, abs=1e-6)


def test_the_arrow_lies_over_the_points_and_begins_where_it_is_told(ax):
    (points,) = plots.points(square(ax), [[0.5, 0.5]], [1])
    border = plots.line(ax, [0, 1], -0.5)
    assert border.arrow.get_zorder() > points.get_zorder() > border.line.get_zorder()
    assert border.arrow.xy == pytest.approx((0.5, 0.5))
    assert plots.line(ax, [0, 1], -0.5, at=0.1).arrow.xy == pytest.approx((1.3, 0.5))
    assert plots.line(ax, [0, -1], 0.5, at=0.1).arrow.xy == pytest.approx((-0.3, 0.5))


@pytest.mark.parametrize(
    ("w", "b"), [((0, 0), 1), ((1, 1), 9), ((1, 0), 5), ((0, 1), -5), ((1, 1), 1)]
)
def test_a_line_that_misses_the_picture_is_hidden(ax, w, b):
    border = plots.line(square(ax), w, b)
    assert not border.line.get_visible() and not border.arrow.get_visible()
    border.update([1, 1], -1)
    assert border.line.get_visible() and border.arrow.get_visible()


@pytest.mark.parametrize(("w", "b"), [([1], 0), ([1, np.nan], 0), ([1, 2], np.inf)])
def test_a_line_needs_numbers(ax, w, b):
    with pytest.raises(ValueError, match="line expected two finite weights and a bias"):
        plots.line(ax, w, b)
