"""Every remedy of the commands for who begins, followed as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import mpi
from tests.support.remedies import Doing, Row, follow


def described(name: str) -> Doing:
    """`mpi.describe` of a file beside another one."""

    def done(folder: Path) -> None:
        (folder / "a.csv").write_text("house,person\n1,1\n1,2\n", encoding="utf-8")
        mpi.describe(folder / name)

    return done


ROWS = [Row("MPI-U230", "name a file of data that is there", described("b.csv"), [described("a.csv")])]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
