"""The playground's widget without a browser: its commands, its task, what it shows."""

import asyncio
import json
import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from coursekit import nn, widgets
from coursekit.widgets.playground import Goal
from coursekit.widgets.playground.training.choices import DATA
from coursekit.widgets.playground.training.presets import PRESETS
from coursekit.widgets.playground.view import describe, player
from coursekit.widgets.playground.view.png import figure

TWO_EPOCHS = Goal("two epochs", lambda session: session.epoch >= 2)
STATE = '{"data":"moons","hidden":[5]}'


class Page:
    """Stands for the browser: keeps what comes, sends commands, draws every frame if `draws`."""

    def __init__(self, playground, draws=True):
        self.playground, self.draws = playground, draws
        self.messages = []
        self.times = []
        playground.send = self.take

    def take(self, content, buffers=None):
        json.dumps(content, allow_nan=False)  # NaN is no JSON: the browser would refuse it
        self.messages.append(content)
        self.times.append(time.monotonic())
        if self.draws and content["kind"] == "frame":
            self("drawn", frame=content["frame"])

    def __call__(self, do, **fields):
        self.playground._handle_custom_msg({"do": do, **fields}, [])

    @property
    def frames(self):
        return [message for message in self.messages if message["kind"] == "frame"]

    @property
    def last(self):
        return self.frames[-1]


@pytest.fixture
def page():
    return Page(widgets.Playground())


# commands


@pytest.mark.parametrize(
    ("do", "fields", "check"),
    [
        ("frame", {}, lambda p: True),
        ("set", {"values": {"lr": 0.3}}, lambda p: p.session.optimizer.lr == 0.3),
        ("set", {"values": {"data": "xor"}}, lambda p: p.settings["data"] == "xor"),
        (
            "set",
            {"values": {"hidden": [{"units": 3}]}},
            lambda p: p.session.model.widths == [2, 3, 1],
        ),
        ("step", {"unit": "update"}, lambda p: p.session.updates == 1),
        ("step", {"unit": "epoch"}, lambda p: p.session.epoch == 1),
        ("reset", {"same": False}, lambda p: p.settings["net_seed"] == 1),
        ("reset", {"same": True}, lambda p: p.settings["net_seed"] == 0),
        ("new_data", {}, lambda p: p.settings["data_seed"] == 1),
        (
            "weight",
            {"layer": 1, "from": 3, "to": 0, "value": -2},
            lambda p: p.session.model.stages[1].dense.params["W"][3, 0] == -2,
        ),
        (
            "bias",
            {"layer": 2, "unit": 0, "value": 0.5},
            lambda p: p.session.model.stages[2].dense.params["b"][0] == 0.5,
        ),
        ("points", {"points": [[1, 2, 0]]}, lambda p: p.settings["data"] == "own"),
        ("clear_points", {}, lambda p: len(p.session.model.x_train) == 0),
        ("points", {"points": [[1, 2, 0, 1]]}, lambda p: len(p.session.model.x_test) == 1),
        ("undo_points", {}, lambda p: p.settings["data"] == "circle"),
        (
            "cut",
            {"layer": 0, "from": 1, "to": 2},
            lambda p: p.net.layers[0].weights()[1, 2] == 0 and p.state.endswith("[[0,1,2]]}"),
        ),
        ("probe", {"at": [1, -2]}, lambda p: p.frames.probe == (1, -2)),
        ("probe", {"at": None}, lambda p: p.frames.probe is None),
        ("hover", {"unit": [1, 3]}, lambda p: p.frames.hover == (1, 3)),
        ("hover", {"unit": None}, lambda p: p.frames.hover is None),
        ("restore", {"text": STATE}, lambda p: p.state == STATE),
        (
            "restore",
            {"text": "widgets.Playground(data='moons', hidden=[5])"},
            lambda p: p.state == STATE,
        ),
        (
            "preset",
            {"name": "spiral"},
            lambda p: (
                p.goal == PRESETS["spiral"].goal and p.controls == list(PRESETS["spiral"].controls)
            ),
        ),
        ("pause", {}, lambda p: not p.player.playing),
    ],
)
def test_a_command_is_done_and_answered_by_a_frame(page, do, fields, check):
    page(do, **fields)
    assert check(page.playground)
    assert len(page.frames) == 1 and page.last["error"] == ""
    assert page.playground.status["state"] == page.playground.state


