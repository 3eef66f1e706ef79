"""The button that moves a slider to its end."""

import asyncio

import pytest

from coursekit import data, widgets
from coursekit.widgets.base import play


@pytest.fixture
def fast(monkeypatch):
    monkeypatch.setattr(play, "SECONDS", 0.3)
    monkeypatch.setattr(play, "FASTEST", 0.01)


def run(make, watch):
    """Make an explorer in a loop, press its first ▶, and await what `watch` does with it."""

    async def session():
        explorer, seen = make(), []
        (control, player) = explorer.controls[explorer.played[0]], explorer.players[0]
        control.slider.observe(lambda change: seen.append(change["new"]), "value")
        player.button.click()
        await asyncio.sleep(0)
        assert player.button.icon == "pause"
        assert player.button.tooltip == f"Play or stop: {control.label}"
        await watch(explorer, seen)
        assert player.button.icon == "play"
        return explorer, seen

    return asyncio.run(asyncio.wait_for(session(), 300))


async def stopped(explorer, _):
    while explorer.players[0].button.icon == "pause":
        await asyncio.sleep(0.01)


def test_it_goes_to_the_end_step_by_step_and_begins_again(fast):
    explorer, seen = run(lambda: widgets.PerceptronSteps(*data.gate("or")), stopped)
    last = explorer.controls["step"].high
    assert seen == list(range(1, last + 1))
    assert explorer.values["step"] == last and explorer._lines[0] == explorer.text
    _, seen = run(lambda: widgets.Bumps(steepness=200), stopped)  # from its end
    assert seen[:3] == [1, 3, 5] and seen[-1] == 40  # of many steps not each one


async def pressed(explorer, seen):
    await asyncio.sleep(0.05)
    explorer.players[0].button.click()
    await asyncio.sleep(0.05)
    seen.append("stopped")


async def pulled(explorer, seen):
    await asyncio.sleep(0.05)
    explorer.controls["steepness"].slider.value = 30
    await stopped(explorer, seen)


async def closed(explorer, seen):
    explorer._output.close()
    await stopped(explorer, seen)


@pytest.mark.parametrize("end", [pressed, pulled, closed])
def test_it_stops_where_the_student_stops_it(fast, end):
    explorer, seen = run(lambda: widgets.Bumps(steepness=5), end)
    assert explorer.values["steepness"] < 200
    if end is pressed:
        assert seen[-1] == "stopped" and len(seen) > 1
    if end is pulled:
        assert explorer.values["steepness"] == 150


def test_without_a_loop_it_is_at_the_end_at_once():
    explorer = widgets.NormalisedLayers()
    explorer.players[0].button.click()
    assert explorer.values["scale"] == explorer.controls["scale"].high
    assert explorer.players[0].button.icon == "play"
