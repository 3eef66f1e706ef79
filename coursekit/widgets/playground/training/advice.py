"""Sentences that say why training can't go on, and what to try."""

from coursekit import nn
from coursekit.language import say
from coursekit.widgets.playground.training.choices import SCALED_INITIALIZERS
from coursekit.widgets.playground.training.model import Model
from coursekit.widgets.playground.training.settings import Settings


def explain_obstacle(model: Model) -> str:
    """Why training can't begin; empty if it can."""
    size, n_points = model.settings.batch_size, len(model.x_train)
    if n_points == 0:
        return say("No points to train on yet: click some onto the map.")
    normalised = any(isinstance(layer, nn.BatchNorm) for layer in model.net.layers)
    if normalised and n_points % size == 1:
        return say(
            "Batch norm can't learn from a single point, and {n} points in batches of {size} leave "
            "one over: choose another batch size.",
            n=n_points,
            size=size,
        )
    return ""


def explain_divergence(settings: Settings, epoch: int) -> str:
    """The epoch in which training diverged, and what to try, the likeliest remedy first."""
    advice = [say("a lower learning rate (it is {rate:g})", rate=settings.lr)]
    if settings.penalty != "none" and settings.strength * settings.lr > 1:
        advice.append(say("a weaker penalty (it is {strength:g})", strength=settings.strength))
    if any(name in settings.features for name in ("x1^2", "x2^2", "x1*x2")):
        advice.append(say("no squares and products among the features"))
    if settings.init in SCALED_INITIALIZERS and settings.init_scale > 1:
        advice.append(
            say("smaller starting weights (their scale is {scale:g})", scale=settings.init_scale)
        )
    if settings.hidden and not any(layer.batch_norm for layer in settings.hidden):
        advice.append(say("batch norm"))
    tries = "; ".join(advice)
    return say(
        "The training diverged in epoch {epoch}. Reset, and try one of these: {advice}.",
        epoch=epoch + 1,
        advice=tries,
    )
