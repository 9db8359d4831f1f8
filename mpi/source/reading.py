"""Blocks of complete households: persons and their household's and dwelling's columns, household by household.

A table of persons is cut into spans, runs of row groups that are read side by side; the households that two spans
share are put together at the end. Where a table of households lies in the order of its key, as the persons do, both
are streamed; otherwise that of households is held in memory. Where a household turns up again later the reading
starts anew and sorts all rows by household. The figures are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

from mpi.rules import Frame
from mpi.source import alone
from mpi.source.alone import of_households
from mpi.source.households import Households, Needs
from mpi.source.opening import OpenedSurvey
from mpi.source.reader import Reader
from mpi.source.replicates import ReplicateWeights
from mpi.source.running import Running
from mpi.source.seen import Scattered, Seen
from mpi.source.span import Span, runs_of
from mpi.source.streamed import OutOfOrder

Block: TypeAlias = Frame
T = TypeVar("T")
R = TypeVar("R")
STAGE = "reading persons"


def blocks(opened: OpenedSurvey, needs: Needs, work: Callable[[Block], T]) -> list[T]:
    """Do some work on every block of complete households, in the order of the file.

    Parameters
    ----------
    opened : OpenedSurvey
    needs : mapping of str to sequence of str
        For each table the columns to read; they stand in the block as `table.column`. Keys are read in any case.
    work : callable
        Takes a block; called again from the start if households turn out to be scattered over the file.

    Raises
    ------
    DataError
        If keys are null, repeated or without a partner in the other table.
    """
    return spans(opened, needs, lambda some: [work(block) for block in some],
                 lambda found: [one for part in found for one in part], whole=True)  # fmt: skip


def spans(
    opened: OpenedSurvey, needs: Needs, work: Callable[[Iterator[Block]], T], gather: Callable[[Iterator[T]], R], *,
    replicates: ReplicateWeights | None = None, running: Running | None = None, whole: bool = False,
) -> R:  # fmt: skip
    """Do some work on every span of complete households.

    Parameters
    ----------
    opened, needs
        As for `blocks`.
    work : callable
        Takes the blocks of a span; called by several threads at once.
    gather : callable
        Takes what `work` returned, in an order that depends on the files alone. Called again, with everything anew, if
        households turn out to lie otherwise than the file promises.
    replicates : ReplicateWeights, optional
        The blocks then hold the column `replicates:row`: of each household the row of its replicate weights, or of
        each person where they stand in the persons' file; and are small enough for a matrix of them.
    running : Running, optional
        Threads and progress.
    whole : bool
        One span, in the order of the file.

    Returns
    -------
    R
        What `gather` returned.

    Raises
    ------
    DataError
        If keys are null, repeated or without a partner in the other table.
    """
    running = running or Running()
    if not opened.survey.has_persons:
        running.begin(STAGE, opened.tables["households"].rows)
        return gather(iter([work(_watched(of_households(Households(opened, needs), replicates), running))]))
    rows = opened.tables["persons"].rows
    if rows > alone.SMALL and replicates is None:
        try:
            return gather(_worked(Reader(opened, needs, None, running, streamed=True), work, whole=whole))
        except OutOfOrder:
            pass
    reader = Reader(opened, needs, replicates, running)
    try:
        return gather(_worked(reader, work, whole=whole or replicates is not None))
    except Scattered:
        running.begin(STAGE, rows)
        return gather(iter([work(_watched(reader.sorted(), running))]))


def _watched(some: Iterator[Block], running: Running) -> Iterator[Block]:
    """Blocks, counted as they are done."""
    for block in some:
        yield block
        running.advance(block.length)
        running.tell()


def _worked(reader: Reader, work: Callable[[Iterator[Block]], T], *, whole: bool) -> Iterator[T]:
    """What some work makes of each span; raises Scattered or OutOfOrder if households lie otherwise."""
    reader.running.begin(STAGE, reader.table.rows)
    runs = [reader.table.parts] if whole else runs_of(reader.table.parts)
    made = [Span(reader, run, first=i == 0, last=i == len(runs) - 1) for i, run in enumerate(runs)]
    seen = Seen(reader.above, reader.replicates)

    def done(span: Span) -> T:
        return work(_watched(span.blocks(seen), reader.running) if len(made) == 1 else span.counted(seen))

    yield from reader.running.in_order(done, made)
    if seams := [seam for span in made for seam in (span.head, span.tail) if seam is not None]:
        yield work(_watched(reader.shared(seams, seen), reader.running))
    ends = [span.ends for span in made if span.ends is not None]
    seen.finish(ends if reader.streamed else None)
