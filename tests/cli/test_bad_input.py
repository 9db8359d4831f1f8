"""What the issue calls bad input, as a user meets it: one clear message, the right exit code, no output, no values.

Each case spoils one thing of the manual's small survey and runs the command line on it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from mpi.cli import main as run
from tests.test_docs import write_manual

CANARY = "4417"  # stands in every household's and person's row, and must stand in no message


def replaced(name: str, before: str, after: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(before) >= 1, before
        (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")

    return spoil


def added(name: str, line: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    return spoil


def emptied(folder: Path) -> None:
    (folder / "persons.csv").write_text("", encoding="utf-8")


def truncated(folder: Path) -> None:
    pq.write_table(pc.read_csv(folder / "persons.csv"), folder / "persons.parquet")
    whole = (folder / "persons.parquet").read_bytes()
    (folder / "persons.parquet").write_bytes(whole[: len(whole) // 2])
    replaced("village_2026.yaml", "persons.csv", "persons.parquet")(folder)


CASES: dict[str, tuple[Callable[[Path], None], int, str, str]] = {
    "a typo in a column": (
        replaced("village_2026.yaml", "column: source", "column: sorce"), 2, "MPI-D010",
        "no table has the column 'sorce', which the variable water reads\n  did you mean 'source'?",
    ),
    "an unknown key": (
        replaced("village.yaml", "missing: exclude", "missing: exclude\nsourc: nobody"), 2, "MPI-C003",
        "the measure: the key 'sourc' is not known\n  did you mean 'source'?",
    ),
    "weights that miss 1": (
        replaced("village.yaml", "  education:\n", "  education:\n    weight: 1/2\n"), 2, "MPI-M005",
        "some dimensions have no weight: housing",
    ),
    "k = 33": (
        replaced("village.yaml", "poor: 1/3", "poor: 33"), 2, "MPI-M009",
        "k: 33 is outside (0, 1]; for a percentage write 33%",
    ),
    "a text code against a number": (
        replaced("village.yaml", "water <> 'piped'", "water <> 1"), 2, "MPI-R007", "is compared with a number (1)",
    ),
    "a key that repeats": (
        added("persons.csv", "106,2,7,1,1,1"), 1, "MPI-D032", "1 row of persons with the key (house, person)",
    ),
    "an orphan person": (
        added("persons.csv", "999,1,30,1,4,2"), 1, "MPI-D036",
        "1 person in 1 household without a row in the table of households",
    ),
    "a negative weight": (
        replaced("households.csv", "104,2,3,20,", "104,2,3,-20,"), 1, "MPI-D020", "the weight is negative in 1",
    ),
    "a stratum with one PSU": (
        replaced("village_2026.yaml", "stratum: null", "stratum: segment"), 1, "MPI-D039",
        "4 of 4 strata have one PSU (4 too rare to name)",
    ),
    "an empty file": (emptied, 1, "MPI-D002", "persons.csv: the file is empty (0 bytes)"),
    "a truncated Parquet": (truncated, 1, "MPI-D003", "persons.parquet: this is not a complete Parquet file"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gives_one_clear_message_and_no_output(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, exit_code, code, text = CASES[case]
    write_manual(tmp_path)
    for name in ("persons.csv", "households.csv"):
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        marked = [lines[0] + ",secret"] + [f"{line},{CANARY}" for line in lines[1:]]
        (tmp_path / name).write_text("\n".join(marked) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if case in ("a key that repeats", "an orphan person"):
        for name in ("persons.csv",):
            path = tmp_path / name
            path.write_text("\n".join(line.rsplit(",", 1)[0] for line in path.read_text().splitlines()) + "\n")
    spoil(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SystemExit) as stop:
        run(["estimate", "village.yaml", "village_2026.yaml", "--data", ".", "--by", "valley", "-o", "out.csv"])
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (exit_code, ""), err
    errors = [line for line in err.splitlines() if line.startswith("error ")]
    assert len({line.split()[1] for line in errors}) == 1, err
    assert errors[0].startswith(f"error {code} "), err
    assert text in err
    assert CANARY not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_several_faults_of_one_file_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_manual(tmp_path)
    monkeypatch.chdir(tmp_path)
    for before, after in (
        ("missing: exclude", "missing: excl"),
        ("poor: 1/3", "poor: 33"),
        ("MEAN(schooling)", "MEAN(scholing)"),
    ):
        replaced("village.yaml", before, after)(tmp_path)
    with pytest.raises(SystemExit) as stop:
        run(["check", "village.yaml"])
    err = capsys.readouterr().err
    places = [line.split()[2].rstrip(":") for line in err.splitlines() if line.startswith("error ")]
    assert stop.value.code == 2
    assert places == ["village.yaml:4:11", "village.yaml:5:10", "village.yaml:23:24"], err
