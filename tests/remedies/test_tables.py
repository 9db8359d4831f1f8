"""Every remedy of a message about data and boundary files that the other tables do not hold, followed as it says."""

# ruff: noqa: E501  files and calls stand here as they are written

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest

from mpi.files.digests import input_file
from mpi.pipeline.estimating import estimate
from mpi.pipeline.passing import deprivation_profile
from mpi.specs.measure import Missing
from tests.pipeline.test_design import DATA, more
from tests.profile.test_flags import DESIGN, TWO, flags
from tests.remedies.test_files import ONE, H, P, figures, good_m0, hamlets, inside
from tests.remedies.test_surveys import taken
from tests.source import test_refusals
from tests.source.test_composed import keyed
from tests.specs import test_reliability
from tests.support import hamlet, village
from tests.support.naive import Household
from tests.support.remedies import Doing, Row, follow, one_of_many
from tests.support.strategies import profile_of
from tests.support.village import replaced

CAPITALS = {"Persons.csv": P}


def unreadable(*, rights: int, copied: bool = False) -> Doing:
    """The hamlet with a file that nobody may read; or with a copy of it in a folder of one's own."""

    def done(folder: Path) -> None:
        with TemporaryDirectory() as name:
            own = hamlet.write_hamlet(Path(name))
            if copied:
                (own / "mine").mkdir()
                (own / "mine" / "persons.csv").write_bytes((own / "persons.csv").read_bytes())
                text = (own / "village_2026.yaml").read_text()
                (own / "village_2026.yaml").write_text(text.replace("path: persons.csv", "path: mine/persons.csv"))
            assert figures(own) == good_m0()
            (own / "persons.csv").chmod(rights)
            with one_of_many(own):
                assert figures(own) == good_m0()

    return done


def renamed(folder: Path) -> None:
    (folder / "Persons.csv").rename(folder / "persons.csv")


def alone(*edits: tuple[str, str], members: object = None) -> Doing:
    """A survey of households alone, which says how many members each has."""
    of, by = test_refusals.alone(*edits)
    rooms = np.ones(60) if members is None else members
    return lambda folder: deprivation_profile(
        of, by, {"households": replaced(DATA, "households", "rooms", rooms)["households"]}
    )


def heavy(weight: float) -> Doing:
    own = ("weight: weight", "weight: heavy")
    return lambda folder: village.profile(more("households", heavy=np.full(60, weight)), of=village.survey(own))


def judged(when: str) -> Doing:
    return lambda folder: test_reliability.said(
        test_reliability.own(test_reliability.OWN.replace("n_poor < 25", when)), population=1e160
    )


def unknown(*rows: tuple[bool | None, bool | None], missing: Missing = "exclude") -> Doing:
    """Households of which some indicator is unknown."""
    measure = replace(TWO, missing=missing)
    units = [Household(row, psu=psu, stratum="1") for psu in "12" for row in rows]
    return lambda folder: estimate(profile_of(measure, units), measure)


def joined(collapse: dict[str, str]) -> Doing:
    return lambda folder: estimate(flags(stratum="s", psu="p", single_psu="collapse", collapse=collapse), TWO)


def keys(hold: float | None) -> Doing:
    """The village whose household's key has two columns, one of them with a decimal."""

    def done(folder: Path) -> object:
        tables, of = keyed(pa.float64(), whole_in_households=False)
        data = tables if hold is None else village.poked(tables, "households", "number", (2, hold))
        return village.profile(data, of=of)

    return done


def changing(path: Path) -> None:
    """Take a file's hash while another program writes to it."""
    path.write_bytes(b"0" * 4_000_000)
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.001):
            with path.open("r+b") as file:
                file.write(os.urandom(8))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(1000):  # until the other one was quick enough
            input_file(path)
    finally:
        stop.set()
        writer.join()


def still(path: Path) -> object:
    path.write_bytes(b"0" * 1000)
    return input_file(path)


def mixed(cells: str, dialect: str = "", *, same: bool = True) -> Doing:
    """The hamlet with the weights of its households written so."""
    own = "".join(
        f"{line[: line.rindex(',')]},{cell}\n"
        for line, cell in zip(H.splitlines(), ["weight", *cells.split()], strict=True)
    )
    edits = (
        (("path: households.csv, key: [house]", f"path: households.csv, key: [house], csv: {dialect}"),)
        if dialect
        else ()
    )
    return hamlets(*edits, files={"households.csv": own.replace(",", ";") if ";" in dialect else own}, same=same)


