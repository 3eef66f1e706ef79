"""Curves and weights as text files."""

import csv
import io
import json

import numpy as np

from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import to_text

COLUMNS = ("epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy")


def curves_csv(session: Session) -> str:
    """A row for each recorded epoch, below a row of names; a missing value is empty."""
    rows = session.curves.rows()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[: rows.shape[1]])
    for epoch, *values in rows:
        writer.writerow([int(epoch), *("" if np.isnan(v) else f"{v:.9g}" for v in values)])
    return text.getvalue()


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
