"""The inner end of the pipes, in a process that passes calls on to a copy of itself."""

import os

import numpy as np
import pytest

from coursekit.grading.batch.sandbox.channel import ENDED, Channel
from coursekit.grading.judge.encoding import read_message, write_message

CALL = {"do": "call", "target": "f", "args": (np.ones(2),), "kwargs": {}}


class Ends:
    """A channel, and the other ends of its pipes."""

    def __init__(self):
        source, self._sink = os.pipe()
        replies, sink = os.pipe()
        self.channel, self._replies = Channel(source, sink), os.fdopen(replies, "rb")
        self.passed = []

    def ask(self, id, **request):
        os.write(self._sink, write_message({"id": id, **request}))

    def reply(self):
        return read_message(self._replies.readline())

    def copy(self, line):
        """Stand in for a copy."""
        self.passed.append(line)
        message = read_message(line)
        return write_message({"id": message["id"], "value": message["do"]})

    def close(self):
        os.close(self._sink)
        self.channel._source.close()
        os.close(self.channel._sink)
        self._replies.close()


@pytest.fixture
def ends():
    made = Ends()
    yield made
    made.close()


def test_a_copy_answers_calls_and_nothing_else(ends):
    ends.channel.relay = ends.copy
    ends.ask(5, **CALL)
    ends.ask(6, **CALL)
    ends.ask(7, do="end_copy")
    assert ends.channel.receive() == {"do": "end_copy"}
    assert ends.passed == [write_message({"id": id, **CALL}) for id in (5, 6)]
    assert [ends.reply() for _ in ends.passed] == [{"id": id, "value": "call"} for id in (5, 6)]
    ends.channel.send({"value": None})
    assert ends.reply() == {"id": 7, "value": None}


def test_without_a_copy_calls_are_requests(ends):
    ends.ask(5, **CALL)
    assert ends.channel.receive()["target"] == "f"


def test_a_text_that_reads_like_a_call_is_none(ends):
    ends.channel.relay = ends.copy
    ends.ask(5, do="run", source='{"id":5,"do":"call",', names={})
    assert ends.channel.receive()["do"] == "run"
    assert ends.passed == []


def test_a_copy_that_has_ended_is_reported_for_its_call(ends):
    ends.channel.relay = lambda line: b""
    ends.ask(5, **CALL)
    ends.ask(6, do="end_copy")
    assert ends.channel.receive() == {"do": "end_copy"}
    reply = ends.reply()
    assert (reply["id"], reply["error"]) == (5, ["stopped", ENDED])
