"""Contours of a loss and the paths on it."""

import numpy as np
import pytest
from vision import contrast

from coursekit import plots


def bowl(p):
    return p[:, 0] ** 2 + 4 * p[:, 1] ** 2


def paths():
    t = np.linspace(1, 0, 11)[:, None]
    return {"SGD": t * [-2, 1], "Adam": t * [2, 1]}


def test_contours_lie_at_their_level(ax):
    surface = plots.loss_surface(ax, bowl, limits=(-2, 2), levels=[1.0, 2.0])
    assert surface.lines.levels.tolist() == [1, 2]
    for level, path in zip([1, 2], surface.lines.get_paths(), strict=True):
        assert np.allclose(bowl(path.vertices), level, atol=0.05)


def test_paths_keep_their_points_and_look_different(ax):
    given = paths()
    surface = plots.loss_surface(ax, bowl, given, minimum=[0, 0])
    assert list(surface.paths) == ["SGD", "Adam"]
    for name, line in surface.paths.items():
        assert np.array_equal(np.stack(line.get_data(), axis=1), given[name])
        assert line.get_markevery() == [10]  # the filled marker ends the path
    sgd, adam = surface.paths.values()
    assert sgd.get_color() != adam.get_color()
    assert sgd.get_linestyle() != adam.get_linestyle() and sgd.get_marker() != adam.get_marker()
    crosses = [line for line in ax.get_lines() if line.get_marker() == "x"]
    starts = [(line.get_xdata()[0], line.get_ydata()[0]) for line in crosses]
    assert starts == [(-2, 1), (2, 1)]
    names = [t.get_text() for t in ax.get_legend().get_texts()]
    assert names == ["SGD", "Adam", "minimum"]


def test_dots_mark_each_point_of_each_path(ax):
    plots.loss_surface(ax, bowl, paths(), dots=True)
    dots = [line for line in ax.get_lines() if line.get_marker() == "."]
    assert [np.stack(line.get_data(), axis=1).tolist() for line in dots] == [
        path.tolist() for path in paths().values()
    ]
    assert all(line.get_linestyle() == "None" for line in dots)
    plots.loss_surface(fresh := ax.figure.add_subplot(), bowl, paths())
    assert not [line for line in fresh.get_lines() if line.get_marker() == "."]


def test_the_picture_holds_the_paths(ax):
    plots.loss_surface(ax, bowl, paths())
    assert ax.get_xlim()[0] < -2 and ax.get_xlim()[1] > 2
    assert ax.get_ylim()[0] < 0 and ax.get_ylim()[1] > 1


def test_one_path_without_a_name(ax):
    surface = plots.loss_surface(ax, bowl, [[1, 1], [1, 1]])
    assert list(surface.paths) == ["path"]
    assert ax.get_xlim() == (0, 2)


def test_no_path_no_legend(ax):
    surface = plots.loss_surface(ax, bowl)
    assert surface.paths == {} and ax.get_legend() is None
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w_1$", "$w_2$")
    assert ax.get_xlim() == (-3, 3)


@pytest.mark.parametrize("log", [False, True])
def test_levels_lie_within_the_heights(ax, log):
    levels = plots.loss_surface(ax, bowl, limits=(-1, 1, -1, 1), log=log).lines.levels
    assert 6 <= len(levels) <= 14
    assert levels.min() > 0 and levels.max() < 5
    gaps = np.diff(np.log(levels)) if log else np.diff(levels)
    assert np.allclose(gaps, gaps[0], rtol=0.05)


def test_higher_is_darker(ax):
    heights = plots.loss_surface(ax, bowl, levels=6).heights
    luminance = [contrast(255 * color, "black") for color in heights.get_facecolor()]
    assert np.all(np.diff(luminance) < 0)


@pytest.mark.parametrize("log", [False, True])
def test_numbers_on_contours_are_right_and_whole(ax, log):
    plots.loss_surface(ax, bowl, log=log)
    ax.figure.canvas.draw()
    written = [text for text in ax.texts if text.get_visible()]
    assert len(written) >= 3
    for text in written:
        assert float(text.get_text()) == pytest.approx(
            bowl(np.array([text.get_position()]))[0], rel=0.05
        )
        box, rim = text.get_window_extent(), ax.get_window_extent()
        assert rim.x0 <= box.x0 and box.x1 <= rim.x1 and rim.y0 <= box.y0 and box.y1 <= rim.y1


def test_a_flat_loss(ax):
    plots.loss_surface(ax, lambda p: np.ones(len(p)))
    ax.figure.canvas.draw()


@pytest.mark.parametrize("limits", [(1,), (1, 2, 3)])
def test_limits(ax, limits):
    with pytest.raises(ValueError, match="limits must be 2 or 4 numbers"):
        plots.loss_surface(ax, bowl, limits=limits)


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda p: p[:5, 0], r"one number a row, got \(5,\)$"),
        (lambda p: 0 * p[:, 0] + np.inf, "NaN or infinity"),
    ],
)
def test_losses_that_give_something_else(ax, f, message):
    with pytest.raises(ValueError, match=message):
        plots.loss_surface(ax, f)


@pytest.mark.parametrize("path", [np.zeros((0, 2)), np.zeros((3, 3)), np.zeros(4)])
def test_paths_that_are_none(ax, path):
    with pytest.raises(ValueError, match=r"paths \(T, 2\), got 'Adam'"):
        plots.loss_surface(ax, bowl, {"Adam": path})


TURNED = np.array([[2.0, 0.9], [0.9, 0.5]])


def test_on_a_level_ellipse_the_loss_is_that_high():
    d = plots.level_ellipse(TURNED, 0.3)
    assert np.allclose(np.einsum("ik,ij,jk->k", d, TURNED, d) / 2, 0.3)
    assert np.allclose(d[:, 0], d[:, -1])  # it is closed


def test_level_ellipses_are_darker_where_the_loss_is_higher_and_show_how_round_it_is(ax):
    assert plots.level_ellipses(ax, TURNED) == pytest.approx(np.linalg.cond(TURNED))
    areas = [np.prod(np.ptp(patch.get_xy(), axis=0)) for patch in ax.patches]
    assert (
        areas == sorted(areas, reverse=True) and len(areas) == 4
    )  # the smaller lies on the larger
    luminance = [contrast(255 * np.array(patch.get_facecolor()), "black") for patch in ax.patches]
    assert np.all(np.diff(luminance) > 0)
    assert ax.get_aspect() == 1 and ax.get_xlim() == ax.get_ylim()
    assert ax.get_xlim()[1] > max(np.abs(patch.get_xy()).max() for patch in ax.patches)
