"""Changes between rounds with what must not be shown taken out: whatever either figure is hidden for.

Comes in: changes, and the figures of their rounds after disclosure control. Figures are told apart by the texts of
their columns, since changes do not know the places of estimates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.changes import Changes
from mpi.columns import arrow
from mpi.columns.values import Ints, Text, where_known, where_label
from mpi.disclosure.protecting import told
from mpi.disclosure.publishable import Publishable, publishable
from mpi.errors import Fault, Notice, UsageError, counted
from mpi.errors.arguments import public
from mpi.estimates import Tidy
from mpi.language import phrase

KEYS = ("unit", "k", "statistic", "dimension", "indicator")
RULES = ("hidden_round", "not_judged")
HIDDEN_ROUND, NOT_JUDGED = range(len(RULES))
SHOWN = -1
LARGEST = 2**62
Labels = dict[str, dict[str | None, int]]
Codes = NDArray[np.int32]


@public
def protect_changes(changes: Changes, rounds: Sequence[Publishable]) -> Publishable:
    """The changes without those of which either figure is hidden.

    A change is hidden too where the rounds have no table of its figures, so that nobody has judged them.

    Parameters
    ----------
    changes : Changes
    rounds : sequence of Publishable
        The figures of all rounds, as `protect` gave them.

    Raises
    ------
    UsageError
        If there are no rounds, or they went through different rules.
    """
    sides = hidden_sides(changes, ("from", "to"), rounds)
    found = np.where((sides == HIDDEN_ROUND).any(axis=0), HIDDEN_ROUND, sides.max(axis=0))
    made = told(publishable(changes, found, RULES, rounds[0].disclosure))
    missing = int(np.count_nonzero(found == NOT_JUDGED))
    if not missing:
        return made
    text = phrase(
        "{changes} of {number:,} are hidden because the rounds have no figures by these domains "
        "and cutoffs, which the rules could judge",
        changes=counted(missing, "change"),
        number=len(changes),
    )
    return replace(made, notices=(*made.notices, Notice("MPI-N021", text)))


def hidden_sides(figures: Tidy, sides: Sequence[str], rounds: Sequence[Publishable]) -> Ints:
    """Whether the figures of the rounds that rows are made of are hidden, or were never judged.

    Parameters
    ----------
    figures : Tidy
        With the keys of estimates, and columns of periods.
    sides : sequence of str
        These columns; a row without a period is not of a figure.
    rounds : sequence of Publishable
        The figures of all rounds, as `protect` gave them.

    Returns
    -------
    int64, shape (sides, rows)
        Places in RULES; SHOWN where neither holds.

    Raises
    ------
    UsageError
        If there are no rounds, or they went through different rules.
    """
    if len({part.disclosure for part in rounds}) != 1:
        text = phrase("changes are protected by the figures of their rounds, all under one set of disclosure rules")
        raise UsageError(Fault("MPI-E031", None, text, phrase("call protect on the estimates of each round first")))
    domains = tuple(dict.fromkeys(name for part in (*rounds, figures) for name in part.domains))
    labels: Labels = {name: {None: 0} for name in (*KEYS, *domains, "period")}
    units = _units(figures)
    judged = [part for part in rounds if units & _units(part)]  # no other can be those of the rows
    parts = [_codes(part.table, labels, "period") for part in judged]
    rows = np.concatenate([*parts, *(_codes(figures.table, labels, name) for name in sides)], axis=1)
    figure, table = _joint(rows), _joint(_without_codes(rows, len(domains)))
    number = sum(map(len, judged))
    hidden = np.concatenate([np.zeros(0, np.bool_), *(_hidden(part) for part in judged)])
    found = np.full((len(sides), len(figures)), SHOWN, np.int64)
    for place, name in enumerate(sides):
        own = slice(number + place * len(figures), number + (place + 1) * len(figures))
        found[place, ~np.isin(table[own], table[:number])] = NOT_JUDGED
        found[place, np.isin(figure[own], figure[:number][hidden])] = HIDDEN_ROUND
        found[place, ~np.asarray(figures.table[name].is_valid())] = SHOWN
    return found


def _units(figures: Tidy) -> set[str | None]:
    return set(figures.table["unit"].unique().to_pylist())


def _hidden(part: Publishable) -> NDArray[np.bool_]:
    return where_label(arrow.text_column(part.table, "standing"), {"hidden"})


def _codes(table: pa.Table, labels: Labels, period: str) -> Codes:
    """What names a figure, as codes that are the same in all tables, 0 for null; shape (columns, rows)."""
    made = np.zeros((len(labels), len(table)), np.int32)  # as Arrow's own codes
    for own, (name, known) in zip(made, labels.items(), strict=True):
        source = period if name == "period" else name
        if source in table.column_names:
            texts = arrow.values_of(table[source])
            if isinstance(texts, Text):  # a column of nulls is none
                code = np.array([known.setdefault(label, len(known)) for label in texts.labels] or [0], np.int32)
                np.multiply(code[texts.codes], where_known(texts), out=own)
    return made


def _without_codes(rows: Codes, domains: int) -> Codes:
    """The table that each row is of: of its domains only whether it is by them."""
    made = rows.copy()
    own = slice(len(KEYS), len(KEYS) + domains)
    made[own] = rows[own] > 0
    return made


def _joint(rows: Codes) -> Ints:
    """One number for each distinct row; shape (rows,)."""
    code, size = np.zeros(rows.shape[1], np.int64), 1
    for column in rows:
        own = int(column.max(initial=0)) + 1
        if size * own > LARGEST:
            distinct, inverse = np.unique(code, return_inverse=True)
            code, size = inverse.ravel().astype(np.int64), len(distinct)
        code *= own
        code += column
        size *= own
    return code
