"""Instructions and their registers: made one by one, then those that nobody reads left out, and slots used again."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.kernels.codes import BYTES, CHUNK, FIELDS, Kind, Op

ALIGNED = 64  # bytes of a line of the cache
TYPES: dict[Kind, Any] = {
    Kind.INT8: np.int8,
    Kind.INT16: np.int16,
    Kind.INT32: np.int32,
    Kind.INT64: np.int64,
    Kind.DOUBLE: np.float64,
    Kind.MASK: np.uint8,
}
ONES = 0  # the register that is a mask of ones
GROWING = (Op.PACK, Op.SPREAD)  # they add to what their register holds


class Instruction(NamedTuple):
    """One instruction; see `Op` for what its registers are."""

    op: Op
    kind: int = 0
    a: int = ONES
    b: int = ONES
    g: int = ONES
    d: int = ONES
    e: int = ONES
    n: int = 0

    @property
    def made(self) -> set[int]:
        """The registers that it writes."""
        return {self.d, self.e} - {ONES}

    @property
    def read(self) -> set[int]:
        """The registers that it may read; `b` of a growing one is a number, as `kind` is."""
        return {self.a, self.b, self.g} | ({self.d} if self.op in GROWING else set())


class Input(NamedTuple):
    """A column that a program reads: what it is of, which part of it, and whether something of it may be unknown.

    The part is "values", "true" or "known"; what is not `partly` unknown may come without the latter.
    """

    key: Hashable
    part: str
    partly: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Code:
    """A finished list of instructions.

    Attributes
    ----------
    program : int64, shape (instructions, FIELDS)
    inputs : list of (int, Input)
        The registers that are columns.
    kinds : list of Kind
        The type of each register.
    steps : int64, shape (registers,)
        Bytes from row to row of each register; 0 for slots and constants.
    places : int64, shape (registers,)
        Where in the scratch area each slot and constant lies.
    scratch : uint8
        The area as it begins: the mask of ones, the constants, and room.
    """

    program: NDArray[np.int64]
    inputs: list[tuple[int, Input]]
    kinds: list[Kind]
    steps: NDArray[np.int64]
    places: NDArray[np.int64]
    scratch: NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class Builder:
    """The registers and instructions of one level while they are made."""

    kinds: list[Kind] = field(default_factory=lambda: [Kind.MASK])
    code: list[Instruction] = field(default_factory=list)
    inputs: dict[Input, int] = field(default_factory=dict)
    constants: dict[tuple[Kind, tuple[float, ...]], int] = field(default_factory=dict)
    made: dict[Instruction, tuple[int, int]] = field(default_factory=dict)

    def input(self, key: Hashable, part: str, kind: Kind, *, partly: bool = False) -> int:
        """The register of a part of a column."""
        one = Input(key, part, partly)
        if one not in self.inputs:
            self.inputs[one] = self._register(kind)
        return self.inputs[one]

    def constant(self, kind: Kind, *values: float) -> int:
        """The register of one or two numbers."""
        if (kind, values) not in self.constants:
            self.constants[kind, values] = self._register(kind)
        return self.constants[kind, values]

    def emit(
        self, op: Op, kind: int = 0, a: int = ONES, b: int = ONES, g: int = ONES, *, gives: Kind, n: int = 0
    ) -> int:
        """The register of an instruction's result; equal instructions are one."""
        return self._emitted(Instruction(op, kind, a, b, g, n=n), gives, second=False)[0]

    def emit_two(
        self, op: Op, kind: int = 0, a: int = ONES, b: int = ONES, g: int = ONES, *, gives: Kind = Kind.MASK
    ) -> tuple[int, int]:
        """The registers of a result and of the mask beside it."""
        return self._emitted(Instruction(op, kind, a, b, g), gives, second=True)

    def check(self, a: int, g: int) -> None:
        """Make sure that doubles are finite where known."""
        one = Instruction(Op.FINITE, 0, a, ONES, g)
        if one not in self.made:
            self.made[one] = ONES, ONES
            self.code.append(one)

    def word(self, planes: Sequence[int]) -> int:
        """The register of words of which each byte is one plane."""
        own = self._register(Kind.INT64)
        self.code += [Instruction(Op.SPREAD, int(n == 0), plane, d=own, n=n) for n, plane in enumerate(planes)]
        return own

    def pack(self, planes: list[int], mask: int, bit: int) -> None:
        """Make a mask the next bit of some bytes, at once: packed masks make room."""
        if bit % 8 == 0:
            planes.append(self._register(Kind.MASK))
        self.code.append(Instruction(Op.PACK, int(bit % 8 == 0), mask, d=planes[-1], n=bit % 8))

    def finished(self, results: Collection[int]) -> Code:
        """The instructions that some results need, with room for the registers."""
        code = _needed(self.code, results)
        alive = {ONES, *results}.union(*(one.read | one.made for one in code))
        columns = {register: one for one, register in self.inputs.items() if register in alive}
        constants = {register: key for key, register in self.constants.items() if register in alive}
        steps = np.array([BYTES[kind] if i in columns else 0 for i, kind in enumerate(self.kinds)], np.int64)
        places, size = np.zeros(len(self.kinds), np.int64), CHUNK
        for register in constants:
            places[register], size = size, size + ALIGNED
        size = self._placed(code, {*columns, *constants, ONES}, set(results), places, size)
        scratch = np.zeros(size, np.uint8)
        scratch[:CHUNK] = 1
        for register, (kind, values) in constants.items():
            raw = np.array(values, TYPES[kind]).view(np.uint8)
            scratch[places[register] : places[register] + len(raw)] = raw
        program = np.array(code, np.int64).reshape(-1, FIELDS)
        return Code(
            program=program, inputs=list(columns.items()), kinds=self.kinds, steps=steps, places=places, scratch=scratch
        )

    def _placed(
        self, code: Sequence[Instruction], given: set[int], kept: set[int], places: NDArray[np.int64], size: int
    ) -> int:
        """Give each slot a place, that of one that is no longer read where there is any; the size of the area."""
        last = {register: i for i, one in enumerate(code) for register in one.read | one.made}
        free: dict[int, list[int]] = {}
        placed: set[int] = set(given)
        for i, one in enumerate(code):
            for register in sorted(one.made - placed):
                room = CHUNK * BYTES[self.kinds[register]]
                if pool := free.get(room):
                    places[register] = pool.pop()
                else:
                    places[register], size = size, size + room
                placed.add(register)
            for register in (one.read | one.made) - given - kept:
                if last[register] == i:
                    free.setdefault(CHUNK * BYTES[self.kinds[register]], []).append(int(places[register]))
        return size

    def _register(self, kind: Kind) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _emitted(self, one: Instruction, gives: Kind, *, second: bool) -> tuple[int, int]:
        if one not in self.made:
            d = self._register(gives)
            e = self._register(Kind.MASK) if second else ONES
            self.code.append(one._replace(d=d, e=e))
            self.made[one] = d, e
        return self.made[one]


def _needed(code: Sequence[Instruction], results: Collection[int]) -> list[Instruction]:
    """The instructions on which results depend, and those that look for faults."""
    wanted, kept = set(results), []
    for one in reversed(code):
        if one.op == Op.FINITE or wanted & one.made:
            kept.append(one)
            wanted |= one.read
    return kept[::-1]
