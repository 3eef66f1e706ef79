"""The optimizer race in JupyterLab: each setting, playing, dragging, keys, themes and refusals."""

import json
import re

import pytest
from lab_page import NotebookPage, write_notebook
from playwright.sync_api import expect

SOURCES = [
    "import itertools\nimport json\n\nfrom coursekit import widgets\n\nruns = itertools.count()",
    "race = widgets.OptimizerRace()\nrace",
    "print(json.dumps({'run': next(runs), **race.settings, 'arrivals': race.arrivals}))",
]
PIXELS = "canvas => canvas.toDataURL()"


class View:
    """A race below its cell."""

    def __init__(self, notebook, messages):
        self.notebook, self.page, self.messages = notebook, notebook.page, messages
        self.root = notebook.output(1).locator(".ck-race")
        self.map = self.root.locator(".ck-map canvas")
        self.loss = self.root.locator(".ck-loss")
        self.start = self.root.locator(".ck-start")
        self.step = self.root.locator(".ck-step")
        self.verdict = self.root.get_by_role("status")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, label):
        return self.root.get_by_label(label, exact=True)

    def fate(self, method):
        return self.root.get_by_role("row").filter(has_text=method).locator(".ck-fate")

    def go(self, step):
        self.field("step").fill(str(step))
        expect(self.step).to_have_text(str(step))

    def changes(self, act):
        """Do something; return when the race that it leads to has come, and the map shows it."""
        before = self.map.evaluate(PIXELS), self.loss.evaluate(PIXELS)
        act()
        expect(self.root).not_to_have_class(re.compile("ck-waiting"))
        for canvas, old in zip((self.map, self.loss), before, strict=True):
            assert canvas.evaluate(PIXELS) != old

    def kernel(self):
        self.notebook.run_cell(2)
        return json.loads(self.notebook.output(2).inner_text())


@pytest.fixture(scope="module")
def page_of_one(browser, server):
    write_notebook(server.root / "notebooks" / "race.ipynb", SOURCES)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, has_touch=True)
    page, messages = context.new_page(), []

    def note(frame):
        text = frame if isinstance(frame, str) else frame.decode("latin-1")
        if "comm_msg" in text:
            messages.append(text[:200])

    def listen(socket):
        socket.on("framesent", note)
        socket.on("framereceived", note)

    page.on("websocket", listen)
    notebook = NotebookPage(page, server).open("notebooks/race.ipynb")
    notebook.run_all()
    yield View(notebook, messages)
    assert notebook.complaints == []
    context.close()


@pytest.fixture
def view(page_of_one):
    """The race as it is at the beginning: its cell run again."""
    page_of_one.notebook.run_cell(1)
    expect(page_of_one.step).to_have_text("0")
    page_of_one.root.scroll_into_view_if_needed()
    return page_of_one


def test_it_opens_at_the_start_plays_and_says_what_happens_when_it_happens(view):
    expect(view.button("▶ Play")).to_be_visible()
    expect(view.verdict).to_contain_text("Press Play.")
    expect(view.verdict).not_to_contain_text("Arrived")
    expect(view.fate("Adam")).to_have_text("…")
    for part in (view.map, view.loss, view.field("Adam: rate α"), view.button("▶ Play")):
        expect(part).to_be_in_viewport(ratio=1)  # map, curve and controls at once
    view.field("Adam: rate α").fill("0.75")
    view.field("Adam: β₁").fill("0.8")
    view.field("Adam: β₁").press("Enter")
    expect(view.root).not_to_have_class(re.compile("ck-waiting"))
    expect(view.fate("Adam")).to_have_text("…")
    view.go(30)
    expect(view.verdict).not_to_contain_text("Goal reached.")
    view.button("one step forward").click()
    expect(view.fate("Adam")).to_have_text("step 31")
    expect(view.verdict).to_contain_text("✓ Goal reached.")
    view.go(0)
    expect(view.verdict).to_contain_text("✓ Goal reached.")  # it stays reached
    del view.messages[:]
    view.button("▶ Play").click()
    view.page.wait_for_function(
        "() => Number(document.querySelector('.ck-race .ck-step').textContent) > 10"
    )
    view.button("❚❚ Pause").click()
    at, picture = view.step.inner_text(), view.map.evaluate(PIXELS)
    for _ in range(20):
        view.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert (view.step.inner_text(), view.map.evaluate(PIXELS)) == (at, picture)
    # it plays by itself; the picture for a reader of the notebook follows the last change later
    assert [said for said in view.messages if "update_display_data" not in said] == []
    view.field("step").press("Space")
    expect(view.button("❚❚ Pause")).to_be_visible()
    view.field("step").press("Space")
    view.go(200)
    expect(view.verdict).to_contain_text("Adam at step 31")


