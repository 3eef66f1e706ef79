"""Interactive views of the course's models: explorers with a goal, and predictions."""

from coursekit.widgets.base.controls import Choice, Control, Slider, Steps, Switch
from coursekit.widgets.base.explorer import Explorer
from coursekit.widgets.explorers.backprop import Backprop
from coursekit.widgets.explorers.bumps import Bumps
from coursekit.widgets.explorers.connections import Connections
from coursekit.widgets.explorers.lift_xor import LiftXOR
from coursekit.widgets.explorers.line_and_gates import LineAndGates
from coursekit.widgets.explorers.neuron import Neuron
from coursekit.widgets.explorers.normalised_layers import NormalisedLayers
from coursekit.widgets.explorers.penalties import Penalties
from coursekit.widgets.explorers.perceptron_steps import PerceptronSteps
from coursekit.widgets.explorers.rates_and_curves import RatesAndCurves
from coursekit.widgets.explorers.recipes import Recipes
from coursekit.widgets.explorers.scale_and_depth import ScaleAndDepth
from coursekit.widgets.explorers.ten_layers import TenLayers
from coursekit.widgets.explorers.thinned_networks import ThinnedNetworks
from coursekit.widgets.playground import Playground
from coursekit.widgets.prediction import Prediction, predict
from coursekit.widgets.race.race import OptimizerRace

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
