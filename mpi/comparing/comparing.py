"""Two tables of figures side by side, and one table against itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mpi.comparing.consistency import contradictions
from mpi.comparing.entries import SHARED, Entry, Figures, Key, met
from mpi.comparing.reading import published_of, results_of
from mpi.config.mappings import load_mapping
from mpi.errors import Fault, Place, UsageError, listed
from mpi.errors.arguments import public
from mpi.estimates.forms import plain_html
from mpi.language import phrase
from mpi.specs.published import Published
from mpi.vocabulary.statistics import by_cutoff

if TYPE_CHECKING:
    import pandas as pd

NONE = "\u2013"
NAMED = ("", ".yaml", ".yml")  # endings of mappings, and of names of those that ship
MOST_DIGITS = 12  # of results beside results
STATUSES = ("equal", "off", "only_published", "only_results")
Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a comparison found; supports Arrow, so pandas, polars and DuckDB read its table directly.

    Attributes
    ----------
    table : pyarrow.Table
        Of two tables: a row a figure, the largest differences first. Of one: a row a contradiction.
    counts : mapping of str to int
        Of two tables: `equal`, `off`, `only_published`, `only_results`, `inside`, `outside`, `no_interval`. Of one: by
        kind of contradiction, with `figures` for all that was looked at.
    results, published : str
        Names of the files; `published` is empty where one table is held against itself.
    """

    table: pa.Table
    counts: Mapping[str, int]
    results: str
    published: str = ""

    def __repr__(self) -> str:
        told = ", ".join(f"{name.replace('_', ' ')}: {number:,}" for name, number in self.counts.items())
        beside = f" beside {self.published}" if self.published else ""
        return f"Comparison: {self.results}{beside}; {told}"

    def _repr_html_(self) -> str:
        return plain_html(self.table, repr(self))

    def to_pandas(self) -> pd.DataFrame:
        """The table as a pandas data frame."""
        return self.table.to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)

    @property
    def clean(self) -> bool:
        """Whether nothing is off, missing in the results, or contradictory."""
        if self.published:
            return not self.counts["off"] and not self.counts["only_published"]
        return not len(self.table)


@public
def compare(
    results: str | Path,
    published: str | Path | None = None,
    *,
    mapping: str | Path | Published | None = None,
    results_mapping: str | Path | Published | None = None,
) -> Comparison:
    """Results beside a published table; without a published table, the results against themselves.

    A figure is equal if it is what is published before rounding: it lies within half a unit of the last published
    digit. Numbers are exact decimals.

    Parameters
    ----------
    results : str or Path
        Results of this program (a folder of `mpi run`, results.parquet, total.csv, estimates as CSV), or any table.
    published : str or Path, optional
        A table as CSV, Parquet or .xlsx; or the name of published figures that ship with the package, or a mapping that
        names its table.
    mapping, results_mapping : str, Path or Published, optional
        How `published` and `results` are read; left out for tables with the columns of this program.

    Raises
    ------
    ConfigError
        If a mapping is faulty.
    UsageError
        If a file is not there or lacks a column, or the tables have no figure in common.
    DataError
        If a file is damaged, a cell is no number, or two rows are of one figure.
    """
    if published is None:
        own = _figures(Path(results), results_mapping or mapping)
        rows = contradictions(own)
        return Comparison(
            table=_table(rows, own.domains, CONTRADICTION),
            counts={"figures": len(own.entries), **Counter(str(row["check"]) for row in rows)},
            results=own.name,
        )
    theirs = _theirs(Path(published), mapping)
    ours = _figures(Path(results), results_mapping, theirs)
    theirs = _filled(ours, theirs)
    ours = _filled(theirs, ours)
    rows = _compared(ours, theirs)
    counts = Counter(str(row["status"]) for row in rows)
    intervals = Counter(str(row["interval"]) for row in rows if row["interval"] is not None)
    kinds = ("inside", "outside", "no_interval")
    return Comparison(
        table=_table(rows, tuple(dict.fromkeys((*theirs.domains, *ours.domains))), DIFFERENCE),
        counts={**{name: counts[name] for name in STATUSES}, **{name: intervals[name] for name in kinds}},
        results=ours.name,
        published=theirs.name,
    )


def _theirs(path: Path, mapping: str | Path | Published | None) -> Figures:
    """The published figures: of a table and its mapping, or of a mapping that names its table."""
    if mapping is None and path.suffix.lower() in NAMED and not path.is_dir():
        mapping = load_mapping(path)
        if mapping.table is None:
            text = phrase("the mapping {name} names no table", name=mapping.name)
            raise UsageError(
                Fault("MPI-U191", Place(str(path)), text, phrase("add `table:`, or name the table and --map"))
            )
        path = mapping.table
    return _figures(path, mapping)


