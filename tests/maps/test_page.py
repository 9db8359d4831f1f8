"""The arithmetic of the map's page against exact twins, in Node: live recomputation is right without any browser."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mpi
from mpi.disclosure.carrying import carried
from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.classes import class_of
from mpi.maps import packed
from mpi.maps.areas import Areas
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.live import live_block
from mpi.specs.exact import MAX_CHARACTERS, least_common_denominator
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.wording import figure
from tests.support import naive, strategies
from tests.support.loops import at_least_one
from tests.support.page_scripts import Ask, ask

__all__ = ["ask"]
RTOL = 1e-9  # sums of doubles against exact fractions
SIGNS = {
    "es": {"decimal": ",", "thousands": "\u202f"},
    "en": {"decimal": ".", "thousands": ","},
    "pt": {"decimal": ",", "thousands": "."},
}
ANYTHING_GOES = replace(mpi.load_disclosure("none"), profile_persons=0, profile_households=0)
UPPER = {"a": "U", "b": "U", "c": "V"}  # regions and the areas that hold them; d is on the map and has no figures
ON_THE_MAP = ("a", "c", "d")


@dataclass(frozen=True)
class Case:
    """Households under a measure, and a setting of a reader: weights of the page's items as texts, and a cutoff."""

    measure: Measure
    households: Sequence[naive.Household]
    block: dict[str, Any]
    norm: Measure
    weights: Sequence[str]
    cutoff: Cutoff
    unit: str
    closed: tuple[str, ...] = ()


def under(measure: Measure, items: Sequence[dict[str, Any]], weights: Sequence[Fraction]) -> Measure:
    """The measure with other weights of what has a weight: indicators, and whole combined dimensions."""
    share = {item["name"]: w / sum(weights) for item, w in zip(items, weights, strict=True)}
    whole = {d.name for d in measure.dimensions if d.at_least is not None}
    indicators = tuple(
        replace(i, weight=Fraction(0) if i.monitor or i.dimension in whole else share[i.name])
        for i in measure.indicators
    )
    dimensions = tuple(
        replace(
            d,
            weight=share[d.name]
            if d.name in whole and d.name in share
            else sum((i.weight for i in indicators if i.dimension == d.name), Fraction(0)),
        )
        for d in measure.dimensions
    )
    return replace(measure, indicators=indicators, dimensions=dimensions)


def written(weight: Fraction, number: int) -> str:
    """An exact weight as one of the texts that a reader may write."""
    decimals = 1
    while decimals < 20 and (weight * 10**decimals).denominator != 1:
        decimals += 1
    if (weight * 10**decimals).denominator != 1 or number % 3 == 0:
        return str(weight)
    digits = f"{int(weight * 10**decimals):0{decimals + 1}d}"
    return f"{digits[:-decimals]}{'.,'[number % 2]}{digits[-decimals:]}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    measure = draw(strategies.measures().filter(lambda one: one.missing != "reweight"))
    rows = [
        replace(h, groups={"region": h.groups["region"], "upper": UPPER[h.groups["region"]]})
        for h in draw(strategies.households(measure))
    ]
    profile, why = carried(strategies.profile_of(measure, rows), measure, "region", ANYTHING_GOES)
    assert profile is not None, why
    unit = draw(st.sampled_from(["persons", "households"]))
    block = live_block(profile, measure, areas(), unit)
    weight = st.one_of(
        st.integers(0, 5).map(Fraction),
        st.integers(1, 1000).map(lambda n: Fraction(n, 1000)),
        st.fractions(0, 1, max_denominator=10**12),
    )
    weights = draw(st.lists(weight, min_size=len(block["items"]), max_size=len(block["items"])).filter(any))
    norm = under(measure, block["items"], weights)
    scores = [naive.score(norm, h.flags) for h in rows]
    (cutoff, *_) = draw(strategies.cutoffs([score for score in scores if score is not None and len(str(score)) < 40]))
    texts = [written(w, i) for i, w in enumerate(weights)]
    closed = draw(st.lists(st.sampled_from(sorted(block["closable"])), unique=True)) if block["closable"] else []
    return Case(measure, rows, block, norm, texts, cutoff, unit, tuple(closed))


def after(case: Case) -> list[naive.Household]:
    """The households once deprivations are closed: who counts as deprived no longer is; unknown stays unknown."""
    places = [case.measure.names.index(name) for name in case.closed]
    made = []
    for one in case.households:
        counted = naive.resolved(case.measure, one.flags)
        flags = tuple(False if j in places and counted[j] else flag for j, flag in enumerate(one.flags))
        made.append(replace(one, flags=flags))
    return made


