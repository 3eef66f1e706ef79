"""The playground in the notebook: commands come in, frames go out."""

import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display

from coursekit import nn
from coursekit.plots.show import picture_bundle
from coursekit.widgets.base.explorer import REACHED
from coursekit.widgets.base.output import VIEW_TYPE
from coursekit.widgets.base.text import listed
from coursekit.widgets.playground.training.choices import OWN
from coursekit.widgets.playground.training.datasets import OwnPoints
from coursekit.widgets.playground.training.goals import Goal
from coursekit.widgets.playground.training.presets import PRESETS, Preset
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import from_text, to_text
from coursekit.widgets.playground.view.commands import obey
from coursekit.widgets.playground.view.describe import describe
from coursekit.widgets.playground.view.fallback import Still
from coursekit.widgets.playground.view.frame import Frames, numbers
from coursekit.widgets.playground.view.join_modules import join
from coursekit.widgets.playground.view.options import all_options
from coursekit.widgets.playground.view.player import Player
from coursekit.widgets.playground.view.png import WIDTH, picture

SLICE = 0.020  # seconds of training in a frame at most: Stop is heard between two frames
STATUS_PERIOD = 0.5  # seconds between two words on how it goes, while it plays


class Playground(anywidget.AnyWidget):
    """A network that is trained before one's eyes, on points of the plane.

    Parameters
    ----------
    net : nn.Sequential, optional
        A network of one's own, of Dense, activations, BatchNorm and Dropout. It is copied;
        the trained one is `net`. Without it one is built from the settings.
    data : str or tuple of arrays, optional
        The name of a data set, or own points ``(x, t)`` or ``(x_train, t_train, x_test, t_test)``:
        x (N, 2) from -6 to 6; whole numbers t are classes, others heights.
    preset : str, optional
        A key of ``playground.PRESETS``: settings and a goal.
    goal : str or Goal, optional
        What to reach, such as ``"test accuracy ≥ 0.95, hidden units ≤ 3"``.
    **settings
        See `Settings`: ``hidden=[4, 2]``, ``activation="ReLU"``, ``optimizer="Adam"``, …

    Attributes
    ----------
    session : Session
        The training without the picture.
    settings, status : dict
        What is chosen, and how far training is, as the browser sees them.
    goal : Goal or None
    goal_reached : bool
        Whether the goal has been reached since training began.

    Raises
    ------
    ValueError
        If a setting, the data or the network don't fit.

    Examples
    --------
    >>> playground = Playground(data="spiral", hidden=[8, 8], optimizer="Adam")
    >>> playground.run(10)
    >>> playground
    Playground(spiral, 2-8-8-1, epoch 10)
    """

    _esm = join()
    _css = Path(__file__).parents[1] / "playground.css"

    options = traitlets.Dict().tag(sync=True)  # what can be chosen; never changes
    settings = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)

    player: Player
    goal_reached: bool

    def __init__(
        self,
        net: nn.Sequential | None = None,
        data: Any = None,
        *,
        preset: str | None = None,
        goal: str | Goal | None = None,
        **settings: Any,
    ) -> None:
        chosen = dict(settings)
        if preset is not None:
            found = _preset(preset)
            chosen, goal = {**found.settings, **chosen}, goal or found.goal
        own = None
        if isinstance(data, str):
            chosen["data"] = data
        elif data is not None:
            chosen["data"], own = OWN, OwnPoints(data)
        self.session = Session(net, own, **chosen)
        self.goal = Goal(goal) if isinstance(goal, str) else goal
        self.frames = Frames(self.session)
        self.player = Player(self._train_a_frame, self._show_playing, self._fail)
        self._still = Still(lambda: picture(self.session), self._words, WIDTH)
        self._until = float("inf")
        self._told = 0.0
        super().__init__(options=all_options())
        self._judge_anew()
        self._tell()
        self.on_msg(lambda _, content, buffers: self.player.call(lambda: self._obey(content)))

    # to look at

    @property
    def playing(self) -> bool:
        """Whether it trains by itself, frame by frame."""
        return self.player.playing

    @property
    def net(self) -> nn.Sequential:
        """A copy of the network as it is now."""
        return copy.deepcopy(self.session.model.net)

    @property
    def state(self) -> str:
        """The settings as a short text, for `restore`."""
        return to_text(self.session.settings, self.session.own)

    @property
    def text(self) -> str:
        """How far it is, in words."""
        return describe(self.session)

    def __repr__(self) -> str:
        widths = "-".join(map(str, self.session.model.widths))
        return f"Playground({self.session.settings.data}, {widths}, epoch {self.session.epoch})"

    def _words(self) -> str:
        words = f"The playground. {self.text}"
        if self.goal is not None:
            words += f" Goal: {self.goal.text}."
            words += f" {REACHED}" if self.goal_reached else ""
        return words

    def _live(self) -> dict[str, Any]:
        live = {"model_id": self.model_id, "version_major": 2, "version_minor": 0}
        return {"text/plain": self._words(), VIEW_TYPE: live}

    def _ipython_display_(self) -> None:
        display(self._live(), raw=True)
        self._still.display()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle, metadata = picture_bundle(picture(self.session), self._words(), WIDTH)
        return bundle | self._live(), metadata

    # to train

    def run(self, epochs: int = 1) -> None:
        """Train so many epochs now; return when they are done, or training has diverged."""
        self.player.stop()
        for _ in range(epochs):
            if not self._train(epochs=1):
                break
        self.show()

    def step(self, updates: int = 1) -> None:
        """Make so many updates now."""
        self.player.stop()
        self._train(updates=updates)
        self.show()

    def play(self, epochs: float = float("inf")) -> None:
        """Train frame by frame, for so many epochs or until `pause`, while the notebook goes on.

        Raises
        ------
        RuntimeError
            If there is no running event loop, as outside of Jupyter: `run` needs none.
        """
        self._until = self.session.epoch + epochs
        self.player.start(endless=epochs == float("inf"))
        self.show()

    def pause(self) -> None:
        """Stop playing."""
        self.player.stop()
        self.show()

    # to change

    def set(self, **values: Any) -> None:
        """Change settings. Those that change points or network start training afresh.

        Raises
        ------
        ValueError
            If the settings don't fit. Nothing is changed then.
        """
        self.session.change(**values)
        self._changed()

    def reset(self, same: bool = False) -> None:
        """Start afresh, with the same starting weights or newly drawn ones."""
        self.session.reset(same)
        self._changed()

    def new_data(self) -> None:
        """Draw other points of the same kind, and start afresh."""
        self.session.new_data()
        self._changed()

    def add_points(self, points: Sequence[Sequence[float]]) -> None:
        """Append to the reader's points, ``[x1, x2, class]`` each, and train on those."""
        self.session.add_points(points)
        self._changed()

    def clear_points(self) -> None:
        """Take the reader's points away."""
        self.session.clear_points()
        self._changed()

    def set_weight(self, layer: int, i: int, j: int, value: float) -> None:
        """Set the weight from unit i to unit j of an affine layer; 0 is the first."""
        self.session.set_weight(layer, i, j, value)
        self.show()

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        self.session.set_bias(layer, j, value)
        self.show()

    def restore(self, state: str) -> None:
        """Take the settings, and the points if it has some, of a text such as `state`."""
        values, own = from_text(state)
        self._replace(Session(None, own or self.session.own, **values))

    def load(self, preset: str) -> None:
        """Take the settings and the goal of a preset."""
        found = _preset(preset)
        session = Session(None, self.session.own, **found.settings)
        self.goal = found.goal
        self._replace(session)

    def _replace(self, session: Session) -> None:
        session.builds += self.session.builds
        session.points += self.session.points
        self.session = self.frames.session = session
        self._changed()

    def _changed(self) -> None:
        """Show what a change has led to. New points or a new network pause."""
        if self.session.epoch == self.session.updates == 0:
            self.player.stop()
            self._judge_anew()
        self.show()

    # how it trains, and shows it

    def _obey(self, message: dict[str, Any]) -> None:
        obey(self, message)
        self._renew_still()

    def _renew_still(self) -> None:
        """Draw the still picture anew, once the page rests. Without a page it stays as it is."""
        if not self.playing:
            self._still.renew(self.player.loop)

    def _train(self, **much: Any) -> bool:
        """Train, and judge the goal at an epoch's end; return whether training can go on."""
        before = self.session.epoch
        go_on = self.session.advance(**much)
        if self.session.epoch > before and self.goal is not None and not self.goal_reached:
            self.goal_reached = self.goal.holds(self.session)
        return go_on

    def _judge_anew(self) -> None:
        self.goal_reached = self.goal is not None and self.goal.holds(self.session)

    def _train_a_frame(self) -> bool:
        """Train for one frame; return whether there is more to come."""
        pace = self.session.settings.pace if self._until == float("inf") else "fast"
        end = time.monotonic() + SLICE
        if pace == "update":
            return self._train(updates=1)
        go_on = self._train(epochs=1, seconds=SLICE)
        while pace == "fast" and go_on and self.session.epoch < self._until:
            left = end - time.monotonic()
            if left <= 0:
                break
            go_on = self._train(epochs=1, seconds=left)
        return go_on and self.session.epoch < self._until

    def show(self, *, full: bool = False, error: str = "") -> None:
        """Send a frame, and the words that go with it."""
        self._show_frame(full=full, error=error)
        self._tell()

    def _show_playing(self, playing: bool) -> None:
        self._show_frame()
        if not playing:
            self._renew_still()
        if not playing or time.monotonic() - self._told > STATUS_PERIOD:
            self._tell()

    def _fail(self, error: str) -> None:
        self.show(error=error)

    def _show_frame(self, *, full: bool = False, error: str = "") -> None:
        header, buffer = self.frames.make(full=full, error=error, playing=self.playing)
        self.player.sent(header["frame"])
        self.send(header, [buffer])

    def _tell(self) -> None:
        self._told = time.monotonic()
        self.settings = self.session.settings.as_json()
        self.status = {
            "playing": self.playing,
            **numbers(self.session),
            "goal": self.goal and {"text": self.goal.text, "reached": self.goal_reached},
            "text": self.text,
            "state": self.state,
        }


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        raise ValueError(f"preset expected one of {listed(PRESETS)}, got {name!r}")
    return PRESETS[name]
