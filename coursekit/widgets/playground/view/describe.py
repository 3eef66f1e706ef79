"""The state of a playground in words, for screen readers and beside the picture."""

import math

from coursekit.language import list_of, mark, say, say_n
from coursekit.plots.format_number import format_number
from coursekit.widgets.playground.training.choices import DATA
from coursekit.widgets.playground.training.session import Session


def describe(session: Session) -> str:
    """Epoch, losses, accuracies, network, dead units, and why training can't go on."""
    measures = session.measures
    losses, shares = measures[:2], measures[2:]
    sentences = [
        say("Epoch {n} on {data}.", n=session.epoch, data=say(DATA[session.settings.data].label)),
        _of_both(
            mark("Training loss {training} and test loss {test}."),
            mark("Training loss {training}."),
            mark("Test loss {test}."),
            *(loss_text(loss) if math.isfinite(loss) else "" for loss in losses),
        ),
        _of_both(
            mark("Right: {training} of the training points and {test} of the test points."),
            mark("Right: {training} of the training points."),
            mark("Right: {test} of the test points."),
            *("" if math.isnan(share) else share_text(share) for share in shares),
        ),
        network_text(session),
    ]
    dead = int(session.model.dead_units.sum())
    if dead:
        sentences.append(
            say_n(
                dead,
                "{n} hidden unit without a slope at any training point.",
                "{n} hidden units without a slope at any training point.",
            )
        )
    sentences.append(session.message)
    return " ".join(filter(None, sentences))


def _of_both(both: str, one: str, other: str, training: str, test: str) -> str:
    """The sentence for the values that are known, (training, test); unknown ones are empty."""
    sentences = {(True, True): both, (True, False): one, (False, True): other}
    sentence = sentences.get((bool(training), bool(test)), "")
    return say(sentence, training=training, test=test)


def network_text(session: Session) -> str:
    """Widths and activations, ``Network 2-4-2-1 with tanh.``."""
    widths = "-".join(map(str, session.model.widths))
    activations = dict.fromkeys(layer.activation for layer in session.settings.hidden)
    if not activations:
        return say("Network {widths} without a hidden layer.", widths=widths)
    names = list_of(map(say, activations))
    return say("Network {widths} with {activations}.", widths=widths, activations=names)


def loss_text(loss: float) -> str:
    """Two decimals: the text shows only digits that are the same on every processor."""
    if loss < 0.01:
        return say("below 0.01")
    return format_number(loss) if loss < 1000 else f"{loss:.0e}"


def share_text(share: float) -> str:
    """Per cent; 100 only if all are right."""
    return f"{min(math.floor(100 * share + 0.5), 100 if share == 1 else 99)} %"
