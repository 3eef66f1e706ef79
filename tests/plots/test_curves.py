"""Training curves, and activations with their slopes."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit import data, nn, plots


def legend_texts(ax):
    return [] if ax.get_legend() is None else [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_history_with_validation(ax):
    history = SimpleNamespace(loss=[3.0, 2, 1, 0.5], validation_loss=[3.0, 1.5, 2, 4])
    training, validation = plots.loss_curves(ax, history)
    assert training.get_xdata().tolist() == [1, 2, 3, 4]  # the first epoch is epoch 1
    assert training.get_ydata().tolist() == history.loss
    assert validation.get_ydata().tolist() == history.validation_loss
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    assert to_hex(training.get_color()) != to_hex(validation.get_color())
    (mark,) = [line for line in ax.get_lines() if line.get_marker() == "v"]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (2, 1.5)
    assert legend_texts(ax) == ["training", "validation", "least validation loss, epoch 2"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


@pytest.mark.parametrize("columns", [1, 2])
def test_the_legend_is_below_where_it_covers_nothing(columns):
    fig, axes = plots.subplots(1, columns)
    for ax in np.ravel(axes):
        plots.loss_curves(ax, SimpleNamespace(loss=[3.0, 2, 1], validation_loss=[3.0, 1.5, 2]))
    fig.draw_without_rendering()
    legends = [ax.get_legend().get_window_extent() for ax in np.ravel(axes)]
    for ax, legend in zip(np.ravel(axes), legends, strict=True):
        assert legend.y1 <= ax.xaxis.label.get_window_extent().y0
        assert 0 <= legend.x0 < legend.x1 <= fig.bbox.width and legend.y0 >= 0
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(legends))


@pytest.mark.parametrize("nothing", [None, [], np.empty(0)])
def test_a_history_without_validation(ax, nothing):
    (curve,) = plots.loss_curves(ax, SimpleNamespace(loss=[2, 1], validation_loss=nothing))
    assert curve.get_label() == "training"
    assert ax.get_legend() is None


def test_what_fit_returns(ax):
    x, t = data.blobs(60, rng=0)
    x_train, t_train, x_test, t_test = data.split(x, t, rng=0)
    rng = np.random.default_rng(0)
    history = nn.fit(
        nn.Sequential(nn.Dense(2, 2, rng=rng)),
        nn.CrossEntropy(),
        nn.SGD(0.1),
        x_train,
        t_train,
        epochs=5,
        batch_size=10,
        rng=rng,
        validation=(x_test, t_test),
    )
    training, validation = plots.loss_curves(ax, history)
    assert len(training.get_ydata()) == len(validation.get_ydata()) == 5


def test_named_runs_differ_in_colour_and_line(ax):
    runs = {name: np.arange(1.0, 9) for name in ("SGD", "Momentum", "AdaGrad", "RMSProp", "Adam")}
    curves = plots.loss_curves(ax, runs, log=True, xlabel="update", ylabel="error")
    assert legend_texts(ax) == list(runs)
    assert len({curve.get_color() for curve in curves}) == 5
    assert len({str(curve._dash_pattern) for curve in curves}) == 5
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("update", "error")


def test_one_series_and_one_value(ax):
    (curve,) = plots.loss_curves(ax, [5.0])
    assert curve.get_marker() == "o"  # a line of one point would not be seen
    ax.figure.canvas.draw()
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


@pytest.mark.parametrize(
    ("history", "message"), [({}, "at least one series"), ([[1.0, 2]], "vectors"), ([], "vectors")]
)
def test_series_that_are_none(ax, history, message):
    with pytest.raises(ValueError, match=message):
        plots.loss_curves(ax, history)


SMOOTH = [nn.Identity(), nn.Sigmoid(), nn.Tanh(), nn.Softplus()]
KINKED = [nn.ReLU(), nn.LeakyReLU()]


@pytest.mark.parametrize("function", [*SMOOTH, *KINKED, nn.ELU(), nn.Step()], ids=repr)
def test_an_activation_and_its_slope(ax, function):
    values, slope = plots.activation(ax, function)
    z = values.get_xdata()
    for curve, expected in ((values, function(z)), (slope, function.derivative(z))):
        y = curve.get_ydata()
        drawn = ~np.isnan(y)
        assert np.array_equal(y[drawn], expected[drawn])
        assert drawn.sum() >= len(z) - 1
    assert 0 not in z  # where some have no slope
    assert legend_texts(ax) == [type(function).__name__, "its slope"]
    assert (values.get_linestyle(), slope.get_linestyle()) == ("-", "--")
    assert ax.get_xlabel() == "score" and ax.get_xlim() == (-5, 5)


def gaps(curve):
    return np.isnan(curve.get_ydata()).sum()


def test_jumps_are_left_open(ax):
    for function in SMOOTH:
        assert sum(gaps(curve) for curve in plots.activation(ax, function)) == 0
    for function in KINKED:
        assert [gaps(curve) for curve in plots.activation(ax, function)] == [0, 1]
    assert [gaps(curve) for curve in plots.activation(ax, nn.Step())] == [1, 0]


def test_an_activation_alone(ax):
    (values,) = plots.activation(ax, np.cbrt, slope=False, limits=(-8, 8))
    assert values.get_label() == "cbrt"
    assert ax.get_xlim() == (-8, 8) and ax.get_ylabel() == "value"