def areas() -> Areas:
    uppers = ("U", "V")
    upper = np.array([0, 1, -1], np.int64)
    return Areas(
        domain="region",
        codes=ON_THE_MAP,
        names=ON_THE_MAP,
        shapes=np.empty(3, object),
        crs="",
        metres=True,
        upper=upper,
        upper_codes=uppers,
        upper_names=uppers,
    )


OF_AN_INDICATOR = ("censored_headcount", "uncensored_headcount", "poor_and_deprived")


def layers(measure: Measure) -> list[dict[str, Any]]:
    single = [{"name": name, "statistic": name, "indicator": None} for name in ("H", "A", "M0", "poor")]
    # Those of a whole dimension, which the page has no sums for.
    single += [{"name": "of a dimension", "statistic": "censored_headcount", "indicator": None}]
    return single + [
        {"name": f"{statistic}:{indicator}", "statistic": statistic, "indicator": indicator}
        for statistic in OF_AN_INDICATOR
        for indicator in measure.names
    ]


def expected(case: Case, rows: Sequence[naive.Household], where: dict[str, str]) -> dict[str, Fraction | None]:
    """The twin's figures of a domain, by layer."""
    found = naive.figures(case.norm, [case.cutoff], rows, where, case.unit, clustered=False, errors=False)
    return {
        statistic if indicator is None else f"{statistic}:{indicator}": one.estimate
        for (_, statistic, dimension, indicator), one in found.items()
        if indicator is not None or dimension is None
    }


def compare(case: Case, part: dict[str, list[float | None]], place: int, twin: dict[str, Fraction | None]) -> int:
    for name, values in at_least_one(part.items()):
        exact = twin[name]
        assert (values[place] is None) == (exact is None), name
        assert exact is None or values[place] == pytest.approx(float(exact), rel=RTOL, abs=0), name
    return len(part)


@given(case=cases())
def test_recomputed_figures_are_those_of_the_exact_twin(ask: Ask, case: Case) -> None:
    grouping = {"areas": len(ON_THE_MAP), "upper": [0, 1, -1], "upperAreas": 2}
    setting = {"k": case.cutoff.text, "weights": case.weights, "closed": list(case.closed)}
    (found,) = ask("live", block=case.block, grouping=grouping, layers=layers(case.measure), settings=[setting])
    read = [Fraction(text.replace(",", ".")) for text in case.weights]
    assert found["shares"] == [str(w / sum(read)) for w in read]
    households = after(case)
    drawn = [h for h in households if h.groups["region"] in ON_THE_MAP]
    number = compare(case, found["total"], 0, expected(case, households, {}))
    for place, code in enumerate(ON_THE_MAP):
        number += compare(case, found["areas"], place, expected(case, households, {"region": code}))
    for place, code in enumerate(("U", "V")):
        number += compare(case, found["upper"], place, expected(case, drawn, {"upper": code}))
    scored = [i for i in case.measure.indicators if not i.monitor]
    assert number == 6 * (4 + len(OF_AN_INDICATOR) * len(scored) - len(case.block["mayBeUnknown"]))


@pytest.mark.parametrize("strict", [True, False])
def test_a_tie_is_decided_exactly_beyond_the_whole_numbers_of_doubles(ask: Ask, strict: bool) -> None:
    measure = strategies.equal_measure(3)
    rows = [naive.Household(flags, groups={"region": "a"}) for flags in itertools.product((True, False), repeat=3)]
    profile, why = carried(strategies.profile_of(measure, rows), measure, "region", ANYTHING_GOES)
    assert profile is not None, why
    block = live_block(profile, measure, areas(), "persons")
    weights = [Fraction(1, prime) for prime in (99_999_989, 99_999_971, 99_999_959)]
    norm = under(measure, block["items"], weights)
    assert least_common_denominator(list(norm.weights)) > 2**53
    scores = [naive.score(norm, row.flags) for row in rows]
    cutoffs = [Cutoff(score, strict=strict) for score in scores if score and len(str(score)) <= MAX_CHARACTERS]
    assert len(cutoffs) > 3
    settings = [{"k": cutoff.text, "weights": [str(w) for w in weights], "closed": []} for cutoff in cutoffs]
    grouping = {"areas": 3, "upper": [0, 1, -1], "upperAreas": 2}
    found = ask("live", block=block, grouping=grouping, layers=layers(measure), settings=settings)
    for cutoff, one in at_least_one(zip(cutoffs, found, strict=True)):
        assert one["total"]["poor"] == [sum(naive.is_poor(norm, cutoff, row.flags) for row in rows)]


