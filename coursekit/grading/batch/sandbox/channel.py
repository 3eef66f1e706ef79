"""The inner end of the pipes: a request comes in, its reply goes out."""

import os
import re
from collections.abc import Callable
from typing import Any

from coursekit.grading.judge.encoding import EncodingError, read_message, write_message
from coursekit.language import english, join, mark, say

MOST = 1_000  # characters of a sentence
NOTHING: dict[str, Any] = {"value": None, "error": None, "output": [], "notes": []}
CALL = re.compile(rb'\{"id":[0-9]+,"do":"call",')  # how the grader writes one
ENDED = mark("It ended the whole program: an answer must return.")


def wire_error(kind: str, message: str) -> list[str]:
    """Return an error as a reply has it; a translated sentence also goes in English."""
    texts = [message[:MOST], english(message)[:MOST]]
    return [kind[:80], *dict.fromkeys(texts)]


class Channel:
    """Two pipes, of which a process reads requests from one and writes replies into the other.

    Parameters
    ----------
    source, sink : int
        Their descriptors.

    Attributes
    ----------
    relay : callable ``(line) -> reply``, optional
        Answers calls in place of this process, which need not read them.
    """

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = os.fdopen(source, "rb"), sink
        self._id: Any = None
        self.relay: Callable[[bytes], bytes] | None = None

    def receive(self) -> dict[str, Any] | None:
        """Wait for a request to this process; return None when the other end is closed."""
        line = self._source.readline()
        while self.relay and CALL.match(line):
            if reply := self.relay(line):
                self._write(reply)
            else:
                self._id = read_message(line)["id"]
                self.send(NOTHING | {"error": ["stopped", ENDED]})
            line = self._source.readline()
        if not line:
            return None
        request = read_message(line)
        self._id = request.pop("id")
        return request

    def send(self, reply: dict[str, Any]) -> None:
        """Reply to the last request."""
        try:
            line = write_message({"id": self._id, **reply})
        except EncodingError as error:
            wrong = wire_error("large", join(say("The result can't be graded."), error.args[0]))
            line = write_message({"id": self._id, **NOTHING, "error": wrong})
        self._write(line)

    def _write(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._sink, line) :]
