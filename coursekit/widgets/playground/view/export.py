"""Curves and weights as text files."""

import json

import numpy as np

from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import to_text


def curves_csv(session: Session) -> str:
    """A line for each epoch that is kept, under a line of names."""
    rows = session.curves.rows()
    names = ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    lines = [",".join(names[: rows.shape[1]])]
    lines += [
        ",".join([f"{row[0]:.0f}", *("" if np.isnan(v) else f"{v:.9g}" for v in row[1:])])
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def weights_json(session: Session) -> str:
    """Parameters and running statistics of every layer, W as (n_in, n_out)."""
    layers = [
        {
            "layer": repr(layer),
            **{name: a.tolist() for name, a in {**layer.params, **layer.statistics}.items()},
        }
        for layer in session.model.net.layers
    ]
    state = to_text(session.settings, session.own)
    return json.dumps({"state": state, "epoch": session.epoch, "layers": layers}, indent=1)
