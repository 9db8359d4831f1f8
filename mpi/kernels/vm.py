"""The kernels, in numba: an interpreter of rules over columns, and what folds persons into households.

It and `loops` are the only modules that import numba, and are themselves imported only where the kernels are compiled
(`mpi.kernels.building`). There is one set of kernels for every measure: rules come as a program of instructions
(`mpi.kernels.program`), which is worked off a few thousand rows at a time, each instruction by a loop that the
compiler turns into vector instructions.

What runs here is called without Python: it takes addresses, allocates nothing and raises nothing.
"""

from __future__ import annotations

import numpy as np
from numba import carray, cfunc, njit, types

from mpi.kernels.codes import CALLS, CHUNK, FIELDS, TYPED, Call, Op
from mpi.kernels.loops import (
    OPTIONS,
    of_doubles,
    of_masks,
    of_numbers,
    of_words,
    pack,
    pointer,
    spread,
    unpack,
    widened,
)


@njit(**OPTIONS)
def run(program, A, S, bits, start, m):
    """Work off a program on the rows `start` to `start + m`; gives how many numbers left their range.

    A: the address of each register; S: bytes from row to row of a column, 0 for what is made anew for each chunk.
    bits: registers of masks that are stored as bits, with their address and the bit of the first row.
    """
    for k in range(len(bits)):
        unpack(bits[k, 1], bits[k, 2] + start, A[bits[k, 0]], m)
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
def evaluate(program, A, S, bits, rows, results, out):
    """Work off a program on all rows; its `results`, registers of words, are kept in the rows of `out`."""
    wrong = np.int64(0)
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, bits, start, m)
        for k in range(len(results)):
            word = carray(pointer(A[results[k]]), (m,), np.int64)
            to = carray(pointer(out[k] + 8 * start), (m,), np.int64)
            for i in range(m):
                to[i] = word[i]
    return wrong


@njit(**OPTIONS)
def combine(words, to, first, before, m, joins):
    """Combine a chunk's words household by household, after `before` households, of which the last may go on.

    first: 1 where a household begins. Without branches: what a household has so far is stored with each of its
    persons, the last of them for good.
    """
    word = carray(pointer(words), (m,), np.int64)
    kept = carray(pointer(to), (before + m,), np.int64)
    at = before - 1
    total = kept[at] if before else np.int64(0)
    if joins:
        for i in range(m):
            new = np.int64(first[i])
            at += new
            total = (total & (new - 1)) | word[i]
            kept[at] = total
    else:
        for i in range(m):
            new = np.int64(first[i])
            at += new
            total = (total & (new - 1)) + word[i]
            kept[at] = total


@njit(**OPTIONS)
def fold(program, A, S, bits, rows, starts, first, joined, added, out):
    """Work off a program on all persons, and combine its words household by household.

    starts: the first row of each household; first: CHUNK zeros, which it leaves as such. joined, added: registers of
    words whose bits are combined, and of those that are added up; out: where the households' are kept, one after the
    other.
    """
    wrong = np.int64(0)
    h = 0
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, bits, start, m)
        before = h
        while h < len(starts) and starts[h] < start + m:
            first[starts[h] - start] = 1
            h += 1
        for k in range(len(joined) + len(added)):
            register = joined[k] if k < len(joined) else added[k - len(joined)]
            combine(A[register], out[k], first, before, m, k < len(joined))
        for k in range(before, h):
            first[starts[k] - start] = 0
    return wrong


