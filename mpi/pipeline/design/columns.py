"""Columns of a block with one row a household: codes of strata and units, numbers of the finite population."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, Values, codes_as_text, crossed, differ, number_of, repeat, take, where_known
from mpi.errors import Place
from mpi.errors.findings import Wrong
from mpi.language import phrase
from mpi.rules import Frame
from mpi.vocabulary.options import FpcKind

ONE_VALUE = phrase("list all columns of the household's key under `key:`, or give each household one value")
MEANINGS = {"count": phrase("below 1"), "fraction": phrase("outside (0, 1]")}


def groups_of(names: tuple[str, ...], frame: Frame, what: str, place: Place | None) -> Text | None:
    """The code of each household's stratum, or PSU, from the columns that together name it; None without columns.

    Raises
    ------
    DataError
        If it is null, or differs inside a household.
    """
    if not names:
        return None
    parts = [of_household(name, frame, what, place) for name in names]
    known = [part.known for part in parts if part.known is not None]
    holes = int(np.count_nonzero(~np.logical_and.reduce(known))) if known else 0
    remedy = phrase("fill it in: every household needs its place in the design")
    frame.note(
        Wrong(
            code="MPI-D038", place=place, head=phrase("{what} is null in", what=what), noun="household", remedy=remedy
        ),
        holes,
    )
    return crossed([part if isinstance(part, Text) else codes_as_text(part) for part in parts])


def fpc_of(name: str | None, kind: FpcKind, frame: Frame, what: str, place: Place | None) -> NDArray[np.float64] | None:
    """The finite population correction of each household's stratum, or PSU; None without a column.

    Raises
    ------
    DataError
        If it is null, no such count or fraction, or differs inside a household.
    """
    if name is None:
        return None
    values = number_of(of_household(name, frame, what, place))
    known = where_known(values)
    wrong = values.values < 1 if kind == "count" else (values.values <= 0) | (values.values > 1)
    remedy = (
        phrase("give the number of units in the population, or declare `fraction`")
        if kind == "count"
        else (phrase("give the share of the units that was drawn, or declare `count`"))
    )
    for rows, meaning in ((~known, phrase("null")), (wrong & known, MEANINGS[kind])):
        told = Wrong(
            code="MPI-D024",
            place=place,
            head=phrase("{what}, a {kind}, is {meaning} in", what=what, kind=kind, meaning=meaning),
            noun="household",
            remedy=remedy,
        )
        frame.note(told, int(np.count_nonzero(rows)))
    return np.where(wrong | ~known, 1.0, values.values)


def of_household(name: str, frame: Frame, what: str, place: Place | None) -> Values:
    """A column of the block with one row a household.

    Raises
    ------
    DataError
        If it is a column of persons that differs inside a household.
    """
    if name in frame.households:
        return frame.households[name]
    values = frame.persons[name]
    first = take(values, frame.starts)
    varies = differ(repeat(first, frame.sizes), values)
    if varies.any():
        head, remedy = phrase("{what} differs between the persons of", what=what), ONE_VALUE
        number = int(np.bitwise_or.reduceat(varies, frame.starts).sum())
        frame.note(Wrong(code="MPI-D034", place=place, head=head, noun="household", remedy=remedy), number)
    return first
