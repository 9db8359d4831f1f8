"""The tidy table of progress towards targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.values import Text
from mpi.estimates import Tidy
from mpi.estimates.tidy import refuse_columns
from mpi.vocabulary.options import RELIABILITY_LEVELS, Rounds

NUMBERS = (
    "target_year", "target", "baseline_year", "baseline", "baseline_se", "period_year", "estimate", "se", "ci_low",
    "ci_high", "distance", "distance_se", "distance_p", "path_value", "path_distance", "path_se", "path_p", "yearly",
    "yearly_low", "yearly_high", "needed", "needed_from_baseline", "projection", "projection_low", "projection_high",
    "reached",
)  # fmt: skip
WHOLE = ("df", "distance_df", "path_df", "n", "target_number")


@dataclass(frozen=True, slots=True, eq=False)
class Progress(Tidy):
    """Progress towards targets as a tidy table; supports Arrow, so pandas, polars and DuckDB read it directly.

    Attributes
    ----------
    table : pyarrow.Table
        One row a target and group. `target_number` (in its list, from 1), `measure, unit, k, statistic, dimension,
        indicator`, one column for each domain; `target_direction, target_path, target_kind` (`value` or `half`),
        `target_year, target, target_source`; `baseline_kind` (`round` or `given`), `baseline_period, baseline_year,
        baseline, baseline_se`; `period, period_year, estimate, se, ci_low, ci_high, df, n, reliability` of the state;
        `verdict` (`met`, `on_track`, `off_track`, `cannot_tell`); `distance` to the target with its error and
        one-sided p; `path_value` now, `path_distance` on the path's own scale with its error and one-sided p; `yearly`
        (observed), `needed`, `needed_from_baseline`: changes a year, of a constant rate relative ones, of a logistic
        path log odds; `projection` in the target year; `reached`, the year of reaching; `note`. What is undefined is
        null.
    domains, notices
        As in `Estimates`.
    rounds : {"independent", "same_psu", "rotating", "panel"} or None
        How the samples were taken to relate; None of a single round.
    """

    rounds: Rounds | None

    def __repr__(self) -> str:
        return f"Progress: {len(self):,} rows, domains: {', '.join(self.domains) or 'none'}"


def table_of(rows: Sequence[Mapping[str, object]], domains: Sequence[str]) -> pa.Table:
    """The rows as columns, in the order that is documented."""
    texts = ("measure", "unit", "k", "statistic", "dimension", "indicator")
    order = (
        "target_number", *texts, *domains, "target_direction", "target_path", "target_kind", "target_year", "target",
        "target_source", "baseline_kind", "baseline_period", "baseline_year", "baseline", "baseline_se", "period",
        "period_year", "estimate", "se", "ci_low", "ci_high", "df", "n", "verdict", "distance", "distance_se",
        "distance_df", "distance_p", "path_value", "path_distance", "path_se", "path_df", "path_p", "yearly",
        "yearly_low", "yearly_high", "needed", "needed_from_baseline", "projection", "projection_low",
        "projection_high", "reached", "reliability", "note",
    )  # fmt: skip
    refuse_columns(domains, {*order} - {*domains})
    made: dict[str, pa.Array] = {}
    for name in order:
        cells = [row.get(name) for row in rows]
        if name in NUMBERS or name in WHOLE:
            values = np.array([np.nan if cell is None else float(str(cell)) for cell in cells], np.float64)
            known = np.isfinite(values)
            numbers = np.where(known, values, 0.0)
            made[name] = arrow.numbers(numbers.astype(np.int64) if name in WHOLE else numbers, known)
        elif name == "reliability":
            codes = np.array([-1 if c is None else RELIABILITY_LEVELS.index(str(c)) for c in cells], np.int64)
            made[name] = arrow.array_of(Text(np.maximum(codes, 0), RELIABILITY_LEVELS, codes >= 0))
        else:
            made[name] = _texts([None if cell is None else str(cell) for cell in cells])
    return arrow.table(made)


def _texts(values: Sequence[str | None]) -> pa.Array:
    labels = tuple(dict.fromkeys(value for value in values if value is not None)) or ("",)
    place = {label: i for i, label in enumerate(labels)}
    codes = np.array([0 if value is None else place[value] for value in values], np.int64)
    return arrow.array_of(Text(codes, labels, np.array([value is not None for value in values], np.bool_)))
