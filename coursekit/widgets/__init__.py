"""Interactive views of the course's models: explorers with a goal, and predictions."""

from coursekit.widgets.backprop import Backprop
from coursekit.widgets.bumps import Bumps
from coursekit.widgets.connections import Connections
from coursekit.widgets.controls import Choice, Control, Slider, Steps, Switch
from coursekit.widgets.depth import TenLayers
from coursekit.widgets.explorer import Explorer
from coursekit.widgets.gates import LineAndGates
from coursekit.widgets.lift import LiftXOR
from coursekit.widgets.neuron import Neuron
from coursekit.widgets.prediction import Prediction, predict
from coursekit.widgets.race import OptimizerRace
from coursekit.widgets.rates import RatesAndCurves
from coursekit.widgets.steps import PerceptronSteps

__all__ = [
    "Backprop",
    "Bumps",
    "Choice",
    "Connections",
    "Control",
    "Explorer",
    "LiftXOR",
    "LineAndGates",
    "Neuron",
    "OptimizerRace",
    "PerceptronSteps",
    "Prediction",
    "RatesAndCurves",
    "Slider",
    "Steps",
    "Switch",
    "TenLayers",
    "predict",
]
