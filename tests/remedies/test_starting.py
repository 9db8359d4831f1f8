"""Every remedy of the commands for who begins, followed as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mpi
from mpi.starting.skeletons import write
from tests.support.remedies import Doing, Row, follow


def described(name: str) -> Doing:
    """`mpi.describe` of a file beside another one."""

    def done(folder: Path) -> None:
        (folder / "a.csv").write_text("house,person\n1,1\n1,2\n", encoding="utf-8")
        mpi.describe(folder / name)

    return done


def started(kind: str, name: str = "village_2026", file: str = "new.yaml", **options: Any) -> Doing:
    """A file to begin with, beside one that is there."""

    def done(folder: Path) -> None:
        (folder / "old.yaml").touch()
        write(kind, name, folder / file, **options)

    return done


def surveyed(names: str) -> Doing:
    """A survey to begin with, from some files: of persons, and of units that are one row each."""

    def done(folder: Path) -> None:
        files = [folder / f"{name}.csv" for name in names]
        for file in files:
            persons = "house,person\n1,1\n1,2\n2,1\n" if file.stem == "a" else f"house,{file.stem}\n1,1\n2,2\n"
            file.write_text(persons, encoding="utf-8")
        write("survey", "village_2026", folder / "new.yaml", measure="global_mpi", data=files)

    return done


ROWS = [
    Row("MPI-U230", "name a file of data that is there", described("b.csv"), [described("a.csv")]),
    Row("MPI-U231", "write a name such as village_2026", started("measure", "2026"), [started("measure")]),
    Row(
        "MPI-U231", "add --measure with its file or name", started("survey"), [started("survey", measure="global_mpi")]
    ),
    Row(
        "MPI-U231",
        "give a file of persons, of households and of dwellings at most",
        surveyed("abcd"),
        [surveyed("abc")],
    ),
    Row("MPI-U231", "leave it out", started("measure", survey="s.yaml"), [started("measure")]),
    Row("MPI-U231", "name another file with -o", started("measure", file="old.yaml"), [started("measure")]),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_remedy_is_followed(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
