"""The command line in this process: its exit code and what it printed."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from mpi.cli import main


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert isinstance(stop.value.code, int)
    return Ran(stop.value.code, *capsys.readouterr())
