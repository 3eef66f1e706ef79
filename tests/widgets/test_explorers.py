"""Each explorer: what its values lead to, and that its goal can or can't be reached."""

import base64
import dataclasses
import html
import io
import itertools

import numpy as np
import pytest
from PIL import Image

from coursekit import data, nn, widgets
from coursekit.widgets import Choice, Slider, Switch
from coursekit.widgets.base.controls import StepSlider

X = data.gate("or")[0]


def other_value(control):
    """A value next to the present one."""
    if isinstance(control, Switch):
        return not control.value
    if isinstance(control, Choice):
        return next(option for option in control.options if option != control.value)
    assert isinstance(control, Slider)
    step = control.step if control.value < control.high else -control.step
    return control.check(round(control.value + step, 6))


def numbers(state):
    """A state as nested lists and numbers, to be compared."""
    if dataclasses.is_dataclass(state):
        return {f.name: numbers(getattr(state, f.name)) for f in dataclasses.fields(state)}
    if isinstance(state, tuple):
        return [numbers(part) for part in state]
    return state.tolist() if isinstance(state, np.ndarray) else state


def test_every_control_changes_the_picture_and_back(explorer):
    before = explorer.picture()
    for name, control in explorer.controls.items():
        old = control.value
        explorer.set(**{name: other_value(control)})
        assert explorer.picture() != before, name
        if name == [*explorer.controls][-1]:
            explorer.canvas.redraw_frame()  # as for another screen: nothing of this picture stays
        explorer.set(**{name: old})
        assert explorer.picture() == before, name


def test_compute_is_pure(explorer):
    first = explorer.values
    second = {name: other_value(control) for name, control in explorer.controls.items()}
    expected = numbers(explorer.compute(**first))
    assert numbers(explorer.compute(**second)) != expected
    assert numbers(explorer.compute(**first)) == expected
    assert explorer.values == first


def test_the_picture_has_its_place_beside_the_controls(explorer):
    """Of a window of 1366 pixels JupyterLab leaves 934 to an output; the picture hardly shrinks."""
    controls, stage = explorer.view.children
    least = float(controls.layout.flex.split()[-1].removesuffix("px"))
    left = float(stage.layout.margin.split()[-1].removesuffix("px"))
    assert 934 - least - left >= 0.95 * explorer.canvas.width


def test_the_still_of_one_that_nobody_moved_is_its_example_and_changes_nothing(explorer):
    first, seen, text = explorer.values, explorer.picture(), explorer.text
    untouched = explorer.still()
    assert explorer.values == first and explorer.picture() == seen and explorer.text == text
    pixels = np.array(explorer.canvas.figure.canvas.buffer_rgba())
    explorer.set(**first)
    assert np.array_equal(pixels, explorer.canvas.figure.canvas.buffer_rgba())
    explorer.set(**explorer.example)
    assert explorer.text in untouched[0]["text/plain"]
    explorer.set(**first)
    assert (text in untouched[0]["text/plain"]) == ({**first, **explorer.example} == first)


def test_the_still_holds_picture_and_words(explorer):
    explorer.set(**explorer.example)
    data_, metadata = explorer.still()
    png = base64.b64decode(data_["image/png"])
    stored, live = (Image.open(io.BytesIO(data)) for data in (png, explorer.picture()))
    sharp = 2 * np.array([explorer.canvas.width, explorer.canvas.height])
    assert np.abs(stored.size - sharp).max() <= 1
    paper = Image.new("RGBA", live.size, "white")
    on_paper = [Image.alpha_composite(paper, picture.convert("RGBA")) for picture in (stored, live)]
    first, second = (np.asarray(picture, int) for picture in on_paper)
    assert np.abs(first - second).mean() < 1
    assert len(png) < 60_000
    assert f'alt="{html.escape(data_["text/plain"])}"' in data_["text/html"]
    assert f'src="data:image/png;base64,{data_["image/png"]}">' in data_["text/html"]
    assert explorer.text in data_["text/plain"]
    assert f"Goal: {explorer.goal_text}." in data_["text/plain"]
    assert metadata["image/png"]["alt"] == data_["text/plain"]
    assert 0 < metadata["image/png"]["width"] <= 640


def test_repr_and_words_stay_the_same(explorer):
    again = type(explorer).__new__(type(explorer))
    again.controls = explorer.controls
    assert repr(again) == repr(explorer)
    assert "0x" not in repr(explorer) + explorer.text
    assert repr(explorer).startswith(type(explorer).__name__ + "(")


def test_what_goes_on_in_steps_can_be_played(explorer):
    in_steps = {n for n, control in explorer.controls.items() if isinstance(control, StepSlider)}
    assert in_steps <= set(explorer.played)


