"""In words, how far figures and orders depend on the poverty cutoff."""

from __future__ import annotations

from mpi.claims.kinds import Cutoffs, Order
from mpi.claims.numbers import percent, pick
from mpi.language import phrase
from mpi.vocabulary.wording import Language, number

MOST_NAMED = 3


def say_cutoffs(claim: Cutoffs, language: Language) -> str:
    """H at the lowest and the highest cutoff."""
    shown = [(k, one) for k, one in claim.incidence if one.value is not None]
    if len(shown) < 2:  # noqa: PLR2004
        return phrase("H is not shown at two cutoffs k, so it cannot be said how much it depends on k.").to(language)
    (low, first), (high, last) = shown[0], shown[-1]
    basis = claim.basis
    own = pick(
        language,
        "oficial" if basis.official else "de la medida",
        "official cutoff" if basis.official else "measure's own cutoff",
    )
    return pick(
        language,
        f"H va de {percent(first.value, 'es')} con k = {low} a {percent(last.value, 'es')} con k = {high}. La línea"
        f" {own} es k = {basis.k}. Cuanto más alta es k, menos son los pobres y, en promedio, más privaciones tienen.",
        f"H goes from {percent(first.value, 'en')} at k = {low} to {percent(last.value, 'en')} at k = {high}. The {own}"
        f" is k = {basis.k}. The higher k is, the fewer are poor and, on average, the more deprived they are.",
    )


def say_order(claim: Order, language: Language) -> str:
    """How many pairs of groups keep their order."""
    pairs = claim.groups * (claim.groups - 1) // 2
    if not pairs or claim.least is None:
        return phrase("There are no pairs of groups with figures to compare.").to(language)
    of = (
        ""
        if claim.groups == claim.all_groups
        else pick(language, f" (de {number(claim.all_groups, 'es')})", f" (of {number(claim.all_groups, 'en')})")
    )
    share = percent(claim.sure / pairs, language)
    told = pick(
        language,
        f"De los {number(pairs, 'es')} pares que forman los {claim.groups} grupos con cifras{of},"
        f" {number(claim.sure, 'es')} ({share}) tienen el mismo orden en todas las líneas k. Entre las dos líneas que"
        f" más difieren, el {percent(claim.least, 'es')} de los pares conserva su orden.",
        f"Of the {number(pairs, 'en')} pairs of the {claim.groups} groups with figures{of}, {number(claim.sure, 'en')}"
        f" ({share}) have the same order at all cutoffs. Between the two cutoffs that differ most,"
        f" {percent(claim.least, 'en')} of the pairs keep their order.",
    )
    if claim.basis.census:
        return told
    return told + phrase(" Point estimates are compared, without their sampling errors.").to(language)
