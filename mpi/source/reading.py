"""Blocks of complete households: persons and their household's and dwelling's columns, household by household.

A table of persons is cut into spans, runs of row groups that are read side by side; the households that two spans
share are put together at the end. Where a table of households lies in the order of its key, as the persons do, both
are streamed; otherwise that of households is held in memory. Where a household turns up again later the reading
starts anew and sorts all rows by household; where that takes more memory than it may, rows are first split by a hash of
the household's key. The figures are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeAlias, TypeVar

from mpi.errors import DataError, Fault, Place
from mpi.errors.findings import Counted, Findings
from mpi.errors.resources import raise_scarce, said_by_system
from mpi.language import phrase
from mpi.rules import Frame
from mpi.source import households_only, span
from mpi.source.completeness import Ends, LyingApart, Seen
from mpi.source.folded import Fold
from mpi.source.gathered import UnusualError, gathered
from mpi.source.households import Households, Needs
from mpi.source.households_only import of_households
from mpi.source.memory import parts_within, told
from mpi.source.opening import OpenedSurvey
from mpi.source.ordered import OutOfOrder, Streamed
from mpi.source.persons import Reader, Seam
from mpi.source.replicates import ReplicateWeights
from mpi.source.span import Span, runs_of
from mpi.source.splitting import bytes_in_memory, split
from mpi.source.tables import Part
from mpi.source.threads import Running
from mpi.source.unordered import Scattered

Block: TypeAlias = Frame
T = TypeVar("T")
R = TypeVar("R")
STAGE = phrase("reading persons")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What some work made of a span, with what its neighbours need to know of it.

    Attributes
    ----------
    result : T
    seams : tuple of Seam
        The households that it may share.
    ends : tuple of (list, list) or None
        Its first and last key.
    households : int
        How many households it holds wholly.
    findings : Findings or None
        What is wrong with its rows, where it was read by itself.
    """

    result: T
    seams: tuple[Seam, ...]
    ends: Ends | None
    households: int
    findings: Findings | None = None


class Apart:
    """The spans of a survey whose tables lie in the order of their keys: each can be read by itself, in any process.

    Parameters
    ----------
    opened, needs
        As for `blocks`.
    least : int
        Persons in a span, at least.

    Raises
    ------
    OutOfOrder
        If they do not.
    """

    def __init__(self, opened: OpenedSurvey, needs: Needs, least: int) -> None:
        self.reader = Reader(opened, needs, None, Running(1), streamed=True)
        self.runs = runs_of(self.reader.table.parts, least)
        self._digests: dict[tuple[str, int], str] = {}

    def __len__(self) -> int:
        return len(self.runs)

    def rows(self, i: int) -> int:
        """Number of persons of a span."""
        return sum(part.rows for part in self.runs[i])

    def digests(self, i: int) -> list[tuple[str, str]]:
        """What the files hold for a span, part by part of every table: the file's name, the digest of what is read.

        Raises
        ------
        OSError
            If a file cannot be read.
        OutOfOrder
            As when the span is read.
        """
        reader = self.reader
        first = reader.opened.read_name("persons", reader.reference[0])
        columns = sorted(reader.opened.read_name("persons", column) for column in reader.stored)
        found = [self._digest_of("persons", part, columns) for part in self.runs[i]]
        if isinstance(reader.above, Streamed):
            ranges = [part.range(first) for part in self.runs[i]]
            found += [self._digest_of(*one) for one in reader.above.parts_between(ranges)]
        return found

    def _digest_of(self, table: str, part: Part, columns: Sequence[str]) -> tuple[str, str]:
        """Of one part, worked out once: spans share parts of the tables above the persons."""
        if (table, id(part)) not in self._digests:
            self._digests[table, id(part)] = part.digest(columns)
        return part.label, self._digests[table, id(part)]

    def read(self, i: int, work: Callable[[Iterator[Block]], T]) -> Found[T]:
        """Do some work on a span; by any number of threads at once."""
        seen = Seen(self.reader.above, None)
        return replace(_read(self.reader, self.runs, i, work, seen), findings=seen.findings)

    def joined(self, found: Iterable[Found[T]], work: Callable[[Iterator[Block]], T]) -> Iterator[T]:
        """What the spans gave, in their order, and what the households do that they share.

        Raises
        ------
        OutOfOrder
            If households lie otherwise than the files promise.
        """
        seen = Seen(self.reader.above, None)

        def counted() -> Iterator[Found[T]]:
            for one in found:
                if one.findings is not None:
                    seen.findings.absorb(one.findings)
                if isinstance(self.reader.above, Streamed):
                    self.reader.above.count(one.households)
                yield one

        return _joined(self.reader, counted(), work, seen)


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
    return spans(
        opened,
        needs,
        lambda some: [work(block) for block in some],
        lambda found: [one for part in found for one in part],
        whole=True,
    )


def spans(
    opened: OpenedSurvey,
    needs: Needs,
    work: Callable[[Iterator[Block]], T],
    gather: Callable[[Iterator[T]], R],
    *,
    replicates: ReplicateWeights | None = None,
    running: Running | None = None,
    whole: bool = False,
    fold: Fold | None = None,
) -> R:
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
    fold : callable, optional
        What judges households as their persons are read, where both tables are streamed; blocks that it can do come
        with verdicts and without columns of persons.

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
        if (number := _parts(opened, needs, running, replicates)) > 1:
            return _in_parts(opened, needs, work, gather, number=number, running=running)
        running.begin(STAGE, opened.tables["households"].rows)
        return gather(iter([work(_watched(of_households(Households(opened, needs), replicates), running))]))
    rows = opened.tables["persons"].rows
    if rows > households_only.SMALL and replicates is None:
        try:
            return gather(_worked(Reader(opened, needs, None, running, streamed=True), work, whole=whole, fold=fold))
        except OutOfOrder:
            pass
    if (number := _parts(opened, needs, running, replicates)) > 1:
        return _in_parts(opened, needs, work, gather, number=number, running=running)
    reader = Reader(opened, needs, replicates, running)
    try:
        return gather(_worked(reader, work, whole=whole or replicates is not None))
    except LyingApart:
        running.begin(
            phrase("reading persons in memory, about {size}", size=told(bytes_in_memory(opened, needs))), rows
        )
        try:
            return gather(_together(reader, work, fold))
        except UnusualError:
            running.begin(STAGE, rows)
            return gather(_together(reader, work))


