"""What a program can have the playground do."""

import time
from collections.abc import Sequence
from typing import Any

from coursekit.language import say
from coursekit.nn.validation import check_choice
from coursekit.widgets.base.result import REACHED, REACHED_BEFORE
from coursekit.widgets.playground.training.goals import Goal
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.training.session import Session
from coursekit.widgets.playground.training.state_text import from_text, take_apart
from coursekit.widgets.playground.view.frame import Frames
from coursekit.widgets.playground.view.player import Player

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
        Whether the goal has been reached. Once reached, it stays reached.
    controls : tuple of str
        What the bar above the picture holds.
    """

    session: Session
    frames: Frames
    player: Player
    goal: Goal | None
    goal_reached: bool = False
    _since_change: bool = False  # whether it was reached since training was restarted
    controls: Sequence[str]
    _until = float("inf")  # the epoch at which playing stops
    _built = 1  # the model, by the session's count, that was there at the last change

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
        if self.session.epoch > before:
            self._look_at_goal()
        return go_on

    def _look_at_goal(self) -> None:
        """Set `goal_reached` if the session reaches the goal as it is now."""
        if self.goal is not None and not self._since_change:
            self._since_change = self.goal.reached(self.session)
            self.goal_reached = self.goal_reached or self._since_change

    def _goal_words(self) -> str:
        """That the goal is reached, or was before training was restarted, as a sentence."""
        return say(REACHED if self._since_change else REACHED_BEFORE) if self.goal_reached else ""

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
        """Append to the reader's points, and train on those.

        Parameters
        ----------
        points : sequence of rows
            ``[x1, x2, class]``, of which a share is for testing, or ``[x1, x2, class, test]``,
            with 1 for a test point and 0 for one to train on.
        """
        self.session.add_points(points)
        self._changed()

    def remove_point(self, x1: float, x2: float) -> None:
        """Remove the reader's point nearest to a place."""
        self.session.remove_point(x1, x2)
        self._changed()

    def clear_points(self) -> None:
        """Remove the reader's points."""
        self.session.clear_points()
        self._changed()

    def undo_points(self) -> None:
        """Take back the last change of the reader's points."""
        self.session.undo_points()
        self._changed()

    def set_weight(self, layer: int, i: int, j: int, value: float) -> None:
        """Set the weight from unit i to unit j of an affine layer; 0 is the first."""
        self.session.set_weight(layer, i, j, value)
        self.show()

    def set_bias(self, layer: int, j: int, value: float) -> None:
        """Set the bias of unit j of an affine layer; 0 is the first."""
        self.session.set_bias(layer, j, value)
        self.show()

    def toggle_link(self, layer: int, i: int, j: int) -> None:
        """Cut the link from unit i to unit j of an affine layer, or mend it; 0 is the first."""
        self.session.toggle_link(layer, i, j)
        self.show()

    def restore(self, state: str) -> None:
        """Apply a playground's `state` or `code`: its settings, points and cut links.

        Raises
        ------
        ValueError
            If the text is neither, or its settings don't fit. Then nothing is changed.
        """
        values, own, cuts = take_apart(from_text(state))
        session = Session(None, own or self.session.own, **values)
        for link in cuts:
            session.toggle_link(*link)
        self._replace(session)

    def load(self, preset: str) -> None:
        """Apply the settings and the goal of a preset."""
        found = PRESETS[check_choice("preset", preset, PRESETS)]
        session = Session(None, self.session.own, **found.settings)
        self.goal, self.goal_reached, self._since_change = found.goal, False, False
        self.controls = found.controls
        self._replace(session)

    def _replace(self, session: Session) -> None:
        session.builds += self.session.builds
        session.points += self.session.points
        self.session = self.frames.session = session
        self._changed()

    def _changed(self) -> None:
        """Show the result of a change. If training was restarted, stop playing."""
        # Not by its epoch: a rate that is changed just after Play comes before the first update.
        if self.session.builds != self._built:
            self._built = self.session.builds
            self.player.stop()
            self._since_change = False
            self._look_at_goal()
        self.show()
