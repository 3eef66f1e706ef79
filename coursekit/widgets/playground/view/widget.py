"""The playground in the notebook: messages arrive from the page, frames are sent to it."""

import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from coursekit import nn
from coursekit.language import language, say
from coursekit.nn.validation import check_choice, check_instance
from coursekit.plots.show import Bundle, picture_bundle
from coursekit.widgets.base.join_modules import join, join_styles
from coursekit.widgets.base.output import LiveOutput
from coursekit.widgets.playground.training.choices import EPOCHS, LABELS, OWN
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.goals import Goal
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import take_apart, to_code, to_text
from coursekit.widgets.playground.view.describe import describe
from coursekit.widgets.playground.view.frame import Frames, numbers
from coursekit.widgets.playground.view.messages import Message, Messages
from coursekit.widgets.playground.view.options import all_options
from coursekit.widgets.playground.view.player import Player
from coursekit.widgets.playground.view.png import WIDTH, picture

FOLDER = Path(__file__).parents[1]
_MODULE = join(FOLDER / "js" / "main.js")
STATUS_PERIOD = 0.5  # seconds at least between two statuses while it plays


class Playground(Messages, anywidget.AnyWidget):
    """A network trained before your eyes, on points of the plane.

    Parameters
    ----------
    net : nn.Sequential, optional
        Your own network of Dense, activations, BatchNorm and Dropout. It is copied; the trained
        copy is `net`. By default a network is built from the settings.
    data : str or tuple of arrays, optional
        The name of a data set, or your own points ``(x, t)`` or
        ``(x_train, t_train, x_test, t_test)``: x, (N, 2), from -6 to 6; integers t are classes,
        other numbers are heights.
    preset : str, optional
        A key of ``playground.PRESETS``: settings and a goal.
    goal : Goal, optional
        What to reach, instead of the preset's goal.
    controls : sequence of str, optional
        Settings that can be changed in the bar above the picture, and "epochs" for the number of
        epochs to run; by default the preset's. All others are in the drawer.
    **settings
        See `Settings`: ``hidden=[4, 2]``, ``activation="ReLU"``, ``optimizer="Adam"``, … Besides,
        what `code` may hold: ``points``, ``heights`` and ``cuts``.

    Attributes
    ----------
    session : Session
        The training without the picture.
    settings, status : dict
        The settings and the state of training, as the browser receives them.
    goal : Goal or None
    goal_reached : bool
        Whether the goal has been reached. Once reached, it stays reached.

    Raises
    ------
    ValueError
        If a setting, the data, the network or the goal don't fit.

    Examples
    --------
    >>> playground = Playground(data="spiral", hidden=[8, 8], optimizer="Adam")
    >>> playground.run(10)
    >>> playground
    Playground(spiral, 2-8-8-1, epoch 10)
    """

    _esm = _MODULE
    _css = join_styles(FOLDER / "playground.css")

    options = traitlets.Dict().tag(sync=True)  # choices, limits and colours; never changes
    settings = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True)

    def __init__(
        self,
        net: nn.Sequential | None = None,
        data: Any = None,
        *,
        preset: str | None = None,
        goal: Goal | None = None,
        controls: Sequence[str] | None = None,
        **settings: Any,
    ) -> None:
        chosen, own, cuts = take_apart(settings)
        bar: Sequence[str] = ("lr", "activation")
        if preset is not None:
            found = PRESETS[check_choice("preset", preset, PRESETS)]
            chosen, goal = {**found.settings, **chosen}, goal or found.goal
            bar = found.controls
        if goal is not None:
            check_instance("goal", goal, Goal, "Goal(text, holds)")
        for name in (bar := bar if controls is None else controls):
            check_choice("controls", name, (*LABELS, EPOCHS))
        if isinstance(data, str):
            chosen["data"] = data
        elif data is not None:
            chosen["data"], own = OWN, OwnPoints(data)
        self.session = Session(net, own, **chosen)
        for link in cuts:
            self.session.toggle_link(*link)
        self.goal = goal
        self.frames = Frames(self.session)
        self.player = Player(
            self._train_a_frame, self._show_playing, lambda error: self.show(error=error)
        )
        self._status_sent_at = 0.0
        super().__init__(
            options=all_options(_MODULE, language()),
            settings=self.session.settings.as_json(),
            controls=list(bar),
        )
        self._output = LiveOutput(self, ipywidgets.VBox([self]), self.still)
        self._look_at_goal()
        self._send_status()
        self.on_msg(
            lambda _, content, buffers: self.player.schedule(lambda: self._handle_message(content))
        )

    @property
    def playing(self) -> bool:
        """Whether it is training frame by frame."""
        return self.player.playing

    @property
    def net(self) -> nn.Sequential:
        """A copy of the network as it is now."""
        return copy.deepcopy(self.session.model.net)

    @property
    def state(self) -> str:
        """The settings as a line of JSON, for `restore`."""
        return to_text(self.session.settings, self.session.own, self.session.cuts)

    @property
    def code(self) -> str:
        """A line of code that makes a playground with the same settings."""
        return to_code(self.state)

    @property
    def text(self) -> str:
        """The state of training, in words."""
        return describe(self.session)

    def __repr__(self) -> str:
        widths = "-".join(map(str, self.session.model.widths))
        return f"Playground({self.session.settings.data}, {widths}, epoch {self.session.epoch})"

    def _words(self) -> str:
        words = f"{say('The playground.')} {self.text}"
        if self.goal is not None:
            words += f" {say('Goal: {goal}.', goal=say(self.goal.text))}"
            words += f" {self._goal_words()}" if self.goal_reached else ""
        return words

    def still(self) -> Bundle:
        """The picture and the text as they are now, as an output of a notebook."""
        return picture_bundle(picture(self.session), self._words(), WIDTH)

    def _ipython_display_(self) -> None:
        self._output.display()

    def close(self) -> None:
        """Stop playing and free the widget."""
        if hasattr(self, "player"):  # ipywidgets also closes one whose settings were refused
            self.player.stop()
        super().close()

    # messages

    def _handle_message(self, message: Message) -> None:
        self.handle(message)
        self._update_still()

    def _update_still(self) -> None:
        if not self.playing:
            self._output.update_later(self.player.loop)

    def show(self, *, full: bool = False, error: str = "") -> None:
        """Send a frame, and the status that goes with it."""
        self._send_frame(full=full, error=error)
        self._send_status()

    def _show_playing(self, playing: bool) -> None:
        self._send_frame()
        if not playing:
            self._update_still()
        if not playing or time.monotonic() - self._status_sent_at > STATUS_PERIOD:
            self._send_status()

    def _send_frame(self, *, full: bool = False, error: str = "") -> None:
        header, buffer = self.frames.next_frame(full=full, error=error, playing=self.playing)
        self.player.sent(header["frame"])
        self.send(header, [buffer])

    def _send_status(self) -> None:
        self._status_sent_at = time.monotonic()
        self.settings = self.session.settings.as_json()
        self.status = {
            "playing": self.playing,
            **numbers(self.session),
            "goal": self.goal and {"text": say(self.goal.text), "reached": self._goal_words()},
            "text": self.text,
            "state": self.state,
            "code": self.code,
        }
