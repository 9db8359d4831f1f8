"""The estimates of one round with what must not be shown taken out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mpi.columns.values import Ints
from mpi.disclosure.facts import Facts, facts_of, rests_on
from mpi.disclosure.judging import SHOWN, judged
from mpi.disclosure.publishable import Publishable, publishable
from mpi.disclosure.rules import RULES
from mpi.errors import Fault, Notice, UsageError, counted
from mpi.errors.arguments import public
from mpi.estimates import Estimates
from mpi.estimates.basis import Basis
from mpi.language import joined, noun, phrase, template
from mpi.specs.disclosure import Disclosure

# The rules as a notice names them: by their names, which tables have, too; in other languages in a few words.
CALLED = {
    "small_base": template("small_base", context="disclosure rule"),
    "small_numerator": template("small_numerator", context="disclosure rule"),
    "all_or_none": template("all_or_none", context="disclosure rule"),
    "small_difference": template("small_difference", context="disclosure rule"),
    "complementary": template("complementary", context="disclosure rule"),
    "precision": template("precision", context="disclosure rule"),
    "hidden_round": template("hidden_round", context="disclosure rule"),
    "not_judged": template("not_judged", context="disclosure rule"),
}


@public
def protect(
    estimates: Sequence[Estimates], disclosure: Disclosure, *, precision: bool = True
) -> tuple[Publishable, ...]:
    """The estimates of one round without the figures that the rules hide.

    Parameters
    ----------
    estimates : sequence of Estimates
        All that is published of one round: of persons, of households, by whatever domains and cutoffs, from one
        profile. What one of them tells is hidden in all.
    disclosure : Disclosure
    precision : bool
        Hide also what the reliability rules say to suppress.

    Raises
    ------
    UsageError
        If they are of different profiles or measures.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4: primary and secondary suppression.
    """
    if not estimates:
        return ()
    _check_alike(estimates)
    facts = facts_of([one.basis for one in estimates])
    found = judged(facts, disclosure)
    made = []
    for one in estimates:
        hidden = _of_places(facts, one.basis, found)[one.places]
        made.append(told(publishable(one, hidden, tuple(RULES), disclosure.name, precision=precision)))
    return tuple(made)


def _check_alike(estimates: Sequence[Estimates]) -> None:
    first = estimates[0].basis
    for one in estimates[1:]:
        own = one.basis
        cells, other = own.profile.cells, first.profile.cells
        same = (own.profile.survey, own.profile.period) == (first.profile.survey, first.profile.period)
        same &= np.array_equal(cells.pattern, other.pattern) and np.array_equal(cells.persons, other.persons)
        if own.measure != first.measure or not same or own.profile.domains != first.profile.domains:
            text = phrase("estimates of different profiles or measures are protected together")
            raise UsageError(Fault("MPI-E030", None, text, phrase("call protect once for each round")))


def _of_places(facts: Facts, basis: Basis, found: Ints) -> Ints:
    """The rule that hides each estimate: that of the first hidden fact it rests on; shape (places,)."""
    total = facts.first[()]
    rests = rests_on(facts, basis)
    parts = []
    for names, group in zip(basis.sets, basis.groups, strict=True):
        start = facts.first[names]
        nodes = found[start : start + len(group)]
        hidden = np.full((len(rests), len(group)), SHOWN, np.int64)
        for row, (own, whole) in zip(hidden, rests, strict=True):
            for i in own:
                np.copyto(row, nodes[:, i], where=row == SHOWN)
            for i in whole:
                np.copyto(row, found[total, i], where=row == SHOWN)
        parts.append(hidden.T.ravel())
    return np.concatenate(parts)


def _called(rule: str) -> str:
    return phrase(CALLED[rule], context="disclosure rule") if rule in CALLED else rule


def told(figures: Publishable) -> Publishable:
    """The figures with a notice of how many are hidden by which rule."""
    column = figures.table["hidden_by"].combine_chunks()
    names, number = column.dictionary.to_pylist(), len(column)
    times = np.bincount(column.indices.drop_null().to_numpy(), minlength=len(names)) if number else np.zeros(0, int)
    if not times.any():
        return figures
    by_rule = joined(
        [
            phrase("{rule} {times:,}", rule=_called(name), times=int(times[i]))
            for i, name in enumerate(names)
            if times[i]
        ],
        ", ",
    )
    first = figures.table.slice(0, 1).to_pylist()[0]
    text = phrase(
        "{number:,} of {figures} of {period} ({units}) are hidden: {by_rule}",
        number=int(times.sum()),
        figures=counted(number, "figure"),
        period=first.get("period", phrase("the changes")),
        units=noun(first["unit"].removesuffix("s"), 2),
        by_rule=by_rule,
    )
    return replace(figures, notices=(*figures.notices, Notice("MPI-N020", text)))