@pytest.mark.parametrize("gate", ["or", "and", "nand", "nor", "xor"])
def test_gates_reachable_or_not(gate):
    explorer = widgets.LineAndGates(gate)
    assert not explorer.goal_reached
    t = data.gate(gate)[1]
    # the sliders' positions, each half as fine, by a formula of the test's own
    steps = np.linspace(-2, 2, 21)
    fewest, best = 5, None
    for w1, w2, w0 in itertools.product(steps, repeat=3):
        errors = int(((X @ [w1, w2] - w0 > 1e-12) != t).sum())
        if errors < fewest:
            fewest, best = errors, (w1, w2, w0)
    assert fewest == (1 if gate == "xor" else 0)
    explorer.set(**dict(zip(("w1", "w2", "threshold"), best, strict=True)))
    assert explorer.state.errors == fewest
    assert explorer.goal_reached == (gate != "xor")
    assert ("Goal reached." in explorer.still()[0]["text/plain"]) == (gate != "xor")
    assert ("No line has fewer: 1 error is the best on XOR." in explorer.text) == (gate == "xor")


def test_xor_never_reached_by_the_explorer_itself():
    explorer = widgets.LineAndGates("xor")
    for w1, w2, w0 in itertools.product(np.linspace(-2, 2, 9), repeat=3):
        state = explorer.compute("xor", w1, w2, w0)
        assert state.errors >= 1
        assert not explorer.goal(state)


def test_gate_on_the_line_is_not_above_it():
    state = widgets.LineAndGates("or").set(w1=1, w2=1, threshold=0)
    assert state.outputs.tolist() == [0, 1, 1, 1]


def test_gates_in_words():
    explorer = widgets.LineAndGates("and", w1=-1, w2=0.5, threshold=0.2)
    assert explorer.text == "[−x₁ + 0.5·x₂ − 0.2 > 0] has 2 errors on AND: (0, 1) and (1, 1)."
    explorer.set(w1=0, w2=0, threshold=0)
    assert explorer.text == "[0 > 0] has 1 error on AND: (1, 1)."


def test_gates_refuse_one_input():
    with pytest.raises(ValueError, match=r"gate must be .*, got 'not'"):
        widgets.LineAndGates("not")


def test_another_gate_keeps_the_line():
    explorer = widgets.LineAndGates("or")
    explorer.set(w1=1, w2=1, threshold=0.5)
    assert explorer.goal_reached
    state = explorer.set(gate="and")
    assert (explorer.values["w1"], explorer.values["threshold"]) == (1, 0.5)
    assert (state.errors, state.wrong.tolist()) == (2, [False, True, True, False])
    assert "A line and the rows of AND. " in explorer.still()[0]["text/plain"]


def test_xor_asks_for_the_fewest_errors():
    explorer = widgets.LineAndGates("xor")
    assert explorer.goal_text == "as few errors on XOR as possible (fewest so far: 2)"
    explorer.set(w1=1, w2=1, threshold=0.5)
    assert explorer.goal_text.endswith("(fewest so far: 1)")
    explorer.set(threshold=2)
    assert explorer.state.errors == 2
    assert explorer.goal_text.endswith("(fewest so far: 1)")
    assert "(fewest so far: 1)." in explorer.still()[0]["text/plain"]
    explorer.set(gate="or")
    assert explorer.goal_text == "no error on OR"


def test_lift():
    explorer = widgets.LiftXOR()
    for threshold in np.linspace(-1, 2, 31):  # without the product it is a line
        assert not explorer.goal(explorer.compute(0.0, threshold, -60))
    explorer.set(w3=-2)
    assert explorer.goal_reached
    assert explorer.text == "[x₁ + x₂ − 2·x₁·x₂ − 0.5 > 0] has 0 errors on XOR."


def test_cut_of_a_plane_lies_on_it_and_is_convex():
    from coursekit.widgets.explorers.lift_xor import BOX, cut

    rng = np.random.default_rng(0)
    for weights in rng.normal(size=(50, 3)):
        bias = -weights @ BOX.mean(axis=1)  # through the middle of the box
        corners = cut(weights, bias)
        assert 3 <= len(corners) <= 6
        np.testing.assert_allclose(corners @ weights + bias, 0, atol=1e-12)
        edges = np.roll(corners, -1, axis=0) - corners
        turns = np.cross(edges, np.roll(edges, -1, axis=0)) @ weights
        assert (turns > 0).all() or (turns < 0).all()
    assert cut(np.array([0.0, 0.0, 1.0]), 9.0).shape == (0, 3)


def test_neuron_parts():
    explorer = widgets.Neuron(activation="tanh")
    state = explorer.set(x1=0.5, x2=-1, w1=2, w2=0.5, threshold=-0.25)
    assert state.products.tolist() == [1.0, -0.5]
    assert state.score == pytest.approx(0.75)
    assert state.output == pytest.approx(np.tanh(0.75))
    expected = "Score: 2·0.5 + 0.5·(−1) − (−0.25) = 0.75. Output: tanh(0.75) = 0.635."
    assert explorer.text == expected
    explorer.set(w2=-0.5)
    assert explorer.text.startswith("Score: 2·0.5 + (−0.5)·(−1) − (−0.25) = ")


