"""Explorers in JupyterLab: each control by mouse and keyboard, goals, pictures and barriers."""

import io
import re
from itertools import product

import numpy as np
import pytest
from barriers import barriers_of_outputs
from drawn import Drawn, is_like, tints
from explorers import EXPLORERS, GOALS, make, shown, targets, twin, wait_agreement
from lab_page import ExplorerView
from matplotlib.image import imread
from playwright.sync_api import expect
from text_boxes import TROUBLE

from coursekit import data, plots
from coursekit.widgets import Choice, Slider, StepSlider, Switch
from coursekit.widgets.explorers import thinned_networks

ALL = pytest.mark.parametrize(("view", "name"), [(n, n) for n in EXPLORERS], indirect=["view"])
# They have each kind of control and of handle; with the others it takes minutes.
KINDS = ("LineAndGates", "PerceptronSteps", "ScaleAndDepth", "Penalties")


def some_first(names):
    """Run over explorers; those that are not of `KINDS` are tests that take long."""
    marks = {name: () if name in KINDS else pytest.mark.long for name in names}
    params = [pytest.param(name, name, marks=marks[name], id=name) for name in names]
    return pytest.mark.parametrize(("view", "name"), params, indirect=["view"])


def test_all_explorers_are_here():
    from coursekit import widgets

    made = {type(twin(name)).__name__ for name in EXPLORERS}
    expected = {
        kind.__name__
        for kind in vars(widgets).values()
        if isinstance(kind, type) and issubclass(kind, widgets.Explorer)
    }
    assert made == expected - {"Explorer"}
    assert set(GOALS) == set(EXPLORERS)


@ALL
def test_it_has_a_picture_a_result_and_names(view, name):
    expect(view.output.get_by_role("img", name="Picture:")).to_be_visible()
    expect(view.result).to_contain_text("Goal: ")
    for box in view.output.locator("input, select").all():
        label = box.evaluate("box => box.labels[0]?.innerText")
        assert label, "an input without a name"
        assert label.strip() != "\u200b"
    model = twin(name)
    for played in model.played:
        button = f"Play or stop: {model.controls[played].label}"
        expect(view.output.get_by_role("button", name=button)).to_be_visible()


@some_first(EXPLORERS)
def test_each_control_by_mouse_and_by_keyboard(view, name):
    model = twin(name)
    start = view.pixels()
    sliders = [control for control in model.controls.values() if isinstance(control, Slider)]
    for control in model.controls.values():
        n = sliders.index(control) if control in sliders else None
        for way, move, back in ways(view, control, n):
            move()
            try:
                view.wait_pixels(other_than=start)
                wait_agreement(view, model)
                back()
                view.wait_pixels(equal_to=start)
                wait_agreement(view, model)
            except AssertionError as error:
                raise AssertionError(f"{control.label}, {way}: {error}") from error


def ways(view, control, n):
    """How a control is moved, and moved back, each with a name."""
    field = view.field(control.label)

    def restore():
        choose(view, control, control.value)

    if isinstance(control, Slider):
        handle = view.handle(n)
        up = control.value < control.high
        right, left = ("Right", "Left") if up else ("Left", "Right")
        higher = "Up" if up else "Down"
        yield "slider by keys", *presses(view, handle, f"Arrow{right}", f"Arrow{left}")
        by = 25 if up else -25
        # Back by typing: where a step is less than a pixel, the mouse may miss the old place.
        yield "slider by mouse", lambda: drag(view, handle, by), restore
        yield "number box", lambda: field.press(f"Arrow{higher}"), restore
    if isinstance(control, StepSlider):
        forward, back = (view.output.get_by_role("button", name=n) for n in ("Forward", "Back"))
        yield "buttons by mouse", forward.click, back.click
        yield "buttons by keys", lambda: forward.press("Enter"), lambda: back.press("Enter")
    if isinstance(control, Choice):
        last = control.value == control.options[-1]
        other = control.options[control.options.index(control.value) + (-1 if last else 1)]
        yield "list by keys", lambda: field.press("ArrowUp" if last else "ArrowDown"), restore
        # A browser without a window has no list to click into.
        yield "list by choice", lambda: choose(view, control, other), restore
    if isinstance(control, Switch):
        yield "switch by keys", *presses(view, field, "Space", "Space")
        yield "switch by mouse", field.click, field.click


