"""The playground: a network trained before one's eyes, on `coursekit.nn`."""

from coursekit.widgets.playground.goals import Goal
from coursekit.widgets.playground.presets import PRESETS
from coursekit.widgets.playground.widget import Playground

__all__ = ["PRESETS", "Goal", "Playground"]
