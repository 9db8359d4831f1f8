"""What the compiler of rules and the kernels agree on: operations, types of registers, and rows at a time."""

from __future__ import annotations

from enum import IntEnum

CHUNK = 2048  # rows that are worked on at a time: what a rule makes of them stays in the processor's first cache
FIELDS = 8  # whole numbers of an instruction: operation, type, registers a, b, g (mask), d, e, and a number n
CALLS = 24  # whole numbers that a call hands over


class Op(IntEnum):
    """What an instruction does with its registers, row by row.

    A mask is one byte a row, 1 or 0. Conditions are two masks: where they are true, and where they are false.
    """

    EQUAL_CONSTANT = 0  # d true, e false: a = b[0], where g
    LESS_CONSTANT = 1  # a < b[0]
    MOST_CONSTANT = 2  # a <= b[0]
    BETWEEN_CONSTANTS = 3  # b[0] <= a <= b[1]
    EQUAL = 4  # a = b
    LESS = 5  # a < b
    MOST = 6  # a <= b
    FULL = 7  # d = b[0] in every row
    PICK = 8  # d = a where g, else b
    ADD = 9  # d = a + b
    SUBTRACT = 10  # d = a - b
    MULTIPLY = 11  # d = a * b
    WIDEN = 12  # d, of the type n, = a
    MASKED = 13  # d, of 64 bits, = a where g, else 0
    AND = 20  # d = a and b
    OR = 21  # d = a or b
    NOT = 22  # d = not a
    AND_NOT = 23  # d = a and not b
    NEITHER = 24  # d = neither a nor b
    PACK = 25  # bit n of byte d = a; the byte's first if the type is 1
    SPREAD = 26  # byte n of word d = a; the word's first if the type is 1
    BIT = 27  # d = bit n of word a
    BYTE = 28  # d, of 16 bits, = byte n of word a
    DIVIDE = 29  # d = a / b of doubles, e where g and b is not 0
    FINITE = 30  # a fault where g and a is not finite
    MEAN = 31  # d = a / b, e where b > 0; a of 64 bits, b of 16


class Kind(IntEnum):
    """Types of the numbers in a register, from narrow to wide."""

    INT8 = 0
    INT16 = 1
    INT32 = 2
    INT64 = 3
    DOUBLE = 4
    MASK = 5


BYTES = {Kind.INT8: 1, Kind.INT16: 2, Kind.INT32: 4, Kind.INT64: 8, Kind.DOUBLE: 8, Kind.MASK: 1}
TYPED = Op.MASKED  # the last operation of which there is one for each type


class Call(IntEnum):
    """The kernels, by the first number that a call hands over."""

    EVALUATE = 0
    FOLD = 1
    FOLLOW = 2
    SCATTER = 3