@pytest.mark.parametrize(
    ("do", "fields", "sentence"),
    [
        ("dance", {}, "no such command: 'dance'"),
        ("set", {"values": {"lr": -1}}, "learning rate must be a number from"),
        ("set", {"values": {"init_scale": 0}}, "initial scale must be"),
        ("set", {"values": {"dropout": 2}}, "dropout in all layers must be"),
        ("remove_point", {"at": [1, 1]}, "there is no point to remove at (1, 1)"),
        ("cut", {"layer": 0, "from": 2, "to": 0}, "from must be"),
        ("probe", {"at": ["x", 1]}, "could not convert"),
        ("set", {"values": {"loss": "hinge", "data": "clouds"}}, "'hinge' needs two classes"),
        ("weight", {"layer": 9, "from": 0, "to": 0, "value": 1}, "layer must be"),
        ("weight", {"layer": 0, "from": 0, "to": 0, "value": None}, "finite"),
        ("bias", {"layer": 0, "unit": 4, "value": 1}, "unit must be"),
        ("points", {"points": [[9, 9, 0]]}, "between -6 and 6, got 9"),
        ("points", {"points": [[1, 1, 7]]}, "whole numbers"),
        ("hover", {"unit": [1, 4]}, "no unit"),
        ("restore", {"text": "hello"}, "a state must be JSON"),
        ("restore", {"text": '{"lr":-3}'}, "learning rate must be"),
        ("preset", {"name": "none"}, "preset must be"),
        ("export", {"what": "all"}, "only curves and weights"),
        ("run", {"epochs": 0}, "epochs must be"),
        ("run", {"epochs": 1.5}, "epochs must be"),
    ],
)
def test_a_refusal_is_shown_and_changes_nothing(page, do, fields, sentence):
    playground = page.playground
    before = playground.state, playground.net.theta, playground.session.epoch
    page(do, **fields)
    assert sentence in page.last["error"]
    assert (playground.state, playground.session.epoch) == (before[0], before[2])
    np.testing.assert_array_equal(playground.net.theta, before[1])
    page("step", unit="epoch")
    assert page.last["error"] == "" and page.last["epoch"] == 1


def test_the_output_at_a_place_follows_the_training(page):
    page("probe", at=[1.5, -2])
    first = page.last["probe"]
    assert first == [1.5, -2, pytest.approx(page.playground.net([[1.5, -2]])[0, 0])]
    page("step", unit="epoch")
    assert page.last["probe"][:2] == first[:2] and page.last["probe"] != first
    page("set", values={"data": "clouds"})
    x1, x2, *shares = page.last["probe"]
    assert (x1, x2, len(shares)) == (1.5, -2, 3) and sum(shares) == pytest.approx(1)
    page("probe", at=None)
    assert page.last["probe"] is None


def test_links_that_are_cut_are_named_by_their_place_among_the_weights(page):
    assert page.playground.frames.next_frame()[0]["cuts"] == []
    page("cut", **{"layer": 1, "from": 3, "to": 0})
    assert page.last["cuts"] == [2 * 4 + 3 * 2 + 0]
    page("cut", **{"layer": 1, "from": 3, "to": 0})
    assert page.last["cuts"] == []


def test_a_map_shows_at_once_that_a_link_is_cut():
    playground = widgets.Playground(hidden=[])
    page = Page(playground)
    before = playground.frames.next_frame(full=True)[1]
    for i in range(2):
        page("cut", **{"layer": 0, "from": i, "to": 0})
    header, after = playground.frames.next_frame(full=True)
    offset = next(section[3] for section in header["sections"] if section[0] == "output_map")
    assert set(after[offset : offset + 10000]) == {128} != set(before[offset : offset + 10000])
    for i in range(2):
        page("cut", **{"layer": 0, "from": i, "to": 0})
    assert playground.frames.next_frame(full=True)[1] == before  # to the last bit


