"""A program on a block: columns by their addresses, one call for the persons and one for the households."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from mpi.columns.stored import Stored
from mpi.columns.values import Ints, Number, Truth, Values
from mpi.kernels.codes import CALLS, CHUNK, Call
from mpi.kernels.load import Kernel
from mpi.kernels.operations import KINDS, Unfit
from mpi.kernels.program import COUNTED, JOINED, SIZES, SUMMED, Asked, Program
from mpi.kernels.registers import ALIGNED, Code, Input

Words: TypeAlias = NDArray[np.uint64]
Fetch: TypeAlias = Callable[[Asked], Values | Stored]
Key: TypeAlias = NDArray[np.signedinteger[Any]]


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
        self, pieces: Sequence[tuple[Key, Key, Fetch]]
    ) -> tuple[Ints, Ints, NDArray[np.int64], list[int]] | None:
        """Persons in the order of their households, folded; None where they are not, or a number leaves its range.

        Parameters
        ----------
        pieces : sequence of (array, array, callable)
            Rows, piece by piece: the key of each person's household, the person's own within it, and the columns.
            Keys are integers of any width.

        Returns
        -------
        ids, sizes : int64, shape (h,)
            The key, and the number of persons, of each household.
        words : int64, shape (width, h)
            As `judged` takes them. These and the keys lie in memory that the thread's next call uses again.
        counts : list of int
            How many households had begun by the end of each piece.

        Raises
        ------
        Unfit
            As `words`.
        """
        most = sum(len(key) for key, _, _ in pieces)
        room = self._area(0).households(2 + self.width, most)
        ids, sizes, outcome = room[0], room[1], room[2:]
        state, counts = np.zeros(4, np.int64), []
        for key, own, fetch in pieces:
            self._area(0).bind(fetch, {}, len(key))
            call, _kept = self._folding(Call.FOLLOW, len(key), outcome)
            keys, _held = zip(*map(_typed, (key, own)), strict=True)
            call[13:19] = *map(_address, (*keys, ids, sizes)), len(ids), _address(state)
            if self.kernel(_address(call)) or state[3]:
                return None
            counts.append(int(state[0]))
        h = counts[-1]
        return ids[:h], sizes[:h].copy(), outcome[:, :h], counts

    def states(self, households: int) -> NDArray[np.int64]:
        """Households without persons so far, shape (h, 1 + width): bits of the persons' own keys, words."""
        return np.zeros((households, 1 + self.width), np.int64)

    def added(self, states: NDArray[np.int64], rows: Ints, own: Key, fetch: Fetch) -> bool:
        """Add persons in no order to the states of their households.

        Parameters
        ----------
        states : int64, shape (h, 1 + width)
            Of `states`; changed.
        rows : int64, shape (n,)
            The household of each person.
        own : int8 to int64, shape (n,)
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
        key, _held = _typed(own)
        call[13:17] = *map(_address, (rows, key, states)), len(states)
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
        self.keys = np.empty((2, CHUNK), np.int64)
        self.ones = np.ones(0, np.uint8)
        self.bound: list[NDArray[Any]] = []
        self.steps = code.steps.copy()
        masks = [register for register, one in code.inputs if one.part == "known"]
        self.masks = dict(zip(masks, np.empty((len(masks), CHUNK), np.uint8), strict=True))
        self.bits = np.zeros((0, 3), np.int64)
        self.kept = np.empty((0, 0), np.int64)

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
        met: dict[Any, Values | Stored] = {}
        bits: list[tuple[int, int, int]] = []
        for register, one in self.code.inputs:
            if one.key in columns:
                column = columns[one.key]
            else:
                if one.key not in met:
                    met[one.key] = fetch(cast(Asked, one.key))
                values = met[one.key]
                if isinstance(values, Stored) and one.part == "known" and values.bits is not None:
                    self.bound.append(values.bits)
                    bits.append((register, _address(values.bits), values.first))
                    self.addresses[register], self.steps[register] = _address(self.masks[register]), 0
                    continue
                column = self._part(values, one, register)
            own = column if column.flags.c_contiguous and column.flags.aligned else np.array(column)
            self.bound.append(own)
            self.addresses[register], self.steps[register] = _address(own), self.code.steps[register]
        self.bits = np.array(bits, np.int64).reshape(-1, 3)

    def _part(self, values: Values | Stored, one: Input, register: int) -> NDArray[Any]:
        """The numbers, the truth or the mask of a column, if it is of the type that it should be."""
        known = values.bits if isinstance(values, Stored) else values.known
        if known is not None and not one.partly:
            raise Unfit
        if one.part == "known":
            return self.ones if known is None else known
        if one.part == "values":
            if not isinstance(values, Number | Stored) or KINDS[values.values.dtype] != self.code.kinds[register]:
                raise Unfit
            return values.values
        if not isinstance(values, Truth):
            raise Unfit
        return values.true

    def households(self, columns: int, most: int) -> NDArray[np.int64]:
        """Room for some numbers of each of so many households, the same at every call."""
        if len(self.kept) < columns or self.kept.shape[1] < most:
            self.kept = np.empty((columns, most), np.int64)
        return self.kept

    def call(self, which: Call, rows: int) -> NDArray[np.int64]:
        """A call of a kernel on this memory, up to what is of the kernel alone."""
        code, call = self.code, np.zeros(CALLS, np.int64)
        places = _address(self.addresses), _address(self.steps), len(self.steps)
        call[:7] = which, _address(code.program), len(code.program), *places, rows
        call[19:22] = _address(self.bits), len(self.bits), _address(self.keys)
        return call


def _typed(key: Key) -> tuple[NDArray[np.int64], Key]:
    """Where whole numbers lie and of which type they are; and the numbers, which have to live as long."""
    own = np.ascontiguousarray(key)
    return np.array([_address(own), KINDS[own.dtype]], np.int64), own


def _address(array: NDArray[Any]) -> int:
    """Where an array's first number lies."""
    address: int = array.__array_interface__["data"][0]
    return address
