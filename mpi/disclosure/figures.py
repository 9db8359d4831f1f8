"""The figures of a tidy table by what they are about: one type and one reader for sentences, tables, charts and maps.

Comes in: a tidy table of estimates or changes. Goes out: one figure, or those of all groups of some domains. The rows
are grouped once for each table; after that nothing searches it, however many areas and indicators are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress, repeat
from typing import Any, NamedTuple, Required, TypeAlias, TypedDict, Unpack
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Number, Text, distinct, number_of, stable_order, text_of, where_known
from mpi.estimates import Tidy

NOBODY = "no unit"  # the note of the figures of a group without a sampled unit
MOST_HELD = 30_000  # figures that are kept for another who asks: some 15 MB
ABSOLUTE = "absolute"  # the kind of a change that is meant where none is named
Codes: TypeAlias = tuple[str, ...]
Period: TypeAlias = str | tuple[str, str]
Part: TypeAlias = tuple[str, str | None, str | None]  # statistic, dimension, indicator
Rows: TypeAlias = NDArray[np.int64]


class Figure(NamedTuple):
    """One estimate or one change: proportions, not percentages; None where there is no number.

    A publication makes a hundred thousand of them: a named tuple is made in a fifth of a dataclass's time.

    Attributes
    ----------
    value, low, high : float or None
        With the ends of its confidence interval.
    standing : str
        One of `mpi.disclosure.publishable.STANDINGS`.
    se, cv, deff : float or None
    n, psus, df : int or None
        Unweighted units, primary sampling units, degrees of freedom.
    population : float or None
        Weighted units of its domain.
    before, after : float or None
        Of a change: the estimates of both rounds.
    p, p_adjusted : float or None
        Of a change: of the test that nothing changed, without and with the correction for several tests.
    reliability : str or None
        The level that the rules of precision give.
    hidden_by : str or None
        The rule that hides it: one of the disclosure rules, or `precision`.
    note : str or None
        Why there is no number.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    standing: str = "undefined"
    se: float | None = None
    cv: float | None = None
    deff: float | None = None
    n: int | None = None
    psus: int | None = None
    df: int | None = None
    population: float | None = None
    before: float | None = None
    after: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    reliability: str | None = None
    hidden_by: str | None = None
    note: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def interval(self) -> bool:
        """Whether it has a confidence interval."""
        return self.low is not None and self.high is not None

    @property
    def nobody(self) -> bool:
        """Whether it has no figure since nobody of its group is in the sample."""
        return self.standing == "undefined" and (self.note or "").startswith(NOBODY)

    def significant(self, level: float) -> bool | None:
        """Whether a change differs from 0 at a confidence level; None where that is not known."""
        if self.value is None:
            return None
        if self.p_adjusted is not None:
            return self.p_adjusted < 1 - level
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


NO_FIGURE = Figure()
PLAIN = (pa.float64(), pa.int64())  # numbers that are taken as they are stored
COLUMNS = {"value": "estimate", "low": "ci_low", "high": "ci_high"}  # the others are called as they are


class At(TypedDict, total=False):
    """Where figures are looked for: see `Figures.subject`."""

    period: Required[Period]
    unit: Required[str]
    k: str | None


class Asked(At, total=False):
    """What a figure is asked by, apart from its statistic and its domains: see `Figures.subject`."""

    dimension: str | None
    indicator: str | None
    change: str


class Subject(NamedTuple):
    """What the rows of a group are about, apart from the codes of their domains.

    `period` is that of estimates, or both of changes; `change` is the kind of change, null for estimates.
    """

    statistic: str
    period: Period
    unit: str
    k: str | None
    dimension: str | None
    indicator: str | None
    change: str | None
    domains: tuple[str, ...]


