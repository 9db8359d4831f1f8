"""The rules that hide figures: which counts each hides, what it is called, and what it hides in words.

A rule about single counts is one entry of `RULES`, with a threshold in `mpi.specs.disclosure`; those about several
counts (differences, sums) are applied by `mpi.disclosure.judging`, and those about changes and precision elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mpi.columns.values import Ints, Mask
from mpi.language import translated
from mpi.specs.disclosure import Disclosure
from mpi.vocabulary.options import Titles


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units that have a property and units that could, in persons and households; -1 households: not known."""

    persons: Ints
    base: Ints
    households: Ints

    def __getitem__(self, where: Any) -> Units:  # whatever an array takes
        return Units(self.persons[where], self.base[where], self.households[where])

    def __add__(self, other: Units) -> Units:
        households = np.where((self.households < 0) | (other.households < 0), -1, self.households + other.households)
        return Units(self.persons + other.persons, self.base + other.base, households)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes
    ----------
    title : mapping of str to str
        What it is called where hidden figures are counted, by language.
    hidden : callable, optional
        Of the thresholds: what the rule hides, in words of each language, or None where it is off.
    holds : callable, optional
        Of the units of some facts, of whether their numbers are judged (not only their bases), and of the thresholds:
        which of the facts it hides.
    """

    title: Titles
    hidden: Callable[[Disclosure], Titles | None] | None = None
    holds: Callable[[Units, Mask, Disclosure], Mask] | None = None


def _small_base(units: Units, _counted: Mask, rules: Disclosure) -> Mask:
    few_households = (units.households >= 0) & (units.households < rules.households)
    return (units.base > 0) & ((units.base < rules.persons) | few_households)


def _small_numerator(units: Units, counted: Mask, rules: Disclosure) -> Mask:
    others = units.base - units.persons
    few = (units.persons < rules.numerator) | (others < rules.numerator)
    return counted & (units.persons > 0) & (others > 0) & few


def _all_or_none(units: Units, counted: Mask, rules: Disclosure) -> Mask:
    none = (units.persons <= 0) | (units.base <= units.persons)
    return counted & none & (units.base > 0) & (units.base < rules.all_or_none)


def _on_small_bases(rules: Disclosure) -> Titles | None:
    if not (rules.persons or rules.households):
        return None
    return translated(
        "figures that rest on fewer than {persons} persons or {households} households of the sample",
        persons=rules.persons,
        households=rules.households,
    )


def _on_small_numerators(rules: Disclosure) -> Titles | None:
    if not rules.numerator:
        return None
    if "indicators" in rules.numerators:
        return translated(
            "figures of groups in which fewer than {least} persons of the sample, but some, are poor, or deprived in an"
            " indicator, or fewer than that are not",
            least=rules.numerator,
        )
    return translated(
        "figures of groups in which fewer than {least} persons of the sample, but some, are poor, or fewer than that"
        " are not",
        least=rules.numerator,
    )


def _on_all_or_none(rules: Disclosure) -> Titles | None:
    if not rules.all_or_none:
        return None
    return translated(
        "proportions of 0 or 100% in groups of fewer than {least} units of the sample", least=rules.all_or_none
    )


def _on_differences(rules: Disclosure) -> Titles | None:
    if not rules.difference:
        return None
    return translated(
        "figures at cutoffs k between which there are fewer than {least} poor of the sample, but at least one",
        least=rules.difference,
    )


def _on_sums(rules: Disclosure) -> Titles | None:
    if not rules.complementary:
        return None
    return translated("figures from which a hidden one would follow by subtraction")


# In the order in which they are applied: a figure is hidden by the first that holds.
RULES: dict[str, Rule] = {
    "small_base": Rule(title=translated("small base in the sample"), hidden=_on_small_bases, holds=_small_base),
    "small_numerator": Rule(
        title=translated("very few cases with or without the property"),
        hidden=_on_small_numerators,
        holds=_small_numerator,
    ),
    "all_or_none": Rule(title=translated("all or none of a small group"), hidden=_on_all_or_none, holds=_all_or_none),
    "small_difference": Rule(title=translated("very few poor between two cutoffs k"), hidden=_on_differences),
    "complementary": Rule(title=translated("a hidden figure would follow from it"), hidden=_on_sums),
}
# Of changes, and of precision: no counts are judged.
OTHERS: dict[str, Rule] = {
    "hidden_round": Rule(title=translated("one of the two figures of the change is hidden")),
    "not_judged": Rule(title=translated("the rounds are not published by this domain")),
    "precision": Rule(title=translated("insufficient precision")),
}


def place_of(rule: str) -> int:
    """The place of a rule in `RULES`, which is its code in arrays."""
    return list(RULES).index(rule)
