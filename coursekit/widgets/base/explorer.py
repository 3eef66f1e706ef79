"""The base of the explorers: controls beside a picture that answers them.

An explorer defines three things: what its values lead to (``compute``, numbers only), how that
is drawn (``prepare`` and ``draw``) and put into words (``describe``), and what to reach (``goal``).
Everything else is here.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import ipywidgets
from matplotlib.figure import Figure

from coursekit.language import say
from coursekit.nn.validation import check_choice
from coursekit.plots.show import Bundle, picture_bundle, small
from coursekit.widgets.base.canvas import Canvas, Picture
from coursekit.widgets.base.controls import Control, Scheduler, Slider
from coursekit.widgets.base.handles import Handle, HandleLayer, stage
from coursekit.widgets.base.output import LiveOutput
from coursekit.widgets.base.play import Player
from coursekit.widgets.base.result import (
    REACHED as REACHED,
    REACHED_BEFORE,
    error_html,
    result_html,
)

State = TypeVar("State")


class Explorer(ABC, Generic[State]):
    """Controls beside a picture, with a result in words and a goal.

    Moved by a student in the browser, or by a program with :meth:`set`. Nothing here needs a
    browser: `state`, `text` and `goal_reached` always belong to the present `values`.

    Parameters
    ----------
    **controls : Control
        The controls, by the names under which ``compute`` takes their values.

    Attributes
    ----------
    controls : dict of str to Control
    view : ipywidgets.Widget
        The live view, for putting an explorer into a larger widget.
    canvas : Canvas
        What it is drawn on; ``canvas.figure`` is the figure.
    error : Exception or None
        What the last redraw raised. It is shown in place of the result.
    """

    title: str
    goal_text: str = ""  # without one there is no goal
    size: ClassVar[tuple[float, float]] = (4.4, 4.4)  # of the figure, in inches
    columns: ClassVar[int] = 1  # of controls
    played: ClassVar[tuple[str, ...]] = ()  # sliders with a ▶ that moves them to their end
    example: Mapping[str, Any] = {}  # values that say more than the first, for readers of a book

    def __init__(self, **controls: Control) -> None:
        self.controls = controls
        self.error: Exception | None = None
        self._waiting = False
        self._answered = 0  # the number of the last move of a handle
        self._reached = ""  # the goal, once it was reached
        self._scheduler = Scheduler()
        self.canvas = Canvas(self.size, self.prepare)
        self._picture = Picture(format="png", _dom_classes=("ck-figure",))
        sliders = [c.label for c in controls.values() if isinstance(c, Slider)]
        self._handles = self.handles()
        self._layer = HandleLayer(
            size=[self.canvas.width, self.canvas.height],
            names=sliders,
            title=say("Handles on the picture"),
        )
        self._result = ipywidgets.HTML()
        self.players = [Player(controls[k], self._moved, self._scheduler) for k in self.played]
        self.view = self._arrange()
        self._output = LiveOutput(self, self.view, self.still)
        self._lines: list[str] = []  # the text now shown
        self._first = self.values
        self._redraw()
        if self.error is not None:
            raise self.error
        for control in controls.values():
            control.connect(self._moved, self._scheduler.schedule)
        self._layer.observe(lambda _: self._scheduler.schedule(self._pulled), "moved")
        self._layer.observe(lambda _: self._scheduler.schedule(self._sharpen), "ratio")

    # What an explorer defines

    @abstractmethod
    def compute(self, *args: Any, **values: Any) -> State:
        """Return what the values lead to: numbers, no drawing, no memory of earlier values."""

    @abstractmethod
    def prepare(self, figure: Figure) -> None:
        """Make the axes and what is in them at all times.

        Frames, ticks, titles and the figure's legend are drawn once: they never change.
        """

    @abstractmethod
    def draw(self, state: State) -> None:
        """Update what `prepare` made; what is added is removed before the next state.

        After a change of an axes' limits, call ``self.canvas.redraw_frame()``.
        """

    @abstractmethod
    def describe(self, state: State) -> str:
        """The state in one or two sentences, for readers who don't see the picture."""

    def handles(self) -> Sequence[Handle]:
        """What can be dragged on the picture; called once, after `prepare`."""
        return ()

    def goal(self, state: State) -> bool:
        """Whether the state is what `goal_text` asks for."""
        return False

    # What a program or a student does with it

    @property
    def values(self) -> dict[str, Any]:
        """The present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def state(self) -> State:
        """What the present values lead to."""
        return self.compute(**self.values)

    @property
    def text(self) -> str:
        """The present state in words."""
        return self.describe(self.state)

    @property
    def goal_reached(self) -> bool:
        """Whether the present values reach the goal."""
        return bool(self.goal(self.state))

    def set(self, **values: Any) -> State:
        """Move controls and redraw at once.

        Returns
        -------
        State
            What the new values lead to.

        Raises
        ------
        ValueError
            If there is no such control, or it can't take the value.
        """
        for name in values:
            check_choice(say("a keyword"), name, self.controls)
        checked = {name: self.controls[name].check(value) for name, value in values.items()}
        for name, value in checked.items():
            self.controls[name].show(value)
        self._redraw()
        self._output.update()
        if self.error is not None:
            raise self.error
        return self.state

    def picture(self) -> bytes:
        """The picture as it is now, as PNG."""
        return bytes(self._picture.value)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{type(self).__name__}({values})"

    def still(self) -> Bundle:
        """The picture and the text as an output of a notebook; at first those of the `example`."""
        picture, lines = self.picture(), self._lines
        if self.example and self.values == self._first:
            state = self.compute(**{**self.values, **self.example})
            picture = self.canvas.paint(lambda: self.draw(state))
            lines = [self.describe(state), *lines[1:]]
            self.canvas.paint(lambda: self.draw(self.state))
        text = " ".join([f"{say(self.title)}.", *lines])
        return picture_bundle(small(picture), text, self.canvas.width)

    def _ipython_display_(self) -> None:
        self._output.display()

    # How a move becomes a picture

    def _moved(self) -> None:
        """Ask for a redraw, unless one is waiting: it will take the latest values."""
        if not self._waiting:
            self._waiting = True
            self._scheduler.schedule(self._answer)

    def _pulled(self) -> None:
        """Give the controls the values of the handles that were moved in the browser."""
        for k, move in self._layer.moved["moves"].items():
            for name, value in self._handles[int(k)].moved(move, self.controls).items():
                self.controls[name].show(value)
        self._answered = self._layer.moved["n"]
        self._moved()

    def _sharpen(self) -> None:
        if self.canvas.sharpen(self._layer.ratio):
            self._redraw()

    def _answer(self) -> None:
        self._redraw()
        self._output.update_later(self._scheduler.loop)

    def _redraw(self) -> None:
        self._waiting = False  # first, so that a move from now on asks for the next redraw
        for control in self.controls.values():
            control.sync_twin()
        try:
            state = self.compute(**self.values)
            picture = self.canvas.paint(lambda: self.draw(state))
            self._lines = [self.describe(state)]
            if self.goal_text:
                self._lines.append(say("Goal: {goal}.", goal=say(self.goal_text)))
                if self.goal(state):
                    self._reached = self.goal_text
                    self._lines.append(say(REACHED))
                elif self._reached == self.goal_text:  # until there is another goal
                    self._lines.append(say(REACHED_BEFORE))
        except Exception as error:  # shown where the student looks
            self.error = error
            self._lines = [f"{type(error).__name__}: {error}"]
            self._result.value = error_html(error)
            picture = self._picture.value
        else:
            self.error = None
            self._result.value = result_html(self._lines)
        handles = [handle.shown(self.controls) for handle in self._handles]
        # one after the other, so that the browser shows both in one frame
        self._picture.value = picture
        self._picture.tooltip = say(
            "Picture: {title}. The text beside it says what it shows.", title=say(self.title)
        )
        self._layer.show(handles, self._answered)

    def _arrange(self) -> ipywidgets.Widget:
        controls = ipywidgets.GridBox(
            [control.view for control in self.controls.values()],
            layout={"grid_template_columns": f"repeat({self.columns}, minmax(0, 1fr))"},
        )
        column = ipywidgets.VBox(
            [controls, self._result],
            layout={"flex": "1 0 340px", "min_width": "0", "max_width": "min(420px, 100%)"},
        )
        view = ipywidgets.HBox(
            [column, stage(self._picture, self._layer)],
            layout={"flex_flow": "row wrap", "align_items": "flex-start", "max_width": "100%"},
        )
        return view.add_class("ck-explorer")
