"""The controls of an explorer, and the scheduler that brings their moves to the kernel's loop."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np

from coursekit.language import say
from coursekit.nn.validation import Array, check_choice, check_count, check_flag, check_range

LABEL_WIDTH = "132px"  # for «скорость обучения»

Schedule = Callable[[Callable[[], None]], None]


class Scheduler:
    """The event loop that runs where the scheduler is made, if any does.

    JupyterLab delivers a widget's messages in various threads. A callback only stores values, and
    schedules the work here, where one piece is done after the other.

    Attributes
    ----------
    loop : asyncio.AbstractEventLoop or None
        None in a plain Python process.
    """

    def __init__(self) -> None:
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self.loop = None

    def schedule(self, work: Callable[[], None]) -> None:
        """Call `work` in the loop, soon; at once if no loop is running."""
        if self.loop is None or not self.loop.is_running():
            work()
        else:
            self.loop.call_soon_threadsafe(work)


class Control(ABC):
    """One value of an explorer and the widget that shows it.

    Attributes
    ----------
    label : str
        What a student reads, and what a screen reader announces.
    value : object
        The present value.
    view : ipywidgets.Widget
        The widget, ready to be put into a box.
    """

    label: str
    value: Any
    view: ipywidgets.Widget

    @abstractmethod
    def check(self, value: Any) -> Any:
        """Return the value in the control's own type; ValueError if the control can't take it."""

    def show(self, value: Any) -> None:
        """Take a value that has been checked, and show it."""
        self.value = self.view.value = value

    def sync_twin(self) -> None:  # noqa: B027  most controls have no second widget
        """Update the second widget of a control that has two, the one that wasn't moved."""

    def connect(self, moved: Callable[[], None], schedule: Schedule) -> None:
        """Call ``moved`` when a student has moved the control.

        Callbacks arrive in various threads; ``schedule`` has work done in the kernel's own loop.
        """
        self._moved = moved
        self.view.observe(lambda change: self._accept(change["new"]), "value")

    def _accept(self, value: Any) -> None:
        """Store a student's move. A widget also reports what the program has just shown in it."""
        if value != self.value:
            self.value = value
            self._moved()


