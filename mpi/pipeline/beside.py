"""Verdicts of other measures on the units of a block, as marks of their words: bits from the highest one down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.pipeline.judging import Judged, add_columns, judge
from mpi.pipeline.preparing import Prepared
from mpi.profile.marks import HIGHEST
from mpi.rules import Frame
from mpi.vocabulary.options import Level

Words: TypeAlias = NDArray[np.uint64]


def own_bits(prepared: Prepared) -> int:
    """How many bits of a judged word are the measure's own: indicators and states."""
    alike = sum(len(one.judgements) for one in prepared.plan.beside if one.level == prepared.measure.level)
    return len(prepared.plan.judgements) - alike


def words_of(prepared: Prepared, frame: Frame, judged: Judged) -> list[tuple[Level, Words, Words]]:
    """The words of each other measure, bit j its indicator j, with the level of their rows.

    Those that are judged at the level of the first measure came with its own verdicts.
    """
    plan, at, found = prepared.plan, own_bits(prepared), list[tuple[Level, Words, Words]]()
    for one in plan.beside:
        if one.level == prepared.measure.level:
            low = np.uint64((1 << len(one.judgements)) - 1)
            pattern, unknown = ((word >> np.uint64(at)) & low for word in (judged.pattern, judged.unknown))
            found.append((one.level, pattern, unknown))
            at += len(one.judgements)
        else:
            add_columns(plan.steps, frame)
            other = judge(replace(plan, judgements=one.judgements), frame, one.level)
            found.append((one.level, other.pattern, other.unknown))
    return found


def with_words(
    prepared: Prepared, frame: Frame, pieces: Sequence[tuple[Level, Words, Words]], words: tuple[Words, Words]
) -> tuple[Words, Words]:
    """Patterns and unknowns of the rows of units, with the words of other measures as marks."""
    place = sum(len(group.marks) for group in prepared.plan.marks)
    made = [word.copy() for word in words]
    for (level, *own), one in zip(pieces, prepared.plan.beside, strict=True):
        repeated = prepared.by_person and level == "household"
        for i, word in enumerate(own):
            rows = np.repeat(word, frame.sizes) if repeated else word
            for j in range(len(one.judgements)):
                made[i] |= ((rows >> np.uint64(j)) & np.uint64(1)) << np.uint64(HIGHEST - place - j)
        place += len(one.judgements)
    return made[0], made[1]
