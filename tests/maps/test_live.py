"""The map's own computation against the engine: the page's modules run in Node, on a page's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import mpi
from mpi.columns import arrow
from mpi.counting import scores
from mpi.errors import UsageError
from mpi.maps.live import can_be_live, live_block
from mpi.maps.page_texts import page_texts
from mpi.specs.exact import MAX_CHARACTERS, least_common_denominator
from mpi.specs.measure import Cutoff, Measure
from tests.support import webmap
from tests.support.loops import at_least_one
from tests.support.page_scripts import Ask, ask

__all__ = ["ask"]
RTOL = 1e-9  # sums of the same doubles in another order
SETTINGS = 30  # five kinds of weights with three of comparisons and two of cutoffs
COLUMNS = ("statistic", "dimension", "indicator", "departamento", "municipio")
Compute = Callable[[list[dict[str, Any]]], Any]


def computed(ask: Ask, text: str, settings: list[dict[str, Any]]) -> Any:
    """What the page's modules make of settings, on the data of a page."""
    held = json.loads(text.split('id="data">', 1)[1].split("</script>", 1)[0])
    areas = held["areas"]
    grouping = {"areas": len(areas["codes"]), "upper": areas["upper"], "upperAreas": len(areas["upperCodes"])}
    return ask("live", block=held["live"], grouping=grouping, layers=held["layers"], settings=settings)


@pytest.fixture(scope="module")
def compute(ask: Ask) -> Compute:
    text = webmap.page()
    return lambda settings: computed(ask, text, settings)


def other_norm(measure: Measure, weights: list[Fraction], cutoff: Cutoff) -> Measure:
    """The measure with other weights, which are normalised, and one cutoff."""
    shares = [w / sum(weights) for w in weights]
    indicators = tuple(replace(i, weight=w) for i, w in zip(measure.indicators, shares, strict=True))
    dimensions = tuple(
        replace(d, weight=sum((i.weight for i in indicators if i.dimension == d.name), Fraction(0)))
        for d in measure.dimensions
    )
    return replace(measure, indicators=indicators, dimensions=dimensions, cutoffs=(cutoff,))


def settings() -> list[tuple[list[Fraction], Cutoff]]:
    """Weights of every sort, and cutoffs of which every second is the very score of somebody."""
    rng = np.random.default_rng(4)
    measure = webmap.measure()
    patterns = np.unique(webmap.live_profile().pattern)
    found = []
    for number in range(SETTINGS):
        kind = number % 5
        size = len(measure.indicators)
        if kind == 0:
            weights = [Fraction(1)] * size
        elif kind == 1:
            weights = [Fraction(int(w)) for w in rng.integers(0, 6, size)]
        elif kind == 2:  # primes whose product is beyond 2**53: whole numbers without an end
            weights = [Fraction(1, int(b)) for b in rng.permutation([983, 991, 997, 1009, 1013, 1019, *[1] * 9])]
        elif kind == 3:
            weights = [Fraction(int(w), 1000) for w in rng.integers(1, 1000, size)]
        else:
            weights = list(measure.weights)
        if not sum(weights):
            weights[0] = Fraction(1)
        norm = other_norm(measure, weights, measure.cutoffs[0])
        pattern = rng.choice(patterns[patterns > 0], 1)
        on_a_score = Fraction(next(t for t in scores(norm, pattern, np.zeros(1, np.uint64)).text() if t is not None))
        exact = number % 2 and on_a_score and len(str(on_a_score)) < MAX_CHARACTERS
        k = on_a_score if exact else Fraction(int(rng.integers(1, 100)), 100)
        found.append((weights, Cutoff(k, strict=number % 3 == 0)))
    return found


def places_of(table: Any, layers: set[str]) -> list[tuple[int, str, str, int]]:
    """Rows of the engine's table that the page computes too: row, part, layer and place."""
    codes = {code: i for i, code in enumerate(webmap.areas().codes)}
    uppers = {code: i for i, code in enumerate(webmap.areas().upper_codes)}
    columns = [arrow.listed(table[name]) for name in COLUMNS]
    found = []
    for row, (statistic, dimension, indicator, department, municipality) in enumerate(zip(*columns, strict=True)):
        name = statistic if indicator is None else f"{statistic}:{indicator}"
        if name not in layers or (dimension is not None and indicator is None):
            continue
        if municipality is not None:
            found.append((row, "areas", name, codes[municipality]))
        else:
            found.append((row, "total", name, 0) if department is None else (row, "upper", name, uppers[department]))
    return found