def _figures(path: Path, mapping: str | Path | Published | None, other: Figures | None = None) -> Figures:
    if mapping is not None:
        return published_of(path, mapping if isinstance(mapping, Published) else load_mapping(mapping))
    return results_of(path, None if other is None else list(other.entries))


def _filled(known: Figures, figures: Figures) -> Figures:
    """The figures with the period, unit and cutoff that the other table says and this one does not.

    Raises
    ------
    UsageError
        If the other table has several and nothing says which is meant.
    """
    entries = dict(figures.entries)
    for field in SHARED:
        own = [key for key in entries if getattr(key, field) is None and (field != "k" or by_cutoff(key.statistic))]
        words = met(known.entries, field)
        if not own or not words:
            continue
        if len(words) > 1 and field != "k":  # the measure's own cutoff comes first
            text = phrase("nothing says of which {field} the figures are; the other table has {words}",
                          field=field, words=listed(words))  # fmt: skip
            remedy = phrase("write `{field}: {word}` into the mapping", field=field, word=words[-1])
            raise UsageError(Fault("MPI-U196", Place(figures.name), text, remedy))
        lacking = set(own)
        entries = {(key.told(field, words[0]) if key in lacking else key): one for key, one in entries.items()}
    return replace(figures, entries=entries)


def _compared(ours: Figures, theirs: Figures) -> list[Row]:
    """A row a figure; of the results only those of the periods, statistics and domains that are published."""
    scopes = {_scope(key) for key in theirs.entries}
    rows = [_row(key, ours.entries.get(key), entry, theirs) for key, entry in theirs.entries.items()]
    rows += [
        _row(key, entry, None, theirs)
        for key, entry in ours.entries.items()
        if key not in theirs.entries and _scope(key) in scopes and entry.value is not None
    ]
    rows = [row for row in rows if row["status"] is not None]
    if not any(row["status"] in ("equal", "off") for row in rows):
        text = phrase("no figure is in both tables")
        remedy = phrase(
            "compare what they are about: published {published}; results {results}",
            published=_first(theirs),
            results=_first(ours),
        )
        raise UsageError(Fault("MPI-U192", Place(theirs.name), text, remedy))
    return sorted(rows, key=_order)


def _first(figures: Figures) -> str:
    return next((key.words for key in figures.entries), NONE)


def _scope(key: Key) -> tuple[object, ...]:
    return (
        key.period,
        key.unit,
        key.k,
        key.statistic,
        bool(key.indicator or key.dimension),
        tuple(n for n, _ in key.domains),
    )


def _order(row: Row) -> tuple[object, ...]:
    difference = row["difference"]
    size = Decimal(0) if difference is None else abs(Decimal(str(difference)))
    return (("off", "only_published", "only_results", "equal").index(str(row["status"])), -size)


def _row(key: Key, ours: Entry | None, theirs: Entry | None, published: Figures) -> Row:
    own, other = None if ours is None else ours.value, None if theirs is None else theirs.value
    row: Row = {**key._asdict(), **dict(key.domains), "status": None, "difference": None, "interval": None}
    factor = published.factors.get(key.statistic, Decimal(1))
    unit = Decimal(1).scaleb(-published.decimals.get(key.statistic, MOST_DIGITS))
    row |= {
        "published": None if other is None else str(other / factor),
        "result": None if own is None else str((own / factor).quantize(unit, ROUND_HALF_UP)),
        "estimate": None if own is None else float(own),
    }
    if own is None or other is None or theirs is None or ours is None:
        row["status"] = "only_results" if own is not None else "only_published" if other is not None else None
        return row
    equal = abs(own - other) <= theirs.half
    row["status"] = "equal" if equal else "off"
    rounded = Decimal(0) if equal else (own / factor).quantize(unit, ROUND_HALF_UP) - other / factor
    row["difference"] = str(rounded.normalize() + 0) if rounded else "0"
    row["interval"] = "no_interval"
    if ours.low is not None and ours.high is not None:
        inside = ours.low - theirs.half <= other <= ours.high + theirs.half
        row["interval"] = "inside" if inside else "outside"
    return row


TEXTS = ("period", "unit", "k", "statistic", "dimension", "indicator")
DIFFERENCE = {"status": pa.string(), "published": pa.string(), "result": pa.string(), "difference": pa.string(),
              "interval": pa.string(), "estimate": pa.float64()}  # fmt: skip
CONTRADICTION = {"check": pa.string(), "value": pa.string(), "expected": pa.string()}


def _table(rows: list[Row], domains: tuple[str, ...], further: Mapping[str, pa.DataType]) -> pa.Table:
    kinds = {**dict.fromkeys((*TEXTS, *domains), pa.string()), **further}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in kinds.items()})