def _parts(opened: OpenedSurvey, needs: Needs, running: Running, replicates: ReplicateWeights | None) -> int:
    """Into how many parts rows in no order are split, so that each fits into memory."""
    if running.memory is None or replicates is not None:
        return 1
    return parts_within(running.memory, bytes_in_memory(opened, needs), running.workers)


def _in_parts(
    opened: OpenedSurvey,
    needs: Needs,
    work: Callable[[Iterator[Block]], T],
    gather: Callable[[Iterator[T]], R],
    *,
    number: int,
    running: Running,
) -> R:
    """Do the work on one part of the households after the other, each in temporary files of its own."""
    findings = Findings()
    with TemporaryDirectory(prefix="mpi-") as folder:
        running.begin(
            phrase("splitting households into {number} parts", number=number),
            sum(table.rows for table in opened.tables.values()),
        )
        try:
            parts = split(opened, needs, number, Path(folder), told=running.advance, findings=findings)
        except OSError as error:
            raise_scarce(error)
            text = phrase("temporary files cannot be written ({reason})", reason=said_by_system(error))
            remedy = phrase("set TMPDIR to a folder with more space, or allow more memory: --memory")
            raise DataError(Fault("MPI-O004", Place(folder), text, remedy)) from None
        running.begin(STAGE, opened.tables["persons" if opened.survey.has_persons else "households"].rows)

        def read(part: OpenedSurvey) -> list[T]:
            try:
                return [_of_part(part, needs, work, running)]
            except Counted as error:  # the other parts may hold more of the same
                findings.absorb(error.findings)
                return []

        def found() -> Iterator[T]:
            for some in running.in_order(read, parts):
                yield from some
            findings.refuse()

        return gather(found())


def _of_part(part: OpenedSurvey, needs: Needs, work: Callable[[Iterator[Block]], T], running: Running) -> T:
    """What some work makes of a part of the households."""
    if not part.survey.has_persons:
        return work(_counted(of_households(Households(part, needs), None), running))
    scattered = Scattered(Reader(part, needs, None, running))
    some = (block for i in range(scattered.number) for block in scattered.blocks(i))
    result = work(_counted(some, running))
    scattered.finish()
    return result


def _together(reader: Reader, work: Callable[[Iterator[Block]], T], fold: Fold | None = None) -> Iterator[T]:
    """What some work makes of each part of scattered persons."""
    scattered = (None if fold is None else gathered(reader, fold)) or Scattered(reader)
    yield from reader.running.in_order(
        lambda i: work(_counted(scattered.blocks(i), reader.running)), range(scattered.number)
    )
    scattered.finish()


def _counted(some: Iterator[Block], running: Running) -> Iterator[Block]:
    """Blocks, counted as they are done by a thread."""
    for block in some:
        yield block
        running.advance(block.length)


def _watched(some: Iterator[Block], running: Running) -> Iterator[Block]:
    """Blocks, counted as they are done."""
    for block in some:
        yield block
        running.advance(block.length)
        running.tell()


def _worked(
    reader: Reader, work: Callable[[Iterator[Block]], T], *, whole: bool, fold: Fold | None = None
) -> Iterator[T]:
    """What some work makes of each span; raises LyingApart or OutOfOrder if households lie otherwise."""
    reader.running.begin(STAGE, reader.table.rows)
    runs = [reader.table.parts] if whole else runs_of(reader.table.parts, span.SPAN)
    seen = Seen(reader.above, reader.replicates)

    def read(i: int) -> Found[T]:
        return _read(reader, runs, i, work, seen, fold=fold)

    return _joined(reader, reader.running.in_order(read, range(len(runs))), work, seen)


def _read(
    reader: Reader,
    runs: Sequence[Sequence[Part]],
    i: int,
    work: Callable[[Iterator[Block]], T],
    seen: Seen,
    *,
    fold: Fold | None = None,
) -> Found[T]:
    """What some work makes of one span."""
    own = Span(reader, runs[i], first=i == 0, last=i == len(runs) - 1, fold=fold)
    households = 0

    def counted(some: Iterator[Block]) -> Iterator[Block]:
        nonlocal households
        for block in some:
            households += len(block.sizes)
            yield block

    told = _watched(own.blocks(seen), reader.running) if len(runs) == 1 else own.counted(seen)
    result = work(counted(told))
    return Found(result, tuple(seam for seam in (own.head, own.tail) if seam is not None), own.ends, households)


def _joined(reader: Reader, found: Iterable[Found[T]], work: Callable[[Iterator[Block]], T], seen: Seen) -> Iterator[T]:
    """What each span gave, then the households that spans share; at the end what only all of them can tell."""
    seams: list[Seam] = []
    ends: list[Ends] = []
    for one in found:
        yield one.result
        seams += one.seams
        ends += [] if one.ends is None else [one.ends]
    if seams:
        yield work(_watched(reader.shared(seams, seen), reader.running))
    seen.finish(ends if reader.streamed else None)
