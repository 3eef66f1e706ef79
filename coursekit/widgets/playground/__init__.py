"""The playground: a network trained before your eyes, on `coursekit.nn`."""

from coursekit.widgets.playground.training.goals import Goal
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.view.widget import Playground

__all__ = ["PRESETS", "Goal", "Playground"]
