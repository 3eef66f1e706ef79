"""Every control of every explorer, moved by mouse and by keyboard; the goals; the barriers."""

import numpy as np
import pytest
from barriers import barriers_of_outputs
from explorers import EXPLORERS, GOALS, shown, targets, twin, wait_agreement
from lab_page import ExplorerView
from playwright.sync_api import expect

from coursekit.widgets import Choice, Slider, StepSlider, Switch

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
        yield "list by keys", lambda: field.press("Home" if last else "End"), restore
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


@ALL
def test_the_goal_can_be_reached_and_left(view, name):
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
    expect(view.result).not_to_contain_text("Goal reached.")


HANDLES = [name for name in EXPLORERS if twin(name)._handles]


def test_these_explorers_have_handles():
    wanted = {"LineAndGates", "Bumps", "LiftXOR", "Connections", "Neuron", "ScaleAndDepth"}
    assert set(HANDLES) >= wanted | {"Penalties", "Backprop", "MomentumMap"}


@some_first(HANDLES)
def test_a_handle_by_mouse_by_finger_and_by_keys(view, name):
    model, start = twin(name), view.pixels()
    last = len(model._handles) - 1
    for k, way in [(0, by_mouse), (0, by_finger), (0, by_keys), (last, by_mouse)]:
        control = model.controls[model._handles[k].bound[0]]
        if isinstance(control, Switch):
            wanted = {model._handles[k].bound[0]: not control.value}
            way(view, k, None, 1)
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


def by_mouse(view, k, place, n):
    mouse = view.page.mouse
    mouse.move(*middle(view.knob(k).bounding_box()))
    mouse.down()
    if place is not None:
        mouse.move(*on_page(view, place), steps=5)
        assert np.allclose(middle(view.knob(k).bounding_box()), on_page(view, place), atol=1.5)
    mouse.up()


def by_finger(view, k, place, n):
    screen = view.page.context.new_cdp_session(view.page)

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = middle(view.knob(k).bounding_box())
    touch("touchStart", (x, y))
    if place is not None:
        to = on_page(view, place)
        for share in (0.3, 0.7, 1):
            touch("touchMove", (x + share * (to[0] - x), y + share * (to[1] - y)))
    touch("touchEnd")
    screen.detach()


def by_keys(view, k, place, n):
    view.output.locator(".ck-handle").nth(k).focus()
    for key in ["Space"] if place is None else ["ArrowRight", "ArrowUp"][:n]:
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
        assert pictures.evaluate_all(turned) == [look]
        assert barriers_of_outputs(explorers.page) == [], theme
