"""Whether the files of one table give their weights in one unit: a file scaled by a million would go unnoticed."""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Number
from mpi.errors import Notice
from mpi.language import phrase
from mpi.rules import Name
from mpi.source.opening import OpenedSurvey
from mpi.specs.survey import Derivation

AT_ONCE = 1_000_000  # weights in memory
MOST = 100  # times; expansion factors of regions differ by less, those of files in different units by more


def uneven_weights(opened: OpenedSurvey) -> list[Notice]:
    """A notice where the mean weight of one file is over a hundred times that of another.

    Parameters
    ----------
    opened : OpenedSurvey
        Only a weight that is one column of a table of several files is looked at.
    """
    design = opened.survey.design
    return [
        notice
        for weight in (design.weight, design.person_weight)
        if weight is not None
        for notice in _uneven(opened, weight)
    ]


def _uneven(opened: OpenedSurvey, weight: Derivation) -> list[Notice]:
    column = weight.column
    if weight.rule is not None and isinstance(weight.rule.expression, Name):
        column = weight.rule.expression.name
    if column is None:
        return []
    own = [weight.table] if weight.table else opened.tables_with(column)
    if any(table in opened.modules for table in own):
        return []
    tables = [opened.stored(table) for table in own]
    if not tables or not opened.tables[tables[0]].files[1:]:
        return []
    table = opened.tables[tables[0]]
    stored = opened.read_name(tables[0], column)
    sums: dict[str, list[float]] = {}
    for part in table.parts:
        for batch in table.batches([stored], AT_ONCE, [part]):
            weights = batch[stored]
            if isinstance(weights, Number):
                known = weights.values if weights.known is None else weights.values[weights.known]
                total = sums.setdefault(part.label, [0.0, 0.0])
                total[0] += float(np.sum(known))
                total[1] += len(known)
    means = {label: total / rows for label, (total, rows) in sums.items() if total > 0 and rows}
    if not means:
        return []
    low, high = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    if means[high] <= MOST * means[low]:
        return []
    text = phrase(
        "the mean weight in {high} is {value:,.0f} times that in {low}: are both in the same unit?",
        high=high,
        value=means[high] / means[low],
        low=low,
    )
    return [Notice("MPI-N008", text, opened.survey.design.place)]
