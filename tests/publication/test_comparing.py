"""How H of areas compares with that of the whole that holds them: the errors of both belong together."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import mpi
from mpi.claims import rankable
from mpi.disclosure.figures import read
from mpi.publication.comparing import comparisons_of
from mpi.publication.model import Comparison, Publication
from tests.support.loops import at_least_one
from tests.support.publications import BY, CUTOFFS, HIDDEN_DEPARTMENTS, ROUNDS, census, colombia, drawn_map, profile


@pytest.fixture(scope="module")
def published() -> Publication:
    return colombia()


@pytest.fixture(scope="module")
def last() -> mpi.Estimates:
    return mpi.estimate(profile(ROUNDS[-1]), colombia().measure, by=BY, k=list(CUTOFFS))


def test_every_department_that_is_precise_enough_is_tested_against_the_country(
    published: Publication, last: mpi.Estimates
) -> None:
    own = last.only("H", k=CUTOFFS[0])
    wanted = [place for place, row in enumerate(own.rows()) if row["zona"] is None and row["municipio"] is None]
    table = own.take(np.array(wanted)).covariance().differences(against={}, adjust="none")
    tested = {row["departamento"]: row for row in table.to_pylist()}
    found = published.comparisons["departamento"]
    figures = read(published.figures).groups("H", ("departamento",), period=published.period, unit="persons", k="1/3")
    assert set(found) == {code for (code,), one in figures.items() if rankable(one, census=False)}
    assert len(found) > 20
    assert not set(found) & set(HIDDEN_DEPARTMENTS)
    for code, one in found.items():
        assert set(one) == {"total"}
        assert one["total"].p == pytest.approx(tested[code]["p"], rel=1e-9)
        assert one["total"].difference == pytest.approx(tested[code]["estimate"], abs=1e-12)


def test_a_municipality_is_tested_with_the_households_that_it_shares_with_its_department(
    published: Publication,
) -> None:
    cells, sample, measure = profile(ROUNDS[-1]).cells, profile(ROUNDS[-1]).sample, published.measure
    weights = np.array([float(one.weight) for one in measure.indicators])
    poor = (cells.pattern[:, None] >> np.arange(weights.size, dtype=np.uint64) & np.uint64(1)) @ weights > 1 / 3 - 1e-9
    known = np.where(cells.unknown == 0, cells.person_weight, 0)
    psus, strata = len(sample.psu_stratum), sample.psus

    def linearised(domain: str, code: str) -> tuple[np.ndarray, np.ndarray]:
        place = profile(ROUNDS[-1]).domain(domain)
        inside = cells.domains[:, place] == profile(ROUNDS[-1]).domains[place].labels.index(code)
        w = known * inside
        rate = (w * poor).sum() / w.sum()
        return np.bincount(cells.psu, w * (poor - rate) / w.sum(), psus), np.unique(cells.psu[inside])

    checked = 0
    for code, found in published.comparisons["municipio"].items():
        if "upper" not in found:
            continue
        own, met = linearised("municipio", code)
        upper, also = linearised("departamento", code[:2])
        u = own - upper
        h = sample.psu_stratum
        centred = u - (np.bincount(h, u, strata.size) / strata)[h]
        variance = (strata / (strata - 1) * np.bincount(h, centred**2, strata.size)).sum()
        there = np.union1d(met, also)
        df = len(there) - len(np.unique(h[there]))
        p = 2 * stats.t.sf(abs(found["upper"].difference) / variance**0.5, df)
        assert found["upper"].p == pytest.approx(p, rel=1e-6)
        checked += 1
    assert checked > 1


def test_nothing_is_compared_that_may_not_be_ranked(published: Publication) -> None:
    figures = read(published.figures).groups("H", ("municipio",), period=published.period, unit="persons", k="1/3")
    found = published.comparisons["municipio"]
    assert all(rankable(figures[(code,)], census=False) for code in found)
    assert all("upper" not in one for code, one in found.items() if code[:2] in HIDDEN_DEPARTMENTS)


def test_a_census_has_exact_differences() -> None:
    published, drawn = census(), drawn_map("departamento")
    whole = profile(ROUNDS[-1])
    declared = replace(whole.sample.declared, census=True)
    exact = replace(whole, sample=replace(whole.sample, declared=declared))
    last = mpi.estimate(exact, published.measure, by=("zona",), k=list(CUTOFFS[:1]))
    found = comparisons_of(published.study, last, published.figures, [drawn], published.period)["departamento"]
    figures = read(published.figures)
    total = figures.one("H", period=published.period, unit="persons", k="1/3")
    own = figures.groups("H", ("departamento",), period=published.period, unit="persons", k="1/3")
    assert len(found) > 20
    for (code,), one in at_least_one(own.items()):
        if one.value is None:
            assert code not in found
        else:
            assert found[code]["total"] == Comparison(one.value - (total.value or 0), None)
            assert found[code]["total"].verdict(0.95) in ("higher", "lower")
