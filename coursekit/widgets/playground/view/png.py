"""The playground as a static picture, for pages without a kernel."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.language import say
from coursekit.nn.validation import Array
from coursekit.plots.figures import legend_below
from coursekit.plots.show import small_png
from coursekit.widgets.playground.training.choices import FEATURES, REGRESSION, SEVERAL
from coursekit.widgets.playground.training.datasets import EDGE, compute_features
from coursekit.widgets.playground.training.session import Session

WIDTH, HEIGHT = 900, 330  # pixels
MOST_CAPTIONS = 4  # columns of the network for which the captions do not overlap


def picture(session: Session) -> bytes:
    """The figure as PNG."""
    return small_png(figure(session))


def figure(session: Session) -> Figure:
    """Network, output map and loss curves side by side."""
    model = session.model
    fig, (left, middle, right) = plots.subplots(1, 3, width=WIDTH / 100, height=HEIGHT / 100)
    names = [FEATURES[name][0] for name in model.settings.features]
    labels = [names, *([""] * width for width in model.widths[1:])]
    drawing = plots.network(
        left, model.net, labels=labels, biases=False, values=False, legend=False
    )
    if len(labels) > MOST_CAPTIONS:
        for caption in drawing.captions:
            caption.set_visible(False)
    left.set_title(say("network"))

    def score(x: Any) -> Any:
        with np.errstate(all="ignore"):
            y = np.nan_to_num(model.net.infer(compute_features(x, model.settings.features)))
            if model.problem.kind == SEVERAL:
                return y
            return 2 * np.arctanh(np.clip(model.head.score(y), -0.9999, 0.9999))

    task = model.problem
    t = task.t_train if task.kind == REGRESSION else task.t_train.astype(np.int64)
    plots.decision_map(middle, score, task.x_train, t, limits=(-EDGE, EDGE))
    middle.set_title(say("output"))
    _loss_curves(right, session.curves.rows())
    return fig


def _loss_curves(ax: Axes, rows: Array) -> None:
    """Both losses over the epochs; before the first one, a point for each."""
    ax.set(title=say("loss"), xlabel=say("epoch"), xlim=(0, max(1.0, rows[-1, 0])))
    ax.locator_params(axis="x", integer=True)
    for name, values, style, marker in zip(
        (say("training"), say("test")), rows[:, 1:3].T, plots.LINESTYLES, ("o", "s"), strict=False
    ):
        if np.isfinite(values).any():
            ax.plot(rows[:, 0], values, linestyle=style, label=name, clip_on=False)
            if len(rows) == 1:  # often the same twice: a ring around the point
                ax.lines[-1].set(marker=marker, linestyle="", markersize=5 * len(ax.lines))
                ax.lines[-1].set_fillstyle("none" if marker == "s" else "full")
    if ax.lines:
        ax.set_ylim(bottom=0)
        legend_below(ax, columns=2)
    else:  # no points yet, and so no losses
        ax.set_visible(False)
