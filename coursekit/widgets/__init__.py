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
from coursekit.widgets.normalised import NormalisedLayers
from coursekit.widgets.penalties import Penalties
from coursekit.widgets.playground import Playground
from coursekit.widgets.prediction import Prediction, predict
from coursekit.widgets.race import OptimizerRace
from coursekit.widgets.rates import RatesAndCurves
from coursekit.widgets.recipes import Recipes
from coursekit.widgets.scale import ScaleAndDepth
from coursekit.widgets.steps import PerceptronSteps
from coursekit.widgets.thinned import ThinnedNetworks

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
    "NormalisedLayers",
    "OptimizerRace",
    "Penalties",
    "PerceptronSteps",
    "Playground",
    "Prediction",
    "RatesAndCurves",
    "Recipes",
    "ScaleAndDepth",
    "Slider",
    "Steps",
    "Switch",
    "TenLayers",
    "ThinnedNetworks",
    "predict",
]
