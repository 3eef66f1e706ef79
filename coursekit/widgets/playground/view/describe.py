"""The state of a playground in words, for screen readers and beside the picture."""

import math

from coursekit.widgets.base.text import counted, listed, number
from coursekit.widgets.playground.training.choices import DATA
from coursekit.widgets.playground.training.session import Session


def describe(session: Session) -> str:
    """Two to four sentences: epoch, losses, accuracy, network, what stands in the way."""
    measures = session.measures
    said = [f"Epoch {session.epoch} on {DATA[session.settings.data][1]}."]
    losses = {"training": measures.train_loss, "test": measures.test_loss}
    known = [f"{name} loss {loss_text(v)}" for name, v in losses.items() if math.isfinite(v)]
    if known:
        text = listed(known)
        said.append(text[0].upper() + text[1:] + ".")
    shares = {"training": measures.train_accuracy, "test": measures.test_accuracy}
    known = [f"{share_text(v)} of the {name} points" for name, v in shares.items() if v == v]
    if known:
        said.append(f"Right: {listed(known)}.")
    said.append(f"Network {network_text(session)}.")
    dead = int(session.model.dead_units.sum())
    if dead:
        said.append(f"{counted(dead, 'hidden unit')} without a slope at any training point.")
    if session.message:
        said.append(session.message)
    return " ".join(said)


def network_text(session: Session) -> str:
    """Widths and activations, ``2-4-2-1 with tanh``."""
    widths = "-".join(map(str, session.model.widths))
    kinds = list(dict.fromkeys(layer.activation for layer in session.settings.hidden))
    return f"{widths} with {listed(kinds)}" if kinds else f"{widths} without a hidden layer"


def loss_text(loss: float) -> str:
    """Two decimals; the words say no more than another processor would find too."""
    if loss < 0.01:
        return "below 0.01"
    return number(loss) if loss < 1000 else f"{loss:.0e}"


def share_text(share: float) -> str:
    """Per cent; 100 only for all."""
    return f"{min(math.floor(100 * share + 0.5), 100 if share == 1 else 99)} %"
