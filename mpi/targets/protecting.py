"""Progress towards targets without what the rules hide: a hidden figure has no verdict.

What is told rests on figures of two rounds. Where that of the state is hidden, nothing of it is left: not even the
verdict, which would tell on which side of a known number it lies. Where only the baseline is hidden, what the state
alone tells stays. So rows tell no more than the tables of figures do, and nothing follows by subtraction from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mpi.columns import arrow
from mpi.columns.arrow import text_column
from mpi.columns.values import Mask, Text, number_of, where_known, where_label
from mpi.disclosure.changing import RULES, SHOWN, hidden_sides
from mpi.disclosure.publishable import Publishable, publishable
from mpi.targets.table import Progress
from mpi.vocabulary.options import VERDICTS

# What a table of targets says itself, where it does.
GIVEN = ("target_number", "target", "target_year", "baseline", "baseline_year")
OF_BASELINE = (
    "baseline", "baseline_se", "path_value", "path_distance", "path_se", "path_df", "path_p", "yearly", "yearly_low",
    "yearly_high", "needed_from_baseline", "projection", "projection_low", "projection_high", "reached",
)  # fmt: skip
OF_HALF = ("target", "distance", "distance_se", "distance_df", "distance_p", "needed")


def protect_progress(progress: Progress, rounds: Sequence[Publishable]) -> Publishable:
    """The progress without what rests on hidden figures.

    Parameters
    ----------
    progress : Progress
    rounds : sequence of Publishable
        The figures of all rounds, as `mpi.disclosure.protect` gave them.

    Raises
    ------
    UsageError
        If there are no rounds, or they went through different rules.
    """
    before, now = hidden_sides(progress, ("baseline_period", "period"), rounds)
    made = publishable(progress, now, RULES, rounds[0].disclosure)
    gone = where_label(text_column(made.table, "standing"), {"hidden"})
    half = where_label(text_column(progress.table, "target_kind"), {"half"})
    of_round = where_label(text_column(progress.table, "baseline_kind"), {"round"})
    known = {"target": ~half, "baseline": ~of_round}  # the others are there in every row
    table = made.table
    for name in GIVEN:  # hidden rows have lost these numbers too, which nobody hides
        table = _with(table, name, _number(progress.table, name, ~gone | known.get(name, gone)))
    lost = (before != SHOWN) & ~gone
    for name in (*OF_BASELINE, *OF_HALF):
        table = _with(table, name, _number(table, name, ~lost | ((name in OF_HALF) & ~half)))
    table = _with(table, "verdict", _verdicts(table, gone | (lost & half), lost & ~half))
    notes = text_column(table, "note")
    table = _with(table, "note", arrow.array_of(Text(notes.codes, notes.labels, where_known(notes) & ~lost)))
    return replace(made, table=table)


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _number(table: pa.Table, name: str, kept: Mask) -> pa.Array:
    """Some numbers of a column, written anew: Arrow's own nulls leave values in the buffer below."""
    values = number_of(arrow.values_of(table[name]))
    known = where_known(values) & kept
    return arrow.numbers(np.where(known, values.values, 0), known)


def _verdicts(table: pa.Table, none: Mask, by_state: Mask) -> pa.Array:
    """The verdicts; of some rows none, of others those alone that the state and the target tell."""
    texts = text_column(table, "verdict")
    words = np.array([VERDICTS.index(label) for label in texts.labels] or [0], np.int64)
    code, known = words[texts.codes], where_known(texts)
    year, due = (np.array(table[name].to_numpy(), np.float64) for name in ("period_year", "target_year"))
    with np.errstate(invalid="ignore"):
        tells = (code == VERDICTS.index("met")) | (due <= year)
    code = np.where(by_state & ~tells, VERDICTS.index("cannot_tell"), code)
    return arrow.array_of(Text(code, VERDICTS, known & ~none))
