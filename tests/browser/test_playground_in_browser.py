"""The playground in JupyterLab: what each control does, in pixels, in words and in the kernel."""

import json
import re
import time

import nbformat
import pytest
from barriers import barriers_of_outputs
from lab_page import POLL, NotebookPage
from playwright.sync_api import expect

from coursekit.widgets.playground import PRESETS
from coursekit.widgets.playground.training.choices import LABELS

SOURCES = [
    "import itertools\nimport json\n\nfrom coursekit import widgets\n"
    "from coursekit.widgets.playground import Goal\n\nruns = itertools.count(1)\n"
    # At a rate that no other test has: once reached, it would stay so for all that follow.
    "accurate = Goal('a test accuracy of 0.95', lambda s: s.measures.test_accuracy >= 0.95,\n"
    "    {'lr': 0.2})",
    "p = widgets.Playground(data='xor', hidden=[4, 2], lr=0.1, net_seed=1,\n"
    "    data_seed=1, goal=accurate)\np",
    "q = widgets.Playground(data='circle', hidden=[3])\nq",
    # what the kernel holds, for the tests to read
    "task = p.session.model.problem\n"
    "print(json.dumps({'run': next(runs), 'settings': dict(p.settings), 'epoch':\n"
    "    p.session.epoch, 'playing': p.status['playing'], 'points':\n"
    "    len(task.x_train) + len(task.x_test), 'tests': len(task.x_test),\n"
    "    'cuts': sorted(p.session.cuts), 'theta': p.net.theta.tolist()}))",
]
PIXELS = """async canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const digest = await crypto.subtle.digest('SHA-256', data);
    return Array.from(new Uint8Array(digest).slice(0, 8)).join('.');
}"""
NAMELESS = """root => [...root.querySelectorAll('button, input, select, [tabindex], [role=img]')]
    .filter(n => !(n.ariaLabel || n.labels?.[0]?.innerText.trim() || n.innerText.trim()))
    .map(n => n.outerHTML)"""


class Canvas:
    """One of a playground's drawings."""

    def __init__(self, locator):
        self.locator = locator

    def pixels(self):
        return self.locator.evaluate(PIXELS)

    def wait(self, other_than=None, equal_to=None):
        """Wait until the drawing has changed, or has become a certain one again."""
        end = time.monotonic() + 15
        while time.monotonic() < end:
            now = self.pixels()
            if now == equal_to or (equal_to is None and now != other_than):
                return now
            self.locator.page.wait_for_timeout(POLL)
        raise AssertionError("the drawing did not " + ("come back" if equal_to else "change"))


class View:
    """A playground below its cell."""

    def __init__(self, notebook, cell):
        self.notebook, self.page = notebook, notebook.page
        self.root = notebook.output(cell).locator(".ck-playground")
        self.map = Canvas(self.root.locator(".ck-map"))
        self.network = Canvas(self.root.locator(".ck-sheet canvas"))
        self.curves = Canvas(self.root.get_by_role("img", name="curves"))

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, label):
        return self.root.get_by_label(label, exact=True)

    def unit(self, name):
        return self.root.get_by_role("button", name=re.compile(f"^{re.escape(name)}(,|$)"))

    def epoch(self):
        return int(self.field("epoch").inner_text().replace(",", ""))

    def expect_epoch(self, epoch, updates=None):
        expect(self.field("epoch")).to_have_text(str(epoch))
        if updates is not None:
            expect(self.field("update")).to_have_text(str(updates))

    def kernel(self):
        """What the kernel holds of the first playground."""
        before = self.notebook.output(3).inner_text()
        self.notebook.run_cell(3)
        expect(self.notebook.output(3)).not_to_have_text(before, use_inner_text=True)
        expect(self.notebook.output(3)).to_contain_text("}")
        return json.loads(self.notebook.output(3).inner_text())

    def to_top(self):
        """Scroll to the top of the playground, and its drawer to its own."""
        self.root.evaluate("root => root.scrollIntoView({block: 'start'})")
        self.root.locator(".ck-drawer").evaluate("drawer => { drawer.scrollTop = 0; }")

    def pad_click(self, pad, x, y):
        """Click the map for own points; return when it has been drawn again."""
        before = self.map.pixels()
        pad.click(position={"x": x, "y": y})
        self.map.wait(other_than=before)

    def type(self, label, value):
        self.field(label).fill(str(value))
        self.field(label).press("Enter")