def test_neuron_goal():
    explorer = widgets.Neuron()
    explorer.set(w1=-2, w2=-2, x1=-1, x2=-1, threshold=0)
    assert not explorer.goal_reached  # a step is no sigmoid
    explorer.set(activation="sigmoid")
    assert explorer.goal_reached
    state = explorer.set(x1=0, threshold=-1)
    assert state.output > 0.9
    assert not explorer.goal_reached  # 0 is not negative


def test_perceptron_on_or():
    """The run of the textbook: nine updates, then an epoch without a mistake."""
    explorer = widgets.PerceptronSteps(X, data.gate("or")[1])
    last = len(explorer.visits) - 1
    assert last == 24
    first = [explorer.visits[k].after.tolist() for k in range(4)]
    assert first == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 1, -1]]
    assert explorer.set(step=3).errors == 1
    assert not explorer.goal_reached
    assert explorer.text == (
        "Epoch 1, example (1, 0) with target +1: score 0, a mistake. Update 3: w₁ = 1, w₂ = 1 and "
        "w₀ = −1. 1 mistake among 4 examples with this line, 3 updates so far."
    )
    state = explorer.set(step=last)
    assert state.visit.updates == 9
    assert state.visit.after.tolist() == [2, 2, 1]
    assert explorer.goal_reached
    assert "right" in explorer.text


def test_perceptron_is_rosenblatt_s_rule():
    rng = np.random.default_rng(3)
    x, t = rng.normal(size=(12, 2)), rng.choice([-1, 1], 12)
    explorer = widgets.PerceptronSteps(x, t, lr=0.3, start=(0.1, -0.2, 0.5), epochs=4)
    w, updates = np.array([0.1, -0.2, 0.5]), 0
    for visit in explorer.visits[1:]:
        row = np.append(x[visit.example], -1)
        np.testing.assert_allclose(visit.before, w)
        if t[visit.example] * (w @ row) <= 0:
            w, updates = w + 0.3 * t[visit.example] * row, updates + 1
        np.testing.assert_allclose(visit.after, w)
        assert visit.updates == updates
    assert len(explorer.visits) == 1 + 4 * 12


def test_perceptron_on_xor_goes_round():
    explorer = widgets.PerceptronSteps(X, data.gate("xor")[1], epochs=10)
    assert len(explorer.visits) == 41
    assert not any(explorer.goal(explorer.compute(step)) for step in range(41))
    explorer.set(step=4)
    assert explorer.text.endswith("of the start again: the rule goes round in circles.")
    explorer.set(step=3)
    assert "circle" not in explorer.text


def test_perceptron_refuses():
    with pytest.raises(ValueError, match=r"x must be \(N, 2\) and t \(N,\), got \(4, 3\)"):
        widgets.PerceptronSteps(np.zeros((4, 3)), np.zeros(4))
    with pytest.raises(ValueError, match="start must be"):
        widgets.PerceptronSteps(X, np.zeros(4), start=(1, 2))


def test_connections_fewest_parameters():
    """Of all 512 networks exactly those of the goal are right with the fewest parameters."""
    explorer = widgets.Connections()
    names = list(explorer.controls)
    right = {}
    for on in itertools.product([True, False], repeat=len(names)):
        state = explorer.compute(**dict(zip(names, on, strict=True)))
        if not state.wrong.any():
            right[on] = state.n_parameters
    assert min(right.values()) == 10
    best = [on for on, n in right.items() if n == 10]
    assert len(best) == 1
    explorer.set(**dict(zip(names, best[0], strict=True)))
    assert explorer.goal_reached
    assert not widgets.Connections().goal_reached


def test_connections_gradients_are_those_of_the_loss():
    explorer = widgets.Connections()
    state = explorer.set(x1_h1=False, h2_y=False)
    assert state.n_parameters == 11
    assert state.grads[0][0, 0] == 0
    assert state.grads[1][1, 0] == 0
    assert state.removed == 2

    from coursekit.widgets.explorers.connections import masked_network

    net, t = masked_network(state.masks), data.gate("xor")[1][:, None].astype(float)

    def loss(theta):
        net.theta = theta
        return nn.BinaryCrossEntropy()(net(X), t)[0]

    numerical = nn.numerical_gradient(loss, net.theta.copy())
    parts = [state.grads[0].ravel(), state.grads[1].ravel()]
    expected = [numerical[:6], numerical[9:12]]
    for part, wanted in zip(parts, expected, strict=True):
        np.testing.assert_allclose(part, wanted, atol=1e-7)