STATED = '{delimiter: ";", thousands: "."}'
FIVE = ("  persons: {path: persons.parquet, key: [house, person]}", "")
FPC = ", single_psu: certainty, fpc: {fraction: part}"
STAGES = {**DESIGN, "fpc": ("count", "N"), "ssu": "h", "ssu_fpc": ("count", "M")}
ROWS = [
    Row("MPI-D001", "get permission to read it (chmod u+r), or copy it to a folder of yours", unreadable(rights=0), [unreadable(rights=0o400), unreadable(rights=0, copied=True)]),
    Row("MPI-D001", "there is Persons.csv: write `path: Persons.csv`, or rename it", hamlets(lose="persons.csv", files=CAPITALS), [hamlets((ONE, "persons: {path: Persons.csv,"), lose="persons.csv", files=CAPITALS), hamlets(lose="persons.csv", files=CAPITALS, then=renamed)]),
    Row("MPI-D001", "there is persons.csv: write the pattern as the names are written", hamlets((ONE, "persons: {path: 'Pers*',")), [hamlets((ONE, "persons: {path: 'pers*',"))]),
    Row("MPI-D010", "use a column of this table: house, person", inside("zzz9 = 1"), [inside("rel <> 14")]),
    Row("MPI-D010", "use one of the columns (house, person", taken(("  years: years", "  years: {column: zzz9, table: persons}")), [taken(), taken(("  years: years", "  years: {column: years, table: persons}"))]),
    Row("MPI-D010", "or give its name there as `aliases: {qx: [NAME]}`", taken(("  years: years", "  years: qx")), [taken(("  years: years", "  years: qx"), ("missing_codes", "aliases: {qx: [years]}\nmissing_codes"))]),
    Row("MPI-D010", "leave `table:` out, or name one that has it: persons", taken(("  years: years", "  years: {column: years, table: households}")), [taken(("  years: years", "  years: {column: years}")), taken(("  years: years", "  years: {column: years, table: persons}"))]),
    Row("MPI-D010", "use one of the columns", hamlets(("key: [house, number]", "key: [house, qx]")), [hamlets(), hamlets(("key: [house, number]", "key: [house, qx]"), ("design:", "aliases: {qx: [number]}\ndesign:"))]),
    Row("MPI-D015", "`by` declares 1: add the codes that the column has", lambda folder: flags(by={"p": ["1"]}), [lambda folder: flags(by={"p": ["1", "2"]})]),
    Row("MPI-D022", "give each a whole number from 1, or write as `members:` a column or rule that does", alone(members=[0.0] * 60), [alone(), alone(("members: rooms", "members: rooms + 1"), members=[0.0] * 60)]),
    Row("MPI-D040", "divide the weights by one number", heavy(1e300), [heavy(1e300 / 1e298)]),
    Row("MPI-D040", "divide the weights by one number", lambda folder: flags(frame={"w": [1e308] * 4}), [lambda folder: flags(frame={"w": [1e308 / 1e306] * 4})]),
    Row("MPI-D040", "divide before you multiply", judged("population * population / 1e30 > 1"), [judged("population / 1e30 * population > 1")]),
    Row("MPI-D041", "look at the variables that they read, or write `missing: reweight` in the measure", unknown((None, True), (True, None)), [unknown((True, True), (True, None)), unknown((None, True), (True, None), missing="reweight")]),
    Row("MPI-D060", "give all rows of a PSU the same number", lambda folder: flags(**STAGES, frame={"p": [1] * 4, "M": [9, 10, 11, 12]}), [lambda folder: flags(**STAGES, frame={"p": [1] * 4, "M": [9, 9, 11, 12]})]),
    Row("MPI-D061", "declare numbers of units in the population as `count`, sampled shares as `fraction`", lambda folder: flags(**DESIGN, fpc=("fraction", "N")), [lambda folder: flags(**DESIGN, fpc=("count", "N")), lambda folder: flags(**DESIGN, fpc=("fraction", "f"))]),
    Row("MPI-D063", "make each of them end in a stratum that stays", joined({"x": "y", "y": "z", "z": "x"}), [joined({"x": "z", "y": "z"}), joined({"x": "y", "y": "z"})]),
    Row("MPI-D012", "store codes as whole numbers", keys(1.5), [keys(None)]),
    Row("MPI-D132", 'state the signs of this column too, in the table households: `csv: {columns: {weight: {decimal: "."}}}`', mixed("1.5 2.5 3.5 4.5 5.5", '{thousands: "."}', same=False),
        [mixed("1.5 2.5 3.5 4.5 5.5", '{thousands: ".", columns: {weight: {decimal: "."}}}', same=False)]),
    Row("MPI-D132", "write all numbers of the column in one way", mixed('1.5 2.5 3.5 4.5 "5,5"', same=False), [mixed("1.5 2.5 3.5 4.5 5.5", same=False)]),
    Row("MPI-D132", "look at these cells, and list the texts that mean a missing value in the table persons, as `csv: {missing: [...]}`",
        hamlets(files={"persons.csv": P.replace("003,1,70,2,,0", "003,1,70,2,no one knows,0")}), [hamlets((f"{ONE} key: [house, number]", f'{ONE} key: [house, number], csv: {{missing: ["no one knows"]}}'), files={"persons.csv": P.replace("003,1,70,2,,0", "003,1,70,2,no one knows,0")})]),
    Row("MPI-D150", "wait until the file is completely written, and run again", lambda folder: changing(folder / "a"), [lambda folder: still(folder / "a")]),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_tables_mended_as_the_remedy_says_are_taken(row: Row, tmp_path: Path) -> None:
    follow(row, tmp_path)