def test_an_indicator_that_may_be_unknown_has_no_live_uncensored_headcount(ask: Ask) -> None:
    """Its dimension is settled without it, so the unit has a score: the share is of fewer units than the others."""
    third = Fraction(1, 3)
    measure = strategies.measure_of({"any": {"a": None, "b": None}, "one": {"c": third}}, [Cutoff(third)])
    measure = replace(
        measure,
        dimensions=(replace(measure.dimensions[0], at_least=1, weight=1 - third), measure.dimensions[1]),
        indicators=tuple(replace(i, monitor=False) for i in measure.indicators),
    )
    rows = [
        naive.Household((True, None, False), groups={"region": "a"}),
        naive.Household((False, True, True), groups={"region": "a"}),
    ]
    profile, why = carried(strategies.profile_of(measure, rows), measure, "region", ANYTHING_GOES)
    assert profile is not None, why
    block = live_block(profile, measure, areas(), "persons")
    assert block["mayBeUnknown"] == ["a", "b"]
    grouping = {"areas": 3, "upper": [0, 1, -1], "upperAreas": 2}
    settings = [{"k": "1/3", "weights": ["1", "1"], "closed": []}]
    (found,) = ask("live", block=block, grouping=grouping, layers=layers(measure), settings=settings)
    assert found["total"]["censored_headcount:b"] == [0.5] and found["total"]["uncensored_headcount:c"] == [0.5]
    assert not {"uncensored_headcount:a", "uncensored_headcount:b"} & found["total"].keys()


@given(data=st.data(), form=st.sampled_from(["percent", "index", "number"]), size=st.integers(1, 12))
def test_packed_figures_come_back_as_they_are_printed(ask: Ask, data: st.DataObject, form: Any, size: int) -> None:
    most = 1e9 if form == "number" else 1.0

    def drawn(chance: st.SearchStrategy[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(data.draw(st.lists(chance, min_size=2 * size, max_size=2 * size))).reshape(2, size)

    value = st.one_of(st.floats(0, most), st.just(float("nan")), st.sampled_from([0.0, most, 0.0005, 0.2345]))
    estimate, low, high = drawn(value), drawn(value), drawn(value)
    standing = drawn(st.sampled_from([float(NO_DATA), *map(float, range(len(STANDINGS)))])).astype(np.int64)
    units = np.where(np.isnan(estimate[0]), np.nan, np.arange(size) * 1000.0)
    layer = Layer(
        name="H",
        statistic="H",
        dimension=None,
        indicator=None,
        form=form,
        cutoffs=("1/3", "1/2"),
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        standing=standing,
        units=units,
        scheme="fixed",
        breaks=np.array([0, most]),
    )
    per = packed.PER_UNIT[form]
    found = ask("figures", text=packed.figures(layer), perUnit=per, cutoffs=2, length=size)
    both = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(estimate)
    for c in range(2):
        assert found[c]["standing"] == standing[c].tolist()
        for name, given_, known in (("value", estimate, ~np.isnan(estimate)), ("low", low, both), ("high", high, both)):
            whole = packed.whole(np.nan_to_num(given_[c]), form)
            wanted = [int(w) / per if yes else None for w, yes in zip(whole, known[c], strict=True)]
            assert found[c][name] == wanted, name
    assert ask("counts", text=packed.counts(units), length=size) == [None if np.isnan(n) else n for n in units]


@given(
    values=st.lists(st.one_of(st.floats(-1, 2), st.sampled_from([0.0, 0.2, 0.4, 1.0])), min_size=1),
    breaks=st.sampled_from([[0.0, 1.0], [0.0, 0.2, 1.0], [0.1, 0.2, 0.4, 0.6, 1.0]]),
)
def test_a_value_on_a_break_is_in_the_class_of_every_other_output(
    ask: Ask, values: list[float], breaks: list[float]
) -> None:
    assert ask("classes", values=values, breaks=breaks) == class_of(np.array(values), np.array(breaks)).tolist()


@pytest.mark.parametrize("form", ["percent", "index", "number"])
@pytest.mark.parametrize("language", SIGNS)
def test_numbers_are_written_as_in_every_other_output(ask: Ask, form: Any, language: Any) -> None:
    """Every share that a page can hold; the page has the last printed digit, so nothing is rounded again."""
    values = [n / packed.PER_UNIT[form] for n in [*range(1001), 1234, 10**6, 987_654_321]]
    found = ask("numbers", values=values, form=form, signs={**SIGNS[language], "percent": ""})
    assert found == [figure(value, form, language) for value in values]
