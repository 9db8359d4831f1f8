"""A program on a block: columns by their addresses, one call for the persons and one for the households."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Ints, Number, Values
from mpi.kernels.codes import CALLS, CHUNK, Call
from mpi.kernels.load import Kernel
from mpi.kernels.operations import KINDS, Unfit
from mpi.kernels.program import COUNTED, JOINED, SIZES, SUMMED, Asked, Program
from mpi.kernels.registers import ALIGNED, Code, Input

Words: TypeAlias = NDArray[np.uint64]
Fetch: TypeAlias = Callable[[Asked], Values]


class Runner:
    """A program with the memory to run it in, which each thread has by itself."""

    def __init__(self, kernel: Kernel, program: Program) -> None:
        self.kernel, self.program = kernel, program
        self._local = threading.local()

    def words(self, sizes: Ints, fetch: Fetch) -> tuple[Words, Words | None] | None:
        """The pattern of each household, and its unknown if any can be; None where a number leaves its range.

        Parameters
        ----------
        sizes : int64, shape (h,)
            Persons of each household, 1 to `MOST_MEMBERS`.
        fetch : callable
            The values of what the program asks for, in this block.

        Returns
        -------
        uint64, shape (h,)
        uint64, shape (h,), or None

        Raises
        ------
        Unfit
            If a column is of another type than the program was compiled for, or holds unknowns where it had none.
        """
        outcome = np.empty((self.width, len(sizes)), np.int64)
        if self.width:
            rows, starts, area = int(sizes.sum()), np.cumsum(sizes) - sizes, self._area(0)
            area.bind(fetch, {}, rows)
            call, _kept = self._folding(Call.FOLD, rows, outcome)
            call[13:15] = _address(starts), len(starts)
            if self.kernel(_address(call)):
                return None
        return self.judged(sizes, outcome, fetch)

    def followed(
        self, pieces: Sequence[tuple[Ints, Ints, Fetch]]
    ) -> tuple[Ints, Ints, NDArray[np.int64], list[int]] | None:
        """Persons in the order of their households, folded; None where they are not, or a number leaves its range.

        Parameters
        ----------
        pieces : sequence of (int64 array, int64 array, callable)
            Rows, piece by piece: the key of each person's household, the person's own within it, and the columns.

        Returns
        -------
        ids, sizes : int64, shape (h,)
            The key, and the number of persons, of each household.
        words : int64, shape (width, h)
            As `judged` takes them.
        counts : list of int
            How many households had begun by the end of each piece.

        Raises
        ------
        Unfit
            As `words`.
        """
        most = sum(len(key) for key, _, _ in pieces)
        ids, sizes = np.empty(most, np.int64), np.empty(most, np.int64)
        outcome, state, counts = np.empty((self.width, most), np.int64), np.zeros(4, np.int64), []
        for key, own, fetch in pieces:
            self._area(0).bind(fetch, {}, len(key))
            call, _kept = self._folding(Call.FOLLOW, len(key), outcome)
            call[13:19] = *map(_address, (key, own, ids, sizes)), most, _address(state)
            if self.kernel(_address(call)) or state[3]:
                return None
            counts.append(int(state[0]))
        h = counts[-1]
        return ids[:h], sizes[:h], outcome[:, :h], counts

    def states(self, households: int) -> NDArray[np.int64]:
        """Households without persons so far, shape (h, 2 + width): number, bits of the persons' own keys, words."""
        return np.zeros((households, 2 + self.width), np.int64)

    def added(self, states: NDArray[np.int64], rows: Ints, own: Ints, fetch: Fetch) -> bool:
        """Add persons in no order to the states of their households.

        Parameters
        ----------
        states : int64, shape (h, 2 + width)
            Of `states`; changed.
        rows : int64, shape (n,)
            The household of each person.
        own : int64, shape (n,)
            The key of each person within it, 0 to 63.
        fetch : callable
            As for `words`.

        Returns
        -------
        bool
            False where a number leaves its range, or a person has come before; the states are of no use then.

        Raises
        ------
        Unfit
            As `words`.
        """
        rows = np.ascontiguousarray(rows, np.int64)
        self._area(0).bind(fetch, {}, len(rows))
        call, _kept = self._folding(Call.SCATTER, len(rows), np.empty((0, 0), np.int64))
        call[13:17] = *map(_address, (rows, own, states)), len(states)
        return not self.kernel(_address(call))

    def judged(self, sizes: Ints, words: NDArray[np.int64], fetch: Fetch) -> tuple[Words, Words | None] | None:
        """The verdicts on households from their persons' words, shape (width, h); see `words`."""
        program, area = self.program, self._area(1)
        n, counts = len(program.joined), program.counts
        columns: dict[Any, NDArray[Any]] = {SIZES: sizes.astype(np.int16)}
        columns |= {(JOINED, i): words[i] for i in range(n)}
        columns |= {(COUNTED, i): words[n + i] for i in range(counts)}
        columns |= {(SUMMED, i): words[n + counts + i] for i in range(self.width - n - counts)}
        area.bind(fetch, columns, len(sizes))
        results = np.array(program.results, np.int64)
        found = np.empty((len(results), len(sizes)), np.int64)
        to = _address(found) + np.arange(len(found)) * found.strides[0]
        call = area.call(Call.EVALUATE, len(sizes))
        call[7:10] = _address(results), len(results), _address(to)
        if self.kernel(_address(call)):
            return None
        return found[0].view(np.uint64), found[1].view(np.uint64) if len(found) > 1 else None

    @property
    def width(self) -> int:
        """How many words a household has of its persons."""
        return len(self.program.joined) + len(self.program.added)

    def _area(self, which: int) -> _Area:
        """The memory of this thread for the persons' code, or of the households'."""
        if not hasattr(self._local, "areas"):
            self._local.areas = [_Area(self.program.persons), _Area(self.program.households)]
        area: _Area = self._local.areas[which]
        return area

    def _folding(self, which: Call, rows: int, out: NDArray[np.int64]) -> tuple[NDArray[np.int64], object]:
        """A call that folds persons, and what has to live until it is done."""
        joined, added = (np.array(some, np.int64) for some in (self.program.joined, self.program.added))
        to = _address(out) + np.arange(len(out)) * out.strides[0]
        area = self._area(0)
        call = area.call(which, rows)
        room = area.first if which == Call.FOLD else area.room
        call[7:13] = _address(joined), len(joined), _address(added), len(added), _address(to), _address(room)
        return call, (joined, added, to)