def presses(view, locator, there, back):
    def press(key):
        locator.focus()
        view.page.keyboard.press(key)

    return lambda: press(there), lambda: press(back)


def drag(view, handle, by):
    """Drag a slider's handle by so many pixels with the mouse."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + by, y, steps=5)
    view.page.mouse.up()


def choose(view, control, value):
    """Give a control a value as a student does."""
    field = view.field(control.label)
    if isinstance(control, Choice):
        field.select_option(value)
    elif isinstance(control, Switch):
        field.set_checked(value)
    else:
        field.fill(f"{value:g}")
        field.press("Enter")


@some_first(EXPLORERS)
def test_the_goal_is_reached_and_stays_reached(view, name):
    model = twin(name)
    start = view.pixels()
    expect(view.result).not_to_contain_text("Goal reached.")
    for key, value in GOALS[name].items():
        choose(view, model.controls[key], value)
    expect(view.result).to_contain_text("Goal reached.")
    wait_agreement(view, model)
    for key in GOALS[name]:
        choose(view, model.controls[key], model.controls[key].value)
    view.wait_pixels(equal_to=start)
    expect(view.result).to_contain_text("Goal reached before.")


# Those that have handles on their pictures.
HANDLES = (
    "LineAndGates", "LiftXOR", "Neuron", "Connections", "SoftStep", "Bumps", "MomentumMap",
    "ScaleAndDepth", "Penalties", "Backprop",
)  # fmt: skip


def test_these_explorers_have_handles():
    assert [name for name in EXPLORERS if twin(name)._handles] == list(HANDLES)


@some_first(HANDLES)
def test_each_handle_by_mouse_by_finger_and_by_keys(view, name):
    model, start = twin(name), view.pixels()
    for k, way in product(range(len(model._handles)), [by_mouse, by_finger, by_keys]):
        control = model.controls[model._handles[k].bound[0]]
        if isinstance(control, Switch):
            wanted = {model._handles[k].bound[0]: not control.value}
            way(view, k, free_place(model, k), 0)
        else:
            steps = 1 if way is by_keys else max(2, len(control.steps()) // 9)
            wanted, place = targets(model, k, steps)
            way(view, k, place, len(wanted))
        # A mouse counts in whole pixels, and a slider's step may be less than two.
        off = 0 if way is by_keys else 1.01

        def is_there(wanted=wanted, off=off):
            return all(
                abs(shown(view, model.controls[name]) - value)
                <= off * getattr(model.controls[name], "step", 0)
                for name, value in wanted.items()
            )

        view.wait(f"handle {k}, {way.__name__}: the controls are not {wanted}", is_there)
        wait_agreement(view, model)
        view.wait_pixels(other_than=start)
        for name in wanted:
            choose(view, model.controls[name], model.controls[name].value)
        view.wait_pixels(equal_to=start)


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_page(view, place):
    """Where a place on the picture, given as it is drawn at full size, is on the page."""
    box = view.image.bounding_box()
    scale = box["width"] / view.output.locator(".ck-handles").evaluate(
        "svg => svg.viewBox.baseVal.width"
    )
    return box["x"] + scale * place[0], box["y"] + scale * place[1]


def free_place(model, k):
    """A place on a link, in pixels from the picture's corner, away from those that cross it."""
    shares = np.linspace(0.1, 0.9, 17)[:, None]
    ends = [handle._pixels(model.values) for handle in model._handles]
    links = np.stack([start + shares * (end - start) for start, end in ends])
    others = np.delete(links, k, axis=0).reshape(-1, 2)
    away = np.linalg.norm(links[k][:, None] - others, axis=-1).min(axis=1)
    return links[k][away.argmax()]


def grip(view, k, place, n):
    """Where a handle is touched on the page: a link, which moves no value, at the given place."""
    return middle(view.knob(k).bounding_box()) if n else on_page(view, place)


def by_mouse(view, k, place, n):
    mouse = view.page.mouse
    mouse.move(*grip(view, k, place, n))
    mouse.down()
    if n:
        mouse.move(*on_page(view, place), steps=5)
        assert np.allclose(middle(view.knob(k).bounding_box()), on_page(view, place), atol=1.5)
    mouse.up()


