"""The tables of parts: nothing of `coursekit.nn` is forgotten, and each does what it is called."""

import asyncio
import threading

import numpy as np
import pytest

from coursekit import nn
from coursekit.widgets.base.controls import Scheduler
from coursekit.widgets.base.parts import (
    ACTIVATIONS,
    FARTHEST,
    INITIALIZERS,
    OPTIMIZERS,
    offer,
)


def exported(kind):
    """The classes of a kind that `coursekit.nn` exports, the abstract one left out."""
    classes = {value for value in vars(nn).values() if isinstance(value, type)}
    return {value for value in classes if issubclass(value, kind) and value is not kind}


def test_every_activation_and_optimizer_is_offered():
    assert {part.make for part in ACTIVATIONS.values()} == exported(nn.Activation)
    assert set(OPTIMIZERS.values()) == exported(nn.Optimizer)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_picture_of_an_activation_shows_the_whole_curve(name):
    part = ACTIVATIONS[name]
    y = part.make()(np.linspace(-FARTHEST, FARTHEST, 200))
    low, high = part.ylim
    assert low <= y.min() and y.max() <= high + 0.01  # softplus lies a little above its score


@pytest.mark.parametrize("name", INITIALIZERS)
def test_only_uniform_and_normal_depend_on_the_scale(name):
    one, two = (INITIALIZERS[name](scale)(40, 30, np.random.default_rng(0)) for scale in (1.0, 2.0))
    assert one.shape == (40, 30)
    np.testing.assert_allclose(two, (2 if name in ("uniform", "normal") else 1) * one)


def test_what_a_widget_offers():
    table = ("tanh", "ReLU", "step", "sine")
    assert offer(table) == table
    assert offer(table, ["step", "ReLU"]) == ("step", "ReLU", "tanh", "sine")
    assert offer(table, ["sine"], without=["tanh", "step"]) == ("sine", "ReLU")


def test_work_is_done_in_the_loop_whichever_thread_schedules_it():
    done_in = []

    def work():
        done_in.append(threading.get_ident())

    async def kernel():
        scheduler = Scheduler()
        thread = threading.Thread(target=scheduler.schedule, args=(work,))
        thread.start()
        thread.join()
        assert done_in == []  # nothing is done in the thread
        await asyncio.sleep(0)
        assert done_in == [threading.get_ident()]
        return scheduler

    scheduler = asyncio.run(kernel())
    scheduler.schedule(work)  # the loop is closed: at once
    Scheduler().schedule(work)  # there was none
    assert done_in == [threading.get_ident()] * 3
