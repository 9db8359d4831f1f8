"""The kernels, in numba: an interpreter of rules over columns, and what folds persons into households.

The only module that imports numba, and only where the kernels are compiled (`mpi.kernels.building`). There is one set
of kernels for every measure: rules come as a program of instructions (`mpi.kernels.program`), which is worked off a
few thousand rows at a time, each instruction by a loop that the compiler turns into vector instructions.

What runs here is called without Python: it takes addresses, allocates nothing and raises nothing. Loops that only
clear memory are avoided, because a compiler makes calls of the C library of them, which an object file that is loaded
by hand does not find.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, cfunc, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from mpi.kernels.codes import CALLS, CHUNK, FIELDS, TYPED, Call, Kind, Op

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
def run(program, A, S, start, m):
    """Work off a program on the rows `start` to `start + m`; gives how many numbers left their range.

    A: the address of each register; S: bytes from row to row of a column, 0 for what is made anew for each chunk.
    """
    wrong = np.int64(0)
    for p in range(len(program)):
        op, kind, n = program[p, 0], program[p, 1], program[p, 7]
        a = A[program[p, 2]] + S[program[p, 2]] * start
        b = A[program[p, 3]] + S[program[p, 3]] * start
        g = A[program[p, 4]] + S[program[p, 4]] * start
        d, e = A[program[p, 5]], A[program[p, 6]]
        if op <= TYPED:
            of_numbers(op, kind, a, b, g, d, e, n, m)
        elif op <= Op.NEITHER:
            of_masks(op, a, b, d, n, m)
        elif op == Op.PACK:
            pack(kind, a, d, n, m)
        elif op == Op.SPREAD:
            spread(kind, a, d, n, m)
        elif op <= Op.BYTE:
            of_words(op, a, d, n, m)
        else:
            wrong += of_doubles(op, a, b, g, d, e, m)
    return wrong


@njit(**OPTIONS)
def evaluate(program, A, S, rows, results, out):
    """Work off a program on all rows; its `results`, registers of words, are kept in the rows of `out`."""
    wrong = np.int64(0)
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, start, m)
        for k in range(len(results)):
            word = carray(pointer(A[results[k]]), (m,), np.int64)
            to = carray(pointer(out[k] + 8 * start), (m,), np.int64)
            for i in range(m):
                to[i] = word[i]
    return wrong


@njit(**OPTIONS)
def fold(program, A, S, rows, starts, first, joined, added, out):
    """Work off a program on all persons, and combine its words household by household.

    starts: the first row of each household; first: CHUNK zeros, which it leaves as such. joined, added: registers of
    words whose bits are combined, and of those that are added up; out: where the households' are kept, one after the
    other. Without branches: what a household has so far is stored with each of its persons, the last of them for good.
    """
    wrong = np.int64(0)
    h = 0
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, start, m)
        before = h
        while h < len(starts) and starts[h] < start + m:
            first[starts[h] - start] = 1
            h += 1
        for k in range(len(joined)):
            word = carray(pointer(A[joined[k]]), (m,), np.int64)
            to = carray(pointer(out[k]), (len(starts),), np.int64)
            at = before - 1
            total = to[at] if before else np.int64(0)
            for i in range(m):
                new = np.int64(first[i])
                at += new
                total = (total & (new - 1)) | word[i]
                to[at] = total
        for k in range(len(added)):
            word = carray(pointer(A[added[k]]), (m,), np.int64)
            to = carray(pointer(out[len(joined) + k]), (len(starts),), np.int64)
            at = before - 1
            total = to[at] if before else np.int64(0)
            for i in range(m):
                new = np.int64(first[i])
                at += new
                total = (total & (new - 1)) + word[i]
                to[at] = total
        for k in range(before, h):
            first[starts[k] - start] = 0
    return wrong


@cfunc(types.int64(types.int64), nopython=True, error_model="numpy")
def kernel(call):
    """The one entry: a call is an array of numbers and addresses."""
    c = carray(pointer(call), (CALLS,), np.int64)
    program = carray(pointer(c[1]), (c[2], FIELDS), np.int64)
    A = carray(pointer(c[3]), (c[5],), np.int64)
    S = carray(pointer(c[4]), (c[5],), np.int64)
    if c[0] == Call.EVALUATE:
        results = carray(pointer(c[7]), (c[8],), np.int64)
        return evaluate(program, A, S, c[6], results, carray(pointer(c[9]), (c[8],), np.int64))
    starts = carray(pointer(c[7]), (c[8],), np.int64)
    joined = carray(pointer(c[9]), (c[10],), np.int64)
    added = carray(pointer(c[11]), (c[12],), np.int64)
    out = carray(pointer(c[13]), (c[10] + c[12],), np.int64)
    return fold(program, A, S, c[6], starts, carray(pointer(c[14]), (CHUNK,), np.uint8), joined, added, out)