class Slider(Control):
    """A number, by slider and by a number box that carries the name.

    The slider gets its name from `HandleLayer` in the browser. It counts steps: one that counts in
    fractions corrects itself to -0.3999… when it appears, and reports that as a student's move.

    Parameters
    ----------
    label : str
        The name, such as ``weight w₁``.
    value, low, high, step : float
        The first value, the bounds (inclusive, whole steps from 0) and the distance of one key
        press. With all four ints, the value is an int. The box takes numbers between the steps.
    """

    def __init__(
        self, label: str, value: float, low: float, high: float, step: float = 0.1
    ) -> None:
        self.label, self.low, self.high, self.step = label, low, high, step
        self.whole = all(isinstance(v, int) for v in (value, low, high, step))
        self.value = self.check(value)
        self.slider = ipywidgets.IntSlider(
            value=self._to_tick(self.value),
            min=self._to_tick(low),
            max=self._to_tick(high),
            readout=False,
            layout={"flex": "1 1 56px", "min_width": "56px"},
        )
        box = ipywidgets.BoundedIntText if self.whole else ipywidgets.BoundedFloatText
        self.box = box(
            value=self.value,
            min=low,
            max=high,
            step=step,
            description=label,
            style={"description_width": LABEL_WIDTH},
            layout={"width": f"calc({LABEL_WIDTH} + 80px)", "flex": "0 0 auto"},
        )
        self.view = ipywidgets.HBox(
            [self.box, self.slider], layout={"flex_flow": "row wrap", "align_items": "center"}
        )
        self._typed = False  # whether the last move was made in the box
        self._here = threading.local()  # its `writing`: whether this thread fills in a widget

    def check(self, value: Any) -> float:
        number = check_range(self.label, float(value), self.low, self.high)
        if self.whole:
            whole = int(number) if number.is_integer() else value
            return check_count(self.label, whole, int(self.low), int(self.high))
        return number

    def steps(self) -> Array:
        """All values at which the slider stops, from the lowest to the highest."""
        return np.array([self._to_number(t) for t in range(self.slider.min, self.slider.max + 1)])

    def show(self, value: Any) -> None:
        self.value = value
        self._write(self.slider, self._to_tick(value))
        self._write(self.box, value)

    def sync_twin(self) -> None:
        # Two moves of a fast drag arrive in two threads; the second may have been stored first.
        self._accept_last_move()
        # Never the one in the student's hand: a late answer would pull it back.
        if self._typed:
            self._write(self.slider, self._to_tick(self.value))
        else:
            self._write(self.box, self.value)

    def connect(self, moved: Callable[[], None], schedule: Schedule) -> None:
        self._moved = moved
        self.slider.observe(lambda _: self._on_change(typed=False), "value")
        self.box.observe(lambda _: self._on_change(typed=True), "value")

    def _write(self, widget: ipywidgets.Widget, value: float) -> None:
        self._here.writing = True
        widget.value = value
        self._here.writing = False

    def _on_change(self, *, typed: bool) -> None:
        # A widget also reports what the program writes into it. That is not a move: while it is
        # being written, the student may have moved on, in another thread.
        if not getattr(self._here, "writing", False):
            self._typed = typed
            self._accept_last_move()

    def _accept_last_move(self) -> None:
        """Store the present value of the widget that was moved last."""
        if self._typed:
            self._accept(self.box.value)
        elif (tick := self.slider.value) != self._to_tick(self.value):
            self._accept(self._to_number(tick))

    def _to_tick(self, number: float) -> int:
        return round(number / self.step)

    def _to_number(self, tick: int) -> float:
        return tick * self.step if self.whole else round(tick * self.step, 10)


class StepSlider(Slider):
    """A whole number from 0 to ``last``, with buttons one step back and one step forward."""

    def __init__(self, label: str, last: int) -> None:
        super().__init__(label, 0, 0, last, 1)
        half = {"width": "auto", "flex": "1 1 0"}
        self.back = ipywidgets.Button(description=say("Back"), icon="step-backward", layout=half)
        self.forward = ipywidgets.Button(
            description=say("Forward"), icon="step-forward", layout=half
        )
        buttons = ipywidgets.HBox([self.back, self.forward])
        self.view = ipywidgets.VBox([self.view, buttons])

    def connect(self, moved: Callable[[], None], schedule: Schedule) -> None:
        super().connect(moved, schedule)
        # Two clicks may arrive in two threads: one after the other in the loop, neither is lost.
        self.back.on_click(lambda _: schedule(lambda: self._go(-1)))
        self.forward.on_click(lambda _: schedule(lambda: self._go(1)))

    def _go(self, by: int) -> None:
        self.show(int(min(max(self.value + by, self.low), self.high)))
        self._moved()


class Choice(Control):
    """One of several named options.

    Parameters
    ----------
    label : str
        The name.
    options : sequence of str
        What can be chosen; the first is the first value.
    value : str, optional
        Another first value.
    """

    def __init__(self, label: str, options: Sequence[str], value: str | None = None) -> None:
        self.label, self.options = label, list(options)
        self.value = self.check(self.options[0] if value is None else value)
        self.view = ipywidgets.Dropdown(
            options=[(say(option), option) for option in self.options],
            value=self.value,
            description=label,
            style={"description_width": LABEL_WIDTH},
            layout={"width": "auto"},
        )

    def check(self, value: Any) -> str:
        return check_choice(self.label, value, self.options)


class Switch(Control):
    """Something that is on or off."""

    def __init__(self, label: str, value: bool = True) -> None:
        self.label, self.value = label, value
        self.view = ipywidgets.Checkbox(
            value=value, description=label, indent=False, layout={"width": "auto"}
        )

    def check(self, value: Any) -> bool:
        return check_flag(self.label, value)