class Figures:
    """The figures of one table.

    Attributes
    ----------
    domains : tuple of str
        The domain columns.
    subjects : mapping of Subject to int64, shape (rows,)
        The rows of each group in the table, in its order; so are the groups.
    met : mapping of str to list
        The periods, units and cutoffs of the table (`period`, `unit`, `k`), each once, in its order.
    parts : list of Part
        Each once, in the order of the table.
    """

    def __init__(self, figures: Tidy) -> None:
        self.table: pa.Table = figures.table.combine_chunks()
        self.domains = figures.domains
        self.subjects = _grouped(self.table, figures.domains)
        self._changes = "change" in self.table.column_names
        self._dimensions = {own.indicator: own.dimension for own in self.subjects if own.indicator is not None}
        self.met = {
            name: list(dict.fromkeys(word for own in self.subjects if (word := getattr(own, name)) is not None))
            for name in ("period", "unit", "k")
        }
        self.parts: list[Part] = list(
            dict.fromkeys((own.statistic, own.dimension, own.indicator) for own in self.subjects)
        )
        self._labels: dict[str, Text] = {}  # the dictionaries of columns, read once
        self._held: dict[str, tuple[pa.Array, list[Any] | None]] = {}  # columns as `_read` gives them
        self._made: dict[tuple[Subject, tuple[str, ...]], dict[Codes, Figure]] = {}  # the oldest first
        self._held_figures = 0  # in all of them
        self._columns = [(COLUMNS.get(name, name), default) for name, default in Figure._field_defaults.items()]

    def codes(self, domain: str) -> list[str]:
        """The codes of a domain, sorted."""
        return sorted(code for code in self.table[domain].unique().to_pylist() if code is not None)

    def subject(
        self,
        statistic: str,
        domains: Sequence[str] = (),
        *,
        period: Period,
        unit: str,
        k: str | None = None,
        dimension: str | None = None,
        indicator: str | None = None,
        change: str = ABSOLUTE,
    ) -> Subject:
        """What is asked for, as the table has it: without a cutoff where the statistic does not depend on it.

        Parameters
        ----------
        domains : sequence of str
            Of the groups, crossed; the total if left out.
        dimension, indicator : str, optional
            The part of the measure; an indicator needs no dimension.
        change : str
            The kind of change, if the table is of changes.
        """
        part = dimension if indicator is None else self._dimensions.get(indicator)
        names = (
            *(name for name in self.domains if name in domains),
            *(name for name in domains if name not in self.domains),
        )
        found = Subject(statistic, period, unit, k, part, indicator, change if self._changes else None, names)
        return found if found in self.subjects else found._replace(k=None)

    def groups(self, statistic: str, domains: Sequence[str] = (), **asked: Unpack[Asked]) -> Mapping[Codes, Figure]:
        """The figures of all groups by their codes, in the order of the table; none if the table has none.

        Parameters
        ----------
        statistic, domains, **asked
            See `subject`. The codes are in the order of `domains`.
        """
        key = (self.subject(statistic, domains, **asked), tuple(domains))
        found = self._made.get(key)
        if found is None:
            rows = self.subjects.get(key[0])
            found = self._made[key] = {} if rows is None else self._figures(rows, key[1])
            self._held_figures += len(found)
            while self._held_figures > MOST_HELD and len(self._made) > 1:
                self._held_figures -= len(self._made.pop(next(iter(self._made))))
        return found

    def one(self, statistic: str, codes: Mapping[str, str] | None = None, **asked: Unpack[Asked]) -> Figure:
        """The figure of the total, or of the group with some codes by domain; NO_FIGURE if the table has none.

        Parameters
        ----------
        statistic, **asked
            See `subject`.
        """
        where = codes or {}
        return self.groups(statistic, tuple(where), **asked).get(tuple(where.values()), NO_FIGURE)

    def column(self, name: str, rows: Rows) -> Number | Text:
        """Some rows of a column."""
        column = self.table[name]
        if column.num_chunks == 1:
            whole = column.chunk(0)
            if pa.types.is_dictionary(whole.type) and len(whole.dictionary):
                if name not in self._labels:
                    self._labels[name] = text_of(arrow.values_of(whole.dictionary))
                return _of_labels(self._labels[name], arrow.numbers_at(whole.indices, rows))
            if whole.type in PLAIN:
                return arrow.numbers_at(whole, rows)
        values = arrow.values_of(column.take(arrow.numbers(rows)))
        return values if isinstance(values, Text) else number_of(values)  # there are no truths in these tables

    def _cells(self, name: str, rows: pa.Array) -> list[Any]:
        """Some cells of a column as Python has them; None where unknown."""
        if name not in self._held:
            self._held[name] = self._read(name)
        array, words = self._held[name]
        values: list[Any] = array.take(rows).to_pylist()
        return values if words is None else [None if code is None else words[code] for code in values]

    def _read(self, name: str) -> tuple[pa.Array, list[Any] | None]:
        """A column, of words their places among the words that follow; what is no number is null."""
        column = self.table[name]
        array = column.chunk(0) if column.num_chunks == 1 else column
        if pa.types.is_dictionary(array.type) and column.num_chunks == 1:
            return array.indices, _listed(text_of(arrow.values_of(array.dictionary)))
        values = arrow.values_of(array)
        if isinstance(values, Text):
            texts = arrow.array_of(values)
            return texts.indices, texts.dictionary.to_pylist()
        number = number_of(values)  # there are no truths in these tables
        unknown = 0 if number.known is None else len(number) - int(np.count_nonzero(number.known))
        return (array if unknown == array.null_count else arrow.array_of(number)), None

    def _figures(self, rows: Rows, domains: Sequence[str]) -> dict[Codes, Figure]:
        places = arrow.numbers(rows)
        codes = [self._cells(name, places) for name in domains]
        own = self.table.column_names
        columns = [
            self._cells(name, places) if name in own else repeat(default, len(rows)) for name, default in self._columns
        ]
        made = map(Figure._make, zip(*columns, strict=True))
        return dict(zip(zip(*codes, strict=True) if codes else [()] * len(rows), made, strict=True))