def test_each_setting_changes_the_picture(view):
    view.go(120)
    view.changes(lambda: view.field("SGD: rate α").press("ArrowUp"))
    expect(view.field("SGD: rate α")).to_have_value("0.05")
    view.changes(lambda: view.field("Momentum: rate α").press("ArrowUp"))
    expect(view.field("Momentum: rate α")).to_have_value("0.005")  # and not 1.003
    view.changes(lambda: view.field("Adam: rate α, by slider").press("ArrowLeft"))
    expect(view.field("Adam: rate α")).to_have_value("0.2")
    view.changes(lambda: view.field("Nesterov: ρ").press("ArrowDown"))
    expect(view.field("Nesterov: ρ")).to_have_value("0.85")
    view.changes(lambda: view.field("RMSProp").check())
    view.changes(lambda: view.field("SGD").uncheck())
    expect(view.fate("SGD")).to_have_text("")
    typed = view.field("RMSProp: rate α")
    typed.fill("0,11")
    view.changes(lambda: typed.press("Enter"))
    view.field("start x₁").fill("0.5")
    view.changes(lambda: view.field("start x₁").press("Enter"))
    view.field("start x₂").fill("-1")
    view.changes(lambda: view.field("start x₂").press("Enter"))
    kernel = view.kernel()
    assert kernel["start"] == [0.5, -1]
    assert kernel["lanes"]["SGD"] == {"on": False, "lr": 0.05, "memory": 0}
    assert kernel["lanes"]["RMSProp"]["lr"] == 0.11
    assert kernel["lanes"]["Nesterov"]["memory"] == 0.85
    for name in ("saddle", "narrow valley", "valley turned by 35°", "two hollows"):
        view.go(50)
        before = view.map.evaluate(PIXELS)
        view.field("surface").select_option(name)
        expect(view.step).to_have_text("0")  # another race, from its start
        assert view.map.evaluate(PIXELS) != before
        expect(view.map).to_have_attribute("aria-label", re.compile(f"on the surface {name}"))
        expect(view.fate("Adam")).to_have_text("…")
    assert view.kernel()["start"] == [1.6, 1]


def test_the_start_by_mouse_finger_and_keys_and_the_losses_under_the_pointer(view):
    box, cross = view.map.bounding_box(), view.start.bounding_box()
    x, y = cross["x"] + cross["width"] / 2, cross["y"] + cross["height"] / 2
    plain = view.map.evaluate(PIXELS)
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + 40, y + 60, steps=4)
    expect(view.root).not_to_have_class(re.compile("ck-waiting"))
    dragged = view.map.evaluate(PIXELS)
    assert dragged != plain
    view.page.mouse.up()
    assert view.map.evaluate(PIXELS) != dragged  # the whole paths are shown in the hand only
    expect(view.step).to_have_text("0")
    x1 = float(view.field("start x₁").input_value())
    assert x1 == pytest.approx(1 + 40 / box["width"] * 6.1, abs=0.03)
    assert view.kernel()["start"][0] == x1
    view.start.focus()
    for key in ("ArrowLeft", "Shift+ArrowLeft", "ArrowUp"):
        view.page.keyboard.press(key)
    expect(view.start).to_be_focused()
    moved = float(view.field("start x₁").input_value())
    assert moved == pytest.approx(x1 - 12 / box["width"] * 6.1, abs=0.03)
    expect(view.start).to_have_accessible_name(re.compile(f"start at x₁ {moved}"))
    box = view.map.bounding_box()
    view.page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    expect(view.button("❚❚ Pause")).to_be_visible()  # a race from there
    assert float(view.field("start x₁").input_value()) == pytest.approx(-1.6 + 0.3 * 6.1, abs=0.03)
    view.go(100)
    curve, unpointed = view.loss.bounding_box(), view.map.evaluate(PIXELS)
    view.page.mouse.move(curve["x"] + 0.4 * curve["width"], curve["y"] + 40)
    losses = view.root.locator(".ck-losses")
    expect(losses).to_contain_text(re.compile(r"step (6\d|7\d|8\d): SGD .* Adam "))
    assert view.map.evaluate(PIXELS) != unpointed  # where each method was at that step
    view.page.mouse.move(curve["x"] + 0.9 * curve["width"], curve["y"] + 40)
    expect(losses).to_contain_text("step 100:")  # nothing of what has not happened
    view.page.mouse.click(curve["x"] + 0.2 * curve["width"], curve["y"] + 40)
    expect(view.step).not_to_have_text("100")


def test_a_wrong_number_greys_the_picture_and_is_answered_in_words(view):
    opacity = "node => getComputedStyle(node).opacity"
    for label, text, sentence in (
        ("start x₁", "99", "The start must lie on the map"),
        ("start x₁", "", "The start must lie on the map"),
        ("SGD: rate α", "-1", "SGD: the rate must be above 0"),
        ("Adam: β₁", "fast", "Adam: β₁ must be at least 0"),
    ):
        old = view.field(label).input_value()
        view.field(label).fill(text)
        view.field(label).press("Enter")
        expect(view.verdict).to_contain_text(sentence)
        assert float(view.root.locator(".ck-map").evaluate(opacity)) < 0.5
        view.button("▶ Play").click()
        expect(view.step).to_have_text("0")
        expect(view.field(label)).to_have_value(text)
        view.field(label).fill(old)
        view.field(label).press("Enter")
        expect(view.verdict).to_contain_text("Press Play.")
        assert float(view.root.locator(".ck-map").evaluate(opacity)) == 1


def test_both_themes_and_a_narrow_window(view):
    view.go(60)
    light = view.map.evaluate(PIXELS)
    view.notebook.theme("JupyterLab Dark")
    view.notebook.wait_until("the map is light", lambda: view.map.evaluate(PIXELS) != light)
    view.notebook.theme("JupyterLab Light")
    view.page.set_viewport_size({"width": 1024, "height": 768})
    view.page.wait_for_timeout(300)
    view.root.scroll_into_view_if_needed()
    for part in (view.map, view.field("Adam: rate α"), view.field("SGD: rate α")):
        expect(part).to_be_in_viewport(ratio=1)
    assert view.root.evaluate("root => root.scrollWidth <= root.clientWidth")
    view.page.set_viewport_size({"width": 1366, "height": 768})
