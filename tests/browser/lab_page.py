"""JupyterLab as a student meets it: a server on a copy of the course, and its page in a browser."""

import base64
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import numpy as np
from matplotlib.image import imread
from playwright.sync_api import Browser, Locator, Page, Playwright, TimeoutError as Late, expect

from coursekit.grading.course.paths import WORKING_COPY, Course

COURSE = Path(__file__).resolve().parents[2]
SECONDS = 1000  # Playwright counts in milliseconds
POLL = 100  # milliseconds; looking more often takes the processor from what is waited for
RUN_AGAIN = 2  # seconds after which a cell that has not begun is run once more
# The first has no window at all, and takes a tenth less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
# What keeps a browser in a closed machine, and as root in a container, quiet and alive.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Kept apart from the user's own JupyterLab.
HOMES = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
)
# All cells are in the page, the ones out of sight too.
SETTINGS = {"@jupyterlab/notebook-extension/tracker": '{"windowingMode": "none"}'}


def find_browser() -> str | None:
    """The path of a Chromium, None if the machine has none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium without a window."""
    return playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)


class Server:
    """A JupyterLab, started by the course's own command on a copy of the course, on a free port.

    Parameters
    ----------
    home : Path
        An empty folder for the copy of the course and for JupyterLab's own files.
    course : Path
        The course's folder, such as that of an edition in another language.
    """

    def __init__(self, home: Path, course: Path = COURSE) -> None:
        clone = home / "course"
        self.words = jupyterlab_words(Course(course).language)
        self.root = clone / WORKING_COPY
        self.log = home / "server.log"
        for folder in ("notebooks", "exercises", "solutions", "tests/exercises"):
            shutil.copytree(course / folder, clone / folder)
        if (course / "LANGUAGE").exists():
            shutil.copy(course / "LANGUAGE", clone)
        environment = os.environ | {name: str(home / name.lower()) for name in HOMES}
        environment["PYTHONPATH"] = str(course)  # with its own package
        # JupyterLab asks "the browser" to open a page: this one writes down which.
        self._asked = home / "asked-to-open"
        browser = home / "browser"
        browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{self._asked}"\n')
        browser.chmod(0o755)
        environment["BROWSER"] = f"{browser} %s"
        for name, text in SETTINGS.items():
            path = home / "jupyterlab_settings_dir" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.token = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "coursekit.cli", "lab"]
        options = [
            f"--ServerApp.port={self.url.rpartition(':')[2]}",
            "--ServerApp.port_retries=0",
            "--ServerApp.ip=127.0.0.1",
            f"--IdentityProvider.token={self.token}",
        ]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                cwd=clone,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait()

    def fresh(self, path: str) -> str:
        """Undo what other tests did to a notebook of the course; return its path."""
        shutil.copy(COURSE / path, self.root / path)
        return path

    def wait(self, seconds: float = 180) -> None:
        """Return when the server answers."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/api?token={self.token}", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.close()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def first_page(self) -> str:
        """The address at which the command had the browser opened."""
        end = time.monotonic() + 20
        while not (self._asked.exists() and self._asked.read_text()):
            if time.monotonic() > end:
                raise RuntimeError(f"no browser was opened:\n{self.log.read_text()}")
            time.sleep(0.05)
        return self._asked.read_text()

    def close(self) -> None:
        """Stop the server, and with it its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def jupyterlab_words(language: str) -> Callable[[str], str]:
    """Return what translates a word of JupyterLab: by its language pack."""
    texts: dict[str, list[str]] = {}
    for pack in entry_points(group="jupyterlab.languagepack"):
        if pack.name.split("_")[0] == language:
            folder = Path(*pack.load().__path__) / "locale" / pack.name / "LC_MESSAGES"
            texts = json.loads((folder / "jupyterlab.json").read_text(encoding="utf-8"))

    def word(english: str) -> str:
        return (texts.get(f"menu\x04{english}") or texts.get(english) or [english])[0]

    return word


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_notebook(path: Path, sources: Sequence[str]) -> None:
    """Write a notebook of these code cells."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


class NotebookPage:
    """One notebook, open in a page of its own."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def open(self, path: str) -> "NotebookPage":
        """Open a notebook of the course in a fresh workspace, and wait for its kernel."""
        workspace = secrets.token_hex(4)
        self.page.goto(
            f"{self.server.url}/lab/workspaces/{workspace}/tree/{path}?token={self.server.token}"
        )
        self.wait_idle()
        return self

    def switch(self, path: str) -> "NotebookPage":
        """Close the notebook, its kernel too, and open another one: quicker than a new page."""
        self.close()
        self.menu("File", "Open from Path…")
        self.page.locator(".jp-Dialog input").fill(path)
        self.page.keyboard.press("Enter")
        self.wait_idle()
        return self

    def close(self) -> None:
        """Save the notebook, close it and shut its kernel down."""
        if self.panels.count():
            self.save()
            self.menu("File", "Close and Shut Down Notebook…")
            self.page.locator(".jp-Dialog .jp-mod-accept").click()
            expect(self.panels).to_have_count(0)

    def save(self) -> None:
        """Save the notebook, and wait until it is saved."""
        dirty = self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")
        end = time.monotonic() + 60
        while True:  # again where a widget has changed while the notebook was being saved
            self.menu("File", "Save Notebook")
            try:
                expect(dirty).to_have_count(0, timeout=5 * SECONDS)
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise

    def wait_idle(self, seconds: float = 180) -> None:
        """Wait until the kernel has nothing to do; on a busy machine its start takes a minute."""
        # Not the notebook's own indicator: it says "idle" while the kernel is still connecting.
        status = self.page.locator("#jp-main-statusbar").get_by_text(
            re.compile(rf"\| {self.server.words('Idle')}$")
        )
        expect(status).to_be_visible(timeout=seconds * SECONDS)

    def menu(self, *names: str) -> None:
        """Choose an entry by way of the menus that hold it."""
        self.page.locator(".lm-MenuBar-item").get_by_text(
            self.server.words(names[0]), exact=True
        ).click()
        for name in names[1:]:
            # by class: an entry that opens a further menu has no role of its own
            self.page.locator(".lm-Menu-itemLabel").get_by_text(
                self.server.words(name), exact=True
            ).click()

    def run_all(self, seconds: float = 120) -> None:
        """Run all cells as a student does, and wait until each code cell has been run."""
        # First without the numbers that are stored, to tell a run that is lost from a quick one.
        self.menu("Edit", "Clear Outputs of All Cells")
        expect(self._prompts(r"\d|\*")).to_have_count(0)
        for _ in range(5):
            self.menu("Run", "Run All Cells")
            try:
                self._prompts(r"\d|\*").first.wait_for(timeout=10 * SECONDS)
                break
            except Late:  # again: a notebook that is just opening forgets what it is told
                continue
        self.wait_run(seconds)

    def _prompts(self, pattern: str) -> Locator:
        """The prompts of code cells that look like this."""
        return self.codes.locator(".jp-InputArea-prompt").filter(has_text=re.compile(pattern))

    def run_cell(self, n: int, seconds: float = 60) -> None:
        """Run the n-th code cell, counted from 0, with Shift+Enter."""
        cell = self.code(n)
        prompt = cell.locator(".jp-InputArea-prompt")
        before = prompt.inner_text()
        deadline = time.monotonic() + seconds
        while prompt.inner_text() == before:
            # Again, as a person would: a notebook that is just opening takes the focus away.
            assert time.monotonic() < deadline, f"cell {n} does not run"
            cell.locator(".jp-InputArea-editor").click()
            self.page.keyboard.press("Shift+Enter")
            with suppress(AssertionError):
                expect(prompt).not_to_have_text(
                    before, use_inner_text=True, timeout=RUN_AGAIN * SECONDS
                )
        self.wait_run(seconds, cells=cell)

    def wait_run(self, seconds: float = 120, cells: Locator | None = None) -> None:
        """Wait until the cells (all, if none are given) are run, or one has failed."""
        # Not in every frame, and no innerText: both cost more than the cells' own work.
        self.page.wait_for_function(
            """cells => {
                const text = (cell, name) => cell.querySelector(name)?.textContent ?? '';
                const prompts = cells.filter(cell => text(cell, '.cm-content').trim())
                    .map(cell => text(cell, '.jp-InputArea-prompt'));
                const failed = cells.some(c => c.querySelector('[data-mime-type$="stderr"]'));
                return prompts.every(p => /\\d/.test(p) || (failed && !p.includes('*')));
            }""",
            arg=(cells or self.codes).element_handles(),
            timeout=seconds * SECONDS,
            polling=100,
        )
        self.wait_idle(seconds)

    @property
    def panels(self) -> Locator:
        """The notebooks that are open."""
        return self.page.locator(".jp-NotebookPanel")

    @property
    def codes(self) -> Locator:
        """All code cells of the notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")

    def code(self, n: int) -> Locator:
        """The n-th code cell, counted from 0."""
        return self.codes.nth(n)

    def find(self, text: str) -> int:
        """The number of the first code cell that holds this text."""
        editors = self.codes.locator(".jp-InputArea-editor")
        expect(editors.filter(has_text=text).first).to_be_attached()  # a page fills bit by bit
        sources = self.codes.evaluate_all(  # a cell whose code is folded has no editor
            "cells => cells.map(c => c.querySelector('.jp-InputArea-editor')?.innerText ?? '')"
        )
        return next(n for n, source in enumerate(sources) if text in source)

    def output(self, n: int) -> Locator:
        """All that the n-th code cell shows."""
        return self.code(n).locator(".jp-Cell-outputArea")

    def write(self, n: int, source: str) -> None:
        """Replace the n-th code cell's text, as by select-all and paste."""
        self.code(n).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def errors(self) -> list[str]:
        """The tracebacks that the cells show."""
        shown = self.page.locator(
            '.jp-RenderedText[data-mime-type*="stderr"], .jp-OutputArea-error'
        )
        return shown.all_inner_texts()

    def theme(self, name: str) -> None:
        """Switch to "JupyterLab Dark" or "JupyterLab Light", and wait for it."""
        self.menu("Settings", "Theme", name)
        light = "false" if name.endswith("Dark") else "true"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def wait_until(self, what: str, happens: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not happens():
            assert time.monotonic() < end, what
            self.page.wait_for_timeout(POLL)


def pixels_of(image: Locator) -> str:
    """A fingerprint of the picture that is shown: of its file, which is equal if it is."""
    return image.evaluate(
        """async image => {
            for (;;) {
                try {
                    await image.decode();
                    const file = await (await fetch(image.src)).arrayBuffer();
                    const digest = await crypto.subtle.digest('SHA-256', file);
                    return Array.from(new Uint8Array(digest).slice(0, 8)).join('.');
                } catch {  // it has just been replaced by the next one
                    await new Promise(requestAnimationFrame);
                }
            }
        }"""
    )


def colors_of(image: Locator) -> np.ndarray:
    """The colours of a picture on white paper, (height, width, 3), from 0 to 255."""
    png = image.evaluate(
        """async image => {
            const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
            return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
        }"""
    )
    inked = imread(io.BytesIO(base64.b64decode(png)))
    alpha = inked[..., 3:]
    return np.rint(255 * (inked[..., :3] * alpha + 1 - alpha)).astype(int)


class ExplorerView:
    """An explorer as it stands below a cell."""

    def __init__(self, notebook: NotebookPage, output: Locator) -> None:
        self.notebook, self.page = notebook, notebook.page
        self.output = output
        self.image = output.locator("img.widget-image, img.jupyter-widget-image").first
        self.result = output.locator('[role="status"]').first

    def pixels(self) -> str:
        """A fingerprint of the picture."""
        return pixels_of(self.image)

    def picture(self) -> np.ndarray:
        """The picture's colours."""
        return colors_of(self.image)

    def words(self) -> str:
        """What stands below the controls."""
        return " ".join(self.result.inner_text().split())

    def wait(self, what: str, happens: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        self.notebook.wait_until(what, happens, seconds)

    def wait_pixels(self, other_than: str | None = None, equal_to: str | None = None) -> str:
        """Wait until the picture has changed, or has become a certain one again."""
        now = ""

        def is_so() -> bool:
            nonlocal now
            now = self.pixels()
            return now == equal_to or (equal_to is None and now != other_than)

        self.wait("the picture did not " + ("come back" if equal_to else "change"), is_so)
        return now

    def handle(self, n: int) -> Locator:
        """The n-th slider's handle."""
        return self.output.get_by_role("slider").nth(n)

    def knob(self, n: int) -> Locator:
        """What is touched of the n-th handle on the picture."""
        return self.output.locator(".ck-handle").nth(n).locator(".ck-hit")

    def field(self, label: str) -> Locator:
        """The number box, list or switch of that name; a slider has the same."""
        named = self.output.get_by_label(label, exact=True)
        return named.and_(self.page.locator("input, select"))


def longest_line(blocks: str) -> str:
    """A script that counts the letters of the longest line of prose in these blocks."""
    return """() => {
    const range = document.createRange();
    let longest = 0;
    for (const block of document.querySelectorAll("BLOCKS")) {
        if (!block.checkVisibility() || block.closest("table")) continue;
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), lines = new Map();
        const count = (node, start, end) => {
            range.setStart(node, start);
            range.setEnd(node, end);
            const [place, rest] = range.getClientRects();
            if (rest && end > start + 1) {  // a word that goes on in the next line
                for (let n = start; n < end; n++) count(node, n, n + 1);
            } else if (place?.width) {
                const line = Math.round(place.bottom / 8);
                lines.set(line, (lines.get(line) ?? 0) + end - start);
            }
        };
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.parentElement.closest("mjx-container, pre, li, p") !== block) continue;
            for (const {0: word, index} of node.data.matchAll(/\\S+|\\s/g))
                count(node, index, index + word.length);
        }
        longest = Math.max(longest, ...lines.values());
    }
    return longest;
}""".replace("BLOCKS", blocks)
