"""What all explorers share: errors, threads, redrawing."""

import asyncio
import threading
from dataclasses import dataclass

import pytest

from coursekit import widgets
from coursekit.widgets import Explorer, Slider, StepSlider, Switch


@dataclass(frozen=True)
class Root:
    value: float


class Roots(Explorer[Root]):
    """An explorer of the test's own: square roots, of what has one."""

    title = "Roots"
    goal_text = "a root of 2"

    def __init__(self, start=4.0):
        self.drawn_in = []
        super().__init__(of=Slider("of", start, -10.0, 10.0))

    def compute(self, of):
        if of < 0:
            raise ArithmeticError(f"no root of <{of:g}>")
        return Root(of**0.5)

    def goal(self, state):
        return state.value == 2

    def describe(self, state):
        return f"The root is {state.value:g}."

    def prepare(self, figure):
        self.axes = figure.add_subplot()
        self.axes.set(xlim=(0, 1), ylim=(0, 10))

    def draw(self, state):
        self.drawn_in.append(threading.get_ident())
        self.axes.axhline(state.value, color="black")


def shown(explorer):
    return explorer._result.value


def test_goal_is_said_when_reached_and_stays_reached():
    explorer = Roots(9)
    assert not explorer.goal_reached and "reached" not in shown(explorer)
    explorer.set(of=4)
    assert explorer.goal_reached and "✓ Goal reached." in shown(explorer)
    explorer.set(of=9)
    assert not explorer.goal_reached
    assert "Goal: a root of 2." in shown(explorer) and "✓ Goal reached before." in shown(explorer)
    explorer.goal_text = "a root of 3"
    explorer.set(of=1)
    assert "reached" not in shown(explorer)
    assert 'aria-live="polite"' in shown(explorer)


def test_error_is_shown_and_goes_away():
    explorer = Roots()
    with pytest.raises(ArithmeticError, match=r"no root of <-1>"):
        explorer.set(of=-1)
    assert isinstance(explorer.error, ArithmeticError)
    assert "ArithmeticError: no root of &lt;-1&gt;" in shown(explorer)
    assert "in compute" in shown(explorer)  # the traceback
    assert "no root of <-1>" in explorer.still()[0]["text/plain"]
    explorer.set(of=1)
    assert explorer.error is None
    assert "The root is 1." in shown(explorer)


def test_error_in_drawing_is_shown_too():
    explorer = Roots()
    explorer.axes = None
    with pytest.raises(AttributeError, match="axhline"):
        explorer.set(of=9)
    assert "AttributeError" in shown(explorer)
    assert "in draw" in shown(explorer)


def test_error_after_a_student_s_move_is_shown():
    explorer = Roots()
    explorer.controls["of"].slider.value = -20
    assert "no root of &lt;-2&gt;" in shown(explorer)


def test_an_explorer_that_fails_at_once_is_not_made():
    with pytest.raises(ArithmeticError):
        Roots(start=-1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"off": 1}, "a keyword must be one of of, got 'off'"),
        ({"of": 11}, "of must be a number from -10 to 10, got 11"),
        ({"of": float("nan")}, "of must be a number"),
    ],
)
def test_set_refuses(values, message):
    explorer = Roots()
    with pytest.raises(ValueError, match=message):
        explorer.set(**values)
    assert explorer.values == {"of": 4.0}


def test_nothing_of_an_earlier_state_is_left():
    explorer = Roots()
    kept = explorer.picture()
    for value in range(10):
        explorer.set(of=value)
    explorer.set(of=4)
    assert explorer.picture() == kept
    assert len(explorer.axes.lines) == 1


def test_pyplot_knows_nothing():
    import matplotlib.pyplot as plt

    Roots()
    assert plt.get_fignums() == []


def test_slider_and_box_follow_each_other():
    explorer = Roots()
    control = explorer.controls["of"]
    control.slider.value = 3
    assert explorer.values == {"of": 0.3}  # exactly, not 0.30000000000000004
    assert control.box.value == 0.3
    control.box.value = 2.25  # between two steps: taken as typed
    assert explorer.values == {"of": 2.25}
    assert control.slider.value == 22
    explorer.set(of=5)
    assert (control.slider.value, control.box.value) == (50, 5)


