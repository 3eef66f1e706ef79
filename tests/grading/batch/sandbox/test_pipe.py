"""The grader's end of a process's pipes, with `poll` and, as on Windows, with a thread."""

import subprocess
import sys
import time

import pytest

from coursekit.grading.batch.sandbox import pipe

LONG = 300_000  # bytes, more than a pipe holds
ECHO = f"""
import os, sys, time
for line in sys.stdin.buffer:
    if line == b"silence\\n":
        time.sleep(60)
    if line == b"half\\n":
        os.write(1, b"half a line")
        break
    if line == b"two\\n":
        os.write(1, b"one\\nmore\\n")
    elif line == b"slowly\\n":
        for part in (b"slo", b"w", b"ly\\n"):
            os.write(1, part)
            time.sleep(0.02)
    elif line == b"endless\\n":
        while True:
            os.write(1, b"x" * {LONG})
    else:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
"""


@pytest.fixture(params=["Pipes", "PipeThread"])
def pipes(request):
    if request.param == "Pipes" and sys.platform == "win32":
        pytest.skip("Windows can't wait for a pipe")
    command = [sys.executable, "-S", "-E", "-c", ECHO]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ends = getattr(pipe, request.param)(process)
    yield ends
    process.kill()
    process.wait()
    ends.end()
    assert process.stdin.closed
    assert process.stdout.closed


def until(seconds):
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def test_lines_of_any_length_come_back_in_order(pipes):
    for line in (b"short\n", b"x" * LONG + b"\n", b"slowly\n", b"\n"):
        assert pipes.exchange(line, until(30)) == line


def test_what_comes_after_a_line_answers_the_next_one(pipes):
    assert pipes.exchange(b"two\n", until(30)) == b"one\n"
    assert pipes.exchange(b"short\n", until(30)) == b"more\n"
    assert pipes.exchange(b"other\n", until(30)) == b"short\n"


def test_silence_ends_in_time(pipes):
    with pytest.raises(TimeoutError):
        pipes.exchange(b"silence\n", until(0.1))


def test_a_reader_that_does_not_read_ends_in_time(pipes):
    with pytest.raises(TimeoutError):
        pipes.exchange(b"silence\n" + b"x" * LONG + b"\n", until(0.1))


def test_half_a_line_is_the_end(pipes):
    with pytest.raises(EOFError):
        pipes.exchange(b"half\n", until(30))
    with pytest.raises((EOFError, OSError)):
        pipes.exchange(b"short\n", until(30))


def test_no_more_is_read_than_a_message_may_have(pipes, monkeypatch):
    monkeypatch.setattr(pipe, "MAX_LINE", LONG)
    assert LONG < len(pipes.exchange(b"endless\n", until(30))) <= LONG + pipe.PIPE