class _Area:
    """The memory of one level's code in one thread."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.scratch = np.empty(len(code.scratch) + ALIGNED, np.uint8)
        first = -_address(self.scratch) % ALIGNED
        self.scratch[first : first + len(code.scratch)] = code.scratch
        self.addresses = code.places + (_address(self.scratch) + first)
        self.first, self.room = np.zeros(CHUNK, np.uint8), np.empty(CHUNK, np.uint8)
        self.ones = np.ones(0, np.uint8)
        self.bound: list[NDArray[Any]] = []

    def bind(self, fetch: Fetch, columns: dict[Any, NDArray[Any]], rows: int) -> None:
        """Point the registers of columns to those of a block.

        Raises
        ------
        Unfit
            See `Runner.words`.
        """
        if len(self.ones) < rows:
            self.ones = np.ones(rows, np.uint8)
        self.bound = []  # what the addresses belong to lives until the next block
        met: dict[Any, Values] = {}
        for register, one in self.code.inputs:
            if one.key in columns:
                column = columns[one.key]
            else:
                if one.key not in met:
                    met[one.key] = fetch(cast(Asked, one.key))
                column = self._part(met[one.key], one, register)
            own = column if column.flags.c_contiguous and column.flags.aligned else np.array(column)
            self.bound.append(own)
            self.addresses[register] = _address(own)

    def _part(self, values: Values, one: Input, register: int) -> NDArray[Any]:
        """The numbers, the truth or the mask of a column, if it is of the type that it should be."""
        if values.known is not None and not one.partly:
            raise Unfit
        if one.part == "known":
            return self.ones if values.known is None else values.known
        if one.part == "values":
            if not isinstance(values, Number) or KINDS[values.values.dtype] != self.code.kinds[register]:
                raise Unfit
            return values.values
        if isinstance(values, Number) or not hasattr(values, "true"):
            raise Unfit
        return values.true

    def call(self, which: Call, rows: int) -> NDArray[np.int64]:
        """A call of a kernel on this memory, up to what is of the kernel alone."""
        code, call = self.code, np.zeros(CALLS, np.int64)
        places = _address(self.addresses), _address(code.steps), len(code.steps)
        call[:7] = which, _address(code.program), len(code.program), *places, rows
        return call


def _address(array: NDArray[Any]) -> int:
    """Where an array's first number lies."""
    address: int = array.__array_interface__["data"][0]
    return address