def test_exported_files_can_be_read_back(page):
    page.playground.run(3)
    page("export", what="curves")
    page("export", what="weights")
    curves, weights = [m for m in page.messages if m["kind"] == "file"]
    lines = curves["text"].splitlines()
    assert lines[0] == "epoch,train_loss,test_loss,train_accuracy,test_accuracy"
    last = [float(value) for value in lines[-1].split(",")]
    np.testing.assert_allclose(last, [3, *page.playground.session.measures], rtol=1e-8)
    stored = json.loads(weights["text"])
    dense = [layer for layer in page.playground.net.layers if isinstance(layer, nn.Dense)]
    for layer, kept in zip(dense, [x for x in stored["layers"] if "W" in x], strict=True):
        np.testing.assert_array_equal(kept["W"], layer.params["W"])
        np.testing.assert_array_equal(kept["b"], layer.params["b"])
    assert stored["epoch"] == 3 and stored["state"] == '{"hidden":[4,2]}'


def test_a_page_s_mistake_is_shown_and_logged(page, caplog):
    page("weight", layer=0)
    assert page.last["error"] == "KeyError: 'from'"
    assert "KeyError" in caplog.text


# programs


def test_nothing_trains_before_it_is_asked_to():
    playground = widgets.Playground()
    playground.still()
    assert playground.session.updates == 0 and not playground.player.playing


def test_a_page_has_the_settings_from_the_first_message_on(monkeypatch):
    """One that is drawn when the kernel has gone meanwhile gets no second message."""
    opened = []
    make = widgets.Playground.open

    def record(playground):
        opened.append(playground.settings)
        make(playground)

    monkeypatch.setattr(widgets.Playground, "open", record)
    playground = widgets.Playground(lr=0.3)
    assert opened == [playground.session.settings.as_json()]


def test_run_trains_at_once_and_stops_a_divergence():
    playground = widgets.Playground()
    playground.run(5)
    assert playground.session.epoch == playground.status["epoch"] == 5
    playground = widgets.Playground(data="plane", activation="ReLU", lr=10)
    playground.run(1000)
    assert playground.session.epoch < 1000 and playground.status["diverged"]
    assert "lower learning rate" in playground.text


def test_the_trained_network_is_handed_back():
    rng = np.random.default_rng(3)
    net = nn.Sequential(nn.Dense(2, 4, rng=rng), nn.ReLU(), nn.Dense(4, 1, rng=rng))
    x = rng.uniform(-5, 5, (80, 2))
    t = (x[:, 0] > x[:, 1]).astype(int)
    playground = widgets.Playground(net, (x, t), lr=0.1)
    playground.run(60)
    trained = playground.net
    assert nn.accuracy(trained(x), t.reshape(-1, 1)) > 0.9
    trained.theta[:] = 0  # a copy
    assert playground.session.model.net.theta.any()


def test_settings_of_a_preset_may_be_changed_at_once():
    playground = widgets.Playground(preset="width", hidden=[5], goal=TWO_EPOCHS)
    assert playground.session.model.widths == [2, 5, 1]
    assert playground.settings["data"] == "bumps" and playground.goal is TWO_EPOCHS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_s_controls_exist(name):
    playground = widgets.Playground(preset=name)
    offered = {*playground.options["labels"], "epochs"}
    assert playground.controls and set(playground.controls) <= offered


def test_the_controls_can_be_chosen():
    assert widgets.Playground().controls == ["lr", "activation"]
    assert widgets.Playground(preset="width", controls=["noise"]).controls == ["noise"]
    with pytest.raises(ValueError, match=r"controls must be one of lr, .*, got 'rate'"):
        widgets.Playground(controls=["rate"])


def test_the_code_makes_the_same_playground():
    one = widgets.Playground(data="own", hidden=[3], lr=0.3)
    one.add_points([[1, 1, 1, 0], [2, 2, 1, 1], [-1, -1, 0, 0]])
    one.toggle_link(0, 0, 1)
    *imported, call = one.code.split("; ")
    names = {}
    exec("; ".join(imported), names)
    other = eval(call, names)
    assert other.code == one.code and other.state == one.state
    for playground in (one, other):
        playground.run(3)
    assert other.session.cuts.keys() == {(0, 0, 1)}


