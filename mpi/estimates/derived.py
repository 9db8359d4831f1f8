"""The result of derivations: one tidy Arrow table, with the error, interval and test of every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.arrow import text_column
from mpi.columns.values import Floats, Text, where_known
from mpi.errors import Fault, UsageError, listed, nearest
from mpi.estimates.basis import Basis
from mpi.estimates.combining import Terms, together
from mpi.estimates.contrasts import contrast_table
from mpi.estimates.estimates import Estimates
from mpi.estimates.slopes import Sloped
from mpi.estimates.tidy import Tidy, refuse_columns
from mpi.language import phrase
from mpi.vocabulary.options import RELIABILITY_LEVELS, Adjust

FIGURES = ("estimate", "se", "ci_low", "ci_high", "cv", "t", "df", "p", "p_adjusted", "n", "n_poor", "reliability",
           "note")  # fmt: skip
CENSUS = "census: no sampling error"
MANY = 32  # figures that a derived figure reads
LARGEST = 1e100  # beyond it squares are no numbers, and there is no error


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A derived figure in g groups: one row of the table for each.

    Attributes
    ----------
    keys : mapping of str to str or None
        What the figure is: columns and their texts, the same for all groups.
    groups : sequence of mapping of str to str, length g
        Domains and codes of each.
    terms : sequence of Terms
        The figures that it reads, of one or several independent samples.
    value : Sloped
        Its slopes are those by the figures of all terms, one after the other.
    """

    keys: Mapping[str, str | None]
    groups: Sequence[Mapping[str, str]]
    terms: Sequence[Terms]
    value: Sloped


@dataclass(frozen=True, slots=True, eq=False)
class Derived(Tidy):
    """Derived figures as a tidy table; supports Arrow, so pandas, polars and DuckDB read it directly.

    Attributes
    ----------
    table : pyarrow.Table
        Columns `measure, survey, period, unit`, what a figure is (`figure`, `k`), one column for each domain (null:
        all of it), `estimate, se, ci_low, ci_high, cv, t, df, p, p_adjusted` (t test of being 0), `n, n_poor` (the
        fewest units and poor units behind a figure that is read), `reliability` (the worst of them), `note`.
        What is undefined is null, with the reason in `note`.
    domains, notices
        As in `Estimates`.
    basis : Basis or None
        Of the estimates that they are made of: what disclosure control judges. Not of what is read from files.
    """

    basis: Basis | None = None

    def __repr__(self) -> str:
        names = ", ".join(self._names())
        return f"Derived: {len(self):,} rows, figures: {names}; domains: {', '.join(self.domains) or 'none'}"

    @property
    def _named_by(self) -> str:
        return "figure"

    def _names(self) -> list[str]:
        names: list[str] = self.table["figure"].unique().to_pylist()
        return names

    def _check_name(self, name: str) -> None:
        if name not in (names := self._names()):
            remedy = nearest(name, names) or phrase("there are {names}", names=listed(names))
            raise UsageError(Fault("MPI-E004", None, phrase("there is no figure {name!r}", name=name), remedy))


def derived_of(
    rows: Sequence[Row], estimates: Estimates, *, domains: Sequence[str], level: float, adjust: Adjust
) -> Derived:
    """The table of derived figures.

    Parameters
    ----------
    rows : sequence of Row
    estimates : Estimates
        That name the measure, survey, period and unit, and whose notices belong to the figures.
    domains : sequence of str
        The domain columns.
    level : float
        Of the intervals, by t.
    adjust : {"none", "holm", "bh"}
        Correction of all p-values together.
    """
    table = derived_table(rows, domains=domains, level=level, adjust=adjust)
    basis = estimates.basis
    about = {
        "measure": basis.measure.name,
        "survey": basis.profile.survey,
        "period": basis.profile.period,
        "unit": basis.unit,
    }
    none = np.zeros(table.num_rows, np.int64)
    made = {name: arrow.array_of(Text(none, (text,))) for name, text in about.items()}
    made |= {name: table[name].combine_chunks() for name in table.column_names}
    return Derived(arrow.table(made), tuple(domains), estimates.notices, basis)


