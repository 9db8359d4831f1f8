"""The figures of a report by what they are about, so that a section asks for one without searching the table.

Comes in: publishable estimates or changes. Goes out: one `Estimate` or `Change` at a time; what the table does not hold
is an undefined one, never an error: a report says that there is no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mpi.claims import Change, Estimate
from mpi.disclosure.publishable import Publishable
from mpi.vocabulary.statistics import by_cutoff

Codes = tuple[str, ...]
Key = tuple[str | None, ...]


NO_ESTIMATE, NO_CHANGE = Estimate(), Change()
_ESTIMATE = {"estimate": "value", "ci_low": "low", "ci_high": "high", "standing": "standing", "cv": "cv", "n": "n",
             "psus": "psus", "df": "df", "deff": "deff", "population": "population",
             "hidden_by": "hidden_by", "note": "note"}  # fmt: skip
_CHANGE = {"estimate": "value", "ci_low": "low", "ci_high": "high", "standing": "standing", "p_adjusted": "p",
           "before": "before", "after": "after", "hidden_by": "hidden_by"}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Estimates of a publication.

    Attributes
    ----------
    totals : mapping
        The estimates of all units together, by period, unit, cutoff, statistic, dimension and indicator.
    """

    totals: Mapping[Key, Estimate]

    def total(
        self,
        statistic: str,
        *,
        period: str,
        unit: str,
        k: str,
        dimension: str | None = None,
        indicator: str | None = None,
    ) -> Estimate:
        """The estimate of all units; an undefined one if the table has none."""
        cutoff = k if by_cutoff(statistic) else None
        return self.totals.get((period, unit, cutoff, statistic, dimension, indicator), NO_ESTIMATE)


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """Absolute changes from the round before to the one that is published.

    Attributes
    ----------
    before, after : str
        The periods.
    found : mapping
        By unit, cutoff, statistic, dimension, indicator and codes of domains.
    """

    before: str
    after: str
    domains: Codes
    found: Mapping[Key, Change]

    def change(
        self,
        statistic: str,
        *,
        unit: str,
        k: str,
        dimension: str | None = None,
        indicator: str | None = None,
        **codes: str,
    ) -> Change:
        """One change; an undefined one if the table has none."""
        cutoff = k if by_cutoff(statistic) else None
        where = tuple(codes.get(name) for name in self.domains)
        return self.found.get((unit, cutoff, statistic, dimension, indicator, *where), NO_CHANGE)


def lookup(figures: Publishable) -> Lookup:
    """Estimates by what they are about."""
    table = figures.table.filter(_whole(figures.table, figures.domains))
    keys = ("period", "unit", "k", "statistic", "dimension", "indicator")
    rows = table.select([*keys, *_ESTIMATE]).to_pylist()
    return Lookup({tuple(row[name] for name in keys): _made(row, _ESTIMATE, Estimate) for row in rows})


def groups(
    figures: Publishable, domains: Codes, statistics: Sequence[str], *, period: str, unit: str, k: str
) -> dict[Codes, dict[str, Estimate]]:
    """The estimates of every group of one or several crossed domains, by codes and statistic."""
    table = figures.table
    keep = _whole(table, ("dimension", "indicator"))
    keep = _both(keep, _is(table, "period", [period]), _is(table, "unit", [unit]), _is(table, "statistic", statistics))
    keep = _both(keep, pc.or_kleene(_is(table, "k", [k]), pc.is_null(table["k"])))
    for name in figures.domains:
        keep = _both(keep, pc.is_valid(table[name]) if name in domains else pc.is_null(table[name]))
    found: dict[Codes, dict[str, Estimate]] = {}
    for row in table.select([*domains, "statistic", *_ESTIMATE]).filter(keep).to_pylist():
        codes = tuple(row[name] for name in domains)
        found.setdefault(codes, {})[row["statistic"]] = _made(row, _ESTIMATE, Estimate)
    return dict(sorted(found.items()))


def differences(changes: Publishable | None, before: str, after: str, statistics: Sequence[str]) -> Differences | None:
    """The absolute changes between two periods; None if there are none."""
    if changes is None:
        return None
    table = changes.table
    keep = _both(_is(table, "from", [before]), _is(table, "to", [after]), _is(table, "change", ["absolute"]))
    table = table.filter(_both(keep, _is(table, "statistic", statistics)))
    if not len(table):
        return None
    keys = ("unit", "k", "statistic", "dimension", "indicator", *changes.domains)
    rows = table.select([*keys, *_CHANGE]).to_pylist()
    found = {tuple(row[name] for name in keys): _made(row, _CHANGE, Change) for row in rows}
    return Differences(before, after, changes.domains, found)


def hidden_by_rule(tables: Sequence[Publishable | None]) -> dict[str, int]:
    """Hidden rows of some tables by the rule that hides them, the most first."""
    counts: dict[str, int] = {}
    for figures in tables:
        if figures is None:
            continue
        for one in pc.value_counts(figures.table["hidden_by"].combine_chunks()).to_pylist():
            if one["values"] is not None:
                counts[one["values"]] = counts.get(one["values"], 0) + one["counts"]
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def standings(figures: Publishable) -> dict[str, int]:
    """Rows of a table by standing."""
    found = pc.value_counts(figures.table["standing"].combine_chunks()).to_pylist()
    return {one["values"]: one["counts"] for one in found}


def _made(row: Mapping[str, Any], names: Mapping[str, str], kind: type[Any]) -> Any:  # what `kind` holds, row by row
    return kind(**{name: _number(row[column]) for column, name in names.items()})


def _number(value: Any) -> Any:  # a cell of an Arrow table: text, number or None
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _is(table: pa.Table, name: str, values: Sequence[str]) -> pa.ChunkedArray:
    return pc.is_in(table[name], value_set=pa.array(values, pa.string()))


def _whole(table: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    keep = pa.chunked_array([pa.array(np.ones(len(table), np.bool_))])
    for name in names:
        keep = pc.and_(keep, pc.is_null(table[name]))
    return keep


def _both(*masks: pa.ChunkedArray) -> pa.ChunkedArray:
    keep = masks[0]
    for mask in masks[1:]:
        keep = pc.and_(keep, pc.fill_null(mask, False))
    return keep
