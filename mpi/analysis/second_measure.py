"""A second measure on the same units: what a profile kept of it beside the first, as deprivations, scores and the poor.

The pass judges both (`beside` of `mpi.deprivation_profile`) and keeps the deprivations of the second as marks. So each
pattern of the profile is one of pairs of patterns, and figures of both have one joint covariance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Keys, Patterns
from mpi.analysis.coverage import check_households
from mpi.counting import Scores, scores
from mpi.errors import Fault, UsageError, listed
from mpi.estimates import Request
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.profile.marks import Mark, beside_name, marks_of, places_of
from mpi.profile.norm import judged_by
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import Unit

Flags = NDArray[np.bool_]
FIRST, SECOND = "first", "second"


@dataclass(frozen=True, eq=False)
class Second:
    """A second measure on the p patterns of a profile.

    Attributes
    ----------
    measure : Measure
    scored : Scores
        By its own rules for unknowns.
    inside : bool, shape (p,)
        Who is known to be in its universe.
    """

    measure: Measure
    scored: Scores
    inside: Flags

    @property
    def cutoff(self) -> Cutoff:
        """Its own."""
        return self.measure.cutoffs[0]

    @property
    def keys(self) -> dict[str, str | None]:
        """What names it in the table."""
        return {"other": self.measure.name, "other_k": self.cutoff.text}

    @property
    def judged(self) -> Flags:
        """Whose score by it is known; shape (p,)."""
        return self.scored.included & self.inside

    @property
    def poor(self) -> Flags:
        """Who is poor by it; shape (p,)."""
        return self.scored.poor(self.cutoff) & self.inside


def second_of(measure: Measure, marks: Sequence[Mark], scored: Scores) -> Second:
    """The second measure on patterns that were scored by the first."""
    places = places_of(marks)
    pattern, unknown = (np.zeros(len(scored.included), np.uint64) for _ in range(2))
    for j, name in enumerate(measure.names):
        true, known = marks_of(scored.words, scored.words_unknown, places[beside_name(measure.name, name)])
        pattern |= true.astype(np.uint64) << np.uint64(j)
        unknown |= (~known).astype(np.uint64) << np.uint64(j)
    inside = np.ones(len(pattern), np.bool_)
    if (place := places.get(beside_name(measure.name))) is not None:
        inside, _ = marks_of(scored.words, scored.words_unknown, place)
    return Second(measure, scores(measure, pattern, unknown), inside)


def others_of(profile: DeprivationProfile, request: Request, analysis: str) -> tuple[Measure, ...]:
    """The second measures of a request, if the profile holds them.

    Raises
    ------
    UsageError
        If none is named, the profile was made without it or by other rules, or households are counted where one of the
        measures is of persons.
    """
    if not request.others:
        text = phrase("the analysis {name} compares two measures, and the second is not named", name=analysis)
        remedy = phrase("name it: `--with MEASURE`, in Python `other=`, in a study `with:`")
        raise UsageError(Fault("MPI-E215", None, text, remedy))
    for other in request.others:
        _check_held(profile, other, request.unit)
    return request.others


def check_inside(measure: Measure, others: Sequence[Measure]) -> None:
    """Refuse a second measure that is said to lie in another one, or in which the first lies.

    Raises
    ------
    UsageError
    """
    for other in others:
        inner = measure if measure.deepens == other.name else other
        if inner is measure or other.deepens not in ("", measure.name):
            text = phrase("{name} lies in {outer}", name=inner.name, outer=inner.deepens)
            remedy = phrase("name {outer} first, and {name} second", outer=inner.deepens, name=inner.name)
            raise UsageError(Fault("MPI-E216", inner.place, text, remedy))


def _check_held(profile: DeprivationProfile, other: Measure, unit: Unit) -> None:
    """Refuse a second measure that the profile does not hold."""
    there = {mark.name: mark.rule for mark in profile.marks}
    wanted = [beside_name(other.name, name) for name in other.names]
    remedy = phrase(
        "make it from the microdata with both: `mpi profile ... --with {name}`, in Python `beside=`", name=other.name
    )
    if lacking := [name for name, mark in zip(other.names, wanted, strict=True) if mark not in there]:
        text = phrase(
            "the profile was made without the second measure {name}: {indicators}",
            name=other.name,
            indicators=listed(lacking, 6),
        )
        raise UsageError(Fault("MPI-E215", other.place, text, remedy))
    if any(there[mark] != judged_by(other) for mark in wanted):
        text = phrase("the second measure {name} has other rules than the profile was made by", name=other.name)
        raise UsageError(Fault("MPI-E215", other.place, text, remedy))
    check_households([mark for mark in profile.marks if mark.name in wanted], unit)


def shared_indicators(measure: Measure, other: Measure) -> list[str]:
    """The indicators that both have, by name, in the order of the first."""
    return [name for name in measure.names if name in other.names]


@dataclass(frozen=True, eq=False)
class Both:
    """Two measures on the p patterns of a profile.

    Attributes
    ----------
    patterns : Patterns
        Of the first.
    second : Second
    """

    patterns: Patterns
    second: Second

    @property
    def base(self) -> Flags:
        """Who is judged by both; shape (p,)."""
        return self.patterns.included & self.second.judged

    def deprived(self, name: str) -> tuple[Flags, Flags, Flags]:
        """Of an indicator of both: who is deprived by the first, by the second, and of whom both are known."""
        one, other = self.patterns.scored, self.second.scored
        i, j = self.patterns.measure.names.index(name), self.second.measure.names.index(name)
        base = self.base & one.known[:, i] & other.known[:, j]
        return one.deprived[:, i] & base, other.deprived[:, j] & base, base

    def keys(self, k: str | None, **own: str | None) -> Keys:
        """What names a figure: its own columns, and the cutoffs of both."""
        return {**own, "k": k, **self.second.keys}
