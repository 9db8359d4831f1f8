"""Our engine against the rivals on a census: first the same figures, then CPU, wall clock and memory.

`python -m benchmarks.census.race` runs every contestant as a process of two threads, in turn, several times over, and
compares medians with those of the bare decoding of the same columns in the same session. No rival is timed before its
figures of all domains are ours. Only the standard library is loaded in this process (see `running`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import floor, inf, log10
from pathlib import Path

from benchmarks.census import report
from benchmarks.census.running import ROOT, Cost, confine, middle, run

HERE = "benchmarks.census"
DECODE, OURS = "decoding alone", "mpi"
MPITB_PERSONS = 990_000  # in 300,000 households


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program that runs: its module, the way it is written, and where it may run.

    Attributes
    ----------
    family : str
        Contestants of one family are versions of the code for one engine; the fastest represents it.
    ordered : bool
        Whether it assumes that households are in ascending order.
    most : float
        The largest number of persons it is given, because it keeps them in memory.
    """

    name: str
    family: str
    module: str
    how: str
    ordered: bool = False
    most: float = inf


CONTESTANTS = (
    Contestant(DECODE, "decode", "decode", "batches"),
    Contestant(OURS, "engine", "engine", "engine"),
    Contestant("polars, declared sorted", "polars", "polars", "sorted", ordered=True),
    Contestant("polars, packed bits", "polars", "polars", "bits"),
    Contestant("polars, `any()`", "polars", "polars", "any"),
    Contestant("DuckDB, packed bits", "duckdb", "duckdb", "bits"),
    Contestant("DuckDB, `bool_or`", "duckdb", "duckdb", "bool"),
    Contestant("pandas, packed bits", "pandas", "pandas", "bits", most=2e7),
    Contestant("pandas, `groupby`", "pandas", "pandas", "groupby", most=2e7),
)
ALWAYS = ("decode", "engine")
FAMILIES = tuple(dict.fromkeys(contestant.family for contestant in CONTESTANTS))