# How far below the playground's upper edge an element begins, in pixels.
BELOW_TOP = """element => element.getBoundingClientRect().top
    - element.closest('.ck-playground').getBoundingClientRect().top"""


@pytest.fixture(scope="module")
def page_of_two(browser, server):
    """A notebook with two playgrounds, run."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in SOURCES])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, server.root / "notebooks" / "playground.ipynb")
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    context.set_default_timeout(15_000)
    notebook = NotebookPage(context.new_page(), server).open("notebooks/playground.ipynb")
    notebook.run_all()
    first = View(notebook, 1)
    first.button("More").click()
    first.expect_epoch(0)
    expect(first.field("this playground")).not_to_have_value("")
    yield notebook, first, View(notebook, 2), first.field("this playground").input_value()
    assert notebook.complaints == []
    context.close()


@pytest.fixture
def two(page_of_two):
    """Both playgrounds, the first as it was at the beginning."""
    notebook, first, second, state = page_of_two
    first.root.scroll_into_view_if_needed()
    first.type("a copied line", state)
    expect(first.field("this playground")).to_have_value(state)
    first.expect_epoch(0)
    yield first, second
    assert notebook.complaints == []


@pytest.fixture
def view(two):
    return two[0]


def test_everything_has_a_name(view):
    assert view.root.evaluate(NAMELESS) == []
    expect(view.root.get_by_role("img", name="Map of the output")).to_be_visible()
    # one stop for the Tab key in the drawing
    assert view.root.locator(".ck-unit[tabindex='0']").count() == 1


def test_play_and_pause(view):
    before = [part.pixels() for part in (view.map, view.network, view.curves)]
    view.button("▶ Play").click()
    for part, old in zip((view.map, view.network, view.curves), before, strict=True):
        part.wait(other_than=old)
    view.page.wait_for_function("() => Number(document.querySelector('.ck-epoch').textContent) > 3")
    view.button("❚❚ Pause").click()
    expect(view.button("▶ Play")).to_be_visible()
    stopped, drawn = view.epoch(), view.network.pixels()
    view.page.wait_for_timeout(600)
    assert view.epoch() == stopped
    assert view.network.pixels() == drawn
    kernel = view.kernel()
    assert kernel["epoch"] == stopped
    assert not kernel["playing"]


def test_steps_and_resets(view):
    start = view.network.pixels()
    view.button("Step").click()
    view.expect_epoch(1, updates=25)  # 250 training points in batches of 10
    view.button("Step by one update").click()
    view.expect_epoch(1, updates=26)
    view.type("epochs to run", 5)
    view.expect_epoch(6)
    moved = view.network.wait(other_than=start)
    view.button("Reset to the same weights").click()
    view.expect_epoch(0)
    assert view.network.wait(other_than=moved) == start
    view.button("Reset").click()
    view.network.wait(other_than=start)
    view.expect_epoch(0)


def test_a_goal_is_judged(view):
    expect(view.root).to_contain_text("Goal: a test accuracy of 0.95.")
    view.type("epochs to run", 60)
    view.expect_epoch(60)
    expect(view.root).not_to_contain_text("Goal reached")
    view.type("learning rate", 0.2)
    view.type("epochs to run", 60)
    expect(view.root).to_contain_text("✓ Goal reached.")
    expect(view.root.locator(".ck-side table")).to_contain_text("%")


def test_units_by_keys_and_their_weights(view):
    keyboard = view.page.keyboard
    output = view.map.pixels()
    view.unit("feature x₁").focus()
    keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")
    expect(view.unit("unit 2 of hidden layer 1")).to_be_focused()
    expect(view.root.locator(".ck-output")).to_contain_text("unit 2 of hidden layer 1")
    view.map.wait(other_than=output)  # its map, enlarged
    links = view.network.pixels()
    keyboard.press("Enter")
    expect(view.field("bias of h₁,₂")).to_be_focused()
    keyboard.insert_text("-1.25")
    keyboard.press("Tab")  # its slider
    keyboard.press("Tab")
    expect(view.field("x₁ → h₁,₂")).to_be_focused()
    keyboard.insert_text("2.5")
    keyboard.press("Enter")
    view.network.wait(other_than=links)
    expect(view.root.locator(".ck-formula")).to_have_text(
        re.compile(r"h₁,₂ = tanh\(2.50 x₁ .*− 1.25\)")
    )
    slider = view.field("x₁ → h₁,₂, by slider")
    slider.focus()
    dragged = view.network.pixels()
    keyboard.press("Home")
    view.network.wait(other_than=dragged)
    expect(view.field("x₁ → h₁,₂")).to_have_value("-5")
    view.type("x₁ → h₁,₂", 2.5)
    keyboard.press("Escape")
    expect(view.unit("unit 2 of hidden layer 1")).to_be_focused()
    expect(view.unit("unit 2 of hidden layer 1")).to_have_accessible_name(re.compile("−1.25"))
    theta = view.kernel()["theta"]
    assert theta[1] == 2.5  # W of the first layer, row by row, then its b
    assert theta[8 + 1] == -1.25
    expect(view.root.locator(".ck-output .ck-caption")).to_have_text("output")
    view.map.wait(other_than=output)  # the weights were others


def test_a_link_under_the_mouse(view):
    view.unit("unit 4 of hidden layer 1").scroll_into_view_if_needed()

    def link():
        """A place on it: near its end, where the second of two links lies lower."""
        end = view.unit("unit 4 of hidden layer 1").bounding_box()
        return end["x"] - 4, end["y"] + end["height"] * 0.62

    x, y = link()
    view.page.mouse.move(x, y)
    tip = view.root.locator(".ck-sheet .ck-tip")
    expect(tip).to_contain_text("x₂ → h₁,₄:")
    height = view.root.bounding_box()["height"]
    view.page.mouse.click(x, y)
    expect(view.field("x₂ → h₁,₄")).to_be_focused()
    card = view.root.locator(".ck-card").bounding_box()  # at the pointer
    assert abs(card["x"] - x) < 60 and abs(card["y"] - y) < 60
    assert view.root.bounding_box()["height"] == height  # the page does not move
    view.page.mouse.move(card["x"] + 60, card["y"] + 12)
    view.page.mouse.down()
    view.page.mouse.move(card["x"] + 90, card["y"] + 52, steps=3)
    view.page.mouse.up()
    moved = view.root.locator(".ck-card").bounding_box()
    assert (moved["x"] - card["x"], moved["y"] - card["y"]) == pytest.approx((30, 40), abs=2)
    shown = view.field("x₂ → h₁,₄").input_value()
    assert float(shown) == pytest.approx(view.kernel()["theta"][4 + 3], rel=1e-3)
    links, output = view.network.pixels(), view.map.pixels()
    view.button("cut x₂ → h₁,₄").click()
    expect(view.button("mend x₂ → h₁,₄")).to_be_visible()
    expect(view.field("x₂ → h₁,₄")).to_be_disabled()
    view.network.wait(other_than=links)
    view.map.wait(other_than=output)
    assert view.kernel()["cuts"] == [[0, 1, 3]]
    view.button("Close").click()
    expect(view.unit("unit 4 of hidden layer 1")).to_be_focused()
    view.page.keyboard.down("Shift")
    view.page.mouse.click(*link())  # and without the card; the page has moved
    view.page.keyboard.up("Shift")
    view.page.mouse.move(0, 0)  # the link under the pointer is drawn bolder
    view.network.wait(equal_to=links)
    assert view.kernel()["cuts"] == []


def test_layers_and_units_and_features(view):
    units = view.root.locator(".ck-unit")
    expect(units).to_have_count(7 + 4 + 2 + 1)
    view.button("add a unit to hidden layer 2").press("Enter")
    expect(units).to_have_count(7 + 4 + 3 + 1)
    expect(view.button("add a unit to hidden layer 2")).to_be_focused()
    view.button("remove a unit from hidden layer 1").click()
    expect(units).to_have_count(7 + 3 + 3 + 1)
    view.button("add a hidden layer").click()
    expect(units).to_have_count(7 + 3 + 3 + 2 + 1)
    for _ in range(3):
        count = units.count()
        view.button("remove the last hidden layer").click()
        expect(units).not_to_have_count(count)
    expect(units).to_have_count(7 + 1)
    view.button("remove the last hidden layer").press("Enter")  # there is none: nothing happens
    expect(view.root).to_contain_text("0 hidden layers")
    product = view.unit("feature x₁x₂")
    expect(product).to_have_attribute("aria-pressed", "false")
    product.press("Enter")
    expect(product).to_have_attribute("aria-pressed", "true")
    expect(product).to_be_focused()
    view.unit("feature x₁").click()
    expect(view.unit("feature x₁")).to_have_attribute("aria-pressed", "false")
    settings = view.kernel()["settings"]
    assert settings["hidden"] == []
    assert settings["features"] == ["x2", "x1*x2"]


def test_data_sets(view):
    seen = {view.map.pixels()}
    for name in ("circle", "two clouds", "spirals", "plane", "moons", "several clouds"):
        before = view.map.pixels()
        view.field(name).check(force=True)
        seen.add(view.map.wait(other_than=before))
        expect(view.field(name)).to_be_checked()
        regression = name == "plane"
        expect(view.root.get_by_role("columnheader", name="accuracy")).to_have_count(
            0 if regression else 1
        )
    assert len(seen) == 7
    sharp = "all => [...new Set(all.map(one => one.width / one.clientWidth))]"
    assert view.root.locator(".ck-thumb canvas").evaluate_all(sharp) == [2]  # on any screen
    expect(view.root.locator(".ck-output .ck-legend")).to_have_text(re.compile(r"0\s*1\s*2"))
    before = view.map.pixels()
    view.button("New data").click()
    view.map.wait(other_than=before)


def test_choices_reach_the_kernel(view):
    wanted = {
        "activation": ("activation", "ReLU"),
        "optimizer": ("optimizer", "Adam"),
        "loss": ("loss", "hinge"),
        "penalty": ("penalty", "L2"),
        "initialisation": ("init", "normal"),
        "a picture shows": ("pace", "update"),
    }
    for label, (_, value) in wanted.items():
        view.field(label).select_option(value)
    numbers = {
        "learning rate": ("lr", 0.02),
        "noise, %": ("noise", 25),
        "training data, %": ("train_percent", 70),
        "classes of the clouds": ("classes", 4),
        "seed of the data": ("data_seed", 11),
        "batch size": ("batch_size", 20),
        "penalty strength": ("strength", 0.003),
        "initial scale": ("init_scale", 0.25),
        "seed of the weights": ("net_seed", 12),
    }
    for label, (_, value) in numbers.items():
        view.type(label, value)
    view.field("learning rate").press("ArrowUp")  # the next one of the list
    view.field("activation of hidden layer 2").select_option("softplus")
    view.field("batch norm of hidden layer 1").check()
    view.type("dropout of hidden layer 2", 0.3)
    expect(view.field("dropout of hidden layer 2")).to_have_value("0.3")
    expect(view.field("activation")).to_have_value("mixed")
    expect(view.root.locator(".ck-head").nth(0)).to_contain_text("BN")
    expect(view.root.locator(".ck-head").nth(1)).to_contain_text("drop 0.3")
    settings = view.kernel()["settings"]
    for name, value in [*wanted.values(), *numbers.values()]:
        if name not in ("lr", "activation"):
            assert settings[name] == value, name
    assert settings["lr"] == 0.03
    assert settings["hidden"] == [
        {"units": 4, "activation": "ReLU", "batch_norm": True, "dropout": 0},
        {"units": 2, "activation": "softplus", "batch_norm": False, "dropout": 0.3},
    ]
    # the answer to an earlier choice does not replace what is being typed
    rate = view.field("learning rate")
    view.field("optimizer").select_option("SGD")
    rate.fill("0.07")
    view.page.wait_for_timeout(500)
    expect(rate).to_have_value("0.07")
    rate.press("Enter")
    assert view.kernel()["settings"]["lr"] == 0.07


def test_rates_change_while_it_plays(view):
    view.button("▶ Play").click()
    view.type("learning rate", 0.03)
    view.field("penalty").select_option("L1")
    view.type("penalty strength", 0.01)
    kernel = view.kernel()
    assert kernel["playing"]
    assert kernel["settings"]["lr"] == 0.03
    assert kernel["settings"]["penalty"] == "L1"
    assert kernel["settings"]["strength"] == 0.01
    view.button("❚❚ Pause").click()
    expect(view.button("▶ Play")).to_be_visible()


def test_views(view):
    view.button("Step").click()
    view.expect_epoch(1)
    plain, network = view.map.pixels(), view.network.pixels()
    view.field("test data (hollow)").check()
    with_tests = view.map.wait(other_than=plain)
    view.field("output as classes only").check()
    view.map.wait(other_than=with_tests)
    view.field("output as classes only").uncheck()
    view.map.wait(equal_to=with_tests)
    view.field("test data (hollow)").uncheck()
    view.map.wait(equal_to=plain)
    view.field("gradients and dead units").check()
    view.network.wait(other_than=network)
    view.field("gradients and dead units").uncheck()
    view.network.wait(equal_to=network)
    panel = view.root.get_by_role("img", name="Hidden space.")
    expect(panel).to_be_hidden()
    view.field("hidden space").check()
    expect(panel).to_be_visible()
    space = Canvas(panel)
    before = space.pixels()
    view.button("Step").click()
    space.wait(other_than=before)


def test_a_wrong_number_is_answered_in_words(view):
    view.type("learning rate", -1)
    refusal = view.root.get_by_role("alert")
    expect(refusal).to_contain_text("learning rate must be a number")
    expect(view.field("learning rate")).to_have_value("0.1")
    view.button("▶ Play").click()
    view.page.wait_for_function("() => Number(document.querySelector('.ck-epoch').textContent) > 3")
    expect(refusal).to_contain_text("learning rate must be a number")  # it can still be read
    view.button("❚❚ Pause").click()
    view.field("learning rate").press("ArrowUp")
    expect(view.field("learning rate")).to_have_value("0.3")
    expect(refusal).to_have_count(0)


def test_numbers_under_the_pointer_on_the_map_and_on_the_curves(view):
    view.type("epochs to run", 6)
    view.expect_epoch(6)
    box = view.map.locator.bounding_box()
    view.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75)
    caption = view.root.locator(".ck-output > .ck-caption")
    expect(caption).to_have_text(re.compile(r"output −?\d\.\d\d at x₁ 3\.\d\d, x₂ −(2\.9|3\.0)\d"))
    before = caption.inner_text()
    view.button("Step").press("Enter")
    expect(caption).not_to_have_text(before)  # it follows the training
    curves = view.curves.locator.bounding_box()
    plain = view.curves.pixels()
    view.page.mouse.move(curves["x"] + 52 + (curves["width"] - 54) * 3 / 7, curves["y"] + 30)
    expect(view.root.locator(".ck-curves .ck-tip")).to_contain_text("epoch 3: loss ")
    view.curves.wait(other_than=plain)
    view.page.mouse.move(0, 0)
    view.curves.wait(equal_to=plain)
    expect(caption).to_have_text("output")


OFFSETS = """() => {
    const prototype = CanvasRenderingContext2D.prototype;
    const offset = Object.getOwnPropertyDescriptor(prototype, 'lineDashOffset');
    window.offsets = new Set();
    Object.defineProperty(prototype, 'lineDashOffset', {...offset, set(value) {
        if (value) window.offsets.add(value);
        offset.set.call(this, value);
    }});
}"""


def test_links_flow_while_it_trains_but_not_for_reduced_motion(view):
    view.page.evaluate(OFFSETS)
    moved = {}
    for motion in ("no-preference", "reduce"):
        view.page.emulate_media(reduced_motion=motion)
        view.page.evaluate("() => window.offsets.clear()")
        view.type("epochs to run", 10)
        view.expect_epoch(10 * (1 + len(moved)))
        moved[motion] = view.page.evaluate("() => window.offsets.size")
    view.page.emulate_media(reduced_motion="no-preference")
    assert moved["no-preference"] > 1 and moved["reduce"] == 0


def test_divergence_is_shown(view):
    view.field("plane").check(force=True)
    view.field("activation").select_option("identity")
    view.type("learning rate", 100)
    view.button("▶ Play").click()
    expect(view.root.locator(".ck-message")).to_contain_text("diverged")
    expect(view.button("▶ Play")).to_be_visible()


def test_own_points_by_mouse_and_by_keys(view):
    view.field("own points").check(force=True)
    pad = view.root.get_by_role("application")
    expect(pad).to_be_visible()
    view.button("Remove all points").click()
    expect(view.root.locator(".ck-message")).to_contain_text("No points to train on yet")
    empty, height = view.map.pixels(), pad.evaluate(BELOW_TOP)
    view.field("class 1").check()
    pad.click(position={"x": 60, "y": 60})  # x₁ = -3, x₂ = 3
    one = view.map.wait(other_than=empty)
    assert pad.evaluate(BELOW_TOP) == height  # the next click meets what it is aimed at
    colour = view.map.locator.evaluate(
        "c => [...c.getContext('2d').getImageData(c.width / 4, c.height / 4, 1, 1).data]"
    )
    assert colour[:3] == [0, 0x72, 0xB2]
    pad.focus()
    for key in ("0", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        view.page.keyboard.press(key)
    view.map.wait(other_than=one)
    expect(view.root.locator(".ck-own [role=status]")).to_have_text(
        "Training point of class 0 at x₁ −2.0, x₂ 2.9."
    )
    kernel = view.kernel()
    assert (kernel["points"], kernel["tests"]) == (2, 0)
    view.field("as test data").check()
    view.pad_click(pad, 180, 180)
    kernel = view.kernel()
    assert (kernel["points"], kernel["tests"]) == (3, 1)
    view.field("remove a point").check()
    view.pad_click(pad, 62, 58)  # the first one
    assert view.kernel()["points"] == 2
    view.button("Undo").click()
    assert view.kernel()["points"] == 3
    pad.focus()
    view.page.keyboard.press("Delete")  # where the cross is
    assert view.kernel()["points"] == 2
    view.button("Remove all points").click()
    assert view.kernel()["points"] == 0
    view.field("class 0").check()
    view.field("as test data").uncheck()


def test_state_and_files(view):
    before = view.field("this playground").input_value()
    view.field("optimizer").select_option("Adam")
    expect(view.field("this playground")).not_to_have_value(before)
    view.type("a copied line", before)
    expect(view.field("optimizer")).to_have_value("SGD")
    view.type("a copied line", "no such state")
    expect(view.root.locator(".ck-error")).not_to_be_empty()
    view.button("Step").click()
    for what in ("curves", "weights"):
        with view.page.expect_download(timeout=60_000) as download:  # on a busy machine
            view.button(f"Export the {what}").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert download.value.suggested_filename.startswith(what)
        assert text.startswith("epoch" if what == "curves" else "{")


def test_prepared_settings(two):
    view = two[1]
    view.button("More").click()
    state = view.field("this playground").input_value()
    view.field("prepared settings").select_option(index=1)
    expect(view.root).to_contain_text("Goal: ")
    expect(view.field("this playground")).not_to_have_value(state)
    view.type("a copied line", state)
    expect(view.field("this playground")).to_have_value(state)
    view.button("More").click()


def test_each_preset_fits_with_its_controls(two):
    """All is in sight: play, goal, network, map, curves, and the controls that the goal needs."""
    view = two[1]
    view.page.set_viewport_size({"width": 1366, "height": 768})
    if view.button("Got it").is_visible():
        expect(view.root.locator(".ck-notes li")).to_have_count(3)
        expect(view.root.locator(".ck-badge:visible")).to_have_count(3)
        view.button("Got it").click()
        expect(view.root.locator(".ck-notes")).to_be_hidden()
    bar = view.root.locator(".ck-bar")
    labels = {**LABELS, "epochs": "epochs to run"}
    for name, preset in PRESETS.items():
        view.button("More").click()
        view.field("prepared settings").select_option(name)
        expect(view.root).to_contain_text(f"Goal: {preset.goal.text}.")
        # the drawer is beside the picture, and holds the rest
        view.to_top()
        expect(view.map.locator).to_be_in_viewport(ratio=1)
        rest = next(label for key, label in labels.items() if key not in preset.controls)
        expect(bar.get_by_label(rest, exact=True)).to_have_count(0)
        expect(view.field(rest)).to_be_visible()
        view.button("More").click()
        view.to_top()
        for control in preset.controls:
            expect(bar.get_by_label(labels[control], exact=True)).to_be_in_viewport(ratio=1)
        expect(view.root).to_be_in_viewport(ratio=0.99)  # a fraction of a pixel may be missing
        for part in (view.map, view.network, view.curves):
            expect(part.locator).to_be_in_viewport(ratio=1)
    view.page.set_viewport_size({"width": 1366, "height": 900})


def test_two_on_one_page(two):
    first, second = two
    drawings = [part.pixels() for part in (second.map, second.network, second.curves)]
    chosen = [second.field(name).is_checked() for name in ("circle", "spirals")]
    first.field("spirals").check(force=True)
    first.button("▶ Play").click()
    first.page.wait_for_function(
        "() => Number(document.querySelector('.ck-epoch').textContent) > 3"
    )
    first.button("❚❚ Pause").click()
    expect(first.button("▶ Play")).to_be_visible()
    assert [second.field(name).is_checked() for name in ("circle", "spirals")] == chosen
    second.expect_epoch(0)
    assert [p.pixels() for p in (second.map, second.network, second.curves)] == drawings
    reached = first.epoch()
    second.button("Step").click()
    second.expect_epoch(1)
    assert first.epoch() == reached


def test_themes_a_narrow_window_and_nobody_shut_out(two):
    view = two[0]
    view.button("Step").click()
    view.expect_epoch(1)
    light = view.curves.pixels()
    view.notebook.theme("JupyterLab Dark")
    view.curves.wait(other_than=light)
    view.page.set_viewport_size({"width": 1024, "height": 800})
    view.page.wait_for_timeout(300)
    wide = view.root.evaluate("root => [root.scrollWidth, root.clientWidth]")
    assert wide[0] <= wide[1]
    view.to_top()
    for part in (view.map.locator, view.button("▶ Play"), view.field("optimizer")):
        expect(part).to_be_in_viewport(ratio=1)  # with the drawer open
    view.button("More").click()
    view.unit("unit 1 of hidden layer 1").click()
    expect(view.root.locator(".ck-card")).to_be_visible()
    assert barriers_of_outputs(view.page) == []
    view.notebook.theme("JupyterLab Light")
    assert barriers_of_outputs(view.page) == []
    view.button("More").click()
    view.page.set_viewport_size({"width": 1366, "height": 900})


def test_after_the_kernel_the_picture(page_of_two):
    """The last test: a new kernel shows what was drawn, and to run the cell wakes it."""
    notebook, first, *_ = page_of_two
    notebook.menu("Kernel", "Restart Kernel…")
    notebook.page.get_by_role("button", name="Confirm Kernel Restart").click()
    for cell in (1, 2):
        still = notebook.output(cell).locator(".ck-still")
        expect(still).to_be_visible(timeout=30_000)
        expect(still).to_contain_text("Asleep: run this cell to wake it.")
        expect(still.get_by_role("img")).to_have_attribute("alt", re.compile("The playground"))
    expect(first.root).to_be_hidden()
    notebook.wait_idle()
    notebook.run_cell(0)
    notebook.run_cell(1)
    expect(first.root).to_be_visible()
    # JupyterLab's word for what the old kernel still sent
    notebook.complaints[:] = [c for c in notebook.complaints if "Comm not found" not in c]