def test_recomputed_figures_are_the_engines(compute: Compute) -> None:
    chosen = settings()
    found = compute([{"k": c.text, "weights": [str(w) for w in weights], "closed": []} for weights, c in chosen])
    patterns = np.unique(webmap.live_profile().pattern)
    ties, large = 0, 0
    places: list[tuple[int, str, str, int]] = []
    keys = None
    for (weights, cutoff), one in zip(chosen, found, strict=True):
        norm = other_norm(webmap.measure(), weights, cutoff)
        assert one["shares"] == [str(w / sum(weights)) for w in weights]
        asked = sorted({name.partition(":")[0] for name in one["areas"]})
        by = ["departamento", "municipio"]
        table = mpi.estimate(webmap.profile(), norm, by=by, unit="persons", statistics=asked).table
        if keys is None or not keys.equals(table.select(COLUMNS)):  # nearly every table has the same rows
            keys, places = table.select(COLUMNS), places_of(table, set(one["areas"]))
        expected = table["estimate"].to_numpy()[[row for row, *_ in places]]
        values = np.array([one[part][name][place] for _, part, name, place in places], np.float64)
        np.testing.assert_allclose(values, expected, rtol=RTOL, atol=0, equal_nan=True)
        ties += any(
            text is not None and Fraction(text) == cutoff.k
            for text in scores(norm, patterns, np.zeros(len(patterns), np.uint64)).text()
        )
        large += least_common_denominator(list(norm.weights)) > 2**53
    assert ties > SETTINGS // 3 and large >= SETTINGS // 5
    assert len(places) > 34 * 300


@pytest.mark.parametrize(
    ("k", "weight", "said"),
    [
        ("1/0", "1", "divides by zero"), ("0", "1", "above 0"), ("3/2", "1", "not above 1"),
        ("a third", "1", "not a number"), ("1/3", "0", "must be above 0"),
        ("-1/3", "1", "not a number"), ("1e-3", "1", "not a number"), ("1/3", "", "not a number"),
        ("1/3", "9" * 41, "40 characters"), ("", "1", "not a number"), ("101%", "1", "not above 1"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_said_and_gives_no_figure(compute: Compute, k: str, weight: str, said: str) -> None:
    (found,) = compute([{"k": k, "weights": [weight] * 15, "closed": []}])
    assert said in page_texts(["en"])["en"][found["fault"]]
    assert "areas" not in found


@pytest.mark.parametrize(
    ("text", "same"),
    [("33%", "33/100"), (" 2 / 6 ", "1/3"), (".25", "1/4"), ("0,25", "1/4"), (">=1/3", "1/3"), ("1", "1/1"),
     ("12.5 %", "1/8")],
)  # fmt: skip
def test_a_number_may_be_written_in_several_ways(compute: Compute, text: str, same: str) -> None:
    one, other = compute(
        [{"k": text, "weights": ["1"] * 15, "closed": []}, {"k": same, "weights": ["1/15"] * 15, "closed": []}]
    )
    assert one == other
    assert "areas" in one


def test_a_combined_dimension_counts_as_one_weight(ask: Ask) -> None:
    measure = webmap.measure()
    combined = replace(
        measure,
        dimensions=tuple(replace(d, at_least=min(2, len(d.indicators))) for d in measure.dimensions),
        indicators=tuple(replace(i, weight=Fraction(0)) for i in measure.indicators),
    )
    block = live_block(webmap.live_profile(), combined, webmap.areas(), "persons")
    assert [item["name"] for item in block["items"]] == [d.name for d in measure.dimensions]
    (one,) = computed(ask, webmap.page(norm=combined), [{"k": "2/5", "weights": ["1/5"] * 5, "closed": []}])
    expected = mpi.estimate(webmap.profile(), combined, by=["municipio"], k="2/5", unit="persons")
    for statistic in ("H", "A", "M0"):
        for i, code_of in enumerate(at_least_one(webmap.areas().codes)):
            value = expected.value(statistic, municipio=code_of)
            assert one["areas"][statistic][i] == (None if value is None else pytest.approx(value, rel=RTOL))
            if i > 20:
                break


def test_weights_that_depend_on_what_is_unknown_cannot_be_recomputed() -> None:
    measure = replace(webmap.measure(), missing="reweight")
    assert can_be_live(webmap.measure()) and not can_be_live(measure)
    with pytest.raises(UsageError, match="MPI-G041"):
        live_block(webmap.live_profile(), measure, webmap.areas(), "persons")


def test_a_profile_of_another_domain_is_refused() -> None:
    with pytest.raises(UsageError, match="MPI-G040"):
        live_block(replace(webmap.live_profile(), domain="region"), webmap.measure(), webmap.areas(), "persons")


@pytest.mark.parametrize("closed", [["logro_educativo"], ["analfabetismo", "trabajo_infantil", "pisos"]])
def test_closed_deprivations_are_what_plans_make_of_them(ask: Ask, closed: list[str]) -> None:
    """The page against `mpi.what_if`, which closes the same deprivations in the profile."""
    measure = webmap.measure()
    weights = [str(one.weight) for one in measure.indicators]
    (found,) = computed(ask, webmap.page(), [{"k": "1/3", "weights": weights, "closed": closed}])
    plan = [f"close {name}" for name in closed]
    made = mpi.what_if(
        webmap.profile(), measure, plan, by=["departamento", "municipio"], k="1/3", statistics=["H", "M0", "A"]
    )
    codes = {code: i for i, code in enumerate(webmap.areas().codes)}
    rows = [row for row in made.rows() if row["moment"] == "after"]
    for row in at_least_one(row for row in rows if row["municipio"] is not None):
        value = found["areas"][row["figure"]][codes[row["municipio"]]]
        assert value == (None if row["estimate"] is None else pytest.approx(row["estimate"], rel=RTOL))
    (whole,) = (row for row in rows if row["figure"] == "M0" and row["municipio"] is row["departamento"] is None)
    assert found["total"]["M0"] == [pytest.approx(whole["estimate"], rel=RTOL)]