def by_finger(view, k, place, n):
    screen = view.page.context.new_cdp_session(view.page)

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = grip(view, k, place, n)
    touch("touchStart", (x, y))
    if n:
        to = on_page(view, place)
        for share in (0.3, 0.7, 1):
            touch("touchMove", (x + share * (to[0] - x), y + share * (to[1] - y)))
    touch("touchEnd")
    screen.detach()


def by_keys(view, k, place, n):
    view.output.locator(".ck-handle").nth(k).focus()
    for key in ["ArrowRight", "ArrowUp"][:n] or ["Space"]:
        view.page.keyboard.press(key)


@pytest.mark.parametrize("view", ["PerceptronSteps"], indirect=True)
def test_no_click_is_lost(view):
    start = view.pixels()
    back, forward = (view.output.get_by_role("button", name=n) for n in ("Back", "Forward"))
    for _ in range(5):
        forward.click()
    expect(view.result).to_contain_text("Epoch 2, example (0, 0)")
    back.focus()
    for _ in range(5):
        view.page.keyboard.press("Enter")
    view.wait_pixels(equal_to=start)


@pytest.mark.parametrize("view", ["Neuron"], indirect=True)
def test_two_explorers_do_not_disturb_each_other(view, explorers):
    other = ExplorerView(explorers, explorers.output(1 + len(EXPLORERS)))
    start, model = view.pixels(), twin("Neuron")
    assert other.pixels() == start
    for _ in range(4):  # in turns, without waiting
        for one, key in ((view, "ArrowLeft"), (other, "ArrowRight")):
            one.handle(0).focus()
            one.page.keyboard.press(key)
    expect(view.field("input x₁")).to_have_value("0.1")
    expect(other.field("input x₁")).to_have_value("0.9")
    for one in (view, other):
        wait_agreement(one, model)
    left = view.pixels()
    assert left not in (start, other.pixels())
    choose(other, model.controls["x1"], 0.5)
    other.wait_pixels(equal_to=start)
    assert view.pixels() == left
    choose(view, model.controls["x1"], 0.5)
    view.wait_pixels(equal_to=start)


# What the pictures say. Places are those of the same explorer in this process; what should be there
# is worked out here.

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def enter(view, model, **values):
    """Type values into the boxes, and wait for the picture and for the words, which come after."""
    for name, value in values.items():
        if isinstance(value, str):
            continue  # of a list, which no test here moves
        box = view.field(model.controls[name].label)
        if float(box.input_value()) != value:
            before = view.pixels()
            box.fill(f"{value:g}")
            box.press("Enter")
            view.wait_pixels(other_than=before)
    wait_agreement(view, model)


@pytest.mark.parametrize("view", ["LineAndGates"], indirect=True)
@pytest.mark.parametrize("line", [(0.5, -1, -0.4), (-0.5, 1, 0.4), (1, 1, 1.5), (-1, -1, -0.5)])
def test_line_and_gates(view, line):
    model = twin("LineAndGates")
    enter(view, model, **dict(zip(("w1", "w2", "threshold"), line, strict=True)))
    w, w0 = np.array(line[:2]), line[2]
    axes, drawn = model.map.image.axes, Drawn(view, model)
    places = np.stack(np.meshgrid(*[np.linspace(-0.55, 1.55, 15)] * 2), axis=-1).reshape(-1, 2)
    scores = places @ w - w0
    places, scores = places[np.abs(scores) > 0.15], scores[np.abs(scores) > 0.15]
    found = tints(drawn, axes, places)
    assert np.mean(found == np.sign(scores)) > 0.9
    assert not np.any(found == -np.sign(scores))
    for corner, target in zip(CORNERS, [0, 1, 1, 1], strict=True):
        assert is_like(drawn.color(axes, corner), plots.BLUE if target else plots.ORANGE)
        wrong = (corner @ w - w0 > 1e-9) != target
        assert drawn.ring(axes, corner) == wrong, corner
    enter(view, model, **model.values)


