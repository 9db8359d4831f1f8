"""What the instructions of the kernels do with some rows, in numba: one loop for each operation and type.

Loops are written out: where they call one another's parts, the compiler makes no vector instructions of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from mpi.kernels.codes import Kind, Op

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False}
LARGEST = float(np.finfo(np.float64).max)


@intrinsic
def pointer(_context, address):
    """An address as a pointer."""

    def code(_target, builder, _signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), code


def _typed(number: Any) -> Any:
    """The operations on numbers of one type: `a` and `b` are addresses, `d` and `e` those of the result."""

    @njit(**OPTIONS)
    def apply(op, a, b, g, d, e, m):
        x = carray(pointer(a), (m,), number)
        y = carray(pointer(b), (m,), number)
        known = carray(pointer(g), (m,), np.uint8)
        true = carray(pointer(d), (m,), np.uint8)
        false = carray(pointer(e), (m,), np.uint8)
        z = carray(pointer(d), (m,), number)
        if op == Op.EQUAL_CONSTANT:
            k = y[0]
            for i in range(m):
                r = np.uint8(x[i] == k)
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.LESS_CONSTANT:
            k = y[0]
            for i in range(m):
                r = np.uint8(x[i] < k)
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.MOST_CONSTANT:
            k = y[0]
            for i in range(m):
                r = np.uint8(x[i] <= k)
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.BETWEEN_CONSTANTS:
            low, high = y[0], y[1]
            for i in range(m):
                r = np.uint8(x[i] >= low) & np.uint8(x[i] <= high)
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.EQUAL:
            for i in range(m):
                r = np.uint8(x[i] == y[i])
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.LESS:
            for i in range(m):
                r = np.uint8(x[i] < y[i])
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.MOST:
            for i in range(m):
                r = np.uint8(x[i] <= y[i])
                true[i] = r & known[i]
                false[i] = (r ^ np.uint8(1)) & known[i]
        elif op == Op.FULL:
            k = y[0]
            for i in range(m):
                z[i] = k
        elif op == Op.PICK:
            for i in range(m):
                z[i] = x[i] if known[i] else y[i]
        elif op == Op.ADD:
            for i in range(m):
                z[i] = x[i] + y[i]
        elif op == Op.SUBTRACT:
            for i in range(m):
                z[i] = x[i] - y[i]
        elif op == Op.MULTIPLY:
            for i in range(m):
                z[i] = x[i] * y[i]

    return apply


def _converted(number: Any) -> Any:
    """What makes wider numbers of those of one type."""

    @njit(**OPTIONS)
    def apply(op, to, a, g, d, m):
        x = carray(pointer(a), (m,), number)
        if op == Op.MASKED:
            known = carray(pointer(g), (m,), np.uint8)
            z = carray(pointer(d), (m,), np.int64)
            for i in range(m):
                z[i] = np.int64(x[i]) * np.int64(known[i])
        elif to == Kind.INT16:
            z1 = carray(pointer(d), (m,), np.int16)
            for i in range(m):
                z1[i] = x[i]
        elif to == Kind.INT32:
            z2 = carray(pointer(d), (m,), np.int32)
            for i in range(m):
                z2[i] = x[i]
        elif to == Kind.INT64:
            z3 = carray(pointer(d), (m,), np.int64)
            for i in range(m):
                z3[i] = x[i]
        else:
            z4 = carray(pointer(d), (m,), np.float64)
            for i in range(m):
                z4[i] = x[i]

    return apply


of_int8, of_int16, of_int32 = _typed(np.int8), _typed(np.int16), _typed(np.int32)
of_int64, of_double = _typed(np.int64), _typed(np.float64)
from_int8, from_int16 = _converted(np.int8), _converted(np.int16)
from_int32, from_int64 = _converted(np.int32), _converted(np.int64)


@njit(**OPTIONS)
def of_numbers(op, kind, a, b, g, d, e, n, m):
    """An operation on numbers of the type `kind`."""
    if op >= Op.WIDEN:
        if kind == Kind.INT8:
            from_int8(op, n, a, g, d, m)
        elif kind == Kind.INT16:
            from_int16(op, n, a, g, d, m)
        elif kind == Kind.INT32:
            from_int32(op, n, a, g, d, m)
        else:
            from_int64(op, n, a, g, d, m)
    elif kind == Kind.INT8:
        of_int8(op, a, b, g, d, e, m)
    elif kind == Kind.INT16:
        of_int16(op, a, b, g, d, e, m)
    elif kind == Kind.INT32:
        of_int32(op, a, b, g, d, e, m)
    elif kind == Kind.INT64:
        of_int64(op, a, b, g, d, e, m)
    else:
        of_double(op, a, b, g, d, e, m)


@njit(**OPTIONS)
def of_masks(op, a, b, d, n, m):
    """An operation on masks, and on bytes that hold eight of them."""
    x = carray(pointer(a), (m,), np.uint8)
    y = carray(pointer(b), (m,), np.uint8)
    z = carray(pointer(d), (m,), np.uint8)
    if op == Op.AND:
        for i in range(m):
            z[i] = x[i] & y[i]
    elif op == Op.OR:
        for i in range(m):
            z[i] = x[i] | y[i]
    elif op == Op.NOT:
        for i in range(m):
            z[i] = x[i] ^ np.uint8(1)
    elif op == Op.AND_NOT:
        for i in range(m):
            z[i] = x[i] & (y[i] ^ np.uint8(1))
    elif op == Op.NEITHER:
        for i in range(m):
            z[i] = (x[i] | y[i]) ^ np.uint8(1)


@njit(**OPTIONS)
def pack(first, a, d, n, m):
    """Bit n of each byte. No shift, for vectors of bytes have none: 0 or 1 becomes no or all bits by a minus."""
    x = carray(pointer(a), (m,), np.uint8)
    z = carray(pointer(d), (m,), np.uint8)
    bit = np.uint8(1 << n)
    if first:
        for i in range(m):
            z[i] = np.uint8(np.uint8(0) - x[i]) & bit
    else:
        for i in range(m):
            z[i] = z[i] | (np.uint8(np.uint8(0) - x[i]) & bit)


@njit(**OPTIONS)
def spread(first, a, d, n, m):
    """Byte n of each word."""
    x = carray(pointer(a), (m,), np.uint8)
    z = carray(pointer(d), (m,), np.uint64)
    far = np.uint64(8 * n)
    if first:
        for i in range(m):
            z[i] = np.uint64(x[i]) << far
    else:
        for i in range(m):
            z[i] = z[i] | (np.uint64(x[i]) << far)


@njit(**OPTIONS)
def of_words(op, a, d, n, m):
    """A bit or a byte of each word."""
    word = carray(pointer(a), (m,), np.uint64)
    if op == Op.BIT:
        bit = np.uint64(n)
        z = carray(pointer(d), (m,), np.uint8)
        for i in range(m):
            z[i] = np.uint8((word[i] >> bit) & np.uint64(1))
    else:
        far = np.uint64(8 * n)
        z1 = carray(pointer(d), (m,), np.int16)
        for i in range(m):
            z1[i] = np.int16((word[i] >> far) & np.uint64(255))


@njit(**OPTIONS)
def of_doubles(op, a, b, g, d, e, m):
    """Quotients; gives the number of those known that are not finite."""
    x = carray(pointer(a), (m,), np.float64)
    y = carray(pointer(b), (m,), np.float64)
    known = carray(pointer(g), (m,), np.uint8)
    if op == Op.FINITE:
        wrong = np.int64(0)
        for i in range(m):
            wrong += np.int64(known[i]) & np.int64(not (-LARGEST <= x[i] <= LARGEST))
        return wrong
    z = carray(pointer(d), (m,), np.float64)
    some = carray(pointer(e), (m,), np.uint8)
    if op == Op.DIVIDE:
        for i in range(m):
            there = y[i] != 0.0
            z[i] = x[i] / (y[i] if there else 1.0)
            some[i] = np.uint8(there) & known[i]
    else:
        total = carray(pointer(a), (m,), np.int64)
        number = carray(pointer(b), (m,), np.int16)
        for i in range(m):
            z[i] = np.float64(total[i]) / np.float64(max(number[i], np.int16(1)))
            some[i] = np.uint8(number[i] > 0)
    return np.int64(0)


@njit(**OPTIONS)
def unpack(a, first, d, m):
    """A byte for each of m bits, eight at a time; from the bit `first` on, lowest bit of a byte first."""
    shift = np.uint64(first & 7)
    last = (np.int64(first & 7) + m - 1) >> 3
    x = carray(pointer(a + (first >> 3)), (last + 1,), np.uint8)
    z = carray(pointer(d), ((m + 7) >> 3,), np.uint64)
    every, each, most = np.uint64(0x0101010101010101), np.uint64(0x8040201008040201), np.uint64(0x7F7F7F7F7F7F7F7F)
    eight, seven, low = np.uint64(8), np.uint64(7), np.uint64(255)
    for i in range(min(len(z), last)):
        byte = ((np.uint64(x[i]) >> shift) | (np.uint64(x[i + 1]) << (eight - shift))) & low
        z[i] = ((((byte * every) & each) + most) >> seven) & every
    if last < len(z):
        byte = (np.uint64(x[last]) >> shift) & low
        z[last] = ((((byte * every) & each) + most) >> seven) & every


@njit(**OPTIONS)
def widened(a, kind, start, to, m):
    """Whole numbers of any type, from the row `start` on, as such of 64 bits."""
    if kind == Kind.INT8:
        x = carray(pointer(a + start), (m,), np.int8)
        for i in range(m):
            to[i] = x[i]
    elif kind == Kind.INT16:
        y = carray(pointer(a + 2 * start), (m,), np.int16)
        for i in range(m):
            to[i] = y[i]
    elif kind == Kind.INT32:
        v = carray(pointer(a + 4 * start), (m,), np.int32)
        for i in range(m):
            to[i] = v[i]
    else:
        w = carray(pointer(a + 8 * start), (m,), np.int64)
        for i in range(m):
            to[i] = w[i]
