"""The playground as a still picture, for pages where nothing is live."""

from typing import Any

import numpy as np

from coursekit import plots
from coursekit.widgets.playground.choices import FEATURES, REGRESSION, SEVERAL
from coursekit.widgets.playground.problems import EDGE, features
from coursekit.widgets.playground.session import Session

WIDTH, HEIGHT, DOTS = 9.0, 3.3, 100
MOST_CAPTIONS = 4  # columns of the network that can be named in so little space


def picture(session: Session) -> tuple[bytes, tuple[int, int]]:
    """Network, output map and loss curves side by side: a PNG, and its width and height."""
    model = session.model
    fig, (left, middle, right) = plots.subplots(1, 3, width=WIDTH, height=HEIGHT)
    names = [FEATURES[name] for name in model.settings.features]
    labels = [names, *([""] * width for width in model.widths[1:])]
    drawing = plots.network(
        left, model.net, labels=labels, biases=False, values=False, legend=False
    )
    if len(labels) > MOST_CAPTIONS:
        for caption in drawing.captions:  # they would overlap
            caption.set_visible(False)
    left.set_title("network")

    def score(x: Any) -> Any:
        with np.errstate(all="ignore"):
            y = np.nan_to_num(model.net.infer(features(x, model.settings.features)))
            if model.problem.kind == SEVERAL:
                return y
            return 2 * np.arctanh(np.clip(model.output.score(y), -0.9999, 0.9999))

    task = model.problem
    t = task.t_train if task.kind == REGRESSION else task.t_train.astype(np.int64)
    limits = (-EDGE, EDGE)
    if len(t):
        plots.decision_map(middle, score, task.x_train, t, limits=limits)
    else:
        plots.decision_map(middle, score, limits=limits)
    middle.set_title("output")
    rows = session.curves.rows()
    curves = {"training": rows[:, 1], "test": rows[:, 2]}
    for (name, values), style in zip(curves.items(), plots.LINESTYLES, strict=False):
        if np.isfinite(values).any():
            right.plot(rows[:, 0], values, linestyle=style, label=name)
            right.legend()
    right.set(title="loss", xlabel="epoch")
    return bytes(plots.png(fig, dpi=DOTS)), (round(WIDTH * DOTS), round(HEIGHT * DOTS))
