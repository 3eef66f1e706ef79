"""A widget as an output: the live view, what remains of it, and what a second run leaves behind."""

import asyncio

import pytest
from jupyter_client.manager import start_new_kernel

from coursekit import widgets
from coursekit.widgets.base.output import VIEW_TYPE, asleep

WIDGETS = {
    "LineAndGates": "widgets.LineAndGates()",
    "OptimizerRace": "widgets.OptimizerRace()",
    "Playground": "widgets.Playground(hidden=[1])",
    "Prediction": "predict('Heads?', ['yes', 'no'])",
}


@pytest.mark.parametrize("name", ["LineAndGates", "OptimizerRace", "Playground"])
def test_the_live_view_and_the_still_are_two_outputs(displayed, name):
    widget = getattr(widgets, name)()
    widget._ipython_display_()
    live, still = displayed.shown
    assert live.keys() == {VIEW_TYPE}
    assert live[VIEW_TYPE]["model_id"] == widget._output.view.model_id
    assert "ck-live" in widget._output.view._dom_classes
    forms, _ = widget.still()
    assert forms.keys() == still.keys() == {"text/plain", "text/html", "image/png"}
    assert still["text/html"].startswith(f'<div class="ck-still">{forms["text/html"]}<style>')
    assert asleep() in still["text/html"]


def test_the_still_follows_a_student_after_a_pause_and_a_program_at_once(displayed):
    async def scenario():
        explorer = widgets.LineAndGates()
        explorer._ipython_display_()
        for tick in (1, 2, 3):
            explorer.controls["w1"].slider.value = tick
            await asyncio.sleep(0.01)
        assert displayed.updates == []
        await asyncio.sleep(0.2)
        assert [forms["text/html"] for forms in displayed.updates] == [
            explorer._output.bundle()[0]["text/html"]
        ]
        assert "0.3·x₁" in displayed.updates[0]["text/plain"]
        explorer.set(w1=1.0)
        assert "[x₁ − " in displayed.updates[1]["text/plain"]

    asyncio.run(scenario())


def test_outside_a_notebook_it_is_text(capsys):
    widgets.LineAndGates()._ipython_display_()
    assert capsys.readouterr().out.startswith("A line and the rows of OR. ")


@pytest.fixture(scope="module")
def kernel():
    """Run code as a cell of a notebook; return what it printed."""
    manager, client = start_new_kernel()

    def run(cell, code):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        request = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(request)
        printed = ""
        while True:
            message = client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            content = message["content"]
            assert message["msg_type"] != "error", content["traceback"]
            printed += content.get("text", "")
            if content.get("execution_state") == "idle":
                return printed

    run("first", "import gc; from coursekit import predict, widgets; from ipywidgets import Widget")
    run("first", "from ipywidgets.widgets.widget import _instances")
    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", WIDGETS)
def test_a_cell_that_runs_again_frees_what_it_made(kernel, name):
    count = (
        "_ = gc.collect(); print(len(_instances), "
        f"sum(type(o).__name__ == {name!r} for o in gc.get_objects()))"
    )
    kernel(name, WIDGETS[name])
    once = kernel("count", count)
    assert once.split()[1] == "1"
    for _ in range(5):
        kernel(name, WIDGETS[name])
    assert kernel("count", count) == once
    kernel(name, "1 + 1")
    kernel(name, "2 + 2")
    assert kernel("count", count).split()[1] == "0"


def test_twenty_runs_leave_the_memory_of_one(kernel):
    """Of a cell with a figure and many controls; `benchmarks/again.py` does it with all widgets."""
    memory = (
        "_ = gc.collect(); import resource, pathlib\n"
        "print(int(pathlib.Path('/proc/self/statm').read_text().split()[1])"
        " * resource.getpagesize())"
    )
    kernel("twenty", WIDGETS["LineAndGates"])
    once = int(kernel("memory", memory))
    for _ in range(19):
        kernel("twenty", WIDGETS["LineAndGates"])
    assert int(kernel("memory", memory)) - once < 10_000_000


def test_a_widget_that_the_cell_shows_again_lives(kernel):
    kernel("made", "kept = widgets.LineAndGates()")
    for _ in range(3):
        kernel("shown", "kept")
    assert kernel("count", "print(kept.view.comm is not None)") == "True\n"
    kernel("shown", "widgets.LineAndGates()")
    assert kernel("count", "print(kept.view.comm is not None)") == "False\n"
