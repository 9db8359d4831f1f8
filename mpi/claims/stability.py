"""In words, how far figures and orders depend on the poverty cutoff."""

from __future__ import annotations

from mpi.claims.kinds import Cutoffs, Order
from mpi.claims.numbers import Number, percent
from mpi.language import Phrase, joined, number_phrase, phrase


def cutoffs_text(claim: Cutoffs) -> Phrase:
    """H at the lowest and the highest cutoff."""
    shown = [(k, one.value) for k, one in claim.incidence if one.value is not None]
    if len(shown) < 2:  # noqa: PLR2004
        return phrase("H is not shown at two cutoffs k, so it cannot be said how much it depends on k.")
    (low, first), (high, last) = shown[0], shown[-1]
    sentences = [
        phrase(
            "H goes from {first} at k = {low} to {last} at k = {high}.",
            first=percent(first),
            low=low,
            last=percent(last),
            high=high,
        ),
        phrase(
            "The official cutoff is k = {k}." if claim.basis.official else "The measure's own cutoff is k = {k}.",
            k=claim.basis.k,
        ),
        phrase("The higher k is, the fewer are poor and, on average, the more deprived they are."),
    ]
    return joined(sentences, " ")


def order_text(claim: Order) -> Phrase:
    """How many pairs of groups keep their order."""
    pairs = claim.groups * (claim.groups - 1) // 2
    if not pairs or claim.least is None:
        return phrase("There are no pairs of groups with figures to compare.")
    groups = phrase("{groups} groups with figures", groups=Number(claim.groups))
    if claim.groups != claim.all_groups:
        groups = phrase("{groups} (of {all_groups})", groups=groups, all_groups=Number(claim.all_groups))
    sentences = [
        number_phrase(
            claim.sure,
            "Of the {pairs} pairs of the {groups}, {number:,} ({share}) has the same order at all cutoffs.",
            "Of the {pairs} pairs of the {groups}, {number:,} ({share}) have the same order at all cutoffs.",
            pairs=Number(pairs),
            groups=groups,
            share=percent(claim.sure / pairs),
        )
        if claim.whole
        else number_phrase(
            claim.sure,
            "Of the {pairs} pairs of the {groups}, {number:,} ({share}) has the same order at all cutoffs at which "
            "both are shown.",
            "Of the {pairs} pairs of the {groups}, {number:,} ({share}) have the same order at all cutoffs at which "
            "both are shown.",
            pairs=Number(pairs),
            groups=groups,
            share=percent(claim.sure / pairs),
        ),
        phrase(
            "Between the two cutoffs that differ most, {least} of the pairs keep their order.",
            least=percent(claim.least),
        ),
    ]
    if not claim.basis.census:
        sentences.append(phrase("Point estimates are compared, without their sampling errors."))
    return joined(sentences, " ")
