"""The machine's own Firefox, without a window, over WebDriver BiDi, which it speaks itself.

Playwright drives a Firefox of its own alone, which a distribution doesn't have.
"""

import base64
import itertools
import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from lab_page import free_port
from websocket import WebSocket, create_connection

BROWSERS = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue006", "Shift": "\ue008", "ArrowRight": "\ue014"}


def find_firefox() -> str | None:
    """The path of a Firefox, None if the machine has none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


class Firefox:
    """A Firefox with one page.

    Parameters
    ----------
    folder : Path
        An empty folder for its profile.
    first : str
        The address with which it starts. An empty page would leave the focus, and all keys, to the
        bar of addresses.

    Attributes
    ----------
    complaints : list of str
        The errors that scripts have raised or written.
    """

    def __init__(self, folder: Path, first: str) -> None:
        port = free_port()
        options = ["--headless", "--no-remote", "--profile", str(folder), first]
        self._process = subprocess.Popen(
            [find_firefox() or "", *options, f"--remote-debugging-port={port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ids = itertools.count(1)
        self.complaints: list[str] = []
        self._socket = self._connected(f"ws://127.0.0.1:{port}/session")
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        (page,) = self.send("browsingContext.getTree")["contexts"]
        self._page = page["context"]
        viewport = {"width": 1366, "height": 900}
        self.send("browsingContext.setViewport", context=self._page, viewport=viewport)

    def _connected(self, url: str) -> WebSocket:
        end = time.monotonic() + 120
        while True:
            try:
                return create_connection(url, timeout=120, suppress_origin=True)
            except OSError:  # it has only begun to start
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def send(self, method: str, **params: Any) -> Any:
        """Send a command; return its result."""
        id = next(self._ids)
        self._socket.send(json.dumps({"id": id, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.complaints.append(message["params"]["text"])
            if message.get("id") == id:
                assert message["type"] == "success", message
                return message["result"]

    def goto(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""
        self.send("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript, or its promise, comes to; as JSON has it."""
        found = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self._page},
            awaitPromise=True,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"].get("value", "null"))

    def wait(self, what: str, expression: str, seconds: float = 60) -> None:
        """Wait until an expression of JavaScript is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"!!({expression})"):
            assert time.monotonic() < end, what
            time.sleep(0.1)

    def press(self, *keys: str) -> None:
        """Press keys together, and release them."""
        codes = [KEYS.get(key, key) for key in keys]
        actions = [{"type": "keyDown", "value": code} for code in codes]
        actions += [{"type": "keyUp", "value": code} for code in reversed(codes)]
        self._perform({"type": "key", "id": "keys", "actions": actions})

    def drag(self, element: str, by: tuple[float, float] = (0, 0)) -> None:
        """Drag the middle of an element by so many pixels with the mouse; by none, click it.

        The element is an expression of JavaScript.
        """
        box = f"""(() => {{
            const found = {element};
            found.scrollIntoView({{block: "center"}});
            const box = found.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()"""
        x, y = self.evaluate(box)
        moves = [(x, y), *((x + by[0] * n / 4, y + by[1] * n / 4) for n in range(1, 5))]
        moving = [{"type": "pointerMove", "x": round(a), "y": round(b)} for a, b in moves]
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        actions = [moving[0], down, *(moving[1:] if any(by) else ()), up]
        self._perform({"type": "pointer", "id": "mouse", "actions": actions})

    def _perform(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self._page, actions=[source])

    def screenshot(self, path: Path) -> None:
        """Write what the page shows now as a PNG."""
        shot = self.send("browsingContext.captureScreenshot", context=self._page)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
