"""What a program can have the playground do by methods, and the page by messages."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from coursekit.nn.validation import check_choice, check_count
from coursekit.widgets.playground.training.goals import Goal
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import from_text
from coursekit.widgets.playground.view.export import curves_csv, weights_json
from coursekit.widgets.playground.view.frame import Frames
from coursekit.widgets.playground.view.player import Player

Message = dict[str, Any]

SLICE = 0.020  # seconds of training in a frame at most: Stop is handled between two frames


class Commands:
    """The commands of a playground, without its picture.

    Attributes
    ----------
    session : Session
        The training.
    frames : Frames
    player : Player
    goal : Goal or None
    goal_reached : bool
        Whether the goal has been reached since training began.
    send : function of a dict
        Sends a message to the page.
    """

    session: Session
    frames: Frames
    player: Player
    goal: Goal | None
    goal_reached: bool
    send: Callable[..., None]
    _until = float("inf")  # the epoch at which playing stops

    def show(self, *, full: bool = False, error: str = "") -> None:
        """Send a frame, and the status that goes with it."""
        raise NotImplementedError

    # training

    def run(self, epochs: int = 1) -> None:
        """Train for this number of epochs; return when they are done or training has diverged."""
        self.player.stop()
        for _ in range(epochs):
            if not self._train(epochs=1):
                break
        self.show()

    def step(self, updates: int = 1) -> None:
        """Make this number of updates; return when they are made."""
        self.player.stop()
        self._train(updates=updates)
        self.show()

    def play(self, epochs: float = float("inf")) -> None:
        """Train frame by frame while the notebook goes on, until `pause` or for some epochs.

        Raises
        ------
        RuntimeError
            If no event loop is running, as outside of Jupyter: `run` needs none.
        """
        self._until = self.session.epoch + epochs
        self.player.start(endless=epochs == float("inf"))
        self.show()

    def pause(self) -> None:
        """Stop playing."""
        self.player.stop()
        self.show()

    def _train(self, **limits: Any) -> bool:
        """Train, and check the goal at an epoch's end; return whether training can go on."""
        before = self.session.epoch
        go_on = self.session.advance(**limits)
        if self.session.epoch > before and not self.goal_reached:
            self._reset_goal()
        return go_on

    def _reset_goal(self) -> None:
        """Set `goal_reached` by the session as it is now."""
        self.goal_reached = self.goal is not None and self.goal.reached(self.session)

    def _train_a_frame(self) -> bool:
        """Train for one frame; return whether more frames will come."""
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

    # changes

    def set(self, **values: Any) -> None:
        """Change settings. Those that replace the points or the network restart training.

        Raises
        ------
        ValueError
            If the settings don't fit. Then nothing is changed.
        """
        self.session.change(**values)
        self._changed()

    def reset(self, same: bool = False) -> None:
        """Restart training, with the same starting weights or newly drawn ones."""
        self.session.reset(same)
        self._changed()

    def new_data(self) -> None:
        """Draw other points of the same kind, and restart training."""
        self.session.new_data()
        self._changed()

    def add_points(self, points: Sequence[Sequence[float]]) -> None:
        """Append to the reader's points, ``[x1, x2, class]`` each, and train on those."""
        self.session.add_points(points)
        self._changed()

    def clear_points(self) -> None:
        """Remove the reader's points."""
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
        """Apply a playground's `state`: its settings, and its points if it has any.

        Raises
        ------
        ValueError
            If the text is not a state, or its settings don't fit. Then nothing is changed.
        """
        values, own = from_text(state)
        self._replace(Session(None, own or self.session.own, **values))

    def load(self, preset: str) -> None:
        """Apply the settings and the goal of a preset."""
        found = PRESETS[check_choice("preset", preset, PRESETS)]
        session = Session(None, self.session.own, **found.settings)
        self.goal = found.goal
        self._replace(session)

    def _replace(self, session: Session) -> None:
        session.builds += self.session.builds
        session.points += self.session.points
        self.session = self.frames.session = session
        self._changed()

    def _changed(self) -> None:
        """Show the result of a change. If training was restarted, stop playing."""
        if self.session.epoch == self.session.updates == 0:
            self.player.stop()
            self._reset_goal()
        self.show()

    # messages from the page

    def handle(self, message: Message) -> None:
        """Run the command of a message. The page shows a refusal, and any other exception.

        Exceptions other than ValueError are raised as well: they are bugs, not the reader's errors.
        """
        command = message.get("do")
        try:
            if command not in _COMMANDS:
                raise ValueError(f"no such command: {command!r}")
            _COMMANDS[command](self, message)
        except ValueError as error:
            self.show(error=str(error))
        except Exception as error:
            self.show(error=f"{type(error).__name__}: {error}")
            raise

    def _hover(self, unit: Any) -> None:
        if unit is not None and not self.frames.has_unit(*unit):
            raise ValueError(f"there is no unit {unit}")
        self.frames.hover = None if unit is None else (unit[0], unit[1])
        self.show()

    def _export(self, what: str) -> None:
        files = {"curves": ("curves.csv", curves_csv), "weights": ("weights.json", weights_json)}
        if what not in files:
            raise ValueError(f"only curves and weights can be exported, got {what!r}")
        name, write = files[what]
        self.send({"kind": "file", "name": name, "text": write(self.session)})
        self.show()


_COMMANDS: dict[Any, Callable[[Commands, Message], None]] = {
    "drawn": lambda p, m: p.player.drawn(m["frame"]),
    "frame": lambda p, m: p.show(full=True),
    "set": lambda p, m: p.set(**m["values"]),
    "play": lambda p, m: p.play(),
    "pause": lambda p, m: p.pause(),
    "step": lambda p, m: p.run(1) if m["unit"] == "epoch" else p.step(1),
    "run": lambda p, m: p.play(check_count("epochs", m["epochs"])),
    "reset": lambda p, m: p.reset(m["same"]),
    "new_data": lambda p, m: p.new_data(),
    "weight": lambda p, m: p.set_weight(m["layer"], m["from"], m["to"], m["value"]),
    "bias": lambda p, m: p.set_bias(m["layer"], m["unit"], m["value"]),
    "points": lambda p, m: p.add_points(m["points"]),
    "clear_points": lambda p, m: p.clear_points(),
    "hover": lambda p, m: p._hover(m["unit"]),
    "restore": lambda p, m: p.restore(m["text"]),
    "preset": lambda p, m: p.load(m["name"]),
    "export": lambda p, m: p._export(m["what"]),
}