def tidy_of(estimates: Estimates, keys: Sequence[Mapping[str, str | None]]) -> Derived:
    """Estimates of figures that have no statistic's name, in the columns of derived figures.

    Parameters
    ----------
    estimates : Estimates
        For each domain one row a figure, in order.
    keys : sequence of mapping of str to str or None
        What each figure is.
    """
    refuse_columns(estimates.domains, {*FIGURES, *(name for one in keys for name in one)})
    table, times = estimates.table, len(estimates) // max(1, len(keys))
    made = {name: table[name].combine_chunks() for name in ("measure", "survey", "period", "unit")}
    names = dict.fromkeys([*(name for one in keys for name in one), "k"])
    own = {name: _texts([one.get(name) for one in keys] * times) for name in names if name != "k"}
    told = any("k" in one for one in keys)
    own["k"] = _texts([one.get("k") for one in keys] * times if told else table["k"].to_pylist())
    made |= own | {name: table[name].combine_chunks() for name in estimates.domains}
    none = pa.nulls(len(table), pa.float64())
    for name in FIGURES:
        made[name] = table[name].combine_chunks() if name in table.column_names else none
    return Derived(arrow.table(made), estimates.domains, estimates.notices, estimates.basis)


def derived_table(rows: Sequence[Row], *, domains: Sequence[str], level: float, adjust: Adjust) -> pa.Table:
    """Keys, domains and figures of derived figures, one below the other; see `Derived`."""
    refuse_columns(domains, {*FIGURES, *(key for row in rows for key in row.keys)})
    found = _figures(rows)
    tested = contrast_table(
        found.estimate, found.variance, found.df, level=level, adjust=adjust, flat=found.flat & ~found.census
    )
    made: dict[str, pa.Array] = {}
    for name in dict.fromkeys(key for row in rows for key in row.keys):
        made[name] = _texts([row.keys.get(name) for row in rows for _ in row.groups])
    for name in domains:
        made[name] = _texts([group.get(name) for row in rows for group in row.groups])
    made |= {name: tested[name].combine_chunks() for name in tested.column_names}
    se = np.sqrt(np.maximum(found.variance, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        made["cv"] = _floats(np.where((found.estimate > 0) & (se > 0), se / found.estimate, np.nan))
    made |= {"n": _whole(found.n), "n_poor": _whole(found.n_poor)}
    worst = found.reliability.astype(np.int64)
    made["reliability"] = arrow.array_of(Text(np.maximum(worst, 0), RELIABILITY_LEVELS, worst >= 0))
    defined = np.isfinite(found.estimate) & found.census
    notes = zip(defined.tolist(), made["note"].to_pylist(), strict=True)
    made["note"] = _texts([CENSUS if census else note for census, note in notes])
    made["df"] = arrow.numbers(found.df, ~found.census)
    return arrow.table({name: made[name] for name in (*(n for n in made if n not in FIGURES), *FIGURES)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """Of c derived figures; each of shape (c,), NaN where undefined, -1 where nothing is judged."""

    estimate: Floats
    variance: Floats
    df: NDArray[np.int64]
    n: Floats
    n_poor: Floats
    reliability: Floats
    flat: NDArray[np.bool_]
    census: NDArray[np.bool_]


def _figures(rows: Sequence[Row]) -> _Figures:
    """Derived figures, row after row and group after group; rows of the same samples are computed together."""
    sizes = [len(row.groups) for row in rows]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    samples: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for i, row in enumerate(rows):
        like = [(id(one.estimates), one.places.shape[1] // MANY) for one in row.terms]
        samples.setdefault(tuple(like), []).append(i)  # sums over many groups apart: others have few figures
    found = {name: np.full(starts[-1], np.nan) for name in _Figures.__dataclass_fields__}
    for own in samples.values():
        at = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in own])
        for name, values in _of_samples([rows[i] for i in own]).items():
            found[name][at] = values
    df, flat, census = found["df"].astype(np.int64), found["flat"] > 0, found["census"] > 0
    return _Figures(**{**found, "df": df, "flat": flat, "census": census})


def _of_samples(rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """The figures of rows that read the same samples."""
    value = np.concatenate([np.broadcast_to(row.value.value, len(row.groups)) for row in rows])
    value = np.where(np.abs(value) < LARGEST, value, np.nan)
    terms = [together(own) for own in zip(*(row.terms for row in rows), strict=True)]
    slopes = _slopes(rows, [one.places.shape[1] for one in terms])
    slopes = [np.where(np.abs(own) < LARGEST, own, np.nan) for own in slopes]
    used = [~(own == 0) & (one.places >= 0) for own, one in zip(slopes, terms, strict=True)]
    variance, df, flat = np.zeros(len(value)), np.zeros(len(value), np.int64), np.zeros(len(value), np.bool_)
    unsure = np.isnan(value)
    for one, own, read in zip(terms, slopes, used, strict=True):
        if one.census:
            continue
        se = one.column("se")
        unsure |= (read & ~np.isfinite(se)).any(axis=1) | ~np.isfinite(own).all(axis=1)
        flat |= (read & (se == 0)).any(axis=1)
        variance += one.variance(own)
        df += one.freedom(read)
    census = np.full(len(value), all(one.census for one in terms))
    return {
        "estimate": value,
        "variance": np.where(unsure | census, np.nan, variance),
        "df": df,
        "n": _least(terms, used, "n"),
        "n_poor": _least(terms, used, "n_poor"),
        "reliability": _worst(terms, used),
        "flat": flat,
        "census": census,
    }


def _slopes(rows: Sequence[Row], widths: Sequence[int]) -> list[Floats]:
    """Slopes by sample, of all rows one after the other, padded to the widest; shape (c, m) each."""
    made: list[list[Floats]] = [[] for _ in widths]
    for row in rows:
        own = np.broadcast_to(row.value.slopes, (len(row.groups), row.value.slopes.shape[1]))
        ends = np.cumsum([one.places.shape[1] for one in row.terms])[:-1]
        for i, part in enumerate(np.split(own, ends, axis=1)):
            made[i].append(np.pad(part, ((0, 0), (0, widths[i] - part.shape[1]))))
    return [np.concatenate(parts) for parts in made]


def _least(terms: Sequence[Terms], used: Sequence[NDArray[np.bool_]], name: str) -> Floats:
    """The fewest units behind a figure that is read; NaN where it has no such number."""
    found = [
        np.where(read, np.nan_to_num(one.column(name), nan=np.inf), np.inf)
        for one, read in zip(terms, used, strict=True)
    ]
    least: Floats = np.concatenate(found, axis=1).min(axis=1)
    return np.where(np.isfinite(least), least, np.nan)


def _worst(terms: Sequence[Terms], used: Sequence[NDArray[np.bool_]]) -> Floats:
    """The worst mark of the figures that are read, into RELIABILITY_LEVELS; -1 where none is judged."""
    found = []
    for one, read in zip(terms, used, strict=True):
        marks = text_column(one.estimates.table, "reliability")
        severity = np.array([RELIABILITY_LEVELS.index(label) for label in marks.labels] or [0])
        judged = np.where(where_known(marks), severity[marks.codes], -1)
        found.append(np.where(read, judged[one.places], -1))
    worst: Floats = np.concatenate(found, axis=1).max(axis=1).astype(np.float64)
    return worst


def _texts(values: Sequence[str | None]) -> pa.Array:
    labels = tuple(dict.fromkeys(value for value in values if value is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if value is None else place[value] for value in values], np.int64)
    return arrow.array_of(Text(codes, labels, np.array([value is not None for value in values], np.bool_)))


def _floats(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    return arrow.numbers(np.where(known, values, 0.0), None if known.all() else known)


def _whole(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    return arrow.numbers(np.where(known, values, 0).astype(np.int64), None if known.all() else known)