@pytest.mark.parametrize("view", ["PerceptronSteps"], indirect=True)
def test_perceptron_steps(view):
    model, targets, w = twin("PerceptronSteps"), [-1, 1, 1, 1], np.zeros(3)
    axes = model.map.image.axes
    for step in range(10):
        enter(view, model, step=step)
        if step:
            now = (step - 1) % 4
            row = np.append(CORNERS[now], -1)
            if targets[now] * (w @ row) <= 0:
                w = w + targets[now] * row
        if said := re.search(r"w₁ = (\S+), w₂ = (\S+) and w₀ = (−?\d+)", view.words()):
            assert [float(v.replace("−", "-")) for v in said.groups()] == w.tolist()
        else:  # no mistake, no update
            assert "right. " in view.words()
        drawn = Drawn(view, model)
        for k, (corner, target) in enumerate(zip(CORNERS, targets, strict=True)):
            middle = drawn.color(axes, corner)
            if target * (w @ np.append(corner, -1)) <= 0:
                assert is_like(middle, plots.INK), (step, corner)  # a cross: a mistake
            else:
                assert is_like(middle, plots.BLUE if target > 0 else plots.ORANGE), (step, corner)
            assert drawn.ring(axes, corner) == (step > 0 and k == now), (step, corner)
        places = np.stack(np.meshgrid(*[np.linspace(-0.55, 1.55, 12)] * 2), axis=-1).reshape(-1, 2)
        scores = places @ w[:2] - w[2]
        sure = np.abs(scores) > 0.15
        found = tints(drawn, axes, places[sure])
        assert not np.any(found == -np.sign(scores[sure])), step
        assert not sure.any() or np.mean(found == np.sign(scores[sure])) > 0.8, step
    enter(view, model, step=0)


@pytest.mark.parametrize("view", ["Neuron"], indirect=True)
def test_neuron(view):
    model = twin("Neuron")
    parts, curve = model.bars[0].axes, model.curve
    for x1, x2, w1, w2, w0 in [(0.5, -0.5, 1.6, 2, -1.5), (-1, 0.8, 1.8, -1.5, 1.2)]:
        enter(view, model, x1=x1, x2=x2, w1=w1, w2=w2, threshold=w0)
        score = x1 * w1 + x2 * w2 - w0
        drawn = Drawn(view, model)
        for k, value in enumerate([x1 * w1, x2 * w2, -w0, score]):
            shades = [drawn.color(parts, (value * share, k)) for share in np.linspace(0.2, 0.8, 9)]
            inside = [is_like(shade, plots.BLUE if value > 0 else plots.ORANGE) for shade in shades]
            assert np.mean(inside) > 0.4, (k, value)  # a negative one is hatched
            assert is_like(drawn.color(parts, (-value / 2, k)), "white"), (k, value)
        sigmoid = 1 / (1 + np.exp(-score))
        assert is_like(drawn.color(curve, (score, sigmoid)), plots.ORANGE)
        assert f"sigmoid({score:.2f}".rstrip("0").replace("-", "−") in view.words()
        assert f"= {sigmoid:.3f}".rstrip("0") in view.words()
    enter(view, model, **model.values)


@pytest.mark.parametrize("view", ["ThinnedNetworks"], indirect=True)
def test_thinned_networks(view):
    model = make("ThinnedNetworks")
    axes = model.map.image.axes
    for networks in (1, 2, 3):
        enter(view, model, networks=networks)
        kept = int(re.search(r"keeps (\d) of 8 units", view.words())[1])
        model.set(networks=networks)  # for the places of the units
        *_, units = (c for c in model.diagram.collections if len(c.get_offsets()) == 8)
        drawn = Drawn(view, model)
        middles = [drawn.color(model.diagram, unit) for unit in units.get_offsets()]
        assert sum(is_like(middle, plots.ORANGE) for middle in middles) == 8 - kept
    enter(view, model, networks=1, p_drop=0)  # all units: the whole network
    places = np.stack(
        np.meshgrid(np.linspace(-5.8, 5.8, 24), np.linspace(-3.8, 3.8, 16)), axis=-1
    ).reshape(-1, 2)
    hidden = np.maximum(places @ thinned_networks.W_HIDDEN + thinned_networks.B_HIDDEN, 0)
    scores = hidden @ thinned_networks.W_OUTPUT + thinned_networks.B_OUTPUT
    found = tints(Drawn(view, model), axes, places)
    sure = np.abs(scores) > 0.3
    assert np.mean(found[sure] == np.sign(scores[sure])) > 0.75  # the points lie over the rest
    x, _ = data.moons(100, rng=0, noise=0.15)
    away = np.linalg.norm(places[:, None] - x, axis=-1).min(axis=1) > 0.4
    assert not np.any(found[sure & away] == -np.sign(scores[sure & away]))
    enter(view, model, **twin("ThinnedNetworks").values)


