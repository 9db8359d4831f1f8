"""Numbers by code from a file: income lines by area and month, against a join by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest

import mpi
from mpi.errors import ConfigError, DataError
from mpi.specs.survey import Survey
from tests.analysis.test_classes import DATA
from tests.support import village
from tests.support.kernels import cache_of

pytestmark = pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
LINES = pa.table(
    {"region": ["01", "02", "03"] * 2, "area": [1, 1, 1, 2, 2, 2], "line": [100.0, 150.0, 200.0, 80.0, 120.0, 160.5]}
)
CODE = "columns: [{column: region, width: 2}, {column: area, width: 1}]"
OWN = village.measure(
    ("missing: exclude\n", "missing: deprived\nincome_poor: income < line\n"),
    ("wall: text", "wall: text, income: number, line: number"),
)


def survey(line: str = f"{{{CODE}, lines: {{path: lines.csv, from: {{{CODE}}}, value: line}}}}") -> Survey:
    return village.survey(("  rooms: rooms", f"  rooms: rooms\n  income: income\n  line: {line}"))


def poor(lines: object, of: Survey | None = None) -> float:
    """The number of households that are income poor."""
    profile = mpi.deprivation_profile(of or survey(), OWN, {**DATA, "lines_line": lines})
    table = mpi.analyse(profile, OWN, "crossing", unit="households")
    return next(r["estimate"] for r in table if (r["group"], r["figure"]) == ("income", "number"))


def test_each_household_has_the_line_of_its_area_and_month() -> None:
    line = {(r["region"], r["area"]): r["line"] for r in LINES.to_pylist()}
    wanted = [
        r["weight"]
        for r in DATA["households"].to_pylist()
        if r["income"] is not None and r["income"] < line[r["region"], r["area"]]
    ]
    assert poor(LINES) == sum(wanted) > 0


def test_a_file_beside_the_data_and_kernels_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.write(tmp_path, DATA)
    pacsv.write_csv(LINES, tmp_path / "lines.csv")
    monkeypatch.setenv("XDG_CACHE_HOME", cache_of(tmp_path / "cache")["XDG_CACHE_HOME"])
    made = []
    for kernels in ("off", "on"):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        made.append(mpi.deprivation_profile(survey(), OWN, tmp_path))
    assert made[0].cells.pattern.tobytes() == made[1].cells.pattern.tobytes()
    assert made[0].cells.person_weight.tobytes() == made[1].cells.person_weight.tobytes()
    table = mpi.analyse(made[0], OWN, "crossing", unit="households")
    assert next(r["estimate"] for r in table if (r["group"], r["figure"]) == ("income", "number")) == poor(LINES)
    # Lines are part of the norm of a profile.
    higher = LINES.set_column(2, "line", pa.array([300.0] * 6))
    other = mpi.deprivation_profile(survey(), OWN, {**DATA, "lines_line": higher})
    assert other.rules["variable line"] != made[0].rules["variable line"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (LINES.slice(0, 5), "MPI-D146 .*does not list"),
        (pa.concat_tables([LINES, LINES.slice(0, 1)]), "MPI-D146 .*twice: 011"),
        (LINES.set_column(2, "line", pa.array([None, 1.0, 1.0, 1.0, 1.0, 1.0])), "MPI-D146 .*1 row"),
        (LINES.set_column(2, "line", pa.array(["a"] * 6)), "MPI-D012 .*no number"),
        (LINES.rename_columns(["region", "area", "lines"]), "MPI-D010 .*'line'"),
    ],
)
def test_files_of_lines_that_leave_a_doubt_are_refused(lines: pa.Table, words: str) -> None:
    with pytest.raises(DataError, match=words):
        poor(lines)


def test_lines_belong_to_a_code() -> None:
    with pytest.raises(ConfigError, match=r"MPI-S006.*lines"):
        survey("{rule: rooms, lines: {path: lines.csv, from: region, value: line}}")