def test_restore_brings_back_settings_and_points():
    one = widgets.Playground(data="own")
    one.add_points([[1, 1, 1], [2, 2, 1], [-1, -1, 0], [-2, -2, 0]])
    one.set(hidden=[3], lr=0.3)
    other = widgets.Playground()
    other.restore(one.state)
    assert other.state == one.state
    one.reset(same=True)
    one.run(3)
    other.run(3)
    np.testing.assert_array_equal(one.net.theta, other.net.theta)


@pytest.mark.parametrize("data", ["circle", "bumps", "clouds"])
def test_the_still_is_the_same_every_time(data):
    one, other = widgets.Playground(data=data), widgets.Playground(data=data)
    one.run(2)
    other.run(2)
    assert repr(one) == repr(other) and repr(one).endswith("epoch 2)")
    first, second = one.still()[0], other.still()[0]
    assert first["text/plain"] == second["text/plain"]
    assert first["text/plain"].startswith(f"The playground. Epoch 2 on {DATA[data][1]}. Training")
    assert f'alt="{first["text/plain"]}"' in first["text/html"]
    assert f'src="data:image/png;base64,{first["image/png"]}">' in first["text/html"]


@pytest.mark.parametrize("epochs", [0, 3])
def test_the_legend_of_the_still_covers_nothing(epochs):
    playground = widgets.Playground(preset="few units")
    playground.run(epochs)
    drawn = figure(playground.session)
    drawn.canvas.draw()
    loss = drawn.axes[-1]
    training, test = loss.lines
    assert training.get_marker() != test.get_marker() or epochs
    place = loss.get_legend().get_window_extent()
    assert all(not place.overlaps(axes.get_window_extent()) for axes in drawn.axes)
    assert not place.overlaps(loss.xaxis.label.get_window_extent())
    assert drawn.bbox.y0 <= place.y0 and place.x1 <= drawn.bbox.x1


def test_the_still_follows_the_page(displayed):
    async def scenario(page, playground):
        page.draws = False
        playground._ipython_display_()
        playground.run(1)
        await asyncio.sleep(0.2)
        assert displayed.updates == []  # nobody looks: a cell's output stays that of its cell
        page.draws = True
        page("step", unit="epoch")
        page("step", unit="epoch")
        await until(lambda: displayed.updates)
        await asyncio.sleep(0.2)
        assert len(displayed.updates) == 1 and "Epoch 3 on" in displayed.updates[0]["text/plain"]
        page("run", epochs=2)
        await until(lambda: len(displayed.updates) == 2)
        assert "Epoch 5 on" in displayed.updates[1]["text/html"]

    play(scenario)


def test_an_empty_playground_has_a_picture_too():
    text = widgets.Playground(data="own", hidden=[]).still()[0]["text/plain"]
    assert "No points to train on yet" in text and "loss" not in text
    assert "2-1 without a hidden layer" in text


def test_words():
    playground = widgets.Playground(hidden=[2, 2], activation="ReLU")
    playground.set_bias(0, 0, -100)
    assert "1 hidden unit without a slope at any training point." in playground.text
    assert "Network 2-2-2-1 with ReLU." in playground.text
    assert "% of the training points" in playground.text


@pytest.mark.parametrize(
    ("loss", "text"),
    [(0.0, "below 0.01"), (0.0099, "below 0.01"), (0.684, "0.68"), (1.5, "1.5"), (2.5e6, "2e+06")],
)
def test_a_loss_in_words(loss, text):
    assert describe.loss_text(loss) == text


def test_a_share_in_words_is_whole_only_if_it_is():
    assert [describe.share_text(share) for share in (0.0, 0.444, 0.996, 1.0)] == [
        "0 %",
        "44 %",
        "99 %",
        "100 %",
    ]


