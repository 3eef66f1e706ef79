"""Figures of data, models and training.

Each function takes the axes first and returns what it drew. `subplots` makes the axes and `show`
displays the figure with its description in words. Colours are safe for colour-blind readers, and
each of them has a second cue: a marker shape, a line style, a sign.
"""

from coursekit.plots.circuit import Circuit as Circuit, circuit as circuit
from coursekit.plots.curves import activation as activation, loss_curves as loss_curves
from coursekit.plots.decision_line import Border as Border, line as line
from coursekit.plots.decision_map import DecisionMap as DecisionMap, decision_map as decision_map
from coursekit.plots.figures import legend as legend, style as style, subplots as subplots
from coursekit.plots.gate_graph import batch_norm_gates as batch_norm_gates, gates as gates
from coursekit.plots.hidden_plane import HiddenPlane as HiddenPlane, hidden_plane as hidden_plane
from coursekit.plots.loss_surface import (
    LossSurface as LossSurface,
    level_ellipse as level_ellipse,
    level_ellipses as level_ellipses,
    loss_surface as loss_surface,
)
from coursekit.plots.network_diagram import Diagram as Diagram, network as network
from coursekit.plots.neuron_drawing import neuron as neuron
from coursekit.plots.palette import (
    BLUE as BLUE,
    COLORS as COLORS,
    DIVERGING as DIVERGING,
    GREEN as GREEN,
    INK as INK,
    LINESTYLES as LINESTYLES,
    MARKERS as MARKERS,
    ORANGE as ORANGE,
    WINE as WINE,
    class_colors as class_colors,
    map_colors as map_colors,
)
from coursekit.plots.points import points as points
from coursekit.plots.show import Picture as Picture, close as close, png as png, show as show
from coursekit.plots.value_maps import value_maps as value_maps
from coursekit.plots.weights import (
    image_grid as image_grid,
    layer_histograms as layer_histograms,
    weight_images as weight_images,
)

style()