_READ: WeakKeyDictionary[Tidy, Figures] = WeakKeyDictionary()


def read(figures: Tidy) -> Figures:
    """The figures of a table; they are grouped the first time."""
    found = _READ.get(figures)
    if found is None:
        found = _READ[figures] = Figures(figures)
    return found


def _grouped(table: pa.Table, domains: Sequence[str]) -> dict[Subject, Rows]:
    """The rows of each group, in the order of the table."""
    changes = "change" in table.column_names
    names = (
        ("statistic", "from", "to", "unit", "k", "dimension", "indicator", "change")
        if changes
        else ("statistic", "period", "unit", "k", "dimension", "indicator")
    )
    key = np.zeros(len(table), np.int64)
    for text in (_text(table, name) for name in names):  # one at a time: a table may have millions of rows
        key = key * (len(text.labels) + 1) + np.where(where_known(text), text.codes + 1, 0)
    for name in domains:
        key = 2 * key + where_known(_text(table, name))
    _, group = distinct(key)
    in_groups, size = stable_order(group), np.bincount(group)
    starts = np.cumsum(size) - size
    first, rows = in_groups[starts], np.split(in_groups, starts[1:])
    order = np.argsort(first)
    met = table.select([*names, *domains]).take(arrow.numbers(first[order]))
    words = {name: _listed(_text(met, name)) for name in names}
    if changes:
        words["period"] = list(zip(words.pop("from"), words.pop("to"), strict=True))
    known = np.array([where_known(_text(met, name)) for name in domains], np.bool_)
    words["domains"] = [tuple(compress(domains, own)) for own in known.reshape(len(domains), len(order)).T.tolist()]
    words.setdefault("change", [None] * len(order))
    subjects = map(Subject._make, zip(*(words[name] for name in Subject._fields), strict=True))
    return {subject: rows[place] for subject, place in zip(subjects, order.tolist(), strict=True)}


def _text(table: pa.Table, name: str) -> Text:
    values = arrow.values_of(table[name])
    if isinstance(values, Text):
        return values
    return Text(np.zeros(len(values), np.int64), (), np.zeros(len(values), np.bool_))  # a column of nulls


def _at(text: Text, rows: Rows) -> Text:
    return Text(text.codes[rows], text.labels, None if text.known is None else text.known[rows])


def _of_labels(labels: Text, found: Number) -> Text:
    """Texts by their places among the texts of a dictionary."""
    place = found.values.astype(np.int64, copy=False)
    if found.known is None:
        return _at(labels, place)
    known = where_known(labels)[place] & found.known
    return Text(np.where(known, labels.codes[place], 0), labels.labels, known)


def _listed(values: Number | Text) -> list[Any]:
    """The cells of a column as Python has them; None where unknown."""
    if isinstance(values, Number):
        listed: list[Any] = values.values.tolist()
    else:
        listed = [values.labels[code] for code in values.codes.tolist()] if values.labels else [None] * len(values)
    if values.known is None:
        return listed
    return [one if known else None for one, known in zip(listed, values.known.tolist(), strict=True)]
