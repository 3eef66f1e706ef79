"""Maps of functions of two variables: the right way up, on one scale."""

import numpy as np
import pytest

from coursekit import plots


def test_rows_go_up_and_all_maps_have_one_scale():
    fig, axes = plots.subplots(1, 2)
    rising = np.arange(9.0)
    images = plots.value_maps(axes, {"flat": rising, "square": rising.reshape(3, 3)}, largest=4)
    for image in images:
        assert np.array_equal(image.get_array(), [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
        assert image.origin == "lower"
        assert image.get_clim() == (-4, 4)
        assert tuple(image.get_extent()) == (0, 1, 0, 1)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == ["flat", "square"]
    assert len(fig.axes) == 3  # one scale for both


@pytest.mark.parametrize("values", [np.zeros(8), np.zeros((3, 4)), np.zeros((1, 9))])
def test_what_is_no_square_is_refused(ax, values):
    with pytest.raises(ValueError, match="value_maps expected"):
        plots.value_maps([ax], {"f": values})


def test_a_map_for_each_axes():
    with pytest.raises(ValueError, match="zip"):
        plots.value_maps(plots.subplots(1, 2)[1], {"f": np.zeros(4)})