@njit(**OPTIONS)
def follow(program, A, S, bits, rows, key, own, room, first, joined, added, out, ids, sizes, state):
    """As `fold`, of persons whose households follow one another by their key; they go on where the last call ended.

    key, own: address and type of the key of each person's household, and of its own within; room: two chunks for them;
    first: one. ids, sizes: the key and the number of persons of each household. state: the number of households so far,
    key and own of the last person, and whether anybody comes out of order or twice.
    """
    wrong = np.int64(0)
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, bits, start, m)
        before = state[0]
        k, o = room[0], room[1]
        widened(key[0], key[1], start, k, m)
        widened(own[0], own[1], start, o, m)
        bad = np.int64(0)
        first[0] = np.uint8(before == 0 or k[0] != state[1])
        if before:
            bad |= np.int64(k[0] < state[1]) | (np.int64(k[0] == state[1]) & np.int64(o[0] <= state[2]))
        for i in range(1, m):
            first[i] = np.uint8(k[i] != k[i - 1])
            bad |= np.int64(k[i] < k[i - 1]) | (np.int64(k[i] == k[i - 1]) & np.int64(o[i] <= o[i - 1]))
        state[3] |= bad
        state[1], state[2] = k[m - 1], o[m - 1]
        at = before - 1
        size = sizes[at] if before else np.int64(0)
        for i in range(m):
            new = np.int64(first[i])
            at += new
            size = (size & (new - 1)) + 1
            sizes[at] = size
            ids[at] = k[i]
        state[0] = at + 1
        for j in range(len(joined) + len(added)):
            register = joined[j] if j < len(joined) else added[j - len(joined)]
            combine(A[register], out[j], first, before, m, j < len(joined))
    return wrong


@njit(**OPTIONS)
def scatter(program, A, S, bits, rows, place, own, room, joined, added, states):
    """Work off a program on persons in no order, and combine their words with those of their households.

    place: the household of each person, a row of `states`: bits of the persons' own keys (0 to 63), and a word for each
    register of `joined` and `added`. own: address and type of these keys; room: two chunks. Gives too how many have
    come before.
    """
    wrong = np.int64(0)
    bits_of = room[0]
    for start in range(0, rows, CHUNK):
        m = min(CHUNK, rows - start)
        wrong += run(program, A, S, bits, start, m)
        widened(own[0], own[1], start, bits_of, m)
        for i in range(m):
            bit = np.int64(1) << bits_of[i]
            at = place[start + i]
            wrong += np.int64((states[at, 0] & bit) != 0)
            states[at, 0] |= bit
        for k in range(len(joined)):
            word = carray(pointer(A[joined[k]]), (m,), np.int64)
            for i in range(m):
                states[place[start + i], 1 + k] |= word[i]
        for k in range(len(added)):
            word = carray(pointer(A[added[k]]), (m,), np.int64)
            for i in range(m):
                states[place[start + i], 1 + len(joined) + k] += word[i]
    return wrong


@cfunc(types.int64(types.int64), nopython=True, error_model="numpy")
def kernel(call):
    """The one entry: a call is an array of numbers and addresses."""
    c = carray(pointer(call), (CALLS,), np.int64)
    program = carray(pointer(c[1]), (c[2], FIELDS), np.int64)
    A = carray(pointer(c[3]), (c[5],), np.int64)
    S = carray(pointer(c[4]), (c[5],), np.int64)
    bits = carray(pointer(c[19]), (c[20], 3), np.int64)
    if c[0] == Call.EVALUATE:
        results = carray(pointer(c[7]), (c[8],), np.int64)
        return evaluate(program, A, S, bits, c[6], results, carray(pointer(c[9]), (c[8],), np.int64))
    joined = carray(pointer(c[7]), (c[8],), np.int64)
    added = carray(pointer(c[9]), (c[10],), np.int64)
    out = carray(pointer(c[11]), (c[8] + c[10],), np.int64)
    first = carray(pointer(c[12]), (CHUNK,), np.uint8)
    if c[0] == Call.FOLD:
        return fold(program, A, S, bits, c[6], carray(pointer(c[13]), (c[14],), np.int64), first, joined, added, out)
    room = carray(pointer(c[21]), (2, CHUNK), np.int64)
    own = carray(pointer(c[14]), (2,), np.int64)
    if c[0] == Call.SCATTER:
        place = carray(pointer(c[13]), (c[6],), np.int64)
        states = carray(pointer(c[15]), (c[16], 1 + c[8] + c[10]), np.int64)
        return scatter(program, A, S, bits, c[6], place, own, room, joined, added, states)
    key, state = carray(pointer(c[13]), (2,), np.int64), carray(pointer(c[18]), (4,), np.int64)
    ids, sizes = carray(pointer(c[15]), (c[17],), np.int64), carray(pointer(c[16]), (c[17],), np.int64)
    return follow(program, A, S, bits, c[6], key, own, room, first, joined, added, out, ids, sizes, state)