@pytest.mark.parametrize("view", ["Backprop"], indirect=True)
def test_backprop(view):
    from coursekit.widgets.explorers import backprop

    model = twin("Backprop")
    ends = {
        "x1 h": (backprop.INPUTS[0], backprop.HIDDEN),
        "x2 h": (backprop.INPUTS[1], backprop.HIDDEN),
        "h y1": (backprop.HIDDEN, backprop.OUTPUTS[0]),
        "h y2": (backprop.HIDDEN, backprop.OUTPUTS[1]),
    }
    weights = {"x1 h": 0.5, "x2 h": -1.0, "h y1": 1.5, "h y2": -1.0}
    order = [None, "x1 h", "x2 h", "h y1", "h y2", None, "h y1", "h y2", "x1 h", "x2 h"]
    for step, walked in enumerate(order):
        enter(view, model, step=step)
        drawn = Drawn(view, model)
        for name, (start, end) in ends.items():
            shares = np.linspace(0.2, 0.35, 30)  # before the numbers in the middle
            along = [np.add(start, share * np.subtract(end, start)) for share in shares]
            beside = [drawn.color(model.axes, place, (0, 6)) for place in along]
            band = np.mean([is_like(shade, "#E9D27A") for shade in beside]) > 0.8
            assert band == (name == walked), (step, name)
            sign = plots.BLUE if weights[name] > 0 else plots.ORANGE
            other = plots.ORANGE if weights[name] > 0 else plots.BLUE
            line = [drawn.color(model.axes, place) for place in along]
            assert any(is_like(shade, sign) for shade in line), (step, name)
            assert not any(is_like(shade, other) for shade in line), (step, name)
    # the numbers at the end of the walk, by the chain rule
    x, v, t = np.array([1, -0.5]), np.array([1.5, -1]), np.array([1, 0])
    h = np.tanh(x @ [0.5, -1])
    y = 1 / (1 + np.exp(-h * v))
    loss = np.sum((y - t) ** 2) / 2
    back = (y - t) * y * (1 - y)
    gradient = (back @ v) * (1 - h**2) * x[1]
    largest = np.abs([*back * h, *(back @ v) * (1 - h**2) * x]).max()
    for value in (gradient, loss, largest):
        assert f"{value:.3f}".rstrip("0").replace("-", "−") in view.words()
    enter(view, model, step=0)


def test_no_text_is_clipped_or_lies_over_another(explorers):
    troubles = explorers.page.evaluate(TROUBLE, ".jp-NotebookPanel")
    assert not troubles, troubles


def contrast_of_arrow(field):
    """That of the arrow at the right end of a list, to what it is drawn on."""
    arrow = imread(io.BytesIO(field.screenshot()))[4:-4, -20:-4, :3]
    light = arrow**2.2 @ [0.2126, 0.7152, 0.0722]
    return (light.max() + 0.05) / (light.min() + 0.05)


def test_no_output_shuts_anybody_out(explorers):
    """The rules of axe-core on explorers, race and prediction; JupyterLab's own page left out."""
    expect(explorers.page.locator(".ck-race")).to_be_visible()
    turned = "pictures => [...new Set(pictures.map(p => getComputedStyle(p).filter))]"
    pictures = explorers.page.locator("img.ck-figure")
    for theme, look in (
        ("JupyterLab Dark", "invert(1) hue-rotate(180deg)"),
        ("JupyterLab Light", "none"),
    ):
        explorers.theme(theme)
        explorers.wait_until(
            f"{theme}: not {look}",
            lambda look=look: pictures.evaluate_all(turned) == [look],
        )
        assert contrast_of_arrow(explorers.page.locator(".ck-explorer select").first) > 3, theme
        assert barriers_of_outputs(explorers.page) == [], theme