@dataclass(slots=True)
class Race:
    """The folder of the data, the contestants, the repeats, and the measurements."""

    data: Path
    only: Sequence[str]
    repeats: int
    say: Callable[[str], None] = print
    heats: list[report.Heat] = field(default_factory=list)

    def contestants(self, persons: float, *, shuffled: bool) -> list[Contestant]:
        """Who runs on a census."""
        return [
            one
            for one in CONTESTANTS
            if one.family in (*ALWAYS, *self.only) and persons <= one.most and not (shuffled and one.ordered)
        ]

    def folder(self, persons: int, *, shuffled: bool = False, files: int = 1) -> Path:
        """The folder of a census, which is written if it is not there."""
        name = label(persons) + ("-shuffled" if shuffled else "") + (f"-{files}-files" if files > 1 else "")
        folder, half = self.data / name, self.data / f"{name}.partial"
        if not folder.exists():
            self.say(f"writing a census of {persons:,} persons")
            options = [*(["--shuffled"] if shuffled else []), "--files", files]
            run(f"{HERE}.generator", persons, half, *options)
            half.rename(folder)
        return folder

    def heat(self, persons: int, *, shuffled: bool = False) -> None:
        """Check and time everybody on one census."""
        folder = self.folder(persons, shuffled=shuffled)
        running = self.contestants(persons, shuffled=shuffled)
        self.checked(folder, running)
        costs: dict[str, list[Cost]] = {one.name: [] for one in running}
        for number in range(self.repeats):
            turn = number % len(running)
            for one in (*running[turn:], *running[:turn]):
                costs[one.name].append(self.run(one, folder))
        families = {one.name: one.family for one in running}
        found = {name: middle(each) for name, each in costs.items()}
        self.done(report.Heat(label(persons) + (", shuffled" if shuffled else ""), found, families))

    def run(self, one: Contestant, folder: Path) -> Cost:
        return run(f"{HERE}.rivals.{one.module}", folder, "-o", self.output(one), "--how", one.how)

    def output(self, one: Contestant) -> Path:
        return self.data / f"{one.module}-{one.how}.parquet"

    def checked(self, folder: Path, running: Sequence[Contestant]) -> None:
        """Run everybody once and compare the figures.

        Raises
        ------
        SystemExit
            If the figures of a contestant differ from ours.
        """
        for one in running:
            self.run(one, folder)
        ours = next(one for one in running if one.name == OURS)
        rivals = [self.output(one) for one in running if one.family not in ALWAYS]
        if rivals:
            run(f"{HERE}.agreement", self.output(ours), *rivals)
            self.say(f"{folder.name}: {len(rivals)} rivals give our figures of all domains")

    def memory(self, persons: int, times: int) -> None:
        """Decoding's and our peak memory on a census and on one so many times as large, in as many files."""
        decode, ours = (one for one in CONTESTANTS if one.family in ALWAYS)
        for number in (1, times):
            folder = self.folder(persons * number, files=number)
            costs = {one.name: self.run(one, folder) for one in (decode, ours)}
            files = "1 file" if number == 1 else f"{number} files"
            self.done(
                report.Heat(f"{label(persons * number)} in {files}, once", costs, {DECODE: "decode", OURS: "engine"})
            )

    def flags(self, persons: int = MPITB_PERSONS) -> None:
        """Time mpitb and our engine once on ready-made deprivations, and compare the figures."""
        if find_spec("mpitb") is None:
            self.say("mpitb is skipped: it is not installed; `pip install mpitb==0.2` would bring it")
            return
        flags = self.data / f"flags-{label(persons)}.parquet"
        run(f"{HERE}.rivals.flags", self.folder(persons), "-o", flags)
        outputs = {name: self.data / f"{name}.parquet" for name in ("engine_flags", "mpitb")}
        costs = {name: run(f"{HERE}.rivals.{name}", flags, "-o", output) for name, output in outputs.items()}
        run(f"{HERE}.agreement", *outputs.values())
        found = {f"{OURS}, from flags": costs["engine_flags"], "mpitb 0.2": costs["mpitb"]}
        families = dict(zip(found, ("engine", "mpitb"), strict=True))
        self.done(report.Heat(f"{label(persons)}, ready-made flags, once", found, families))

    def done(self, heat: report.Heat) -> None:
        self.heats.append(heat)
        self.say(f"\n{report.as_text(heat)}\n")


def label(persons: float) -> str:
    """A number of persons as it is called on the command line.

    Examples
    --------
    >>> label(1_000_000), label(320_000_000)
    ('1e6', '3.2e8')
    """
    exponent = floor(log10(persons))
    return f"{persons / 10**exponent:g}e{exponent}"


def _persons(text: str) -> int:
    return round(float(text))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {HERE}.race", description=__doc__.splitlines()[0])
    sizes = [100_000, 1_000_000, 10_000_000]
    parser.add_argument("--sizes", nargs="+", type=_persons, default=sizes, help="persons: 1e5 1e6 1e7 if left out")
    parser.add_argument("--unsorted", nargs="*", type=_persons, help="sizes to run on shuffled files too; 1e7 if none")
    parser.add_argument(
        "--repeat-file", type=int, help="memory at the largest size, and at so many times it in as many files"
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*FAMILIES, "mpitb"],
        default=[*FAMILIES, "mpitb"],
        help="these rivals; decoding and our engine always run",
    )
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "census", help="where the censuses lie")
    parser.add_argument("--table", action="store_true", help="write RACE.md and the table of the benchmarks' README")
    asked = parser.parse_args(arguments)
    if asked.repeats < 1 or (asked.repeat_file is not None and asked.repeat_file < 2):
        parser.error("--repeats is 1 or more, --repeat-file 2 or more")
    confine()
    data = asked.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    race = Race(data, asked.only, asked.repeats)
    shuffled = [] if asked.unsorted is None else asked.unsorted or [10_000_000]
    for persons in asked.sizes:
        race.heat(persons)
    for persons in shuffled:
        race.heat(persons, shuffled=True)
    if asked.repeat_file:
        race.memory(max(asked.sizes), asked.repeat_file)
    if "mpitb" in asked.only:
        race.flags()
    if asked.table:
        report.write(race.heats, asked.repeats, ROOT)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