def test_play_says_what_it_lacks_without_a_loop():
    with pytest.raises(RuntimeError, match=r"use run\(epochs\)"):
        widgets.Playground().play()


# playing


def play(scenario, **settings):
    """Run a coroutine function of a page in an event loop."""

    async def main():
        page = Page(widgets.Playground(**settings))
        await scenario(page, page.playground)
        page.playground.player.stop()

    asyncio.run(main())


async def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.005)


def test_play_goes_on_until_pause():
    async def scenario(page, playground):
        page("play")
        await until(lambda: page.frames and playground.session.epoch >= 3)
        assert page.last["playing"] and playground.player.playing
        page("pause")
        await asyncio.sleep(0)
        await until(lambda: not playground.player.playing)
        epoch, count = playground.session.epoch, len(page.frames)
        assert not page.last["playing"] and not playground.status["playing"]
        await asyncio.sleep(0.2)
        assert (playground.session.epoch, len(page.frames)) == (epoch, count)

    play(scenario)


@pytest.mark.parametrize(("pace", "least", "most"), [("update", 1, 1), ("epoch", 1, 25)])
def test_the_pace_of_a_frame(pace, least, most):
    async def scenario(page, playground):
        page("play")
        await until(lambda: len(page.frames) > 6)
        updates = np.diff([frame["updates"] for frame in page.frames[1:]])
        assert updates.min() >= least and updates.max() <= most

    play(scenario, pace=pace)


def test_fast_makes_more_than_an_epoch_a_frame():
    async def scenario(page, playground):
        page("play")
        await until(lambda: len(page.frames) > 6)
        assert page.last["epoch"] > len(page.frames)

    play(scenario, pace="fast", hidden=[2], batch_size=125)


def test_run_plays_so_many_epochs_and_pauses():
    async def scenario(page, playground):
        page("run", epochs=40)
        await until(lambda: page.frames and not playground.player.playing)
        assert playground.session.epoch == 40
        assert page.last["epoch"] == 40 and not page.last["playing"]

    play(scenario)


def test_a_frame_interrupts_a_long_epoch():
    async def scenario(page, playground):
        page("play")
        await until(lambda: len(page.frames) > 4)
        gaps = [b["updates"] - a["updates"] for a, b in pairwise(page.frames)]
        assert max(gaps) < playground.session.model.updates_per_epoch

    play(scenario, hidden=[8] * 6, batch_size=1, train_percent=90, batch_norm=False)


def test_a_divergence_pauses():
    async def scenario(page, playground):
        page("play")
        await until(lambda: page.frames and not playground.player.playing)
        assert page.last["diverged"] and not page.last["playing"]
        page("reset", same=False)
        await until(lambda: not page.last["diverged"])

    play(scenario, data="plane", activation="ReLU", lr=10)


def test_changes_that_begin_afresh_pause_and_others_do_not():
    async def scenario(page, playground):
        page("play")
        await until(lambda: len(page.frames) > 2)
        page("set", values={"lr": 0.1, "penalty": "L2", "strength": 0.01, "batch_size": 5})
        await asyncio.sleep(0.05)
        assert playground.player.playing and playground.session.epoch > 0
        page("set", values={"noise": 20})
        await asyncio.sleep(0.05)
        assert not playground.player.playing and playground.session.epoch == 0
        assert not page.last["playing"] and page.last["curves"] == "all"

    play(scenario)


@pytest.mark.parametrize(
    ("do", "fields", "plays_on"),
    [
        ("set", {"values": {"lr": 0.3}}, True),
        ("set", {"values": {"penalty": "L2"}}, True),
        ("set", {"values": {"gradients": True}}, True),
        ("set", {"values": {"noise": 20}}, False),
        ("reset", {"same": True}, False),
        ("restore", {"text": STATE}, False),
        ("preset", {"name": "spiral"}, False),
    ],
)
def test_a_change_before_the_first_update_pauses_only_if_it_begins_afresh(do, fields, plays_on):
    async def scenario(page, playground):
        page("play")
        page(do, **fields)  # both are handled before the task has trained at all
        await until(lambda: len(page.frames) >= 2)
        assert playground.player.playing == plays_on
        if plays_on:
            await until(lambda: playground.session.epoch > 0)

    play(scenario)


