"""Notices of rounding on either side of the comparison with k, with the units that it decides.

The text of a measure rules: nothing is unrounded here. Whom exact weights and cutoffs would class otherwise is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.counting import Scores, distinct_patterns, scores
from mpi.errors import Notice, counted
from mpi.estimates.basis import Basis
from mpi.estimates.rounding import standing_for, unrounded_cutoff, unrounded_measure
from mpi.language import enumerated, number_phrase, phrase, template
from mpi.specs.measure import Cutoff, Measure

NEAR = Fraction(1, 100)


class _Numbers(NamedTuple):
    """Units that rounding keeps from being poor, and those that it makes poor."""

    kept_out: int
    let_in: int


def rounding_notices(basis: Basis) -> list[Notice]:
    """MPI-N007 for each cutoff at which rounded weights, or the rounding of the cutoff itself, decide who is poor."""
    exact = unrounded_measure(basis.measure)
    scored = basis.scored if exact is None else _scored(basis, exact)
    # Of each pattern once: the cells of a census are many, and so may the cutoffs be.
    count = basis.whole.count.astype(np.float64)
    units: Floats = np.bincount(basis.whole.which, count, len(scored.included)).astype(np.float64, copy=False)
    notices: list[Notice] = []
    for cutoff in basis.cutoffs:
        simple = unrounded_cutoff(cutoff)
        just_below = _just_below(basis, cutoff, units)
        notices += just_below
        if just_below or (exact is None and simple is None):
            continue
        meant = scored.poor(simple or cutoff)
        written = basis.scored.poor(cutoff)
        numbers = _Numbers(_number(units, meant & ~written), _number(units, written & ~meant))
        if any(numbers):
            notices.append(Notice("MPI-N007", _sentence(basis, cutoff, exact, simple, numbers)))
    return notices


# By whether the weights look rounded, and whether the cutoff does.
ROUNDED = {
    (True, False): template(
        "the weights ({weights}) look rounded: with exact ones, {who}; write fractions such as 1/3"
    ),
    (False, True): template("k={k} looks rounded: with k={simple}, {who}; write fractions such as 1/3"),
    (True, True): template(
        "the weights ({weights}) and k={k} look rounded: with exact ones and k={simple}, {who}; "
        "write fractions such as 1/3"
    ),
}


def _sentence(basis: Basis, written: Cutoff, exact: Measure | None, simple: Cutoff | None, numbers: _Numbers) -> str:
    unit = basis.unit.removesuffix("s")
    found = []
    if numbers.kept_out:
        text = number_phrase(
            numbers.kept_out,
            "{units} that is not poor at k={k} would be",
            "{units} that are not poor at k={k} would be",
            units=counted(numbers.kept_out, unit),
            k=written.text,
        )
        found.append(text)
    if numbers.let_in:
        text = number_phrase(
            numbers.let_in,
            "{units} that is poor at k={k} would not be",
            "{units} that are poor at k={k} would not be",
            units=counted(numbers.let_in, unit),
            k=written.text,
        )
        found.append(text)
    return phrase(
        ROUNDED[exact is not None, simple is not None],
        weights=None if exact is None else standing_for(basis.measure, exact),
        k=written.text,
        simple=None if simple is None else simple.text,
        who=enumerated(found),
    )


def _scored(basis: Basis, exact: Measure) -> Scores:
    """The scores of the patterns under other weights."""
    cells = basis.profile.cells
    distinct = distinct_patterns(cells.pattern, cells.unknown)
    return scores(exact, distinct.pattern, distinct.unknown)


def _number(units: Floats, flags: NDArray[np.bool_]) -> int:
    """How many units of the sample have these patterns; floats hold whole numbers up to 2^53."""
    return int(units[flags].sum())


def _just_below(basis: Basis, cutoff: Cutoff, units: Floats) -> Sequence[Notice]:
    """A cutoff that no unit's score equals, slightly above a score that occurs, as if it were rounded up.

    A rounded cutoff is the less simple fraction of the two: 335/1000 above 1/3, but not 1/3 above 33/100.
    """
    below = _highest_not_poor(basis.scored, cutoff)
    if below is None or not 0 < cutoff.k - below < NEAR or cutoff.k.denominator <= below.denominator:
        return []
    scored = basis.scored
    if (scored.included & (scored.units * cutoff.k.denominator == cutoff.k.numerator * scored.base)).any():
        return []
    same = scored.included & (scored.units * below.denominator == below.numerator * scored.base)
    number = counted(_number(units, same), basis.unit.removesuffix("s"))
    text = phrase(
        "k={text} is just above the score {below}: {number} with that score are not poor",
        text=cutoff.text,
        below=below,
        number=number,
    )
    return [Notice("MPI-N007", text)]


def _highest_not_poor(scored: Scores, cutoff: Cutoff) -> Fraction | None:
    rest = np.flatnonzero(scored.included & ~scored.poor(cutoff))
    if not len(rest):
        return None
    highest = rest[np.argmax(scored.score[rest])]
    return Fraction(int(scored.units[highest]), int(scored.base[highest]))
