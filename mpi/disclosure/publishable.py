"""Figures that may be published: estimates and changes after disclosure control, each with its standing.

Comes in: estimates or changes, and which rows are hidden by which rule. Goes out: a tidy table in which hidden rows
hold no number at all. Every writer of a publication takes this type, so that none can see what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Mask, Number, Text, distinct, text_of, where_known
from mpi.estimates import Tidy

# From best to worst. shown, caution, review: as the reliability rules say. unjudged: they say nothing, since there are
# none, or none about this statistic, or no sampling error to judge (a census). hidden: by disclosure control, or
# because the reliability rules say `suppress`. undefined: there is no such figure, `note` says why.
STANDINGS = ("shown", "unjudged", "caution", "review", "hidden", "undefined")
OF_LEVEL = {"publish": "shown", "caution": "caution", "review": "review", "suppress": "hidden"}
KEPT = ("years",)  # numbers that say nothing of the units


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PublishableProfile:
    """Combinations of deprivations by area, where the rules let a map carry them; c cells.

    Attributes
    ----------
    domain : str
    codes : tuple of str
        Of the areas.
    area : int64, shape (c,)
        Into `codes`, ascending.
    pattern : uint64, shape (c,)
        Bit j is set where indicator j is deprived; units that the measure leaves out are not among them, and what is
        unknown has been settled by the measure's rules.
    persons, households : float64, shape (c,)
        Sums of weights.
    """

    domain: str
    codes: tuple[str, ...]
    area: NDArray[np.int64]
    pattern: NDArray[np.uint64]
    persons: NDArray[np.float64]
    households: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Publishable(Tidy):
    """A tidy table with two columns more, before `note`.

    `standing` is one of STANDINGS; `hidden_by` names the rule that hides a row, else it is null. In a hidden row all
    numbers are null, and so are `reliability` and `reliability_rule`.

    Attributes
    ----------
    disclosure : str
        Name of the disclosure rule set that was applied; "none" if nothing was hidden on purpose.
    """

    disclosure: str


def publishable(
    figures: Tidy, hidden: NDArray[np.int64], rules: Sequence[str], disclosure: str, *, precision: bool = True
) -> Publishable:
    """The figures without the numbers of hidden rows.

    Parameters
    ----------
    figures : Tidy
        Estimates or changes.
    hidden : int64, shape (rows,)
        Place in `rules` of the disclosure rule that hides a row; -1 where none does.
    rules : sequence of str
        Names of the disclosure rules.
    disclosure : str
        Name of the rule set.
    precision : bool
        Hide what the reliability rules say to suppress.
    """
    table = figures.table
    level = arrow.text_column(table, "reliability")
    known = np.ones(len(table), np.bool_) if level.known is None else level.known
    places = [STANDINGS.index(OF_LEVEL[label]) for label in level.labels] or [0]
    standing = np.where(known, np.array(places, np.int64)[level.codes], STANDINGS.index("unjudged"))
    if not precision:
        standing = np.where(standing == STANDINGS.index("hidden"), STANDINGS.index("review"), standing)
    undefined = ~_known(table["estimate"])
    standing = np.where(undefined, STANDINGS.index("undefined"), standing)
    by_precision = standing == STANDINGS.index("hidden")
    standing = np.where(hidden >= 0, STANDINGS.index("hidden"), standing)
    names = (*rules, "precision")
    rule = np.where(hidden >= 0, hidden, np.where(by_precision, len(rules), -1))
    gone = rule >= 0
    some = bool(gone.any())
    made = {}
    for name in table.column_names:
        column = table[name]
        if name == "note":
            made["standing"] = arrow.array_of(Text(standing, STANDINGS))
            made["hidden_by"] = arrow.array_of(Text(np.maximum(rule, 0), names, gone))
        number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        # What the note of a hidden row says of its numbers goes as well: `nobody is poor` is a figure.
        if (number and name not in KEPT and some) or name in ("reliability", "reliability_rule", "note"):
            column = _emptied(column, gone)
        made[name] = column
    return Publishable(pa.table(made), figures.domains, figures.notices, disclosure)


def _emptied(column: pa.ChunkedArray, gone: Mask) -> pa.Array:
    """The column with nulls in some rows, written anew: Arrow's own nulls leave the values in the buffer below."""
    values = arrow.values_of(column)
    known = where_known(values) & ~gone
    if isinstance(values, Number):
        return arrow.numbers(np.where(known, values.values, 0), known)
    texts = text_of(values)
    used, code = distinct(texts.codes[known])
    codes = np.zeros(len(known), np.int64)
    codes[known] = code
    return arrow.array_of(Text(codes, tuple(texts.labels[i] for i in used.tolist()), known))


def _known(column: pa.ChunkedArray) -> Mask:
    known = arrow.values_of(column).known
    return np.ones(len(column), np.bool_) if known is None else known


def stacked(parts: Iterable[Publishable]) -> Publishable:
    """Several tables one below the other; a domain that one of them lacks is null there.

    Of an iterator whose tables nobody else holds, each column is freed when it is copied.

    Raises
    ------
    ValueError
        If there is none, or they come from different rule sets.
    """
    found = list(parts)
    if len(rules := {part.disclosure for part in found}) != 1:
        raise ValueError("tables of one publication go through one set of disclosure rules")
    domains = tuple(dict.fromkeys(name for part in found for name in part.domains))
    notices = tuple(dict.fromkeys(notice for part in found for notice in part.notices))
    whole = pa.concat_tables([part.table for part in found], promote_options="default")
    found.clear()
    names = whole.column_names
    first = min((names.index(name) for name in domains), default=0)
    before = [name for name in names[:first] if name not in domains]
    rest = [name for name in names if name not in domains and name not in before]
    made = {}
    for name in (*before, *domains, *rest):
        made[name] = whole[name].unify_dictionaries().combine_chunks()
        whole = whole.drop_columns(name)
    return Publishable(pa.table(made), domains, notices, *rules)
