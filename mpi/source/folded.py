"""Blocks of households whose persons are judged as they are read, without laying their rows one below the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from mpi.columns.runs import cuts
from mpi.columns.stored import Stored
from mpi.columns.values import Ints, Number, Values
from mpi.rules import Frame, Verdicts
from mpi.source.completeness import Seen
from mpi.source.households import Columns, Raw, column_name
from mpi.source.ordered import Streamed
from mpi.source.persons import Reader


class Piece(NamedTuple):
    """Rows of persons: the key of each one's household, its own key within it, and its columns as in a block.

    Keys are of any width; what is unknown may be stored as bits.
    """

    key: NDArray[np.signedinteger[Any]]
    own: NDArray[np.signedinteger[Any]]
    columns: Raw


class Followed(NamedTuple):
    """Households that follow one another in some pieces.

    Attributes
    ----------
    ids, sizes : int64, shape (h,)
        Key and number of persons.
    begun : list of int
        How many households had begun by the end of each piece.
    judge : callable
        Takes a run of the households and their columns; gives their verdicts, or None if it cannot.
    """

    ids: Ints
    sizes: Ints
    begun: list[int]
    judge: Callable[[slice, Columns], Verdicts | None]


class Fold(Protocol):
    """Judges households as their persons are read."""

    def follow(self, pieces: Sequence[Piece]) -> Followed | None:
        """The households of pieces in the order of their keys; None where that cannot be, or they are in no order."""

    def begin(self, first: Piece, above: Columns, households: int) -> Gather | None:
        """Begin to gather persons in no order, from the first of them and the columns of their households."""


class Gather(Protocol):
    """What is known of each household so far."""

    @property
    def sizes(self) -> Ints:
        """The number of persons of each household so far."""

    def add(self, piece: Piece, rows: Ints) -> bool:
        """Add persons to the households of some rows; False where that cannot be, or one has come before."""

    def judge(self, rows: slice, columns: Columns) -> Verdicts | None:
        """The verdicts on some households, of which all persons have come."""


def folded(reader: Reader, fold: Fold, parts: Sequence[Raw], seen: Seen) -> tuple[list[Frame], int] | None:
    """The blocks that `Reader.cut` would make of parts without their last household, and where that begins in the last.

    Without columns of persons; None where the rows are to be read in the usual way, which finds what is wrong.
    """
    above = reader.above
    if not isinstance(above, Streamed) or seen.matching is not None or len(reader.reference) != 1:
        return None
    if len(reader.own) != 1 or reader.lifted or not all(len(part[reader.own[0]]) for part in parts):
        return None
    pieces = [piece for part in parts if (piece := piece_of(reader, part)) is not None]
    if len(pieces) < len(parts):
        return None
    found = fold.follow(pieces)
    if found is None or not len(found.ids[:-1]):
        return None
    if len(pieces) > 1 and found.begun[-1] == found.begun[-2]:
        return None  # no household begins in the last part
    ids, sizes = found.ids[:-1], found.sizes[:-1]
    starts = np.cumsum(sizes) - sizes
    firsts = cuts(starts, reader.most)
    frames = []
    for first, after in zip(firsts, [*firsts[1:], len(ids)], strict=True):
        rows = slice(first, after)
        columns = above.match([Number(ids[rows])])
        verdicts = found.judge(rows, columns)
        if verdicts is None:
            return None
        frames.append(Frame(sizes[rows], {}, columns, findings=seen.findings, verdicts=verdicts))
    above.count(len(ids))
    return frames, len(parts[-1][reader.own[0]]) - int(found.sizes[-1])


def piece_of(reader: Reader, part: Raw) -> Piece | None:
    """The rows of a part; None if their own keys, or those of their households, are no whole numbers."""
    key, own = (_whole(part[name]) for name in (reader.reference[0], reader.own[0]))
    if key is None or own is None:
        return None
    columns = {column_name("persons", name): part[name] for name in reader.stored}
    return Piece(key, own, columns)


def _whole(values: Values | Stored) -> NDArray[np.signedinteger[Any]] | None:
    """The whole numbers of a key column; None if it is something else."""
    if not isinstance(values, Number) or values.values.dtype.kind != "i":
        return None
    return cast("NDArray[np.signedinteger[Any]]", values.values)
