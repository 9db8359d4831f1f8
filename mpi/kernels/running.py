"""A program on a block: columns by their addresses, one call for the persons and one for the households."""

from __future__ import annotations

import threading
from collections.abc import Callable
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


class Runner:
    """A program with the memory to run it in, which each thread has by itself."""

    def __init__(self, kernel: Kernel, program: Program) -> None:
        self.kernel, self.program = kernel, program
        self._local = threading.local()

    def words(self, sizes: Ints, fetch: Callable[[Asked], Values]) -> tuple[Words, Words | None] | None:
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
        if not hasattr(self._local, "areas"):
            self._local.areas = [_Area(self.program.persons), _Area(self.program.households)]
        persons, households = self._local.areas
        program = self.program
        outcome = np.empty((len(program.joined) + len(program.added), len(sizes)), np.int64)
        columns: dict[Any, NDArray[Any]] = {SIZES: sizes.astype(np.int16)}
        if len(outcome):
            persons.bind(fetch, columns, int(sizes.sum()))
            starts = np.cumsum(sizes) - sizes
            if self._folded(persons, starts, int(sizes.sum()), outcome):
                return None
        columns |= {(JOINED, i): outcome[i] for i in range(len(program.joined))}
        added = outcome[len(program.joined) :]
        columns |= {(COUNTED, i): added[i] for i in range(program.counts)}
        columns |= {(SUMMED, i): added[program.counts + i] for i in range(len(added) - program.counts)}
        households.bind(fetch, columns, len(sizes))
        found = np.empty((len(program.results), len(sizes)), np.int64)
        if self._evaluated(households, len(sizes), found):
            return None
        words = found.view(np.uint64)
        return words[0], words[1] if len(words) > 1 else None

    def _folded(self, area: _Area, starts: Ints, rows: int, out: NDArray[np.int64]) -> int:
        joined, added = (np.array(some, np.int64) for some in (self.program.joined, self.program.added))
        to = _address(out) + np.arange(len(out)) * out.strides[0]
        call = area.call(Call.FOLD, rows)
        lists = (starts, joined, added)
        call[7:13] = [number for some in lists for number in (_address(some), len(some))]
        call[13], call[14] = _address(to), _address(area.first)
        return self.kernel(_address(call))

    def _evaluated(self, area: _Area, rows: int, out: NDArray[np.int64]) -> int:
        results = np.array(self.program.results, np.int64)
        to = _address(out) + np.arange(len(out)) * out.strides[0]
        call = area.call(Call.EVALUATE, rows)
        call[7:10] = _address(results), len(results), _address(to)
        return self.kernel(_address(call))


class _Area:
    """The memory of one level's code in one thread."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.scratch = np.empty(len(code.scratch) + ALIGNED, np.uint8)
        first = -_address(self.scratch) % ALIGNED
        self.scratch[first : first + len(code.scratch)] = code.scratch
        self.addresses = code.places + (_address(self.scratch) + first)
        self.first = np.zeros(CHUNK, np.uint8)
        self.ones = np.ones(0, np.uint8)
        self.bound: list[NDArray[Any]] = []

    def bind(self, fetch: Callable[[Asked], Values], columns: dict[Any, NDArray[Any]], rows: int) -> None:
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
