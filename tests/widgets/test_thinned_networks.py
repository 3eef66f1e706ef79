"""The explorer of dropout: thinned networks and their average."""

import numpy as np
import pytest

from coursekit import nn, widgets
from coursekit.widgets.explorers import thinned_networks


def by_hand(x, p_drop, networks, draws):
    """The mean score of thinned networks, one after the other."""
    hidden = np.maximum(x @ thinned_networks.W_HIDDEN + thinned_networks.B_HIDDEN, 0)
    total = 0
    for draw in draws[:networks]:
        kept = np.where(draw < p_drop, 0, hidden / (1 - p_drop))
        total = total + kept @ thinned_networks.W_OUTPUT + thinned_networks.B_OUTPUT[0]
    return total / networks


@pytest.mark.parametrize(("p_drop", "networks"), [(0.5, 1), (0.3, 7), (0.9, 40), (0.0, 3)])
def test_the_average_by_a_loop_of_the_tests_own(p_drop, networks):
    explorer = widgets.ThinnedNetworks(p_drop=p_drop, networks=networks)
    state, draws = explorer.state, explorer.draws
    scores = by_hand(explorer.grid, p_drop, networks, draws)
    np.testing.assert_allclose(state.scores, scores, atol=1e-10)
    right = (by_hand(explorer.x, p_drop, networks, draws) > 0) == explorer.t
    last = (by_hand(explorer.x, p_drop, 1, draws[networks - 1 :]) > 0) == explorer.t
    assert state.right == pytest.approx(right.mean())
    assert state.last_right == pytest.approx(last.mean())
    whole = explorer.net(explorer.grid)[:, 0]
    assert state.differs == pytest.approx(np.mean((scores > 0) != (whole > 0)))


def test_it_draws_masks_as_the_layer_does():
    explorer = widgets.ThinnedNetworks(p_drop=0.4)
    layer = nn.Dropout(0.4, rng=np.random.default_rng(0))  # the explorer's seed
    kept = layer.forward(np.ones((thinned_networks.MOST, thinned_networks.UNITS)))[0]
    np.testing.assert_array_equal(kept > 0, explorer.draws >= 0.4)
    np.testing.assert_allclose(kept.max(), 1 / 0.6)


def test_without_dropout_every_network_is_the_whole_one():
    state = widgets.ThinnedNetworks(p_drop=0.0).state
    assert state.kept.all() and state.differs == 0


def test_many_agree_with_the_whole_network_and_one_does_not():
    explorer = widgets.ThinnedNetworks()
    assert explorer.state.right < 1 or explorer.state.differs > 0.05
    assert explorer.set(networks=200).differs < explorer.set(networks=1).differs / 2
    whole = np.mean((explorer.net(explorer.x)[:, 0] > 0) == explorer.t)
    assert whole > 0.97


def test_goal():
    explorer = widgets.ThinnedNetworks()
    assert not explorer.goal_reached
    explorer.set(networks=60)
    assert explorer.goal_reached
    explorer.set(p_drop=0.45)  # too easy
    assert not explorer.goal_reached


def test_dropped_units_are_crossed_out_in_the_diagram():
    explorer = widgets.ThinnedNetworks(p_drop=0.5)
    crosses = [line for line in explorer.diagram.lines if line.get_marker() == "x"]
    assert len(crosses) == 1
    assert len(crosses[0].get_xdata()) == int((~explorer.state.kept).sum()) > 0
    explorer.set(p_drop=0.0)
    (cross,) = [line for line in explorer.diagram.lines if line.get_marker() == "x"]
    assert len(cross.get_xdata()) == 0