def test_a_move_is_not_taken_back_while_the_box_follows_an_earlier_one():
    explorer = Roots()
    control = explorer.controls["of"]

    def student_moves_on(change):
        if change["new"] == 0.9:
            move_in_threads(explorer, [23])

    for widget in (control.slider, control.box):
        widget.unobserve_all("value")
    control.box.observe(student_moves_on, "value")  # before the control's own callback
    control.connect(explorer._moved, explorer._scheduler.schedule)
    control.slider.value = 9
    assert explorer.values == {"of": 2.3}
    assert control.slider.value == 23


def test_whole_numbers_stay_whole():
    control = Slider("n", 3, 0, 9, 1)
    assert control.check(4.0) == 4
    assert isinstance(control.check(4.0), int)
    assert control.check("4") == 4  # the text of a box
    with pytest.raises(ValueError, match=r"n must be a whole number from .*, got 4"):
        control.check(4.5)


def test_back_and_forward_stop_at_the_ends():
    explorer = widgets.PerceptronSteps([[0, 1], [1, 0]], [0, 1])
    control = explorer.controls["step"]
    assert isinstance(control, StepSlider)
    seen = [explorer.values["step"]]
    for button in [control.back, *[control.forward] * 20, control.back]:
        button.click()
        seen.append(explorer.values["step"])
    last = len(explorer.visits) - 1
    assert seen[:3] == [0, 0, 1]
    assert max(seen) == last
    assert seen[-1] == last - 1
    assert control.slider.value == control.box.value == last - 1


def test_switch_takes_nothing_else():
    with pytest.raises(ValueError, match="must be True or False, got 'off'"):
        Switch("x₁").check("off")


def move_in_threads(explorer, ticks):
    for tick in ticks:
        slider = explorer.controls["of"].slider
        thread = threading.Thread(target=setattr, args=(slider, "value", tick))
        thread.start()
        thread.join()


def test_moves_in_other_threads_are_drawn_in_the_loop_once():
    async def kernel():
        explorer = Roots()
        before = explorer.picture()
        explorer.drawn_in.clear()
        move_in_threads(explorer, range(41, 91))
        assert explorer.picture() == before  # the callbacks have drawn nothing
        assert explorer.state.value == 3  # but what is asked for is up to date
        await asyncio.sleep(0.01)
        assert explorer.drawn_in == [threading.get_ident()]
        assert "The root is 3." in shown(explorer)  # the latest value has won
        assert explorer.controls["of"].box.value == 9
        move_in_threads(explorer, [10])
        await asyncio.sleep(0.01)
        assert "The root is 1." in shown(explorer)

    asyncio.run(kernel())


def test_quick_clicks_in_other_threads_are_all_counted():
    async def kernel():
        explorer = widgets.PerceptronSteps([[0, 1], [1, 0]], [1, 1], epochs=1)
        control = explorer.controls["step"]
        threads = [threading.Thread(target=control.forward.click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert explorer.values == {"step": 0}
        await asyncio.sleep(0.05)
        assert explorer.values == {"step": 2}

    asyncio.run(kernel())


def test_after_the_loop_it_works_without():
    async def kernel():
        return Roots()

    explorer = asyncio.run(kernel())
    explorer.controls["of"].slider.value = 90
    assert "The root is 3." in shown(explorer)


def test_set_draws_once_in_a_loop():
    async def kernel():
        explorer = Roots()
        explorer.drawn_in.clear()
        explorer.set(of=9)
        await asyncio.sleep(0.01)
        assert len(explorer.drawn_in) == 1

    asyncio.run(kernel())


def test_moves_that_were_noted_in_the_wrong_order_are_put_right():
    """Two threads: the second move's number is noted, and then the first one's over it."""
    slider = Slider("x", 0.0, -2, 2)
    slider.connect(lambda: None, lambda work: work())
    slider.slider.value = 12
    slider.value = -0.1
    slider.sync_twin()
    assert (slider.value, slider.box.value) == (1.2, 1.2)
