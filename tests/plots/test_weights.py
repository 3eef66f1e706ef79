"""Histograms layer by layer, weights and samples as pictures."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from coursekit import data, plots

rng = np.random.default_rng(0)


def test_histograms_share_the_scale_and_say_mean_and_spread():
    _, axes = plots.subplots(1, 3, sharey=True)
    values = [rng.normal(1, 2, (50, 8)), rng.normal(0, 0.1, 30), np.zeros((4, 4))]
    patches = plots.layer_histograms(axes, values)
    assert len(patches) == 3
    for ax, patch, a in zip(axes, patches, values, strict=True):
        assert ax.get_xlim() == (values[0].min(), values[0].max())
        assert patch.get_data().values.sum() == pytest.approx(1)
        assert f"std {a.std():.2g}" in ax.get_title(loc="left")
    assert axes[0].get_title(loc="left").startswith("layer 1\nmean ")
    assert axes[0].get_ylabel() == "share of values"
    # all zeros fall into the bar that holds 0
    counts, edges, _ = patches[2].get_data()
    assert edges[counts.argmax()] <= 0 <= edges[counts.argmax() + 1] and counts.max() == 1


def test_values_beyond_the_limits_are_counted_at_the_ends():
    _, axes = plots.subplots(1, 1)
    (patch,) = plots.layer_histograms(axes, [[-9, 0.1, 9, 9]], limits=(-1, 1), names=["a"])
    shares = patch.get_data().values
    assert (shares[0], shares[20:23].sum(), shares[-1], shares.sum()) == (0.25, 0.25, 0.5, 1)
    assert axes.get_title(loc="left").startswith("a\n")


def test_a_minus_is_a_minus():
    _, axes = plots.subplots()
    plots.layer_histograms(axes, [[-2.0, -1.0]])
    assert "mean −1.5" in axes.get_title(loc="left")


def test_layers_that_are_all_the_same():
    _, axes = plots.subplots()
    plots.layer_histograms(axes, [np.full(5, 3.0)])
    assert axes.get_xlim() == (2.5, 3.5)


@pytest.mark.parametrize(
    ("values", "names", "message"),
    [
        ([[1.0]], None, "2 axes, 1 layers and 1 names"),
        ([[1.0], [2.0]], ["a"], "2 axes, 2 layers and 1 names"),
        ([[1.0], []], None, "finite values, got none or others: layer 2"),
        ([[np.nan], [1.0]], None, "finite values, got none or others: layer 1"),
    ],
)
def test_layers_that_dont_fit(values, names, message):
    _, axes = plots.subplots(1, 2)
    with pytest.raises(ValueError, match=message):
        plots.layer_histograms(axes, values, names=names)


def test_weights_as_pictures():
    W = rng.normal(size=(64, 6))
    fig, axes = plots.subplots(1, 4)
    pictures = plots.weight_images(axes, W, (8, 8))
    for k, picture in enumerate(pictures):
        assert np.array_equal(picture.get_array(), W[:, k].reshape(8, 8))
        assert axes[k].get_title(loc="left") == f"unit {k + 1}"
        assert list(axes[k].get_xticks()) == []
    top = np.abs(W[:, :4]).max()
    assert {(p.norm.vmin, p.norm.vmax) for p in pictures} == {(-top, top)}
    assert len(fig.axes) == 5 and fig.axes[-1].get_ylabel() == "weight"


def test_signs_of_weights_by_colour_and_by_mark():
    W = np.array([[1.0], [-1.0], [0.0], [-0.01]])
    _, ax = plots.subplots()
    (picture,) = plots.weight_images(ax, W, (2, 2), names=["x"])
    shades = picture.to_rgba(picture.get_array())[..., :3]
    assert shades[0, 0, 2] > shades[0, 0, 0] and shades[0, 1, 0] > shades[0, 1, 2]
    assert np.allclose(shades[1, 0], to_rgb("white"))
    (marks,) = ax.collections
    assert marks.get_offsets().tolist() == [[1, 0]]  # the only negative weight of some size
    assert ax.get_title(loc="left") == "x"


def test_weights_that_are_all_zero():
    _, ax = plots.subplots()
    (picture,) = plots.weight_images(ax, np.zeros((4, 1)), (2, 2))
    assert (picture.norm.vmin, picture.norm.vmax) == (-1, 1)


def test_weights_that_dont_fit():
    _, axes = plots.subplots(1, 3)
    with pytest.raises(ValueError, match=r"W \(64, units\), got \(63, 3\)"):
        plots.weight_images(axes, np.zeros((63, 3)), (8, 8))
    with pytest.raises(ValueError, match="1 to 2 axes, got 3"):
        plots.weight_images(axes, np.zeros((64, 2)), (8, 8))
    with pytest.raises(ValueError, match="1 to 2 axes, got 0"):
        plots.weight_images([], np.zeros((64, 2)), (8, 8))


def test_digits_as_pictures():
    x, t = data.digits()
    _, axes = plots.subplots(2, 3)
    pictures = plots.image_grid(axes, x, (8, 8), names=[str(digit) for digit in t[:6]])
    assert [ax.get_title(loc="left") for ax in axes.ravel()] == ["0", "1", "2", "3", "4", "5"]
    for k, picture in enumerate(pictures):
        assert np.array_equal(picture.get_array(), x[k].reshape(8, 8))
        shades = picture.to_rgba(picture.get_array())[..., 0]
        assert shades[x[k].reshape(8, 8) == 0].min() == 1  # paper is white
    _, ax = plots.subplots()
    assert plots.image_grid(ax, np.zeros((1, 4)), (2, 2))[0].norm.vmax == 1


@pytest.mark.parametrize("shape", [(2, 64), (3, 63), (64,)])
def test_pictures_that_dont_fit(shape):
    _, axes = plots.subplots(1, 3)
    with pytest.raises(ValueError, match=r"image_grid expected at least 3 samples \(64,\), got \("):
        plots.image_grid(axes, np.zeros(shape), (8, 8))
