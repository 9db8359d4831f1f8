"""The tables of a race: on the screen, in RACE.md, and between the marks of the benchmarks' README."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.census.running import THREADS, Cost

BEGIN, END = "<!-- race -->", "<!-- /race -->"
PACKAGES = ("numpy", "pyarrow", "numba", "polars", "duckdb", "pandas", "mpitb")


ABOUT = """\
# The race on a census

`python -m benchmarks.census.race --table` writes this page. The task: fifteen indicators, three cutoffs, the
country and 2,244 municipalities by zone; uncensored headcounts, H, A, M0 and censored headcounts, from the Parquet
files to a table. Before timing, every other engine had to give our figures of all domains to 1e-9, and exactly the
same number of poor. Each run is a separate process, imports included. The tables show medians of {repeats}
interleaved runs (one run if stated), with a warm cache. *Decoding alone* is pyarrow reading the columns that our
engine reads. Compare the ratios rather than the seconds, because the seconds depend on the load of the machine.

Machine: {machine}."""


@dataclass(frozen=True, slots=True)
class Heat:
    """The medians of everybody's runs on one census.

    Attributes
    ----------
    census : str
        What they ran on.
    costs : mapping of str to Cost
        By the contestant's name, in the order of the table.
    families : mapping of str to str
        The family of each; `decode` and `engine` are ours.
    """

    census: str
    costs: Mapping[str, Cost]
    families: Mapping[str, str]

    def of(self, family: str) -> Cost | None:
        """What the fastest of a family took, by CPU."""
        names = [name for name, own in self.families.items() if own == family]
        return min((self.costs[name] for name in names), key=lambda cost: cost.cpu, default=None)

    def fastest(self) -> list[str]:
        """The fastest of each family."""
        return [name for name, cost in self.costs.items() if cost is self.of(self.families[name])]


def rows(heat: Heat, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """One row a contestant: name, CPU, wall clock, memory, CPU over decoding's and over ours."""
    decode, ours = heat.of("decode"), heat.of("engine")
    for name in names:
        cost = heat.costs[name]
        yield (
            name,
            f"{cost.cpu:.2f}",
            f"{cost.wall:.2f}",
            f"{cost.peak:.0f}",
            "" if decode is None else f"{cost.cpu / decode.cpu:.2f}",
            "" if ours is None else f"{cost.cpu / ours.cpu:.2f}",
        )


HEAD = ("", "CPU s", "wall s", "peak MB", "CPU / decoding", "CPU / mpi")


def as_text(heat: Heat) -> str:
    """A heat for the screen."""
    table = [(heat.census, *HEAD[1:]), *rows(heat, list(heat.costs))]
    widths = [max(len(row[at]) for row in table) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )


def _markdown(head: Sequence[str], body: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Cores, memory and versions; nothing that names the machine."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{THREADS} threads on {platform.machine()} ({os.cpu_count()} cores, {memory:.0f} GiB), {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def page(heats: Sequence[Heat], repeats: int) -> str:
    """RACE.md."""
    about = ABOUT.format(repeats=repeats, machine=machine())
    parts = [about, *(f"{remark}." for remark in remarks(heats))]
    for heat in heats:
        parts += [f"## {heat.census[0].upper()}{heat.census[1:]}", _markdown(HEAD, rows(heat, list(heat.costs)))]
    return "\n\n".join(parts) + "\n"


def remarks(heats: Sequence[Heat]) -> list[str]:
    """Sentences that compare two heats: shuffled with sorted files, many files with one."""
    ours = {heat.census: cost for heat in heats if (cost := heat.of("engine")) is not None}
    found = []
    for census, cost in ours.items():
        size, _, how = census.partition(", ")
        if how == "shuffled" and size in ours:
            found.append(
                f"A shuffled file of {size} persons costs our engine {cost.cpu / ours[size].cpu:.2f} times a sorted one"
            )
    whole = [(census, cost) for census, cost in ours.items() if census.endswith("files, once")]
    one = [cost for census, cost in ours.items() if census.endswith("1 file, once")]
    for (census, cost), single in zip(whole, one, strict=False):
        found.append(f"Its memory at {census} is {cost.peak / single.peak:.2f} times that of one such file")
    return found


def short(heats: Sequence[Heat]) -> str:
    """The README's table: the fastest of each family on each census."""
    body = (
        (heat.census if not at else "", *row) for heat in heats for at, row in enumerate(rows(heat, heat.fastest()))
    )
    return _markdown(("persons", "engine", *HEAD[1:]), body)


def between_marks(text: str, block: str) -> str:
    """A text whose marked block is replaced.

    Raises
    ------
    ValueError
        If the marks are not there once each, in their order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"the text needs {BEGIN} and then {END}, once each")
    before, after = text.split(BEGIN, maxsplit=1)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def write(heats: Sequence[Heat], repeats: int, root: Path) -> None:
    """Write RACE.md and the README's table."""
    (root / "benchmarks" / "census" / "RACE.md").write_text(page(heats, repeats), encoding="utf-8")
    readme = root / "benchmarks" / "README.md"
    readme.write_text(between_marks(readme.read_text(encoding="utf-8"), short(heats)), encoding="utf-8")
