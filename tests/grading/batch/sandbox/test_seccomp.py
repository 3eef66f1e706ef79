"""The filter of system calls: the right numbers, and nothing else refused."""

import re
import struct
from pathlib import Path

import pytest

from coursekit.grading.batch.sandbox import seccomp

ALLOWED, REFUSED = 0x7FFF0000, 0x00050001
X86, ARM, I386 = 0xC000003E, 0xC00000B7, 0x40000003
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}


def decide(program, architecture, number):
    """Run the filter as the kernel does, on the call's number and architecture."""
    steps = list(struct.iter_unpack("=HBBI", program))
    loaded = at = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            loaded = {0: number, 4: architecture}[value]
        else:
            assert code in (0x15, 0x35)
            at += yes if (loaded == value if code == 0x15 else loaded >= value) else no


@pytest.mark.parametrize(
    ("machine", "architecture", "column"), [("x86_64", X86, 0), ("aarch64", ARM, 1)]
)
def test_each_call_of_the_list_is_refused_and_no_other(machine, architecture, column):
    program = seccomp.program(machine)
    refused = {pair[column] for pair in seccomp._REFUSED.values()} - {None}
    for number in range(600):
        wanted = REFUSED if number in refused else ALLOWED
        assert decide(program, architecture, number) == wanted


def test_tables_of_other_architectures_are_no_way_round():
    program = seccomp.program("x86_64")
    assert decide(program, I386, 20) == REFUSED
    assert decide(program, X86, 0x40000000 + 1) == REFUSED
    assert decide(seccomp.program("aarch64"), X86, 1) == REFUSED


def test_a_machine_that_is_not_known_has_none():
    assert seccomp.program("riscv64") == b""


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_system(machine):
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip("the system's headers are not installed")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    known = {name: int(number) for name, number in re.findall(pattern, header.read_text())}
    column = list(HEADERS).index(machine)
    compared = 0
    for name, pair in seccomp._REFUSED.items():
        if name in known:
            assert pair[column] == known[name], name
            compared += 1
    assert compared > 30
