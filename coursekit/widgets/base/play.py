"""A button ▶ that moves a slider to its end, step by step."""

import asyncio
from collections.abc import Callable

import ipywidgets
import numpy as np

from coursekit.language import say
from coursekit.widgets.base.controls import Control, Scheduler, Slider

SECONDS = 6.0  # from end to end, or longer if that were too fast to see
FASTEST, SLOWEST = 0.1, 0.6  # seconds between two pictures


class Player:
    """A button beside a slider. It stops at the slider's end, when pressed, or when it is moved.

    Parameters
    ----------
    slider : Slider
        What it moves. The button is added to its view.
    moved : callable
        Called after each step.
    scheduler : Scheduler
        Of the explorer. Without a loop in it, the slider goes to its end at once.
    """

    def __init__(self, slider: Control, moved: Callable[[], None], scheduler: Scheduler) -> None:
        assert isinstance(slider, Slider)
        self.slider, self._moved, self._loop = slider, moved, scheduler.loop
        self._next: asyncio.TimerHandle | None = None
        self._tick = 0  # at which it has put the slider
        steps = max(slider.slider.max - slider.slider.min, 1)  # of a single picture there are none
        self._stride = int(np.ceil(steps * FASTEST / SECONDS))
        self._pause = float(np.clip(SECONDS / steps, FASTEST, SLOWEST))
        layout = {"width": "30px", "padding": "0", "flex": "0 0 auto"}
        name = say("Play or stop: {label}", label=slider.label)
        # its title, which handles.js makes its name: a picture of a triangle has none
        self.button = ipywidgets.Button(tooltip=name, layout=layout)
        self.button.add_class("ck-play")
        self._show(playing=False)
        row = slider.view if isinstance(slider.view, ipywidgets.HBox) else slider.view.children[0]
        row.children = (*row.children, self.button)
        self.button.on_click(lambda _: scheduler.schedule(self._press))

    def _press(self) -> None:
        if self._next is not None:
            self._stop()
            return
        now, (low, high) = self._now(), (self.slider.slider.min, self.slider.slider.max)
        self._go(low if now >= high else min(now + self._stride, high))

    def _go(self, tick: int) -> None:
        """Put the slider there, and go on after a pause, if there is a loop."""
        last = self.slider.slider.max
        self._tick = last if self._loop is None else tick
        self.slider.show(self.slider.check(self.slider.steps()[self._tick - last - 1].item()))
        self._moved()
        if self._loop is None or self._tick == last:
            self._stop()
        else:
            self._next = self._loop.call_later(self._pause, self._proceed)
            self._show(playing=True)

    def _proceed(self) -> None:
        closed = self.button.comm is None
        if closed or self._now() != self._tick:  # the student has moved it
            self._stop()
        else:
            self._go(min(self._tick + self._stride, self.slider.slider.max))

    def _stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next = None
        self._show(playing=False)

    def _now(self) -> int:
        return self.slider._to_tick(self.slider.value)

    def _show(self, *, playing: bool) -> None:
        self.button.icon = "pause" if playing else "play"
