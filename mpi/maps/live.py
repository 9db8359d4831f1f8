"""What a page needs to compute the figures again: combinations of deprivations by area, and the norm as whole numbers.

Comes in: a profile that may be published, and the measure. Goes out: a block that `page/live.js` computes with as
`mpi.counting` does. Only weights and cutoffs can change: the deprivation cutoffs are settled in the patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.disclosure.publishable import PublishableProfile
from mpi.errors import Fault, UsageError
from mpi.language import phrase
from mpi.maps import packed
from mpi.maps.areas import Areas
from mpi.maps.page_texts import by_language
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Measure
from mpi.vocabulary.options import USUAL_LANGUAGES
from mpi.vocabulary.statistics import DEFINITIONS, Definition
from mpi.vocabulary.wording import Language

WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
SUMS = {"included": "all"}  # the page's names


def can_be_live(measure: Measure) -> bool:
    """Whether patterns alone settle the scores: not where weights depend on what is unknown of a unit."""
    return measure.missing != "reweight"


def live_block(
    profile: PublishableProfile,
    measure: Measure,
    areas: Areas,
    unit: str,
    languages: Sequence[Language] = USUAL_LANGUAGES,
) -> dict[str, Any]:
    """The block of a page that recomputes.

    Parameters
    ----------
    profile : PublishableProfile
        c cells of the domain of the areas.
    measure : Measure
        Its weights and cutoffs are the official ones.
    unit : {"persons", "households"}
        Whose weights the page carries.
    languages : sequence of str
        Of the titles.

    Returns
    -------
    dict
        `items`: what has a weight; `statistics`: of which two of the page's sums each statistic is the ratio;
        `bits`: place of each indicator in a pattern; `mayBeUnknown`: indicators whose uncensored headcounts are of
        fewer units than the profile has; `closable`: titles of those that a reader may close; `places`: area
        of the map of each area of the profile, -1 for none; `cells`: for each area how many it has, then the places of
        their patterns; `weights`: whole numbers or float64; `patterns`: pairs of 32-bit words, the most frequent first.

    Raises
    ------
    UsageError
        If the profile is of another domain, or the measure shares out the weights of what is unknown.
    """
    if profile.domain != areas.domain:
        text = phrase(
            "a map of '{domain}' cannot compute with a profile by '{domain2}'",
            domain=areas.domain,
            domain2=profile.domain,
        )
        raise UsageError(Fault("MPI-G040", None, text, phrase("make the profile by '{domain}'", domain=areas.domain)))
    if not can_be_live(measure):
        text = phrase(
            "a map cannot compute with '{name}': its weights depend on what is unknown of a unit", name=measure.name
        )
        raise UsageError(Fault("MPI-G041", None, text, phrase("set `live: false` for this map, or give no profile")))
    patterns, which = _by_frequency(profile.pattern)
    weights = profile.persons if unit == "persons" else profile.households
    place = {code: i for i, code in enumerate(areas.codes)}
    words = np.stack([patterns & WORD, patterns >> HALF], axis=1)
    return {
        "items": _items(measure, languages),
        "statistics": {name: _sums(one) for name, one in DEFINITIONS.items() if one.live},
        "dimensions": {one.name: by_language(one.title, languages, one.name) for one in measure.dimensions},
        "bits": {one.name: j for j, one in enumerate(measure.indicators) if not one.monitor},
        "mayBeUnknown": _may_be_unknown(measure),
        "closable": _closable(measure, languages),
        "places": [place.get(code, -1) for code in profile.codes],
        "cells": packed.text(packed.varints(_cells(profile, which))),
        "patterns": packed.text(packed.varints(words.ravel())),
        "weights": packed.amounts(weights),
    }


def _by_frequency(pattern: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The distinct patterns, the most frequent first so that their places are short; and the place of each cell's."""
    found, which, times = np.unique(pattern, return_inverse=True, return_counts=True)
    order = np.argsort(-times, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return found[order], place[which]


def _cells(profile: PublishableProfile, which: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each area how many cells it has, then the places of their patterns."""
    starts = np.searchsorted(profile.area, np.arange(len(profile.codes)))
    sizes = np.diff(starts, append=len(profile.area))
    return np.insert(which, starts, sizes)


def _may_be_unknown(measure: Measure) -> list[str]:
    """Indicators that may be unknown of a unit with a score: its combined dimension is settled by the others."""
    if measure.missing != "exclude":
        return []
    combined = {one.name for one in measure.dimensions if one.at_least is not None}
    return [i.name for i in measure.indicators if i.dimension in combined and i.missing == "unknown" and not i.monitor]


def _closable(measure: Measure, languages: Sequence[Language]) -> dict[str, dict[str, str]]:
    """Indicators that a reader may close: not those without which it would be unknown whether a dimension counts."""
    unknown = _may_be_unknown(measure)
    unsure = {one.dimension for one in measure.indicators if one.name in unknown}
    return {
        one.name: by_language(one.title, languages, one.name)
        for one in measure.indicators
        if not one.monitor and one.dimension not in unsure
    }


def _items(measure: Measure, languages: Sequence[Language]) -> list[dict[str, Any]]:
    """What has a weight: indicators of weighted sums, whole combined dimensions. Monitored indicators have none."""
    items = []
    for dimension in measure.dimensions:
        own = [j for j, i in enumerate(measure.indicators) if i.dimension == dimension.name and not i.monitor]
        if dimension.at_least is not None:
            items.append(_item(dimension, dimension.name, own, dimension.at_least, languages))
            continue
        items += [_item(measure.indicators[j], dimension.name, [j], 1, languages) for j in own]
    return items


def _sums(one: Definition) -> list[str | None]:
    """The page's sums above and below: of all of a total there is none below."""
    above = "both" if one.by_cutoff and one.numerator == "deprived" else one.numerator
    return [above, None if one.kind == "total" else SUMS.get(one.denominator, one.denominator)]


def _item(
    weighted: Dimension | Indicator, dimension: str, bits: list[int], at_least: int, languages: Sequence[Language]
) -> dict[str, Any]:
    return {
        "name": weighted.name,
        "title": by_language(weighted.title, languages, weighted.name),
        "dimension": dimension,
        "weight": str(weighted.weight),
        "bits": bits,
        "atLeast": at_least,
    }
