"""The result of derivations: one tidy Arrow table, with the error, interval and test of every figure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.arrow import text_column
from mpi.columns.values import Floats, Text, where_known
from mpi.errors import Fault, UsageError, listed, nearest
from mpi.estimates.combining import Terms, freedom_of, variance_of
from mpi.estimates.contrasts import contrast_table
from mpi.estimates.estimates import Estimates
from mpi.estimates.slopes import Sloped
from mpi.estimates.tidy import Tidy
from mpi.language import phrase
from mpi.vocabulary.options import RELIABILITY_LEVELS, Adjust

FIGURES = ("estimate", "se", "ci_low", "ci_high", "cv", "t", "df", "p", "p_adjusted", "n", "n_poor", "reliability",
           "note")  # fmt: skip
CENSUS = "census: no sampling error"


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
    """

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
    return Derived(arrow.table(made), tuple(domains), estimates.notices)


def derived_table(rows: Sequence[Row], *, domains: Sequence[str], level: float, adjust: Adjust) -> pa.Table:
    """Keys, domains and figures of derived figures, one below the other; see `Derived`."""
    found = [_figures(row) for row in rows]
    estimate, variance, df, n, n_poor, reliability = (
        np.concatenate([one[i] for one in found]) if found else np.zeros(0) for i in range(6)
    )
    flat, census = (np.concatenate([one[i] for one in found]).astype(np.bool_) for i in (6, 7))
    tested = contrast_table(estimate, variance, df.astype(np.int64), level=level, adjust=adjust, flat=flat)
    made: dict[str, pa.Array] = {}
    for name in dict.fromkeys(key for row in rows for key in row.keys):
        made[name] = _texts([row.keys.get(name) for row in rows for _ in row.groups])
    for name in domains:
        made[name] = _texts([group.get(name) for row in rows for group in row.groups])
    made |= {name: tested[name].combine_chunks() for name in tested.column_names}
    se = np.sqrt(np.maximum(variance, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where((estimate > 0) & (se > 0), se / estimate, np.nan)
    made["cv"] = _floats(cv)
    made |= {"n": _whole(n), "n_poor": _whole(n_poor)}
    labels = RELIABILITY_LEVELS
    made["reliability"] = arrow.array_of(Text(np.maximum(reliability, 0).astype(np.int64), labels, reliability >= 0))
    notes = [
        CENSUS if one and np.isfinite(value) else note
        for one, value, note in zip(census.tolist(), estimate.tolist(), made["note"].to_pylist(), strict=True)
    ]
    made["note"] = _texts(notes)
    made["df"] = arrow.numbers(df.astype(np.int64), ~census)
    return arrow.table({name: made[name] for name in (*(n for n in made if n not in FIGURES), *FIGURES)})


def _figures(row: Row) -> tuple[Floats, ...]:
    """Estimate, variance, df, n, n_poor, reliability, flat and census of each group; shape (g,) each."""
    value = np.where(np.isfinite(row.value.value), row.value.value, np.nan)
    shape = row.value.slopes.shape
    slopes = np.broadcast_to(row.value.slopes, (len(value), shape[1]))[..., None]
    widths = np.cumsum([0, *(one.places.shape[1] for one in row.terms)])
    parts = [slopes[:, a:b] for a, b in itertools.pairwise(widths.tolist())]
    used = [~(own == 0) for own in parts]
    census = np.full(len(value), all(one.estimates.basis.profile.sample.census for one in row.terms))
    samples = [
        (t, o, u) for t, o, u in zip(row.terms, parts, used, strict=True) if not t.estimates.basis.profile.sample.census
    ]
    variance, df, flat = np.full(len(value), np.nan), np.zeros(len(value), np.int64), np.zeros(len(value), np.bool_)
    if samples:
        terms, own, read = zip(*samples, strict=True)
        unsure = np.any([one.unsure(u)[:, 0] for one, u in zip(terms, read, strict=True)], axis=0)
        unsure |= ~np.isfinite(slopes[..., 0]).all(axis=1) | np.isnan(value)
        variance = np.where(unsure, np.nan, variance_of(terms, own)[:, 0])
        df = freedom_of(terms, read)[:, 0]
        flat = np.any([one.flat(u)[:, 0] for one, u in zip(terms, read, strict=True)], axis=0)
    counts = [_least(row, used, name) for name in ("n", "n_poor")]
    return value, variance, df, *counts, _worst(row, used), flat, census


def _least(row: Row, used: Sequence[NDArray[np.bool_]], name: str) -> Floats:
    """The fewest units behind a figure that is read; NaN where it has no such number."""
    found = [np.where(u[..., 0], one.column(name), np.inf) for one, u in zip(row.terms, used, strict=True)]
    least = np.nanmin(np.concatenate([*found, np.full((len(found[0]), 1), np.inf)], axis=1), axis=1)
    return np.where(np.isfinite(least), least, np.nan)


def _worst(row: Row, used: Sequence[NDArray[np.bool_]]) -> Floats:
    """The worst mark of the figures that are read, into RELIABILITY_LEVELS; -1 where none is judged."""
    found = [np.full((len(row.groups), 1), -1)]
    for one, u in zip(row.terms, used, strict=True):
        marks = text_column(one.estimates.table, "reliability")
        severity = np.array([RELIABILITY_LEVELS.index(label) for label in marks.labels] or [0])
        judged = np.where(where_known(marks), severity[marks.codes], -1)
        found.append(np.where(u[..., 0] & (one.places >= 0), judged[one.places], -1))
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
