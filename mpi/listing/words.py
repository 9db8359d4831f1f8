"""A verdict in a sentence or three, as a clerk reads it to a family: what counts, what would change it.

Nothing of it is more than the list's columns: no value that the household gave stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mpi.language import Phrase, enumerated, joined, phrase
from mpi.lifting import Lifter, Set
from mpi.specs.measure import Measure
from mpi.vocabulary.wording import title_in

MOST_WAYS = 5  # sets that are told in words


def verdict_in_words(lifter: Lifter, row: int, sets: tuple[Set, ...] | None, language: str) -> str:
    """What a pattern means for a unit, in a language.

    Parameters
    ----------
    lifter : Lifter
    row : int
        Of the pattern.
    sets : tuple of tuple of int, or None
        Its minimal sets; None if there are too many.
    language : str
    """
    titles = _titles(lifter.measure, language)
    score, distance = lifter.score(row), lifter.distance(row)
    if score is None or distance is None:
        holes = [titles[j] for j in lifter.holes(row)]
        return phrase("Not known whether poor: no answer on {names}.", names=enumerated(holes)).to(language)
    cutoff, deprived = lifter.cutoff.text, [titles[j] for j in lifter.held(row)]
    held = phrase("Deprived in: {names}.", names=enumerated(deprived)) if deprived else phrase("Deprived in nothing.")
    if lifter.poor[row]:
        stands = phrase("Poor: score {score}, cutoff {k}.", score=score, k=cutoff)
        return joined((stands, held, _ways(sets, titles)), " ").to(language)
    stands = _not_poor(score, distance, cutoff)
    sinking = [titles[j] for j in lifter.sinking(row) or ()]
    more = (
        phrase("Would be poor with one of these too: {names}.", names=enumerated(sinking, "or"))
        if sinking
        else phrase("No single further deprivation would make it poor.")
    )
    return joined((stands, held, more), " ").to(language)


def _not_poor(score: Fraction, distance: Fraction, cutoff: str) -> Phrase:
    if not distance:
        return phrase("Not poor: score {score}, exactly on the cutoff {k}.", score=score, k=cutoff)
    return phrase(
        "Not poor: score {score}, {distance} below the cutoff {k}.", score=score, distance=-distance, k=cutoff
    )


def _ways(sets: tuple[Set, ...] | None, titles: Sequence[str]) -> Phrase:
    """Without what a poor unit would not be poor."""
    if sets is None:
        return phrase("There are too many ways out of poverty to list.")
    if not sets:
        return phrase("No deprivation that is known would lift it out if it were gone.")
    ways = [enumerated([titles[j] for j in one]) for one in sets[:MOST_WAYS]]
    if len(sets) == 1:
        return phrase("Would not be poor without {names}.", names=ways[0])
    if len(sets) > MOST_WAYS:
        return phrase(
            "There are {number:,} ways out, of {fewest} deprivations or more; the first: without {names}.",
            number=len(sets),
            fewest=len(sets[0]),
            names=ways[0],
        )
    numbered = [joined((f"({number}) ", way)) for number, way in enumerate(ways, 1)]
    return phrase("Would not be poor without: {ways}.", ways=joined(numbered, "; "))


def _titles(measure: Measure, language: str) -> list[str]:
    return [title_in(indicator.title, language, indicator.name) for indicator in measure.indicators]