def test_a_slow_page_is_waited_for(monkeypatch):
    async def scenario(page, playground):
        page.draws = False
        page("play")
        await until(lambda: len(page.frames) >= 2)
        await asyncio.sleep(0.3)
        assert len(page.frames) <= player.AHEAD + 1  # and training waits with it
        epoch = playground.session.epoch
        await asyncio.sleep(0.1)
        assert playground.session.epoch == epoch
        page("drawn", frame=page.last["frame"])
        await until(lambda: playground.session.epoch > epoch)

    monkeypatch.setattr(player, "PATIENCE", 60.0)
    play(scenario)


def test_a_page_that_is_gone_is_waited_for_no_longer(monkeypatch):
    async def scenario(page, playground):
        page.draws = False
        page("run", epochs=30)
        await until(lambda: page.frames and not playground.player.playing)
        assert playground.session.epoch == 30

    monkeypatch.setattr(player, "PATIENCE", 0.02)
    monkeypatch.setattr(player, "ALONE", 0.02)
    play(scenario)


def test_playing_without_an_end_stops_when_nobody_looks(monkeypatch):
    async def scenario(page, playground):
        page.draws = False
        page("play")
        await until(lambda: page.frames and not playground.player.playing)
        assert not page.last["playing"]

    monkeypatch.setattr(player, "PATIENCE", 0.1)
    monkeypatch.setattr(player, "ALONE", 0.3)
    play(scenario)


def test_an_exception_in_the_task_is_shown_on_the_page():
    async def scenario(page, playground):
        def fail(**much):
            raise ZeroDivisionError("planted")

        playground.session.advance = fail
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        page("play")
        await until(lambda: any(frame["error"] for frame in page.frames))
        assert page.last["error"] == "ZeroDivisionError: planted"
        assert not playground.player.playing and not page.last["playing"]

    play(scenario)


def test_messages_from_another_thread_are_handled_in_the_loop():
    async def scenario(page, playground):
        threads = []
        change = playground.session.change
        playground.session.change = lambda **values: (
            threads.append(threading.current_thread()),
            change(**values),
        )
        other = threading.Thread(target=page, args=("set",), kwargs={"values": {"lr": 0.5}})
        other.start()
        other.join()
        assert threads == []  # not yet
        await until(lambda: threads)
        assert threads == [threading.main_thread()] and playground.settings["lr"] == 0.5

    play(scenario)


def test_two_playgrounds_do_not_disturb_each_other():
    async def scenario(page, playground):
        other = Page(widgets.Playground(data="xor"))
        page("play")
        other("play")
        await until(lambda: playground.session.epoch > 3 and other.playground.session.epoch > 3)
        page("pause")
        await asyncio.sleep(0.02)
        epoch, rest = playground.session.epoch, other.playground.session.epoch
        await until(lambda: other.playground.session.epoch > rest + 2)
        assert playground.session.epoch == epoch
        other.playground.player.stop()

    play(scenario)


def test_play_after_pause_goes_on():
    async def scenario(page, playground):
        for epoch in (1, 3, 5):
            page("play")
            await until(lambda least=epoch: playground.session.epoch >= least)
            page("pause")
            page("play")
            await until(lambda least=epoch: playground.session.epoch > least)
            page("pause")
            await asyncio.sleep(0.02)
            assert not playground.player.playing

    play(scenario)


def test_the_status_is_not_written_with_every_frame():
    async def scenario(page, playground):
        told = []
        playground.observe(lambda change: told.append(change["new"]["epoch"]), "status")
        page("play")
        await until(lambda: len(page.frames) > 25)
        assert 1 <= len(told) <= len(page.frames) / 5

    play(scenario)


def test_the_goal_is_checked_while_it_plays():
    async def scenario(page, playground):
        page("play")
        await until(lambda: playground.status["goal"]["reached"])
        assert playground.goal_reached and playground.player.playing

    play(scenario, goal=TWO_EPOCHS)
