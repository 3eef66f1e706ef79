"""Interactive views of the course's models: explorers with a goal, and predictions."""

from coursekit.widgets.base.controls import (
    Choice as Choice,
    Control as Control,
    Slider as Slider,
    StepSlider as StepSlider,
    Switch as Switch,
)
from coursekit.widgets.base.explorer import Explorer as Explorer
from coursekit.widgets.explorers.backprop import Backprop as Backprop
from coursekit.widgets.explorers.bending_plane import BendingPlane as BendingPlane
from coursekit.widgets.explorers.bumps import Bumps as Bumps
from coursekit.widgets.explorers.connections import Connections as Connections
from coursekit.widgets.explorers.lift_xor import LiftXOR as LiftXOR
from coursekit.widgets.explorers.line_and_gates import LineAndGates as LineAndGates
from coursekit.widgets.explorers.momentum_map import MomentumMap as MomentumMap
from coursekit.widgets.explorers.neuron import Neuron as Neuron
from coursekit.widgets.explorers.normalised_layers import NormalisedLayers as NormalisedLayers
from coursekit.widgets.explorers.penalties import Penalties as Penalties
from coursekit.widgets.explorers.perceptron_steps import PerceptronSteps as PerceptronSteps
from coursekit.widgets.explorers.rates_and_curves import RatesAndCurves as RatesAndCurves
from coursekit.widgets.explorers.recipes import Recipes as Recipes
from coursekit.widgets.explorers.scale_and_depth import ScaleAndDepth as ScaleAndDepth
from coursekit.widgets.explorers.soft_step import SoftStep as SoftStep
from coursekit.widgets.explorers.ten_layers import TenLayers as TenLayers
from coursekit.widgets.explorers.thinned_networks import ThinnedNetworks as ThinnedNetworks
from coursekit.widgets.playground import Playground as Playground
from coursekit.widgets.prediction import Prediction as Prediction, predict as predict
from coursekit.widgets.race.race import OptimizerRace as OptimizerRace
